"""The starter that `build.py new <kind> <slug>` writes: a commented magnet that builds as it is.

The texts are plain files in the kind's own starter folder; `__TITLE__` and `__SLUG__` in them are filled in.
"""

import re
from difflib import get_close_matches
from pathlib import Path

from lodestone.kinds import kinds

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SITE_STARTER = Path(__file__).parents[1] / "kinds" / "site_starter"


class StarterError(ValueError):
    """The starter cannot be written; the message says why and what to do."""


def write_starter(root: Path, kind: str, slug: str) -> list[Path]:
    """Write `magnets/<slug>/`, and `site/site.yaml` if there is none; return the files written, in order.

    Raises StarterError, before anything is written, if the kind is unknown, the slug cannot be part of an address, or
    the folder exists already.
    """
    source = _starter_of(kind)
    _check_slug(slug)
    target = root / "magnets" / slug
    if target.exists():
        raise StarterError(f"magnets/{slug}/ is there already; choose another name, or delete it first")
    words = {"__SLUG__": slug, "__TITLE__": _title(slug)}
    written = _copy(source, target, words)
    if not (root / "site" / "site.yaml").exists():
        written += _copy(_SITE_STARTER, root / "site", words)
    return written


def _starter_of(name: str) -> Path:
    known = {each.name: each.starter for each in kinds().values() if each.starter}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        meant = f"did you mean `{near[0]}`? " if near else ""
        raise StarterError(f"unknown kind `{name}`; {meant}kinds: {', '.join(sorted(known))}")
    return known[name]


def _check_slug(slug: str) -> None:
    if _SLUG.fullmatch(slug):
        return
    better = "-".join(re.findall(r"[a-z0-9]+", slug.lower()))
    hint = f"; for instance `{better}`" if better else ""
    raise StarterError(
        f"`{slug}` cannot be part of an address: use small letters, digits and single hyphens{hint}"
    )


def _title(slug: str) -> str:
    """Return `pricing-guide` as "Pricing guide"."""
    words = slug.replace("-", " ")
    return words[0].upper() + words[1:]


def _copy(source: Path, target: Path, words: dict[str, str]) -> list[Path]:
    written = []
    for path in sorted(each for each in source.rglob("*") if each.is_file() and each.name[0] != "."):
        text = path.read_text("utf-8")
        for token, word in words.items():
            text = text.replace(token, word)
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, "utf-8")
        written.append(copy)
    return written
