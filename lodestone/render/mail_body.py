"""A mail's body as mail programs can show it: buttons, and nothing that needs a browser.

Mail programs follow no link within a mail, and show no part of a form.
"""

from xml.etree.ElementTree import Element, SubElement

from lodestone.markdown.tree import find, lone_child, remove, set_first, words_of


def fit_for_mail(root: Element) -> None:
    """Turn lone links into buttons and tick boxes into signs, and remove links from footnotes, in place."""
    for parent in list(root.iter()):
        for child in list(parent):
            role = child.get("class") if child.tag == "a" else child.tag
            if role == "footnote-ref":
                parent.text = child.text
                remove(parent, child)
            elif role == "footnote-backref":
                _remove_backlink(parent, child)
            elif role == "tick":
                sign = "☑" if "checked" in child.attrib else "☐"
                child.tail = sign + (child.tail or "")
                remove(parent, child)
    for paragraph in find(root, "p"):
        _make_button(paragraph)


def _remove_backlink(paragraph: Element, link: Element) -> None:
    before = list(paragraph).index(link) - 1
    if before >= 0 and paragraph[before].tag == "raw":
        paragraph.remove(paragraph[before])
    remove(paragraph, link)


def _make_button(paragraph: Element) -> None:
    """Turn a link alone in its paragraph into a button; the table cell gives Outlook its colour and padding.

    A link around a picture, or whose text is an address, stays a link.
    """
    link = lone_child(paragraph)
    if link is None or link.tag != "a" or link.find(".//img") is not None or "://" in words_of(link):
        return
    paragraph.remove(link)
    paragraph.attrib.clear()
    paragraph.tag, paragraph.text, link.tail = "table", None, None
    for name, value in _TABLE.items():
        paragraph.set(name, value)
    cell = SubElement(SubElement(paragraph, "tr"), "td", {"class": "cell", "align": "center"})
    set_first(link, {"class": "button"})
    cell.append(link)


_TABLE = {"role": "presentation", "class": "action", "cellspacing": "0", "cellpadding": "0", "border": "0"}
