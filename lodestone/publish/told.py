"""What visitors were told by what is published: that a build does not contradict it, and a note of it in the root."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from leads.funnel import Funnel
from lodestone.features import FEATURES


def contradiction(deployed: Mapping[str, Funnel], built: Mapping[str, Funnel]) -> tuple[str, str] | None:
    """Return message and help of the first magnet that takes back what is published of it; None if none does."""
    for slug, funnel in built.items():
        before = deployed[slug].features if slug in deployed else {}
        for key, configuration in funnel.features.items():
            found = FEATURES[key].contradiction(before[key], configuration) if key in before else None
            if found:
                return f"{slug}: {found[0]}", found[1]
    return None


def note_published(root: Path, built: Mapping[str, Funnel], day: date) -> tuple[Path, ...]:
    """Have each feature note what is published now, in the magnet's folder; return what changed."""
    return tuple(
        path.relative_to(root)
        for slug, funnel in built.items()
        for key, configuration in funnel.features.items()
        for path in FEATURES[key].note_published(root / "magnets" / slug, configuration, day.isoformat())
    )
