"""The guide for authors: every key is in it, nothing else is, and what it shows can be copied."""

import re
from pathlib import Path
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

import yaml
from pydantic import create_model

from leads import placeholders
from lodestone.build.load import load_site
from lodestone.build.pipeline import check
from lodestone.content.conditions.reader import read_condition
from lodestone.content.conditions.vocabulary import vocabulary
from lodestone.content.forms import MAIL_VARIABLES
from lodestone.content.lessons import LessonFront
from lodestone.content.schema import FieldFront, MailFront, PageFront, SiteFront, Strict
from lodestone.content.variants import VersionFront
from lodestone.features.deadline_front import DeadlineFront
from lodestone.features.editions import EditionsFront
from lodestone.features.lessons import LessonsFront
from lodestone.kinds import front_of, kinds
from lodestone.kinds.course import CourseKeys
from lodestone.kinds.report import ReportKeys
from lodestone.kinds.template import TemplateKeys
from lodestone.questionnaire.schema import QuestionsFront

GUIDE = Path(__file__).parents[1] / "docs" / "authoring.md"


class CourseFront(CourseKeys, LessonsFront):
    """The keys that a course has, of its kind and of its feature."""


#: Where the guide's reference begins for each schema; all others hang below these.
ROOTS: dict[str, type[Strict]] = {
    "magnet.md": front_of(kinds()["ebook"]),
    "kind: report": create_model("ReportKeys", __base__=(EditionsFront, ReportKeys)),
    "kind: survey": QuestionsFront,
    "kind: template": TemplateKeys,
    "kind: offer": DeadlineFront,
    "kind: course": CourseFront,
    "lessons/<name>.md": LessonFront,
    "emails/<step>.md": MailFront,
    "emails/<step>.b.md": VersionFront,
    "site.yaml": SiteFront,
    "site/pages/<name>.md": PageFront,
}

_BLOCK = re.compile(r'^(`{3,})\w+ title="([^"]+)"\n(.*?)^\1$', re.MULTILINE | re.DOTALL)


def sections() -> dict[str, dict[str, str]]:
    """The guide's tables of keys: the path in a `###` heading -> key -> its row's last cell."""
    found: dict[str, dict[str, str]] = {}
    for part in GUIDE.read_text(encoding="utf-8").split("\n### ")[1:]:
        heading, _, rest = part.partition("\n")
        body = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
        if "| Key |" not in body:
            continue
        rows = re.findall(r"^\| `(\w+)` \|.*\| *(.*?) *\|$", body, re.MULTILINE)
        for path in re.findall(r"`([^`]+)`", heading):
            found[path] = dict(rows)
    return found


def models() -> dict[str, type[Strict]]:
    """Every mapping of the schema, under the path that the guide's headings use."""
    found: dict[str, type[Strict]] = {}
    pending = list(ROOTS.items())
    while pending:
        path, model = pending.pop()
        found[path] = model
        prefix = "" if path in ROOTS else f"{path}."
        for name, field in model.model_fields.items():
            pending += [(f"{prefix}{name}", each) for each in inner_models(field.annotation)]
    return found


def inner_models(annotation) -> list[type[Strict]]:
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return [annotation]
    if get_origin(annotation) in (list, Union, UnionType, Annotated):
        return [model for each in get_args(annotation) for model in inner_models(each)]
    return []


def test_the_guide_documents_every_key_of_the_schema_and_no_other():
    documented = sections()
    for path, model in models().items():
        assert path in documented, f"no table for `{path}`"
        assert set(documented[path]) == set(model.model_fields), path


def test_the_guide_says_which_keys_are_required():
    documented = sections()
    for path, model in models().items():
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert {key for key, default in documented[path].items() if default == "Required"} == required, path


def test_the_guide_gives_the_schemas_defaults():
    documented = sections()
    for path, model in models().items():
        for name, field in model.model_fields.items():
            if isinstance(field.default, str | int) and field.default != "":
                written = (
                    str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
                )
                assert documented[path][name] == f"`{written}`", f"{path}.{name}"


def test_the_guide_lists_every_placeholder_and_every_filter():
    text = GUIDE.read_text(encoding="utf-8").partition("### Placeholders")[2].partition("\n## ")[0]
    listed = set(re.findall(r"\{\{ (\w+) \}\}", text))
    assert set(MAIL_VARIABLES) <= listed
    assert all(f"`{name}`" in text for name in placeholders.FILTERS)


def test_the_guides_examples_make_a_site_without_a_problem(tmp_path):
    blocks = _BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    for _, name, content in blocks:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    site, problems = load_site(tmp_path)
    assert not problems
    guide = GUIDE.read_text(encoding="utf-8")
    shown = [note for note in check(tmp_path).notes if note.startswith("mend-or-buy")]
    assert shown
    assert [note for note in shown if f"\n{note}\n" not in guide] == []
    assert {magnet.slug for magnet in site.magnets} == {
        "kettle-minutes",
        "kettle-sale",
        "mend-or-buy",
        "packing-list",
        "repair-log",
        "repair-or-replace",
        "sharp-knives",
        "winter-tyres",
    }
    assert len({name for _, name, _ in blocks}) == len(blocks)


def test_every_condition_in_the_guide_can_be_written():
    text = GUIDE.read_text(encoding="utf-8")
    fields = [field for each in _BLOCK.findall(text) for field in example_fields(each[2])]
    steps = ["the-evening", "a-shelf", "this-week"]
    words = vocabulary(fields, steps, features=("downloads",), links={"the-evening": ("map",)})
    tables = text.partition("### Conditions")[2].partition("\n### ")[0]
    cells = re.findall(r"^\| (`.+?) \|", tables, re.MULTILINE)
    written = [condition for cell in cells for condition in re.findall(r"`([^`]+)`", cell)]
    assert len(written) > 30
    assert {each: read_condition(each, words)[1] for each in written} == dict.fromkeys(written, [])


def example_fields(content: str) -> list[FieldFront]:
    """The form's fields, where an example of the guide is a magnet with a form."""
    front = content.partition("---\n")[2].partition("\n---\n")[0] if content.startswith("---\nkind:") else ""
    form = (yaml.safe_load(front) or {}).get("form", {})
    return [FieldFront.model_validate(each) for each in form.get("fields", [])]


def test_every_link_inside_the_guide_leads_to_a_heading():
    text = GUIDE.read_text(encoding="utf-8")
    prose = _BLOCK.sub("", text)
    anchors, count = set(), {}
    for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{count[slug]}" if slug in count else slug)
        count[slug] = count.get(slug, 0) + 1
    assert set(re.findall(r"\]\(#([^)]+)\)", prose)) <= anchors
