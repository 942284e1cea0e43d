"""The outputs and parameters of a deployed stack, as CloudFormation has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lodestone.stack.errors import AwsError, told_plainly

#: States in which the stack's resources are there and in use.
_USABLE = {
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
}


@dataclass(frozen=True)
class StackOutputs:
    """The outputs of template.yaml, "" for those that the stack does not have (`distribution_id` without the edge).

    `parameters` are those that it was deployed with.
    """

    name: str
    region: str
    status: str
    table: str
    assets_bucket: str
    site_bucket: str
    distribution_id: str
    site_url: str
    api_url: str
    drip_queue_url: str
    feedback_queue_url: str
    drip_dead_letters_url: str
    feedback_dead_letters_url: str
    stream_dead_letters_url: str
    mail_set: str
    alarm_topic_arn: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    first_queue_url: str = ""


#: Each output by its name in the template.
_OUTPUTS = {
    "TableName": "table",
    "AssetsBucketName": "assets_bucket",
    "SiteBucketName": "site_bucket",
    "DistributionId": "distribution_id",
    "SiteUrl": "site_url",
    "ApiUrl": "api_url",
    "FirstQueueUrl": "first_queue_url",
    "DripQueueUrl": "drip_queue_url",
    "FeedbackQueueUrl": "feedback_queue_url",
    "DripDeadLettersUrl": "drip_dead_letters_url",
    "FeedbackDeadLettersUrl": "feedback_dead_letters_url",
    "StreamDeadLettersUrl": "stream_dead_letters_url",
    "MailSetName": "mail_set",
    "AlarmTopicArn": "alarm_topic_arn",
}


def open_session(profile: str | None = None, region: str | None = None) -> Any:
    """Open a boto3 session, configured as the AWS command line is. Raises AwsError if there is no such profile."""
    import boto3  # slow to import; the other commands do without

    with told_plainly():
        return boto3.Session(profile_name=profile, region_name=region)


def read_stack(name: str, session: Any) -> StackOutputs:
    """Read the stack of that name by one call, through a boto3 session.

    Raises AwsError if there is none, if its state does not allow publishing, or if AWS refuses the call.
    """
    try:
        with told_plainly("cloudformation"):
            client = session.client("cloudformation")
            (stack,) = client.describe_stacks(StackName=name)["Stacks"]
    except AwsError as refused:
        raise _no_such_stack(name, session.region_name, refused) from refused
    _check_usable(name, stack["StackStatus"])
    found = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
    return StackOutputs(
        name=name,
        region=client.meta.region_name,
        status=stack["StackStatus"],
        parameters={
            each["ParameterKey"]: each.get("ParameterValue", "") for each in stack.get("Parameters", ())
        },
        **{attribute: found.get(output, "") for output, attribute in _OUTPUTS.items()},
    )


def _no_such_stack(name: str, region: str, refused: AwsError) -> AwsError:
    """Explain the validation error that stands for an unknown stack; return every other error as it is."""
    if refused.code != "ValidationError" or "not exist" not in refused.message:
        return refused
    return AwsError(
        f"there is no stack `{name}` in {region}",
        "`aws cloudformation list-stacks` names those there are; --region and --profile look elsewhere, "
        "`make deploy` makes one",
        refused.code,
    )


def _check_usable(name: str, status: str) -> None:
    if status in _USABLE:
        return
    if status.endswith("_IN_PROGRESS"):
        remedy = f"wait until it is done: `aws cloudformation wait stack-update-complete --stack-name {name}`"
    elif status in ("ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"):
        remedy = f"its first deployment failed: `sam delete --stack-name {name}`, then deploy again"
    else:
        remedy = f"`aws cloudformation describe-stack-events --stack-name {name}` tells why; deploy again"
    raise AwsError(f"the stack `{name}` is in the state {status}", remedy, status)
