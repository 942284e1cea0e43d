"""Read the code and the status of botocore's errors, without importing botocore."""

from typing import Any


def response_of(error: Exception) -> dict[str, Any]:
    """The service's answer; empty if the service never answered."""
    response = getattr(error, "response", None)
    return response if isinstance(response, dict) else {}


def code_of(error: Exception) -> str:
    """The service's error code (`ConditionalCheckFailedException`), or "" if the service never answered."""
    code: str = response_of(error).get("Error", {}).get("Code", "")
    return code


def status_of(error: Exception) -> int:
    """The HTTP status of the service's answer, or 0 if the service never answered."""
    status: int = response_of(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status
