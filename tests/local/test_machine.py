"""The real functions of the real template on the stand-ins, through HTTP, in this process."""

import re
import time as real_time
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from handlers.wiring import wire
from lodestone.local.app import make_app
from lodestone.local.live import Broadcast
from lodestone.local.machine import run_machine
from lodestone.local.publishing import LocalBuild
from tests.local.conftest import ROOT, ask
from tests.local.small_site import write_small_site

pytestmark = pytest.mark.slow

ORIGIN = "http://127.0.0.1:8000"


class Funnel:
    """A running machine with the small site published, and what a visitor and a marketer do with it."""

    def __init__(self, machine, app, build):
        self.machine, self.app, self.build = machine, app, build

    def get(self, path, **request):
        return ask(self.app, "GET", path.removeprefix(ORIGIN), **request)

    def post(self, path, form=None, **request):
        return ask(self.app, "POST", path.removeprefix(ORIGIN), data=form, **request)

    def page(self, path) -> BeautifulSoup:
        response = self.get(path)
        assert response.status_code == 200
        return BeautifulSoup(response.text, "html.parser")

    def submit(self, email="ada@example.com", **form):
        response = self.post("/api/leads/guide", {"email": email, "consent": "yes"} | form)
        self.move("0 seconds")
        return response

    def move(self, span) -> dict:
        response = ask(self.app, "POST", "/_local/clock", json={"advance": span})
        assert response.status_code == 200
        return response.json()

    def mails(self) -> list[dict]:
        return self.get("/_local/mails.json").json()

    def lead(self) -> dict:
        (lead,) = self.get("/_local/leads.json").json()
        return lead

    def link(self, purpose) -> str:
        return re.search(rf"http\S+/api/{purpose}\?t=[\w.-]+", self.mails()[-1]["text"])[0]

    def press(self, purpose):
        link = self.link(purpose)
        form = self.page(link).form
        response = self.post(form["action"], {each["name"]: each["value"] for each in form.select("input")})
        self.move("0 seconds")
        return response

    def confirmed(self) -> "Funnel":
        self.submit()
        self.press("confirm")
        return self


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_small_site(tmp_path_factory.mktemp("root"))


@pytest.fixture
def funnel(root, tmp_path):
    said = []
    live = Broadcast("boot")
    with run_machine(ROOT / "template.yaml", tmp_path, ORIGIN, wire, said.append) as machine:
        build = LocalBuild(root, tmp_path / "dist", ORIGIN, machine, live, said.append)
        build.run()
        assert said == []
        yield Funnel(machine, make_app(machine, tmp_path / "dist" / "site", live), build)
        assert machine.faults.latest() == []


def subjects(funnel) -> list[str]:
    return [mail["subject"] for mail in funnel.mails()]


def test_a_form_becomes_a_lead_and_a_mail_and_the_button_brings_the_file(funnel):
    assert funnel.submit().headers["location"] == "/guide/thanks/"
    assert len(funnel.mails()) == 1
    assert funnel.press("confirm").headers["location"] == "/guide/confirmed/"
    assert funnel.lead()["enrolments"]["guide"]["status"] == "confirmed"
    response = funnel.get(funnel.link("download"))
    if response.status_code == 200:
        response = funnel.get(BeautifulSoup(response.text, "html.parser").select_one("main a")["href"])
    file = funnel.get(response.headers["location"]) if response.is_redirect else response
    assert file.text == "the gated words\n"
    assert "guide.txt" in file.headers["content-disposition"]


def test_a_mail_is_there_a_moment_after_the_form_was_sent(funnel):
    funnel.post("/api/leads/guide", {"email": "ada@example.com"})
    until = real_time.monotonic() + 5
    while not funnel.mails() and real_time.monotonic() < until:
        real_time.sleep(0.01)
    assert len(funnel.mails()) == 1


def test_drip_mails_arrive_when_their_author_said(funnel):
    funnel.confirmed()
    sent = len(funnel.mails())
    assert funnel.move("47 hours")["mails_sent"] == 0
    assert funnel.move("61 minutes")["mails_sent"] == 1
    assert subjects(funnel)[sent:] == ["The first letter"]
    assert funnel.move("5 days")["mails_sent"] == 1
    assert subjects(funnel)[sent:] == ["The first letter", "The second letter"]
    # 09:00 in Berlin, to the second: nothing else in the funnel waits for a whole hour.
    assert re.search(r"T0[78]:00:0\d", funnel.mails()[-1]["at"])
    assert funnel.move("30 days")["mails_sent"] == 0
    assert len(set(subjects(funnel))) == len(subjects(funnel))


def test_the_clock_moves_to_the_next_mail_and_says_when_there_is_none(funnel):
    funnel.confirmed()
    before = funnel.machine.clock.now()
    answers = [ask(funnel.app, "POST", "/_local/clock", json={"to": "next mail"}).json() for _ in range(3)]
    assert [each["mails_sent"] for each in answers] == [1, 1, 0]
    assert "no mail is waiting" in answers[2]["note"]
    assert funnel.machine.clock.now() - before < timedelta(days=7)


def test_after_unsubscribing_nothing_comes(funnel):
    funnel.confirmed()
    link = re.search(r"<(.+)>", funnel.mails()[-1]["headers"]["List-Unsubscribe"])[1]
    sent = len(funnel.mails())
    assert funnel.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert funnel.move("30 days")["mails_sent"] == 0
    assert len(funnel.mails()) == sent
    assert funnel.lead()["suppression"]["reason"] == "unsubscribed"


