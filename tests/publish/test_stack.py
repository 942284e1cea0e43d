"""The stack, as CloudFormation describes it."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from lodestone.stack.errors import AwsError
from lodestone.stack.outputs import open_session, read_stack


class CloudFormation:
    """Answers DescribeStacks for one stack named `press`."""

    meta = SimpleNamespace(region_name="eu-west-1")

    def __init__(self, status: str):
        self.status = status

    def describe_stacks(self, StackName: str) -> dict:
        if StackName != "press":
            error = {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")
        outputs = [{"OutputKey": "TableName", "OutputValue": "leads"}]
        parameters = [{"ParameterKey": "Edge", "ParameterValue": "off"}]
        return {"Stacks": [{"StackStatus": self.status, "Outputs": outputs, "Parameters": parameters}]}


def session(status: str = "UPDATE_COMPLETE") -> SimpleNamespace:
    return SimpleNamespace(region_name="eu-west-1", client=lambda service: CloudFormation(status))


def test_a_stack_is_its_outputs_and_what_it_has_not_got_is_empty():
    stack = read_stack("press", session())
    assert (stack.table, stack.distribution_id, stack.region) == ("leads", "", "eu-west-1")
    assert stack.parameters == {"Edge": "off"}


def test_an_unknown_stack_is_told_with_where_it_was_looked_for():
    with pytest.raises(AwsError, match="there is no stack `pres` in eu-west-1"):
        read_stack("pres", session())


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("UPDATE_IN_PROGRESS", "wait until"),
        ("ROLLBACK_COMPLETE", "sam delete"),
        ("UPDATE_ROLLBACK_FAILED", "describe-stack-events"),
    ],
)
def test_a_stack_that_is_not_whole_is_refused_with_what_to_do(status, remedy):
    with pytest.raises(AwsError) as refused:
        read_stack("press", session(status))
    assert status in refused.value.message
    assert remedy in refused.value.remedy


def test_a_profile_that_is_not_there_is_told():
    with pytest.raises(AwsError, match="no such AWS profile"):
        open_session(profile="nobody-has-this")
