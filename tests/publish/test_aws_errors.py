"""What AWS refuses reaches people as a sentence with a remedy."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ProfileNotFound

from lodestone.stack.errors import AwsError, explain, told_plainly


def answer(code: str, message: str = "", status: int = 400, operation: str = "GetAccount") -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, operation)


def test_a_missing_permission_is_named_as_aws_names_it():
    words = "User: arn:aws:iam::1:user/x is not authorized to perform: ses:GetAccount on resource: *"
    refused = explain(answer("AccessDeniedException", words), "sesv2")
    assert refused.permission == "ses:GetAccount"
    assert "ses:GetAccount" in refused.message


def test_a_missing_permission_without_words_is_named_after_the_call():
    refused = explain(answer("AccessDenied", "Access Denied", 403, "PutObject"), "s3")
    assert refused.permission == "s3:PutObject"


@pytest.mark.parametrize(
    ("error", "said", "remedy"),
    [
        (NoCredentialsError(), "no AWS credentials", "aws configure"),
        (ProfileNotFound(profile="x"), "no such AWS profile", "list-profiles"),
        (EndpointConnectionError(endpoint_url="http://x"), "could not be reached", "network"),
        (answer("ExpiredToken"), "expired", "sign in again"),
        (answer("InvalidClientTokenId"), "does not know these credentials", "aws configure"),
        (answer("ThrottlingException"), "slow down", "wait a minute"),
        (answer("RequestTimeTooSkewed"), "clock", "set the clock"),
    ],
)
def test_what_happens_to_everybody_has_a_sentence_and_a_remedy(error, said, remedy):
    refused = explain(error, "ses")
    assert said in refused.message
    assert remedy in refused.remedy


@pytest.mark.parametrize(
    "error", [answer("InvalidAction"), answer("400"), answer("Whatever", status=501), answer("")]
)
def test_a_call_that_an_emulator_lacks_is_told_apart(error):
    assert explain(error).not_offered is (error.response["Error"]["Code"] != "")


def test_a_code_that_nobody_foresaw_keeps_its_words():
    refused = explain(answer("com.amazon#OddException:http://x", "the moon is full."), "ses")
    assert refused.code == "OddException"
    assert "ses:GetAccount was refused: the moon is full (OddException)" in refused.message


def test_inside_the_context_only_aws_errors_are_turned():
    with pytest.raises(AwsError), told_plainly("ses"):
        raise answer("AccessDenied")
    with pytest.raises(KeyError), told_plainly("ses"):
        raise KeyError("ours")
