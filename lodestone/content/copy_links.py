"""Links that hand a document over to everybody: Google's "make a copy", and Notion's duplicate of a page.

A file that is gated opens by a link of one lead, for a while. Such a link opens for whoever has it, for ever, and
nobody learns of it. An author may want that all the same, so it is a warning.
"""

from urllib.parse import parse_qsl, urlsplit

_HELP = (
    "whoever passes it on gives the document away, and downloads are not counted; deliver it as a file under `files:`, "
    "or keep the link if that is what you want"
)


def copy_link_warning(target: str) -> tuple[str, str] | None:
    """Message and help for a link that makes a copy of a document; None for any other."""
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return None
    if host == "docs.google.com" and parts.path.rstrip("/").endswith(("/copy", "/template/preview")):
        return _warning("Google", "“make a copy”")
    is_notion = host.removeprefix("www.") in ("notion.so", "notion.com") or host.endswith(".notion.site")
    if is_notion and ("duplicate", "true") in parse_qsl(parts.query.lower()):
        return _warning("Notion", "“duplicate”")
    return None


def _warning(owner: str, words: str) -> tuple[str, str]:
    return f"this {words} link of {owner} works for everybody, for ever, without your form", _HELP
