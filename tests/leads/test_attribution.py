"""Where a lead came from."""

from leads.attribution import touch
from leads.scanners import is_machine

BASE = "https://press.example"


def test_campaign_parameters_and_click_ids_are_kept_and_nothing_else():
    found = touch(f"{BASE}/guide/?utm_source=a&utm_campaign=b&gclid=c&email=x%40y", "", BASE)
    assert found == {"landing": "/guide/", "utm_source": "a", "utm_campaign": "b", "gclid": "c"}


def test_the_page_that_led_here_loses_its_query():
    found = touch(f"{BASE}/guide/", "https://search.example/find?q=private", BASE)
    assert found["referrer"] == "https://search.example/find"


def test_our_own_pages_are_no_referrer():
    assert "referrer" not in touch(f"{BASE}/guide/", f"{BASE}/", BASE)


def test_a_form_embedded_elsewhere_tells_where():
    assert touch("https://partner.example/post?utm_source=p", "", BASE) == {
        "utm_source": "p",
        "referrer": "https://partner.example/post",
    }


def test_nonsense_and_floods_are_harmless():
    assert touch("", "javascript:alert(1)", BASE) == {}
    assert touch("http://[", "http://[", BASE) == {}
    assert touch(f"{BASE}/?" + "&".join(f"utm_{n}=1" for n in range(500)), "", BASE) == {"landing": "/"}
    assert max(map(len, touch(f"{BASE}/?utm_source=" + "x" * 5000, "", BASE).values())) <= 200


def test_scanners_are_told_from_browsers():
    assert is_machine("")
    assert is_machine("Mozilla/5.0 (compatible; Barracuda Sentinel)")
    assert not is_machine(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
    )
