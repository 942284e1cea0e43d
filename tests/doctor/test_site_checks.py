"""What visitors meet: content, address, certificate; and the clock."""

from datetime import timedelta

import pytest

from leads.funnel import Sender
from lodestone.doctor import site_checks as checks
from lodestone.doctor import site_facts as facts
from lodestone.doctor.findings import Severity
from lodestone.doctor.sources import Answer, CannotLook, Certificate
from tests.doctor.clinic import NOW, FakeWeb, healthy_stack, make_sources, published

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR


def content(answer: dict | None = None, **kwargs):
    changes = {"dynamodb.batch_get_item": lambda **_: answer} if answer else None
    return list(checks.judge_content(facts.look_at_content(make_sources(changes, **kwargs))))


def health(web: FakeWeb, **kwargs):
    return list(checks.judge_health(facts.look_at_health(make_sources(web=web, **kwargs))))


def test_published_content_that_is_this_checkouts_is_well():
    assert [each.severity for each in content()] == [OK, OK]


def test_nothing_published_is_an_error_and_something_missing_a_warning():
    (nothing,) = content(published())
    assert (nothing.severity, nothing.copy) == (ERROR, ("python build.py publish --stack {stack}",))
    missing = content(magnets=("guide", "tides"))[0]
    assert missing.severity is WARNING
    assert missing.says == "1 magnet not published: tides"


def test_a_sender_or_address_changed_since_the_last_publish_is_told():
    sender = Sender("Ann", "old@press.example")
    stale = content(published("guide", sender=sender, base_url="https://old.example"))
    assert [each.severity for each in stale] == [OK, WARNING, WARNING]
    assert "old@press.example" in stale[1].says
    assert "https://old.example" in stale[2].says


def test_a_base_url_that_is_not_the_stacks_is_a_warning():
    finding = content(stack=healthy_stack(site_url="https://d1.cloudfront.net"))[-1]
    assert finding.severity is WARNING
    assert "https://d1.cloudfront.net" in finding.says


def test_keys_that_dynamodb_did_not_get_to_are_asked_again():
    first = {"Responses": {"leads": []}, "UnprocessedKeys": {"leads": {"Keys": [{"pk": {"S": "x"}}]}}}
    answers = iter([first, published("guide")])
    seen = facts.look_at_content(make_sources({"dynamodb.batch_get_item": lambda **_: next(answers)}))
    assert set(seen.published) == {"guide"}


@pytest.mark.parametrize(
    ("web", "severity", "says"),
    [
        (FakeWeb(), OK, "answers"),
        (FakeWeb(body='{"ok": true, "published": false}'), ERROR, "no pages for the links"),
        (FakeWeb(503, '{"ok": false}'), ERROR, "cannot read the table"),
        (FakeWeb(403, "forbidden"), ERROR, "answers with 403"),
        (FakeWeb(200, "<html>parked</html>"), ERROR, "something else than the funnel"),
        (FakeWeb(200, "[1]"), ERROR, "something else than the funnel"),
        (FakeWeb(0, "Name or service not known"), ERROR, "does not answer"),
    ],
)
def test_health_is_asked_through_the_sites_address(web, severity, says):
    (finding,) = health(web)
    assert finding.severity is severity
    assert says in finding.says


def test_where_the_stack_has_another_address_both_are_asked():
    found = health(FakeWeb(), stack=healthy_stack(site_url="https://d1.cloudfront.net"))
    assert ["d1.cloudfront" in each.says for each in found] == [False, True]


def test_an_emulators_addresses_that_lead_nowhere_are_no_error():
    with pytest.raises(CannotLook):
        health(FakeWeb(0, "no such host"), emulated=True)


def test_of_an_emulators_addresses_the_one_that_answers_counts():
    class OnlyLocal(FakeWeb):
        def get(self, url: str) -> Answer:
            return self.answer if "localhost" in url else Answer(0, "no such host")

    local = healthy_stack(site_url="http://api.localhost:4566")
    (finding,) = health(OnlyLocal(), stack=local, emulated=True)
    assert finding.says == "http://api.localhost:4566/api/health answers"


@pytest.mark.parametrize(("days", "severity"), [(31, OK), (29, WARNING), (9, ERROR)])
def test_a_certificate_that_was_not_renewed_is_told_in_time(days, severity):
    (finding,) = checks.judge_certificate(facts.look_at_certificate(make_sources(web=FakeWeb(days=days))))
    assert finding.severity is severity


def test_a_certificate_that_browsers_refuse_is_an_error():
    (finding,) = checks.judge_certificate(
        (Certificate("press.example", None, "certificate has expired"), NOW)
    )
    assert finding.severity is ERROR
    assert "certificate has expired" in finding.says


def test_a_site_on_plain_http_is_an_error():
    sources = make_sources(base_url="http://press.example")
    (finding,) = checks.judge_certificate(facts.look_at_certificate(sources))
    assert finding.severity is ERROR


@pytest.mark.parametrize(
    ("ahead", "severity", "says"),
    [
        (timedelta(seconds=-20), OK, "agrees"),
        (timedelta(minutes=2), WARNING, "2 minutes ahead of"),
        (timedelta(minutes=-6), ERROR, "6 minutes behind"),
    ],
)
def test_a_clock_that_is_off_is_told_before_aws_refuses(ahead, severity, says):
    finding = checks.judge_clock(facts.look_at_clock(make_sources(now=lambda: NOW + ahead)))
    assert finding.severity is severity
    assert says in finding.says


def test_a_deployment_that_was_undone_is_a_warning():
    assert checks.judge_stack("UPDATE_COMPLETE").severity is OK
    assert checks.judge_stack("UPDATE_ROLLBACK_COMPLETE").severity is WARNING
