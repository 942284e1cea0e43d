"""The mails of a magnet: found by file name, put in sending order, and checked for what they must and may say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from leads.link_types import LINK_TYPES, links_of, links_of_features
from leads.mail_types import DELIVERY, MAIL_TYPES, SERVICE_MAILS
from lodestone.content.counted_links import check_link_names
from lodestone.content.files import PICTURE_TYPES, FileFinder
from lodestone.content.forms import MAIL_VARIABLES
from lodestone.content.model import Document, KeyPath, MailSource
from lodestone.content.placeholders import WrittenPlaceholder, find_placeholders
from lodestone.content.places import Place, body_offset, offset_place, snippet_place, top_of
from lodestone.content.problems import Problems
from lodestone.content.schema import MailFront
from lodestone.content.sequences import refuse_conditions
from lodestone.content.source import read_document
from lodestone.content.timing import check_mail_keys
from lodestone.content.validate import validate
from lodestone.content.written_form import WrittenField

#: The default mails, used where neither magnet nor site has its own.
BUNDLED = Path(__file__).parent / "default_mails"

_PREFIX = re.compile(r"(\d+)[-_. ]+")
_LETTER = re.compile(r"[^.]\.([a-z])$")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: How similar a misspelt name is to the name it means: `frist_name` to `first_name`, not to `site_name`.
_NEAR = 0.8


@dataclass(frozen=True)
class MailFields:
    """The placeholders of a magnet's mails: the form's fields, the optional ones, and its features' links.

    `features` is None where the magnet is not known: a default mail is used by many.
    """

    names: tuple[str, ...]
    optional: frozenset[str]
    features: tuple[str, ...] | None = None


def load_mails(
    folder: Path, fields: MailFields, finder: FileFinder, problems: Problems
) -> list[tuple[Document, MailSource | None]]:
    """Load the mails in a folder, in sending order; the MailSource is None if the front matter has problems."""
    files = _mail_files(folder, finder, problems)
    loaded = [_load_mail(path, step, fields, finder, problems) for path, step in files]
    return [each for each in loaded if each]


def default_mail(
    step: str,
    root: Path,
    kind_mails: Path | None,
    own: Mapping[str, bool],
    finder: FileFinder,
    problems: Problems,
) -> MailSource | None:
    """A service mail for magnets that have none of their own: the site's, else the kind's, else the bundled one.

    `own` are the names that the kind's features fill, each with whether it may be empty.
    """
    folders = [root / "site" / "emails", *([kind_mails] if kind_mails else []), BUNDLED]
    folder = next((each for each in folders if f"{step}.md" in finder.listing(each)), BUNDLED)
    optional = frozenset(name for name, may in own.items() if may)
    fields = MailFields(tuple(own), optional)
    loaded = _load_mail(folder / f"{step}.md", step, fields, finder, problems)
    return loaded[1] if loaded else None


def check_site_mails(root: Path, finder: FileFinder, problems: Problems) -> None:
    """site/emails/ holds the service mails and nothing else."""
    folder = root / "site" / "emails"
    names = [f"{step}.md" for step in dict.fromkeys((*SERVICE_MAILS, *MAIL_TYPES))]
    for path in mail_paths(folder, finder):
        if path.name not in names:
            help = f"here stand {', '.join(names)}; all others belong into a magnet's emails/"
            problems.add(top_of(path), "this file is not read", help)


def _mail_files(folder: Path, finder: FileFinder, problems: Problems) -> list[tuple[Path, str]]:
    steps: dict[str, Path] = {}
    for path in mail_paths(folder, finder):
        if letter_of(path):
            continue  # read by `lodestone.content.variants`
        if path.suffix != ".md":
            problems.add(
                top_of(path), "this file is not read", "a mail is a Markdown file: `10-first-steps.md`"
            )
            continue
        step = step_of(path)
        if not _SLUG.fullmatch(step):
            help = "use small letters, digits and `-` behind the number: `10-first-steps.md`"
            problems.add(top_of(path), f"`{step}` cannot be the name of a mail", help)
        elif step in steps:
            help = f"`{steps[step].name}` has it already; rename one of the two"
            problems.add(top_of(path), f"a second mail named `{step}`", help)
        else:
            steps[step] = path
    return [(path, step) for step, path in steps.items()]


def mail_paths(folder: Path, finder: FileFinder) -> list[Path]:
    """List a folder of mails in sending order, without pictures."""
    names = (name for name in finder.listing(folder) if not name.startswith((".", "_")))
    paths = (folder / name for name in sorted(names, key=_sending_order))
    return [path for path in paths if not _holds_pictures(path, finder.listing(folder)[path.name])]


def _holds_pictures(path: Path, is_folder: bool) -> bool:
    """A picture, or a folder that an author made for them."""
    return path.suffix.lower() in PICTURE_TYPES or (not path.suffix and is_folder)


def step_of(path: Path) -> str:
    """Return the name of a mail: its file name without the number in front and the letter at the end."""
    stem = path.stem.removesuffix(f".{letter_of(path)}")
    return _PREFIX.sub("", stem, count=1)


def letter_of(path: Path) -> str:
    """Return the letter of a version: `b` for `20-prices.b.md`, "" for the mail itself."""
    found = _LETTER.search(path.stem) if path.suffix == ".md" else None
    return found[1] if found else ""


def _sending_order(name: str) -> tuple[float, str]:
    """By the number in front, `9-` before `10-`; files without one come last, by name."""
    prefix = _PREFIX.match(name)
    return (int(prefix[1]) if prefix else float("inf"), name)


def _load_mail(
    path: Path, step: str, fields: MailFields, finder: FileFinder, problems: Problems
) -> tuple[Document, MailSource | None] | None:
    doc = read_document(path, finder, problems)
    if doc is None:
        return None
    front = validate(MailFront, doc, problems)
    check_mail_keys(step, doc, problems)
    if step in MAIL_TYPES:
        refuse_conditions(step, doc, problems)
    if not doc.body.strip():
        problems.add(top_of(path), "this mail says nothing", "write its text below the second `---`")
    check_words(step, doc, fields, problems)
    return doc, MailSource(step, doc, front) if front else None


def check_words(step: str, doc: Document, fields: MailFields, problems: Problems) -> None:
    """Check every placeholder of subject, preheader and body, and the names of links."""
    check_link_names(doc, problems)
    used = set()
    for key in ("subject", "preheader"):
        text = doc.meta.get(key)
        if isinstance(text, str) and "{" in text:
            used |= _check_text(step, text, _FrontPlaces(doc, (key,), text), fields, problems)
    used |= _check_text(step, doc.body, _BodyPlaces(doc), fields, problems)
    if doc.body.strip() and (fields.features is not None or step != DELIVERY):
        _check_needed(step, doc, used, fields.features or (), problems)


def check_needed_links(
    mail: MailSource, features: Iterable[str], problems: Problems, magnet: Place | None
) -> None:
    """Check that a default mail has the links that a magnet with these features needs.

    `magnet` is the place to blame where nobody of this site wrote the mail; None: the mail itself.
    """
    used = {each.placeholder.name for each in find_placeholders(mail.doc.body) if each.placeholder}
    _check_needed(mail.step, mail.doc, used, features, problems, magnet)


def _check_needed(
    step: str,
    doc: Document,
    used: set[str],
    features: Iterable[str],
    problems: Problems,
    magnet: Place | None = None,
) -> None:
    for row in links_of(step, features):
        if row.needed_in == step and row.variable not in used:
            message = f"the {step} mail lacks `{{{{ {row.variable} }}}}`"
            help = f"write an `emails/{step}.md` of its own: {row.why_needed}" if magnet else row.why_needed
            problems.add(magnet or top_of_body(doc), message, help)


def top_of_body(doc: Document) -> Place:
    """The first line of the body that is not blank."""
    offset = body_offset(doc)
    rest = doc.text[offset:]
    offset += len(rest) - len(rest.lstrip())
    line = doc.text[offset:].partition("\n")[0]
    return offset_place(doc, offset, max(1, len(line)))


class _BodyPlaces:
    """Offsets in the body as places in the file."""

    def __init__(self, doc: Document):
        self.doc, self.offset = doc, body_offset(doc)

    def at(self, offset: int, source: str) -> Place:
        return offset_place(self.doc, self.offset + offset, len(source))


class _FrontPlaces:
    """Turns snippets of a front-matter value into places in the file; ask in the order of the text."""

    def __init__(self, doc: Document, path: KeyPath, text: str):
        self.doc, self.path, self.after = doc, path, 0

    def at(self, offset: int, source: str) -> Place:
        place, self.after = snippet_place(self.doc, self.path, source, self.after)
        return place


def _check_text(
    step: str, text: str, places: _BodyPlaces | _FrontPlaces, fields: MailFields, problems: Problems
) -> set[str]:
    """Return the names that a text uses; report those it may not use, and unreadable placeholders."""
    used = set()
    for found in find_placeholders(text):
        place = places.at(found.offset, found.source)
        trouble = found.trouble
        if found.placeholder:
            used.add(found.placeholder.name)
            trouble = _name_trouble(step, found.placeholder.name, found, fields)
        if trouble:
            problems.add(place, *trouble)
    return used


def _name_trouble(
    step: str, name: str, placeholder: WrittenPlaceholder, fields: MailFields
) -> tuple[str, str] | None:
    row = MAIL_TYPES.get(step)
    says_answers = row is None or row.says_answers
    if name in MAIL_VARIABLES and (says_answers or name != "email"):
        return _variable_trouble(step, name, fields.features)
    if not says_answers:
        help = (
            "anybody can type a stranger's address into a form: what they type must not reach the stranger, "
            "or the form can be used to send spam"
        )
        return f"the {step} mail cannot say `{placeholder.source}`", help
    if name not in fields.names:
        return f"no field fills `{placeholder.source}`", _help_for_unknown(step, name, fields)
    if name in fields.optional and not placeholder.has_default:
        help = f'say what stands there instead: `{{{{ {name} | default("there") }}}}`'
        return f"`{name}` is optional, so this may stay empty", help
    return None


def _help_for_unknown(step: str, name: str, fields: MailFields) -> str:
    """Suggest the known name that is misspelt, else a new field of the form."""
    known = list(dict.fromkeys((*fields.names, *_allowed(step, fields.features))))
    near = get_close_matches(name.lower(), known, n=1, cutoff=_NEAR)
    if near:
        return f"did you mean `{near[0]}`? this mail can say: {', '.join(known)}"
    return f"add a field `{name}` to form.fields, or use what this mail can say: {', '.join(known)}"


def _allowed(step: str, features: tuple[str, ...] | None) -> list[str]:
    return [name for name in MAIL_VARIABLES if not _variable_trouble(step, name, features)]


@cache
def _variable_trouble(step: str, name: str, features: tuple[str, ...] | None) -> tuple[str, str] | None:
    row = LINK_TYPES.get(name)
    if row is None:
        return None
    if features is not None and name not in {each.variable for each in links_of_features(features)}:
        return (
            f"this magnet has no `{name}`",
            "it comes with a feature that magnet.md does not have; delete it",
        )
    if row.mail not in ("", step):
        return f"only the {row.mail} mail has a `{name}`", row.why_not_elsewhere
    if step in row.not_in:
        return f"the {step} mail has no `{name}` yet", row.not_in[step]
    return None


def fields_for_mails(
    fields: Sequence[WrittenField], features: tuple[str, ...] | None, own: Mapping[str, bool]
) -> MailFields:
    """What a mail can say of a magnet with these fields and features.

    `own` are the names that its features fill, each with whether it may be empty.
    """
    may_lack = {**{each.name: not each.required for each in fields}, **own}
    optional = frozenset(name for name, may in may_lack.items() if may)
    return MailFields(tuple(may_lack), optional, features)
