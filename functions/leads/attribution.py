"""Where a lead came from, by what every browser sends: it needs no cookie, no storage and no JavaScript.

The form's post carries its landing page with its query in `Referer` (same origin, so browsers send it
complete under `strict-origin-when-cross-origin`). JavaScript, if it runs, adds the page that linked to the
landing page.
"""

from urllib.parse import SplitResult, parse_qsl, urlsplit

CLICK_IDS = frozenset(
    [
        "dclid",
        "fbclid",
        "gbraid",
        "gclid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "msclkid",
        "ttclid",
        "twclid",
        "wbraid",
        "yclid",
    ]
)
_LONGEST = 200


def touch(landing: str, referrer: str, base_url: str) -> dict[str, str]:
    """The sources of a visit: `landing` (path), `referrer` (external, without query), utm_*, click ids.

    A landing page on another origin is an embed or a forgery: it is stored as the referrer.
    """
    page, own = _address(landing), _address(base_url)
    found: dict[str, str] = {}
    if page.netloc and page.netloc != own.netloc:
        referrer = referrer or landing
    elif page.path:
        found["landing"] = page.path
    found.update(_campaign(page.query))
    outside = _address(referrer)
    if outside.scheme in ("http", "https") and outside.netloc and outside.netloc != own.netloc:
        found["referrer"] = f"{outside.scheme}://{outside.netloc}{outside.path}"
    return {name: value[:_LONGEST] for name, value in found.items()}


def _address(text: str) -> SplitResult:
    """The parts of an address that a visitor may have made up; empty if it is not valid."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _campaign(query: str) -> dict[str, str]:
    pairs = parse_qsl(query[:4000], max_num_fields=100) if query.count("&") < 100 else []
    return {name: value for name, value in pairs if name.startswith("utm_") or name in CLICK_IDS}
