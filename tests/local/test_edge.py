"""The headers that the edge adds."""

from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from lodestone.local.edge import Edge


def answer(path: str, **headers: str):
    app = Edge(PlainTextResponse("hello", headers=headers), {})
    return TestClient(app).get(path).headers


def test_every_answer_of_the_site_carries_the_policy_and_is_never_cached():
    headers = answer("/guide/")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_an_answer_keeps_the_policy_it_brings():
    assert answer("/guide/", **{"referrer-policy": "same-origin"})["referrer-policy"] == "same-origin"


def test_a_gated_file_comes_from_the_bucket_and_carries_no_policy_of_the_edge():
    assert "content-security-policy" not in answer("/_local/files/assets/guide.html")
