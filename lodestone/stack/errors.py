"""Errors of AWS and botocore as sentences with a remedy.

Two tables have the sentences: one by the class of botocore's own errors (the call never reached AWS), one by the code
of AWS's answer. A code that is in neither keeps AWS's words and names the call, so that it can be looked up.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from lodestone.errors import CommandError

_SIGN_IN = "sign in again (`aws sso login`, or whatever gave you the keys), then try again"
_KEYS = "run `aws configure` or `aws sso login`, or name a profile with --profile"

#: botocore's own errors by class name: what happened, and the remedy. The first of an error's classes counts.
_UNSENT = {
    "NoCredentialsError": ("no AWS credentials were found", _KEYS),
    "PartialCredentialsError": ("the AWS credentials are incomplete", _KEYS),
    "CredentialRetrievalError": ("the AWS credentials could not be fetched", _SIGN_IN),
    "ProfileNotFound": (
        "there is no such AWS profile",
        "`aws configure list-profiles` names those there are",
    ),
    "NoRegionError": ("no AWS region is set", "name one: --region eu-west-1, or AWS_DEFAULT_REGION"),
    "InvalidRegionError": ("that is no AWS region", "name one as AWS does: --region eu-west-1"),
    "SSOError": ("the single sign-on session has ended", _SIGN_IN),
    "TokenRetrievalError": ("the single sign-on session has ended", _SIGN_IN),
    "ConnectionError": ("AWS could not be reached", "check the network, --region and AWS_ENDPOINT_URL"),
    "HTTPClientError": ("AWS could not be reached", "check the network, --region and AWS_ENDPOINT_URL"),
}

_EXPIRED = ("the AWS session has expired", _SIGN_IN)
_UNKNOWN_KEY = ("AWS does not know these credentials", _KEYS)
_SLOW_DOWN = ("AWS asks to slow down, and still did after several tries", "wait a minute, then try again")
_CLOCK = ("this machine's clock is wrong, so AWS refuses its signatures", "set the clock, then try again")

#: Codes of AWS's answers that mean the same whatever was called.
_REFUSED = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "AuthFailure": _UNKNOWN_KEY,
    "SignatureDoesNotMatch": ("AWS refuses the signature: the secret key or the clock is wrong", _KEYS),
    "RequestTimeTooSkewed": _CLOCK,
    "Throttling": _SLOW_DOWN,
    "ThrottlingException": _SLOW_DOWN,
    "TooManyRequestsException": _SLOW_DOWN,
    "RequestLimitExceeded": _SLOW_DOWN,
    "SlowDown": _SLOW_DOWN,
    "ProvisionedThroughputExceededException": _SLOW_DOWN,
    "NoSuchBucket": ("a bucket of the stack is not there", "deploy the stack again: `make deploy`"),
    "NoSuchDistribution": ("the stack's distribution is not there", "deploy the stack again: `make deploy`"),
    "ServiceUnavailable": ("the AWS service is unavailable", "wait a minute, then try again"),
    "InternalError": ("the AWS service failed", "wait a minute, then try again"),
}

_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "UnauthorizedOperation",
    "UnauthorizedException",
    "NotAuthorized",
    "Forbidden",
    "403",
}
#: Codes by which AWS and its emulators say that they do not offer a call.
_NOT_OFFERED = {
    "InvalidAction",
    "NotImplemented",
    "NotImplementedException",
    "UnknownOperation",
    "UnknownOperationException",
    "UnsupportedOperation",
    "UnsupportedOperationException",
}
#: IAM's name of each call that IAM names differently.
_ACTIONS = {"s3:ListObjectsV2": "s3:ListBucket", "s3:HeadObject": "s3:GetObject"}
_PERMISSION = re.compile(r"not authorized to perform:? ?([a-z0-9-]+:[A-Za-z*]+)")


@dataclass
class AwsError(CommandError):
    """AWS refused a call. `permission` is the missing one (`ses:GetAccount`), "" if none is.

    `not_offered`: the service, or an emulator in its place, has no such call.
    """

    code: str = ""
    permission: str = ""
    not_offered: bool = False


@contextmanager
def told_plainly(service: str = "") -> Iterator[None]:
    """Raise AwsError in place of an error of AWS or botocore. `service` is IAM's name of it (`ses`, `sqs`)."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise explain(error, service) from error


def explain(error: ClientError | BotoCoreError, service: str = "") -> AwsError:
    """Return the error as a sentence with its remedy."""
    return _answered(error, service) if isinstance(error, ClientError) else _unsent(error)


def _unsent(error: BotoCoreError) -> AwsError:
    for each in type(error).__mro__:
        if each.__name__ in _UNSENT:
            message, remedy = _UNSENT[each.__name__]
            return AwsError(f"{message} ({str(error).rstrip('.')})", remedy, code=type(error).__name__)
    return AwsError(f"the call to AWS failed: {error}", "see the AWS documentation of that call")


def _answered(error: ClientError, service: str) -> AwsError:
    answer = error.response.get("Error", {})
    code, words = str(answer.get("Code", "")), answer.get("Message") or "no reason given"
    code = code.rpartition("#")[2].split(":")[0]
    call = f"{service}:{error.operation_name}" if service else error.operation_name
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _REFUSED:
        message, remedy = _REFUSED[code]
        return AwsError(message, remedy, code)
    if code in _DENIED:
        named = _PERMISSION.search(words)
        permission = named[1] if named else _ACTIONS.get(call, call)
        remedy = f"ask whoever runs the account to allow `{permission}`"
        return AwsError(f"these credentials may not call {permission}", remedy, code, permission=permission)
    if code in _NOT_OFFERED or status == 501 or code.isdigit():  # a bare status: no service answered
        return AwsError(f"{call} is not offered here", "an emulator may lack it", code, not_offered=True)
    return AwsError(
        f"{call} was refused: {words.rstrip('.')} ({code})", "look the code up for that call", code
    )
