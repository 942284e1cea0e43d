"""Reading botocore's errors without importing botocore: an error's code is all we ask of it."""


def code_of(error: Exception) -> str:
    """The service's error code (`ConditionalCheckFailedException`), or "" where the service never answered."""
    response = getattr(error, "response", None)
    return response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""


def status_of(error: Exception) -> int:
    """The HTTP status of the service's answer, or 0 where it never answered."""
    response = getattr(error, "response", None)
    metadata = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
    return metadata.get("HTTPStatusCode", 0)
