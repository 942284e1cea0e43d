"""Sizes read from the headers of picture files."""

import struct

import pytest

from lodestone.render.image_size import measure_image
from tests.render.factory import make_png

JPEG = (
    b"\xff\xd8"
    + b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    + b"\xff\xc4\x00\x04\0\0"
    + b"\xff\xc2\x00\x0b\x08\x01\x2c\x00\xc8\x01\x01\x11\x00"
)
RIFF = b"RIFF\0\0\0\0WEBP"
LOSSY = RIFF + b"VP8 \0\0\0\0" + b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 320, 200)
LOSSLESS = RIFF + b"VP8L\0\0\0\0\x2f" + struct.pack("<I", 319 | 199 << 14)
EXTENDED = RIFF + b"VP8X\0\0\0\0" + b"\0\0\0\0" + (319).to_bytes(3, "little") + (199).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (make_png(300, 450), (300, 450)),
        (b"GIF89a" + struct.pack("<HH", 12, 7), (12, 7)),
        (JPEG, (200, 300)),
        (LOSSY, (320, 200)),
        (LOSSLESS, (320, 200)),
        (EXTENDED, (320, 200)),
        (b'<svg width="640" height="200px" viewBox="0 0 1 1">', (640, 200)),
        (b'<?xml version="1.0"?>\n<svg xmlns="x" viewBox="0 0 720.4 240">', (720, 240)),
        (b'<svg width="100%" height="5em" viewBox="0,0,30,20">', (30, 20)),
    ],
)
def test_the_size_is_read_from_the_header(content, size):
    assert measure_image(content) == size


@pytest.mark.parametrize("content", [b"", b"plain text", JPEG[:20], make_png(3, 4)[:18], b"<svg>", RIFF])
def test_what_cannot_be_measured_has_no_size(content):
    assert measure_image(content) is None
