"""What the schema of questions cannot say: which keys go with which type, and that all names and numbers fit."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from leads.conditions import plain
from leads.questionnaire.tree import SCORE
from leads.sizes import BYTES_A_CHARACTER, LARGEST_BODY
from lodestone.content.files import PICTURE_TYPES, FileFinder
from lodestone.content.places import Place
from lodestone.content.problems import Problems
from lodestone.content.validate import did_you_mean
from lodestone.questionnaire.schema import QuestionFront, ScaleFront
from lodestone.questionnaire.survey import Survey, type_of
from lodestone.questionnaire.written import Written

#: Characters that the answers to all other questions and fields take at most.
_REST_OF_FORM = 2_000

#: Message and help of what is wrong at a place.
Found = Iterator[tuple[Place, str, str]]

_WITH_OPTIONS = ("single", "multiple", "ranking", "picture")
#: The types that a key goes with; other keys go with all.
_TYPES_OF: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("options", "points", "outcomes"), _WITH_OPTIONS),
    **dict.fromkeys(("min", "max", "whole", "bands"), ("number",)),
    "at_most": ("multiple",),
    "scale": ("scale",),
    "max_length": ("text",),
    "reverse": ("scale", "single", "picture"),
    "dimension": ("scale", "single", "picture", "multiple", "ranking", "number"),
}


def check_questions(survey: Survey, taken: Collection[str], finder: FileFinder, problems: Problems) -> None:
    """Report what is wrong with the questions of a survey. `taken` are names that the form's fields have."""
    for each in survey.questions:
        found = _of_name(each, survey, taken) if each.is_partial else _troubles(each, survey, taken, finder)
        for place, message, help in found:
            problems.add(place, message, help)
    _check_texts_together(survey, problems)


def _check_texts_together(survey: Survey, problems: Problems) -> None:
    """Report the text with which all texts together are more than a form may hold."""
    most, total = LARGEST_BODY // BYTES_A_CHARACTER - _REST_OF_FORM, 0
    for each in survey.questions:
        if type_of(each.front, survey.scale) != "text":
            continue
        total += each.front.max_length
        if total > most:
            message = f"all texts together may have {total} characters; a form takes {most}"
            problems.add(each.place("max_length"), message, "lower `max_length:` here or in the texts before")
            return


def _troubles(each: Written, survey: Survey, taken: Collection[str], finder: FileFinder) -> Found:
    yield from _of_name(each, survey, taken)
    foreign = [
        key for key in _TYPES_OF if key in each.front.model_fields_set and not _fits(key, each, survey)
    ]
    for key in foreign:
        of = type_of(each.front, survey.scale)
        help = f"delete it, or choose a type that has it: {', '.join(_TYPES_OF[key])}"
        yield each.key(key), f"a question of type `{of}` has no `{key}`", help
    if foreign:
        return
    kind = type_of(each.front, survey.scale)
    if each.front.reverse:
        yield from _of_reverse(each, kind)
    if kind in _WITH_OPTIONS:
        yield from _of_options(each, kind, finder)
        yield from _of_worth(each, survey)
    elif kind == "scale":
        yield from _of_scale(each, survey)
    elif kind == "number":
        yield from _of_number(each)
    yield from _of_dimensions(each, survey)
    if each.front.sensitive and not survey.front.sensitive:
        help = "add `sensitive:` with `consent: …` to magnet.md: a tick of its own (GDPR Art. 9)"
        yield each.key("sensitive"), "nobody is asked whether this may be used", help
    elif each.front.sensitive and each.front.required:
        help = "add `required: false`: a consent is free only if it may be refused (GDPR Art. 7)"
        yield each.key("sensitive"), "who does not agree could not leave this out", help


def _fits(key: str, each: Written, survey: Survey) -> bool:
    return type_of(each.front, survey.scale) in _TYPES_OF[key]


def _of_name(each: Written, survey: Survey, taken: Collection[str]) -> Found:
    if each.name in (SCORE, "outcome"):
        yield each.place("name"), f"`{each.name}` is the name of a result", "give the question another name"
    elif each.name in taken:
        message = f"a field of the form is named `{each.name}`, too"
        yield each.place("name"), message, "give one of the two another name"
    elif each.name in {dimension.name for dimension in survey.dimensions}:
        message = f"a dimension is named `{each.name}`, too"
        yield each.place("name"), message, "give one of the two another name"


def _of_options(each: Written, kind: str, finder: FileFinder) -> Found:
    choices = each.choices
    if len(choices) < 2:
        help = "add `options:` with one entry a line, each behind `- `; in a file, a list at its end"
        yield each.key("options"), f"a {kind} question needs two options at least", help
    counts = Counter(plain(choice.value or choice.label) for choice in choices)
    for index, choice in enumerate(choices):
        value = choice.value or choice.label
        place = each.place("options", index)
        if counts[plain(value)] > 1:
            counts[plain(value)] = 0
            yield place, f"`{value}` is offered twice", "offer each option once"
        if kind in ("multiple", "ranking") and ", " in plain(value):
            help = "add `value: …`, a word without a comma: of several answers, commas part them"
            yield place, "this option has a comma in it", help
        if choice.alone and kind != "multiple":
            message = f"in a {kind} question no option is chosen together with others"
            yield place, message, "delete `alone:`, or choose `type: multiple`"
        if kind == "picture":
            yield from _of_picture(each, index, finder)
    at_most = each.front.at_most
    if at_most and at_most >= len(choices):
        message = f"this limits nothing: there are {len(choices)} options in all"
        yield each.place("at_most"), message, "lower it, or delete the line"


