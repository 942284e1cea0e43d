"""site/site.yaml: who the site is, and whether its mails could go out legally."""

from dataclasses import dataclass
from pathlib import Path

from leads.event_table import EVENT_TYPES
from lodestone.content.files import FileFinder
from lodestone.content.model import Document, KeyPath
from lodestone.content.places import key_place, top_of, value_place
from lodestone.content.problems import Problems
from lodestone.content.schema import SiteFront
from lodestone.content.silence import check_sunset
from lodestone.content.source import read_yaml
from lodestone.content.validate import did_you_mean, validate

_START = "`python build.py new ebook my-guide` writes a commented one to start from"


@dataclass(frozen=True)
class SiteFile:
    """site.yaml as far as it could be read; `has_consent` is known even where something else is wrong."""

    doc: Document | None = None
    front: SiteFront | None = None
    has_consent: bool = True


def load_site_file(root: Path, finder: FileFinder, problems: Problems) -> SiteFile:
    """Read and check site/site.yaml."""
    path = root / "site" / "site.yaml"
    if path.name not in finder.listing(path.parent):
        other = "rename site.yml to site.yaml" if "site.yml" in finder.listing(path.parent) else _START
        problems.add(
            top_of(path), "this file is missing: it names the site and the sender of its mails", other
        )
        return SiteFile()
    doc = read_yaml(path, finder, problems)
    if doc is None:
        return SiteFile()
    front = validate(SiteFront, doc, problems)
    _check_addresses(doc, problems)
    _check_scoring(front, doc, problems)
    check_sunset(front, doc, problems)
    defaults = doc.meta.get("defaults")
    return SiteFile(doc, front, isinstance(defaults, dict) and "consent" in defaults)


def _check_addresses(doc: Document, problems: Problems) -> None:
    """The sender's and the owner's addresses by their syntax; whether the domain takes mail, the doctor asks."""
    sender = doc.meta.get("sender")
    written = sender if isinstance(sender, dict) else {}
    addresses: dict[KeyPath, object] = {("sender", key): written.get(key) for key in ("email", "reply_to")}
    addresses["owner_email",] = doc.meta.get("owner_email")
    for path, address in addresses.items():
        if isinstance(address, str) and address.strip():
            fault = _address_fault(address.strip())
            if fault:
                problems.add(value_place(doc, path), f"`{address}` is no e-mail address", fault)


def _check_scoring(front: SiteFront | None, doc: Document, problems: Problems) -> None:
    """Check that points name known event types, and that hot is above warm."""
    scoring = doc.meta.get("scoring")
    points = scoring.get("points") if isinstance(scoring, dict) else None
    known = _scoring_names()
    for name in points if isinstance(points, dict) else ():
        if name not in known:
            help = did_you_mean(name, sorted(known), "events that can score")
            problems.add(
                key_place(doc, ("scoring", "points", name)), f"no points are given for `{name}`", help
            )
    if front and front.scoring.warm >= front.scoring.hot:
        help = f"write a number above {front.scoring.warm}, or lower `warm`"
        problems.add(
            value_place(doc, ("scoring", "hot")), "a hot lead has a higher score than a warm one", help
        )


def _scoring_names() -> set[str]:
    """The names that points may be set for: what leads do, and doing it again where that counts."""
    rows = [each for each in EVENT_TYPES.values() if each.is_activity or each.is_sign_of_life]
    return {each.name for each in rows} | {each.again_name for each in rows if each.points_again}


def _address_fault(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # slow to import, needed once a load

    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        fault = str(error).rstrip(".")
        return fault[:1].lower() + fault[1:]
    return ""
