"""The size of a picture in CSS pixels, read from its file, so that a page keeps its place while it loads.

Only headers are read: no imaging library on a marketer's machine. Sources: the PNG, GIF89a, JPEG (ITU T.81,
annex B) and WebP container specifications; SVG 2, section 8.2.
"""

import re
import struct

Size = tuple[int, int]

_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE | re.DOTALL)
_SVG_LENGTH = re.compile(r"^\s*([0-9.]+)\s*(px)?\s*$")
#: JPEG start-of-frame markers: C0-CF except C4, C8 and CC, which start no frame.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def measure_image(content: bytes) -> Size | None:
    """Width and height, or None when the format is unknown or the file is cut short."""
    try:
        return _measure(content)
    except (struct.error, IndexError, ValueError):
        return None


def _measure(content: bytes) -> Size | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return struct.unpack(">II", content[16:24])
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"\xff\xd8"):
        return _measure_jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _measure_webp(content)
    return _measure_svg(content)


def _measure_jpeg(content: bytes) -> Size | None:
    at = 2
    while at < len(content):
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _measure_webp(content: bytes) -> Size | None:
    form = content[12:16]
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8X":
        return _uint24(content[24:27]) + 1, _uint24(content[27:30]) + 1
    return None


def _uint24(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _measure_svg(content: bytes) -> Size | None:
    tag = _SVG_TAG.search(content)
    if not tag:
        return None
    text = tag.group().decode("utf-8", "replace")
    width, height = (_svg_length(text, name) for name in ("width", "height"))
    if width and height:
        return round(width), round(height)
    return _view_box(text)


def _svg_length(tag: str, name: str) -> float | None:
    written = re.search(rf"""\s{name}\s*=\s*["']([^"']*)["']""", tag)
    length = _SVG_LENGTH.match(written[1]) if written else None
    return float(length[1]) if length else None


def _view_box(tag: str) -> Size | None:
    box = re.search(r"""\sviewBox\s*=\s*["']([^"']*)["']""", tag)
    numbers = [float(each) for each in re.split(r"[\s,]+", box[1].strip())] if box else []
    return (round(numbers[2]), round(numbers[3])) if len(numbers) == 4 else None
