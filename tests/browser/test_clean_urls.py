"""The function that the CDN runs for each page, as it stands in template.yaml, run in a JavaScript engine."""

import json
from collections.abc import Callable

import pytest

from lodestone.local.template import read_template
from tests.conftest import ROOT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def answer(chromium) -> Callable[..., dict]:
    """What the function makes of a request: the request to go on with, or a response."""
    page = chromium.new_page()
    code = read_template(ROOT / "template.yaml").resource("CleanUrls").properties["FunctionCode"]

    def run(uri: str, query: dict | None = None) -> dict:
        event = {"version": "1.0", "request": {"method": "GET", "uri": uri, "querystring": query or {}}}
        return page.evaluate(f"(event) => {{ {code}\n return handler(event); }}", event)

    yield run
    page.close()


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("/", "/index.html"),
        ("/guide/", "/guide/index.html"),
        ("/guide/thanks/", "/guide/thanks/index.html"),
        ("/assets/site.0f3c.css", "/assets/site.0f3c.css"),
        ("/v1.2/notes/", "/v1.2/notes/index.html"),
        ("/404.html", "/404.html"),
    ],
)
def test_an_address_leads_to_its_file(answer, uri, file):
    assert answer(uri)["uri"] == file


@pytest.mark.parametrize(("uri", "page"), [("/guide", "/guide/"), ("/v1.2/notes", "/v1.2/notes/")])
def test_a_page_without_its_slash_is_sent_on_for_good(answer, uri, page):
    found = answer(uri)
    assert found["statusCode"] == 301
    assert found["headers"]["location"]["value"] == page


def test_the_query_goes_along_as_it_was_written(answer):
    query = {
        "utm_source": {"value": "a%20b"},
        "tag": {"value": "x", "multiValue": [{"value": "x"}, {"value": "y"}]},
        "plain": {"value": ""},
    }
    location = answer("/guide", query)["headers"]["location"]["value"]
    assert location == "/guide/?utm_source=a%20b&tag=x&tag=y&plain="


@pytest.mark.parametrize("uri", ["//evil.example", "//evil/x", "/\\\\evil", "///evil/x"])
def test_no_address_sends_a_visitor_to_another_host(answer, uri):
    found = answer(uri)
    location = found.get("headers", {}).get("location", {}).get("value", "/")
    assert not location[1:2].startswith(("/", "\\")), json.dumps(found)
