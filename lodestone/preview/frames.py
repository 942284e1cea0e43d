"""A mail's HTML for a frame of the preview page: pictures are inlined from the build, and nothing is fetched."""

import base64
import re
from urllib.parse import urlsplit

from lodestone.media_types import media_type
from lodestone.preview.destinations import BuiltSite

_DARK_QUERY = re.compile(r"\(\s*prefers-color-scheme:\s*(dark|light)\s*\)")
_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]+)"')
_SCHEME = '<meta name="color-scheme" content="{}">'


def framed(html: str, scheme: str, site: BuiltSite) -> str:
    """Return the mail as a client shows it in the scheme `light` or `dark`, whichever the system prefers."""
    return _SOURCE.sub(lambda match: f'{match[1]}{_inlined(match[2], site)}"', _in_scheme(html, scheme))


def _in_scheme(html: str, scheme: str) -> str:
    """Make media queries for this scheme always match, and those for the other never.

    A frame takes its scheme from the system, and no attribute of it changes that in every browser.
    """
    answered = _DARK_QUERY.sub(
        lambda match: "(min-width: 0px)" if match[1] == scheme else "(max-width: 0px)", html
    )
    return re.sub(r'<meta name="(supported-)?color-schemes?"[^>]*>', "", answered).replace(
        "<head>", f"<head>{_SCHEME.format(scheme)}", 1
    )


def _inlined(url: str, site: BuiltSite) -> str:
    """Return a picture of the site as a data URL; any other URL as it is, which stays blank."""
    path = urlsplit(url).path
    file = site.folder / path.lstrip("/")
    if not url.startswith(f"{site.base_url}/") or path not in site.paths:
        return url
    return f"data:{media_type(file.name)};base64,{base64.b64encode(file.read_bytes()).decode()}"
