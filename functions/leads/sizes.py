"""The size of a form, and sizes of files as people read them: the same on pages and in the terminal."""

#: The largest form we read, in bytes. Two text areas of 4,000 characters (a field's maximum) fit in any
#: script: a character is up to `BYTES_A_CHARACTER` in a form post. Such a form fits into DynamoDB's 400 KB.
LARGEST_BODY = 131_072
BYTES_A_CHARACTER = 12


def describe_size(size: int) -> str:
    """A number of bytes in decimal units: `220 B`, `12 kB`, `1.4 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"
