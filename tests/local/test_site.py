"""The static site as the edge serves it, and the guard before the panel."""

import pytest
from bs4 import BeautifulSoup
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lodestone.local.guard import LocalOnly
from lodestone.local.live import Broadcast
from lodestone.local.site import StaticSite
from tests.local.conftest import ask

PAGE = "<!doctype html><html><body><h1>{}</h1></body></html>"


@pytest.fixture
def live() -> Broadcast:
    return Broadcast("boot")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "site"
    for path, text in {
        "index.html": PAGE.format("Home"),
        "guide/index.html": PAGE.format("Guide"),
        "404.html": PAGE.format("Not here"),
        "assets/site.css": "body{}",
        "assets/face.woff2": "x",
        "sitemap.xml": "<urlset/>",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def app(folder, live):
    methods = ["GET", "HEAD", "POST"]
    return Starlette(routes=[Route("/{path:path}", StaticSite(folder, live).answer, methods=methods)])


def heading(response) -> str:
    return BeautifulSoup(response.text, "html.parser").h1.text


@pytest.mark.parametrize(
    ("path", "title"), [("/", "Home"), ("/guide/", "Guide"), ("/guide/index.html", "Guide")]
)
def test_clean_urls_lead_to_their_pages(app, path, title):
    response = ask(app, "GET", path)
    assert (response.status_code, heading(response)) == (200, title)


def test_a_page_without_its_slash_is_sent_on_with_its_query(app):
    response = ask(app, "GET", "/guide?utm_source=a")
    assert (response.status_code, response.headers["location"]) == (301, "/guide/?utm_source=a")


def test_a_redirect_never_leaves_this_host(app):
    location = ask(app, "GET", "//guide").headers.get("location", "/")
    assert not location.startswith("//")


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/../secret.txt", "/%2e%2e/secret.txt", "/a%00b", "/" + "x" * 5000]
)
def test_what_is_not_there_is_the_404_page(app, path):
    response = ask(app, "GET", path)
    assert (response.status_code, heading(response)) == (404, "Not here")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/assets/face.woff2", "font/woff2"),
        ("/sitemap.xml", "application/xml"),
    ],
)
def test_files_have_their_types_on_every_machine(app, path, kind):
    assert ask(app, "GET", path).headers["content-type"] == kind


def test_pages_carry_the_live_script_of_their_build_and_files_do_not(app, live):
    live.built("")
    script = BeautifulSoup(ask(app, "GET", "/guide/").text, "html.parser").body.script
    assert (script["src"], script["data-build"]) == ("/_local/live.js", "boot.1")
    assert "live.js" not in ask(app, "GET", "/assets/site.css").text


def test_before_the_first_good_build_a_page_waits_for_it(tmp_path, live):
    app = Starlette(routes=[Route("/{path:path}", StaticSite(tmp_path / "none", live).answer)])
    response = ask(app, "GET", "/")
    assert response.status_code == 503
    assert BeautifulSoup(response.text, "html.parser").script["src"] == "/_local/live.js"


def test_a_post_to_a_page_is_refused(app):
    assert ask(app, "POST", "/guide/").status_code == 405


@pytest.fixture
def guarded():
    return LocalOnly(PlainTextResponse("leads"))


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {}),
        ("GET", {"host": "localhost:8000"}),
        ("GET", {"host": "[::1]:8000"}),
        ("GET", {"sec-fetch-site": "cross-site"}),
        ("POST", {}),
        ("POST", {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}),
    ],
)
def test_the_panel_answers_this_machine(guarded, method, headers):
    assert ask(guarded, method, "/_local/leads.json", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"host": "rebound.example"}),
        ("GET", {"host": "127.0.0.1.rebound.example:8000"}),
        ("GET", {"host": ""}),
        ("POST", {"origin": "https://elsewhere.example"}),
        ("POST", {"origin": "http://127.0.0.1:9999"}),
        ("POST", {"origin": "null"}),
        ("POST", {"sec-fetch-site": "cross-site"}),
        ("POST", {"sec-fetch-site": "same-site"}),
    ],
)
def test_the_panel_does_not_answer_a_page_of_another_site(guarded, method, headers):
    assert ask(guarded, method, "/_local/clock", headers=headers).status_code == 403
