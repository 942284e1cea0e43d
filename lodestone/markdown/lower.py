"""Turns what depends on a language, or is no HTML element, into HTML elements: the last step before writing.

Quotes take their language's shape; notes become boxes with titles, footnotes a list with links to it and back.
"""

from xml.etree.ElementTree import Element, SubElement

from lodestone.markdown.tree import HEADINGS, START, find
from lodestone.markdown.typography import MARKED, set_quotes

_BACKLINK = {"en": "Back to the text, note {}", "de": "Zurück zum Text, Anmerkung {}"}
_NOTE_TITLES = {
    "de": {
        "note": "Hinweis",
        "tip": "Tipp",
        "important": "Wichtig",
        "warning": "Warnung",
        "caution": "Vorsicht",
        "example": "Beispiel",
        "exercise": "Aufgabe",
        "solution": "Lösung",
    },
}


def lower(root: Element, language: str) -> Element:
    """Set quotes, and turn notes and footnotes into elements of HTML, in place."""
    for element in root.iter():
        if element.text and MARKED.search(element.text):
            element.text = set_quotes(element.text, language)
        if element.tail and MARKED.search(element.tail):
            element.tail = set_quotes(element.tail, language)
    base = language.partition("-")[0]
    for note in find(root, "note"):
        _lower_note(note, _NOTE_TITLES.get(base, {}))
    for reference in find(root, "footnote-ref"):
        _lower_reference(reference)
    notes = root.find("footnotes")
    if notes is not None:
        _lower_footnotes(notes, _BACKLINK.get(base, _BACKLINK["en"]))
    return root


def _lower_note(note: Element, titles: dict[str, str]) -> None:
    kind = note.attrib.pop("kind", "")
    has_title = len(note) > 0 and note[0].get("class") == "admonition-title"
    is_untitled = note.attrib.pop("untitled", None) is not None
    if kind == "solution":
        _fold(note, has_title, titles.get(kind, kind.capitalize()))
        return
    note.tag = "div"
    note.set("class", f"admonition {kind}")
    if not has_title and not is_untitled:
        title = Element("p", {"class": "admonition-title"})
        title.text, title.tail, note.text = titles.get(kind, kind.capitalize()), "\n", "\n"
        note.insert(0, title)


def _fold(note: Element, has_title: bool, title: str) -> None:
    """Fold a box away, as whoever does the exercise must not see the solution at once.

    What can be seen of it is the title that its author gave, or its first heading, or a word.
    """
    note.tag = "details"
    note.set("class", "solution")
    summary = Element("summary")
    summary.tail = note.text = "\n"
    if has_title:
        summary.text = note[0].text
        summary.extend(note[0])
        note.remove(note[0])
    elif len(note) and note[0].tag in HEADINGS:
        summary.append(note[0])
        note[0].tail = None
        note.remove(note[0])
    else:
        summary.text = title
    note.insert(0, summary)


def _lower_reference(reference: Element) -> None:
    label, number, use = (reference.get(name, "") for name in ("label", "number", "use"))
    reference.attrib.clear()
    reference.tag = "sup"
    reference.set("id", _reference_id(label, int(use)))
    link = SubElement(reference, "a", {"class": "footnote-ref", "href": f"#fn-{label}"})
    link.text = number


def _reference_id(label: str, use: int) -> str:
    return f"fnref{use if use > 1 else ''}-{label}"


def _lower_footnotes(notes: Element, backlink: str) -> None:
    items = Element("ol")
    items.extend(notes)
    items.text = items.tail = "\n"
    rule = Element("hr")
    rule.tail = "\n"
    notes.tag, notes.text = "div", "\n"
    notes[:] = [rule, items]
    notes.set("class", "footnote")
    for note in items:
        _lower_footnote(note, backlink)


def _lower_footnote(note: Element, backlink: str) -> None:
    label, number, uses = note.get("label", ""), note.get("number", ""), int(note.get("uses", "1"))
    note.attrib.clear()
    note.tag, note.text = "li", "\n"
    note.set("id", f"fn-{label}")
    last = _last_paragraph(note)
    for use in range(1, uses + 1):
        target = f"#{_reference_id(label, use)}"
        link = Element("a", {"class": "footnote-backref", "href": target, "title": backlink.format(number)})
        link.text = "↩\ufe0e"
        last.append(link)


def _last_paragraph(note: Element) -> Element:
    """The paragraph for a footnote's link back: the last one, or a new one."""
    last = note[-1] if len(note) else None
    follows_words = last is None or last.tag in ("p", "codeblock", "raw") or START in last.attrib
    if last is None or last.tag != "p" or START in last.attrib:
        last = SubElement(note, "p")
        last.tail = "\n"
    if follows_words:
        space = SubElement(last, "raw")
        space.text = "&#160;"
    return last
