"""The smallest site with a whole funnel: one ebook, one gated file, two drip mails."""

from pathlib import Path

FILES = {
    "site/site.yaml": """\
name: The Press
base_url: https://press.example
sender: {name: The Press, email: letters@press.example}
postal_address: 1 Sample Lane, Exampletown
time_zone: Europe/Berlin
defaults:
  consent: {text: "Yes, send me the letters."}
""",
    "magnets/guide/magnet.md": """\
---
kind: ebook
title: The Guide
summary: All of it, briefly.
files: [guide.txt]
---

Read it.
""",
    "magnets/guide/guide.txt": "the gated words\n",
    "magnets/guide/emails/10-first.md": "---\nsubject: The first letter\nafter: 2 days\n---\n\nHello again.\n",
    "magnets/guide/emails/20-second.md": (
        '---\nsubject: The second letter\nafter: 3 days\nat: "09:00"\n---\n\nAnd once more.\n'
    ),
}


def write_small_site(root: Path) -> Path:
    """Write it; the root."""
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root
