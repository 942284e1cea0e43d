"""An ebook: a book written in Markdown, files that are delivered as they are, or both."""

from pathlib import Path

from lodestone.kinds import Kind

KIND = Kind(name="ebook", template="kinds/ebook.html", starter=Path(__file__).parent / "ebook_starter")
