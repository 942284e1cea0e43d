"""Counts the letters of the two guides beside this report, and writes eight-letters.csv from them.

    python count.py

One row a letter. Words are what stands between white space once a link is reduced to its words, and a name that is
filled in counts as one; signs of lists and quotations are no words. A sentence ends in a full stop, a question mark or
an exclamation mark with white space behind it.
"""

import csv
import re
import statistics
from pathlib import Path

HERE = Path(__file__).parent
MAGNETS = HERE.parents[1]
GUIDES = {"pricing-your-work": "What the Work Is Worth", "dry-summer-garden": "The Dry Summer Garden"}
COLUMNS = (
    "guide",
    "letter",
    "subject",
    "days_after_the_one_before",
    "words",
    "sentences",
    "links",
    "questions",
)


def measure(path: Path, guide: str) -> dict[str, str | int]:
    """Return the row of one letter."""
    _, front, body = path.read_text("utf-8").split("---\n", 2)
    words_only = re.sub(r"\[([^\]]*)\]\([^)]*\)(\{[^}]*\})?", r"\1", body)
    words_only = re.sub(r"\{\{[^}]*\}\}", "name", words_only)
    words_only = re.sub(r"^(> ?|- |\d+\. )", "", words_only, flags=re.M)
    return {
        "guide": guide,
        "letter": path.stem.partition("-")[2],
        "subject": re.search(r"^subject: *(.+)$", front, re.M)[1].strip("\"'"),
        "days_after_the_one_before": int(re.search(r"^after: *(\d+) days?", front, re.M)[1]),
        "words": len(words_only.split()),
        "sentences": len(re.findall(r"[.!?][\"'*)]*(?=\s|$)", words_only)),
        "links": body.count("]("),
        "questions": len(re.findall(r"\?(?=[\s*\"']|$)", words_only)),
    }


def main() -> None:
    rows = [
        measure(path, guide)
        for slug, guide in GUIDES.items()
        for path in sorted((MAGNETS / slug / "emails").glob("[0-9]*.md"))
    ]
    with (HERE.parent / "eight-letters.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    for name in COLUMNS[3:]:
        values = [row[name] for row in rows]
        print(f"{name}: {values}, in all {sum(values)}, median {statistics.median(values):g}")


if __name__ == "__main__":
    main()
