"""An ebook: a book written in Markdown, files that are delivered as they are, or both."""

from pathlib import Path

from lodestone.kinds import Kind

KIND = Kind(
    name="ebook",
    template="kinds/ebook.html",
    card_template="cards/ebook.html",
    features=("downloads", "more_questions"),
    needs=("downloads",),
    starter=Path(__file__).parent / "ebook_starter",
    linked_type="Book",
)
