"""A mail's HTML for a frame of the preview page: its pictures from the build, its scheme as asked, nothing fetched."""

import base64
import re
from urllib.parse import urlsplit

from lodestone.media_types import media_type
from lodestone.preview.destinations import BuiltSite

_DARK_QUERY = re.compile(r"\(\s*prefers-color-scheme:\s*(dark|light)\s*\)")
_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]+)"')
_SCHEME = '<meta name="color-scheme" content="{}">'


def framed(html: str, scheme: str, site: BuiltSite) -> str:
    """The mail as a client in `light` or `dark` shows it, whatever the looker's own system prefers."""
    return _SOURCE.sub(lambda match: f'{match[1]}{_inlined(match[2], site)}"', _in_scheme(html, scheme))


def _in_scheme(html: str, scheme: str) -> str:
    """Media queries answered: what asks for this scheme always holds, what asks for the other never does.

    A frame takes its scheme from the system, and no attribute of it changes that in every browser.
    """
    answered = _DARK_QUERY.sub(
        lambda match: "(min-width: 0px)" if match[1] == scheme else "(max-width: 0px)", html
    )
    return re.sub(r'<meta name="(supported-)?color-schemes?"[^>]*>', "", answered).replace(
        "<head>", f"<head>{_SCHEME.format(scheme)}", 1
    )


def _inlined(url: str, site: BuiltSite) -> str:
    """A picture of the site as data; any other is left where it is, and stays blank."""
    path = urlsplit(url).path
    file = site.folder / path.lstrip("/")
    if not url.startswith(f"{site.base_url}/") or path not in site.paths:
        return url
    return f"data:{media_type(file.name)};base64,{base64.b64encode(file.read_bytes()).decode()}"