def test_a_bounce_reaches_the_lead_through_the_feed(funnel):
    funnel.submit("bounce@simulator.amazonses.com")
    lead = funnel.lead()
    assert "bounced" in [event["type"] for event in lead["events"]]
    assert lead["suppression"]["reason"] == "bounced"


def test_everything_is_as_it_was_after_a_restart(root, tmp_path):
    seen = []
    for _ in range(2):
        live = Broadcast("boot")
        with run_machine(ROOT / "template.yaml", tmp_path, ORIGIN, wire, print) as machine:
            build = LocalBuild(root, tmp_path / "dist", ORIGIN, machine, live, print)
            build.run()
            funnel = Funnel(machine, make_app(machine, tmp_path / "dist" / "site", live), build)
            if not seen:
                funnel.confirmed()
                funnel.move("1 day")
            schedules = [(each.name, each.due) for each in machine.schedules.all()]
            seen.append((funnel.mails(), funnel.lead(), schedules, machine.clock.offset))
    assert seen[0] == seen[1]
    assert len(seen[0][2]) == 1


def test_an_edited_mail_is_the_one_that_goes_out(funnel, root):
    funnel.confirmed()
    mail = root / "magnets/guide/emails/10-first.md"
    before = mail.read_text()
    mail.write_text(before.replace("The first letter", "Another first letter"))
    funnel.build.run()
    mail.write_text(before)
    funnel.move("2 days")
    assert subjects(funnel)[-1] == "Another first letter"


def test_a_bad_request_to_the_clock_is_a_400_that_says_what_to_send(funnel):
    for content in (b"not JSON", b'{"advance": "soon"}', b"[]", b"\xff"):
        response = ask(funnel.app, "POST", "/_local/clock", content=content)
        assert response.status_code == 400
        assert "3 days" in response.json()["error"]


def test_json_for_the_clock_is_read_whatever_it_calls_itself(funnel):
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        response = ask(
            funnel.app,
            "POST",
            "/_local/clock",
            content=b'{"advance": "1 hour"}',
            headers={"content-type": kind},
        )
        assert (response.status_code, response.json()["mails_sent"]) == (200, 0)


def test_the_panel_s_buttons_work_without_a_script(funnel):
    form = funnel.page("/_local/leads/").select_one("form.moves")
    hidden = {each["name"]: each["value"] for each in form.select("input")}
    button = form.find("button", string="+7 days")
    before = funnel.machine.clock.now()
    response = funnel.post(form["action"], hidden | {button["name"]: button["value"]})
    assert (response.status_code, response.headers["location"]) == (303, "/_local/leads/")
    assert funnel.machine.clock.now() - before >= timedelta(days=7)


def test_a_button_never_leads_to_another_site(funnel):
    response = funnel.post("/_local/clock", {"advance": "1 hour", "back": "//elsewhere.example/_local/"})
    assert response.headers["location"] == "/_local/"


def test_the_inbox_shows_each_mail_as_html_as_text_and_its_headers(funnel):
    funnel.confirmed()
    inbox = funnel.page("/_local/")
    assert [each.text for each in inbox.select("#mails .what")] == subjects(funnel)[::-1]
    address = inbox.select_one("#mails a")["href"]
    frame = funnel.page(address).iframe
    assert "allow-scripts" not in frame["sandbox"]
    assert "allow-same-origin" not in frame["sandbox"]
    body = funnel.get(frame["src"])
    assert body.headers["content-security-policy"].startswith("default-src 'none'")
    assert BeautifulSoup(body.text, "html.parser").base["target"] == "_blank"
    assert "/api/download" in funnel.page(f"{address}?as=text").select_one("pre a")["href"]
    rows = funnel.page(f"{address}?as=headers").select("table.headers tr")
    assert {row.th.text: row.td.text for row in rows} == funnel.mails()[-1]["headers"]


def test_a_lead_s_page_says_what_comes_next_and_what_happened(funnel):
    funnel.confirmed()
    leads = funnel.page("/_local/leads/")
    page = funnel.page(leads.select_one("tbody a")["href"])
    assert page.h1.text == "ada@example.com"
    assert "first in 2 days due then" in " ".join(page.select_one(".next").text.split())
    types = [each.text for each in page.select(".history summary b")]
    assert sorted(types) == sorted(event["type"] for event in funnel.lead()["events"])


def test_queues_and_schedules_are_shown_as_they_are(funnel):
    funnel.confirmed()
    page = funnel.page("/_local/queues/")
    assert "first" in page.select_one("tbody").text
    assert len(page.select("article.card")) == len(funnel.machine.stack.queues) + 1


def test_nothing_under_local_is_answered_to_another_host(funnel):
    for path in ("/_local/", "/_local/mails.json", "/_local/leads.json", "/_local/live.js"):
        assert funnel.get(path, headers={"host": "rebound.example"}).status_code == 403


def test_a_visitor_s_markup_is_text_in_the_panel(funnel):
    funnel.submit(first_name="<script>alert(1)</script>")
    page = funnel.page(f"/_local/leads/{funnel.lead()['id']}/")
    assert all(script.get("src") for script in page.select("script"))


def test_a_presigned_link_that_was_changed_does_not_open(funnel):
    assert (
        funnel.get("/_local/files/local-assetsbucket/guide/x?expires=9999999999&signature=x").status_code
        == 403
    )


def test_the_panel_is_found_without_its_last_slash(funnel):
    response = ask(funnel.app, "GET", "/_local")
    assert response.status_code == 307
    assert response.headers["location"] == "/_local/"
