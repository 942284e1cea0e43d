"""What site.js adds, in a real browser; the site and its API are answered from memory."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.render.factory import ALL_FIELDS

pytestmark = pytest.mark.browser

ORIGIN = "https://quayside.example"
POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class Visit:
    """A page of the site, and what its form sent. `answers` are the API's, in order; None is a broken line."""

    def __init__(self, page, files: dict[str, bytes]):
        self.page, self.files = page, files
        self.answers: list[tuple[int, str] | None] = []
        self.posts: list[dict[str, list[str]]] = []
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.route("**/*", self._answer)

    def _answer(self, route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/api/"):
            self._answer_post(route)
            return
        name = f"{path}index.html".lstrip("/") if path.endswith("/") else path.lstrip("/")
        kinds = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        kind = kinds.get(name.rpartition(".")[2], "application/octet-stream")
        headers = {"Content-Type": kind, "Content-Security-Policy": POLICY}
        route.fulfill(status=200, body=self.files[name], headers=headers)

    def _answer_post(self, route) -> None:
        self.posts.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        answer = self.answers.pop(0)
        if answer is None:
            route.abort()
            return
        kind = "application/json" if answer[1].startswith("{") else "text/html"
        route.fulfill(status=answer[0], content_type=kind, body=answer[1])


@pytest.fixture
def visit(chromium, press):
    made = press(funnel={"fields": ALL_FIELDS})
    context = chromium.new_context(timezone_id="Europe/Lisbon", viewport={"width": 1280, "height": 900})
    visit = Visit(context.new_page(), made.look.files | made.pages())
    yield visit
    context.close()


def refusal(*errors: tuple[str, str]) -> tuple[int, str]:
    listed = [{"field": field, "message": message} for field, message in errors]
    return 422, json.dumps({"ok": False, "errors": listed})


def test_a_page_breaks_no_content_policy(visit):
    visit.page.goto(f"{ORIGIN}/quiet-price/")
    assert visit.complaints == []


def test_an_accepted_form_leads_to_the_thank_you_page(visit):
    visit.answers = [(200, '{"ok": true, "next": "/quiet-price/thanks/"}')]
    visit.page.goto(f"{ORIGIN}/quiet-price/?utm_source=letter", referer="https://elsewhere.example/post")
    visit.page.fill("#top-email", "ada@example.com")
    visit.page.click(".hero button")
    visit.page.wait_for_url("**/quiet-price/thanks/")
    (sent,) = visit.posts
    assert sent["email"] == ["ada@example.com"]
    assert sent["_tz"] == ["Europe/Lisbon"]
    assert sent["_landing"] == [f"{ORIGIN}/quiet-price/?utm_source=letter"]
    assert sent["_referrer"] == ["https://elsewhere.example/post"]
    assert "consent" not in sent


def test_errors_appear_in_place_with_a_summary_that_takes_the_focus(visit):
    visit.answers = [refusal(("email", "Write an address."), ("size", "Choose one."), ("", "Try again."))]
    page = visit.page
    page.goto(f"{ORIGIN}/quiet-price/")
    page.fill("#end-email", "ada")
    page.click(".closing button")
    page.wait_for_selector(".closing .error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    links = page.eval_on_selector_all(".error-summary a", "all => all.map(a => a.getAttribute('href'))")
    assert links == ["#end-email", "#end-size"]
    assert page.get_attribute("#end-email", "aria-invalid") == "true"
    assert "Write an address." in page.inner_text("#end-email-notes")
    assert page.input_value("#end-email") == "ada"
    assert page.query_selector(".hero .error-summary") is None


def test_errors_that_are_mended_go_away(visit):
    visit.answers = [refusal(("email", "Write an address.")), refusal(("size", "Choose one."))]
    page = visit.page
    page.goto(f"{ORIGIN}/quiet-price/")
    page.click(".hero button")
    page.wait_for_selector("#top-email-error")
    page.click(".hero button")
    page.wait_for_selector("#top-size-error")
    assert page.query_selector("#top-email-error") is None
    assert page.get_attribute("#top-email", "aria-invalid") is None


def test_a_broken_line_is_said_and_the_form_can_be_sent_again(visit):
    visit.answers = [None, (200, '{"ok": true, "next": "/quiet-price/thanks/"}')]
    page = visit.page
    page.goto(f"{ORIGIN}/quiet-price/")
    page.fill("#top-email", "ada@example.com")
    page.click(".hero button")
    page.wait_for_selector(".error-summary")
    assert "could not be sent" in page.inner_text(".error-summary")
    page.click(".hero button")
    page.wait_for_url("**/quiet-price/thanks/")


def test_any_other_answer_is_the_servers_to_show(visit):
    visit.answers = [(503, "<h1>Busy</h1>"), (503, "<h1>Busy</h1>")]
    visit.page.goto(f"{ORIGIN}/quiet-price/")
    visit.page.fill("#top-email", "ada@example.com")
    visit.page.click(".hero button")
    visit.page.wait_for_selector("text=Busy")
    assert visit.posts[0] == visit.posts[1]


def test_a_double_click_sends_once(visit):
    visit.answers = [refusal(("email", "Write an address."))]
    visit.page.goto(f"{ORIGIN}/quiet-price/")
    visit.page.dblclick(".hero button")
    visit.page.wait_for_selector(".error-summary")
    assert len(visit.posts) == 1


def test_campaign_parameters_stay_in_the_address_and_nothing_is_stored(visit):
    page = visit.page
    page.goto(f"{ORIGIN}/quiet-price/?utm_source=letter&gclid=abc&colour=red")
    home = urlsplit(page.eval_on_selector(".masthead .imprint", "link => link.href"))
    assert parse_qs(home.query) == {"utm_source": ["letter"], "gclid": ["abc"]}
    assert page.get_attribute(".to-form", "href") == "#form"
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]


def test_without_scripts_the_browser_itself_asks_for_what_is_required(chromium, press):
    made = press(funnel={"fields": ALL_FIELDS})
    context = chromium.new_context(java_script_enabled=False)
    visit = Visit(context.new_page(), made.look.files | made.pages())
    visit.answers = [(200, "<h1>Posted</h1>")]
    visit.page.goto(f"{ORIGIN}/quiet-price/")
    visit.page.click(".hero button")
    assert visit.posts == []
    visit.page.fill("#top-email", "ada@example.com")
    visit.page.check("#top-size-1")
    visit.page.click(".hero button")
    visit.page.wait_for_selector("text=Posted")
    assert visit.posts[0]["size"] == ["1"]
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_scrolls_sideways(visit, width):
    visit.page.set_viewport_size({"width": width, "height": 800})
    for path in ("/quiet-price/", "/quiet-price/thanks/", "/quiet-price/confirmed/"):
        visit.page.goto(ORIGIN + path)
        assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_form_is_in_view_on_a_desk_without_scrolling(visit):
    visit.page.goto(f"{ORIGIN}/quiet-price/")
    box = visit.page.query_selector("#top-email").bounding_box()
    assert box["y"] + box["height"] < 900
