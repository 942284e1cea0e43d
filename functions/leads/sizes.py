"""Sizes of files, as people read them: the same on the landing page, the download page and the terminal."""


def describe_size(size: int) -> str:
    """A number of bytes in decimal units: `220 B`, `12 kB`, `1.4 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"
