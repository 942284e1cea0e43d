"""The shapes of a timeline as SVG elements, and their style in light and in dark.

ElementTree escapes every text. The meaning of a mark never depends on its colour alone.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from lodestone.plan.comparison import CHANGED, GONE, MOVED, NEW

_STYLE = """
svg { --ground: #fbfaf7; --ink: #1c1d21; --soft: #62646c; --rule: #d9d6cf; --band: #f1efe9;
  --new: #1e6b45; --gone: #a3151b; --changed: #8a4b00; background: var(--ground);
  font: 13px/1.3 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #141518; --ink: #e9e7e2; --soft: #a2a3a9; --rule: #3a3c42; --band: #1d1f23;
    --new: #82cfa4; --gone: #ff9b92; --changed: #e5bf6c; }
}
text { fill: var(--ink); paint-order: stroke; stroke: var(--halo, transparent); stroke-width: 4px; }
.on-band { --halo: var(--band); }
.title { font-size: 17px; font-weight: 650; }
.soft { fill: var(--soft); font-size: 11.5px; }
.edition { fill: var(--soft); font-size: 12px; font-weight: 600; }
.band { fill: var(--band); }
.rule { stroke: var(--rule); stroke-width: 1; fill: none; }
.lane { stroke: var(--soft); stroke-width: 1.5; }
.dot { fill: var(--ink); stroke: var(--ink); stroke-width: 1.5; }
.open { fill: var(--band); stroke-dasharray: 2.5 2; }
.new { fill: var(--new); stroke: var(--new); }
.gone { fill: var(--band); stroke: var(--gone); }
.changed, .moved { fill: var(--changed); stroke: var(--changed); }
.new.open, .changed.open, .moved.open { fill: var(--band); }
.sign { stroke: var(--ground); stroke-width: 1.6; }
.cross { stroke: var(--gone); stroke-width: 1.6; }
.plus { stroke: var(--new); stroke-width: 1.6; }
.shift { stroke: var(--changed); stroke-width: 1.2; stroke-dasharray: 4 3; fill: none; }
"""

#: Half the size of a mark.
_R = 6.0

#: The corners of the marks that have corners, in units of `_R`.
_CORNERS = {
    CHANGED: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    MOVED: ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
}


def canvas(width: int, title: str, description: str) -> Element:
    """Begin a picture; `close` sets its height."""
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", width=str(width), role="img")
    svg.set("aria-labelledby", "title description")
    for tag, words in (("title", title), ("desc", description)):
        SubElement(svg, tag, id="title" if tag == "title" else "description").text = words
    SubElement(svg, "style").text = _STYLE
    return svg


def layer(parent: Element, kind: str = "") -> Element:
    """Add a group. The elements of a later group cover those of an earlier one."""
    return SubElement(parent, "g", {"class": kind} if kind else {})


def close(svg: Element, height: float) -> str:
    """Return the picture as a self-contained document."""
    svg.set("height", f"{height:g}")
    svg.set("viewBox", f"0 0 {svg.get('width')} {height:g}")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(svg, encoding="unicode") + "\n"


def text(parent: Element, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
    """Draw a line of text whose baseline is at `y`."""
    found = SubElement(parent, "text", x=f"{x:.1f}", y=f"{y:.1f}")
    found.text = words
    if kind:
        found.set("class", kind)
    if anchor != "start":
        found.set("text-anchor", anchor)


def line(parent: Element, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
    """Draw a straight line."""
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    SubElement(parent, "line", {"class": kind} | {name: f"{at:.1f}" for name, at in ends.items()})


def box(parent: Element, x: float, y: float, width: float, height: float, kind: str) -> None:
    """Draw a rectangle with rounded corners."""
    sizes = {"x": x, "y": y, "width": width, "height": height}
    SubElement(
        parent, "rect", {"class": kind, "rx": "8"} | {name: f"{each:.1f}" for name, each in sizes.items()}
    )


def mark(parent: Element, x: float, y: float, kind: str, is_open: bool, words: str) -> None:
    """Draw a mail: a dot, with a plus if new; a ring with a cross if gone; a square if changed; a diamond if moved.

    A mail with an undecided condition has a dashed edge. `words` are shown while the pointer is on it.
    """
    group = SubElement(parent, "g")
    SubElement(group, "title").text = words
    style = " ".join(filter(None, ("dot", kind, "open" if is_open else "")))
    if kind in _CORNERS:
        points = " ".join(f"{x + dx * _R:.1f},{y + dy * _R:.1f}" for dx, dy in _CORNERS[kind])
        SubElement(group, "polygon", {"class": style, "points": points})
    else:
        size = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{_R:g}"}
        SubElement(group, "circle", {"class": style} | size)
    arm = _R - 2.5
    if kind == NEW:
        line(group, x - arm, y, x + arm, y, "plus" if is_open else "sign")
        line(group, x, y - arm, x, y + arm, "plus" if is_open else "sign")
    if kind == GONE:
        line(group, x - arm, y - arm, x + arm, y + arm, "cross")
        line(group, x - arm, y + arm, x + arm, y - arm, "cross")
