"""The headers that the edge adds."""

from starlette.responses import PlainTextResponse

from lodestone.local.edge import Edge
from tests.local.conftest import ask


def answer(path: str, **headers: str):
    return ask(Edge(PlainTextResponse("hello", headers=headers), {}), "GET", path).headers


def test_every_answer_of_the_site_carries_the_policy_and_is_never_cached():
    headers = answer("/guide/")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_an_answer_keeps_the_policy_it_brings():
    assert answer("/guide/", **{"referrer-policy": "same-origin"})["referrer-policy"] == "same-origin"


def test_a_gated_file_comes_from_the_bucket_and_carries_no_policy_of_the_edge():
    assert "content-security-policy" not in answer("/_local/files/assets/guide.html")


def test_the_template_s_own_policy_counts_without_what_needs_tls():
    headers = {
        "content-security-policy": "default-src 'self'; upgrade-insecure-requests",
        "strict-transport-security": "max-age=63072000",
    }
    found = ask(Edge(PlainTextResponse("hello"), headers), "GET", "/").headers
    assert found["content-security-policy"] == "default-src 'self'"
    assert "strict-transport-security" not in found