def _of_picture(each: Written, index: int, finder: FileFinder) -> Found:
    picture = each.choices[index].picture
    place = each.place("options", index)
    if picture is None:
        help = "add `picture:` with `src:` and `alt:` below it, or choose `type: single`"
        yield place, "this option shows no picture", help
        return
    found, message, help = finder.find(each.doc.path.parent, picture.src)
    if found is None:
        yield each.place("options", index, "picture", "src"), message, help
    elif found.suffix.lower() not in PICTURE_TYPES:
        message = f"`{picture.src}` is no picture that browsers show"
        yield (
            each.place("options", index, "picture", "src"),
            message,
            f"use one of {', '.join(PICTURE_TYPES)}",
        )


def _of_worth(each: Written, survey: Survey) -> Found:
    """The points and outcomes of options, as lists or at the options themselves."""
    choices, front = each.choices, each.front
    for key in ("points", "outcomes"):
        written: Sequence[object] = getattr(front, key)
        if written and len(written) != len(choices):
            entries = "1 entry" if len(written) == 1 else f"{len(written)} entries"
            message = f"{entries} in `{key}` for {len(choices)} options"
            yield each.key(key), message, "write one for each option, in their order"
        of_option = key.removesuffix("s") if key == "outcomes" else key
        if written and any(getattr(choice, of_option) is not None for choice in choices):
            message = f"`{key}` for all options, and options with `{of_option}` of their own"
            yield each.key(key), message, "write the one or the other"
    names = [choice.outcome for choice in choices]
    known = tuple(outcome.name for outcome in survey.outcomes)
    for index, name in enumerate((*front.outcomes, *names)):
        for word in (name,) if isinstance(name, str) else name or ():
            if word not in known and "outcomes" not in survey.unread:
                at = index - len(front.outcomes)
                place = each.place("outcomes", index) if at < 0 else each.place("options", at, "outcome")
                yield place, f"there is no outcome `{word}`", _among(word, known, "outcomes")
    for index, choice in enumerate(choices):
        for word in choice.points if isinstance(choice.points, dict) else ():
            yield from _of_dimension(each.key("options", index, "points", word), word, survey)


def _of_dimensions(each: Written, survey: Survey) -> Found:
    for word in survey.dimensions_of(each):
        yield from _of_dimension(each.place("dimension"), word, survey)
    if each.front.dimension and not survey.is_worth_something(each):
        help = "add `points:`, one for each option in their order; `bands:` for a number"
        yield each.key("dimension"), "nothing in this question has points", help


def _of_dimension(place: Place, word: str, survey: Survey) -> Found:
    known = tuple(each.name for each in survey.dimensions)
    if word not in known and "dimensions" not in survey.unread:
        yield place, f"there is no dimension `{word}`", _among(word, known, "dimensions")


def _among(word: str, known: tuple[str, ...], listed: str) -> str:
    return (
        did_you_mean(word, known, listed) if known else f"add `{listed}:` to magnet.md, with `name: {word}`"
    )


def _of_scale(each: Written, survey: Survey) -> Found:
    if each.front.scale:
        for message, help in troubles_of_scale(each.front.scale):
            yield each.key("scale"), message, help


def troubles_of_scale(scale: ScaleFront) -> Iterator[tuple[str, str]]:
    """Message and help of what is wrong with a scale, of one question or of all."""
    count = scale.highest - scale.lowest + 1
    if count < 2:
        help = "let `highest` be more than `lowest`; who means it the other way round writes `reverse: true`"
        yield f"this scale goes from {scale.lowest} to {scale.highest}", help
    elif scale.labels and len(scale.labels) != count:
        help = f"write one for each number from {scale.lowest} to {scale.highest}"
        yield f"{len(scale.labels)} labels for {count} numbers", help


def _of_reverse(each: Written, kind: str) -> Found:
    """Points that are turned round must be plain numbers: those of dimensions say themselves which is which."""
    if kind == "scale":
        return
    if not each.front.points and not all(isinstance(choice.points, int) for choice in each.choices):
        help = "delete it, and write the points as they count"
        yield each.key("reverse"), "only points that are one number for each option can be turned round", help


def _of_number(each: Written) -> Found:
    front = each.front
    if front.min is not None and front.max is not None and front.min >= front.max:
        message = f"no two numbers lie between {front.min} and {front.max}"
        yield each.place("min"), message, "let `max` be greater than `min`"
    starts = [band.at_least for band in front.bands]
    if not starts:
        return
    if front.min is None:
        help = "add `min: …`, from which the first band begins"
        yield each.key("bands"), "it is not said where the numbers of the first band begin", help
    elif starts[0] > front.min:
        help = f"let the first band begin with `at_least: {front.min}`"
        yield each.place("bands", 0), f"numbers from {front.min} to {starts[0]} lie in no band", help
    for index, (before, start) in enumerate(zip(starts, starts[1:], strict=False), 1):
        if start <= before:
            help = "write the bands in ascending order, each number once"
            yield each.place("bands", index), f"this band begins at {start}, the one before at {before}", help
        elif (first := _first_of_band(front, before)) >= start:
            message = (
                f"no {'whole ' if front.whole else ''}number of this question lies from {before} to {start}"
            )
            help = f"the first that may be answered is {first}: begin there, or delete the band"
            yield each.place("bands", index - 1), message, help
    if front.max is not None and starts[-1] > front.max:
        message = f"no number is {starts[-1]} or more: `max` is {front.max}"
        yield each.place("bands", len(starts) - 1), message, "lower it, or delete the band"


def _first_of_band(front: QuestionFront, start: Decimal) -> Decimal:
    """The first number from a band's start on that may be answered."""
    first = start if front.min is None else max(start, front.min)
    return first.to_integral_value(ROUND_CEILING) if front.whole else first
