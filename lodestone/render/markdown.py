"""Author's Markdown to HTML, read as GitHub reads it.

Python-Markdown and its extensions do the inline work; `blocks` gives them GitHub's block structure. What differs
from GitHub is listed in docs/authoring.md. Raw HTML passes: authors are trusted. No `style` attribute is ever
written, so the pages can forbid them.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.postprocessors import Postprocessor, RawHtmlPostprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from lodestone.render.blocks import BlockHtml, GitHubBlockParser
from lodestone.render.typography import Typography

#: Takes "link" or "image" and the target as written; gives the target to write, or None to leave it as it is.
Resolve = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level as written (1 to 6), its id, its text without markup."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML, and its headings in order."""

    html: str
    headings: tuple[Heading, ...]


def render_markdown(
    text: str, *, resolve: Resolve | None = None, id_prefix: str = "", language: str = "en"
) -> Rendered:
    """Markdown as HTML.

    `resolve` is asked for every link's and picture's target, in raw HTML too. `id_prefix` goes before every id
    and the links to them, for several texts on one page. `language` decides the shape of quotes.
    """
    converter = _converter(language)
    converter.reset()
    page = converter.page
    page.resolve, page.id_prefix, page.headings = resolve, id_prefix, []
    try:
        html = converter.convert(text)
    finally:
        page.resolve = None
    return Rendered(html, tuple(page.headings))


@dataclass
class _Page:
    """What one call wants and yields; the converter itself is kept for the next."""

    resolve: Resolve | None = None
    id_prefix: str = ""
    headings: list[Heading] = field(default_factory=list)

    def resolved(self, kind: str, target: str) -> str:
        return (self.resolve(kind, target) if self.resolve else None) or target


_kept = threading.local()


def _converter(language: str) -> markdown.Markdown:
    """A converter for a language; building one takes as long as converting a page, and none is thread-safe."""
    converters = _kept.__dict__.setdefault("converters", {})
    if language not in converters:
        converters[language] = _GitHubMarkdown(language)
    return converters[language]


_FOOTNOTE_TITLES = {"en": "Back to the text, note {}", "de": "Zurück zum Text, Anmerkung {}"}
_NOTE_TITLES = {
    "de": {
        "note": "Hinweis",
        "tip": "Tipp",
        "important": "Wichtig",
        "warning": "Warnung",
        "caution": "Vorsicht",
        "example": "Beispiel",
    },
}


class _GitHubMarkdown(markdown.Markdown):
    """Python-Markdown with GitHub's blocks, escapes, line breaks, links and footnotes."""

    def __init__(self, language: str):
        self.page = _Page()
        base = language.partition("-")[0]
        super().__init__(
            extensions=["pymdownx.tilde", "pymdownx.magiclink", "pymdownx.tasklist"],
            extension_configs={"pymdownx.tilde": {"subscript": False}},
            output_format="html",
        )
        titles = _NOTE_TITLES.get(base, {})
        self.parser = GitHubBlockParser(self, highlight, lambda kind: titles.get(kind, kind.capitalize()))
        footnotes = FootnoteExtension(
            SEPARATOR="-",
            BACKLINK_TEXT="↩\ufe0e",
            BACKLINK_TITLE=_FOOTNOTE_TITLES.get(base, _FOOTNOTE_TITLES["en"]),
            USE_DEFINITION_ORDER=False,
        )
        footnotes.extendMarkdown(self)
        self.parser.footnotes = footnotes.setFootnote
        self.preprocessors.deregister("html_block")
        self._read_inline_as_github()
        self.treeprocessors.register(Typography(self, language), "typography", 5)
        self.treeprocessors.register(_Finish(self), "finish", -10)
        self.postprocessors.register(_RawLinks(self), "raw_links", 35)
        self.postprocessors.register(_RawHtml(self), "raw_html", 30)

    def _read_inline_as_github(self) -> None:
        self.ESCAPED_CHARS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
        self.inlinePatterns.register(SubstituteTagInlineProcessor(r"(?: {2,}|\\)\n", "br"), "linebreak", 185)
        self.inlinePatterns.register(_Mail(_MAIL), "automail", 110)
        self.inlinePatterns.deregister("magic-mail")


_HOST = r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}"
_MAIL = rf"<([\w.!#$%&'*+/=?^`{{|}}~-]+@{_HOST})>|(?<![\w.@/:+-])([\w.+-]+@{_HOST})\b"


class _Mail(InlineProcessor):
    """`ada@example.com`, bare or in angle brackets, as a link; plainly, for obfuscation stops no collector."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match, data: str) -> tuple[Element, int, int]:  # noqa: N802
        address = m[1] or m[2]
        link = Element("a", {"href": f"mailto:{address}"})
        link.text = AtomicString(address)
        return link, m.start(0), m.end(0)


_PLACEHOLDER = re.compile(r"\x02[^\x03]*\x03")
_NOT_IN_ID = re.compile(r"[^\w\- ]")


def slugify(text: str) -> str:
    """A heading's id as GitHub makes it: `What's next?` becomes `whats-next`."""
    return _NOT_IN_ID.sub("", text.strip().lower()).replace(" ", "-")


class _Finish(Treeprocessor):
    """The last pass over the tree: ids for headings, targets resolved."""

    def run(self, root: Element) -> None:
        page = self.md.page
        taken: set[str] = set()
        for element in root.iter():
            if element.tag in _HEADING_TAGS:
                page.headings.append(_identify(element, taken))
            elif element.tag == "a" and element.get("href") and "footnote" not in element.get("class", ""):
                element.set("href", page.resolved("link", element.get("href")))
            elif element.tag == "img" and element.get("src"):
                element.set("src", page.resolved("image", element.get("src")))
        if page.id_prefix:
            _prefix_ids(root, page)


_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _identify(element: Element, taken: set[str]) -> Heading:
    text = " ".join(_PLACEHOLDER.sub("", "".join(element.itertext())).split())
    slug = slugify(text) or "section"
    candidate, number = slug, 0
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    taken.add(candidate)
    element.set("id", candidate)
    return Heading(int(element.tag[1]), candidate, text)


def _prefix_ids(root: Element, page: _Page) -> None:
    own = {element.get("id") for element in root.iter() if element.get("id")}
    for element in root.iter():
        if element.get("id"):
            element.set("id", page.id_prefix + element.get("id"))
        target = element.get("href") or ""
        if target[:1] == "#" and target[1:] in own:
            element.set("href", f"#{page.id_prefix}{target[1:]}")
    page.headings = [Heading(each.level, page.id_prefix + each.id, each.text) for each in page.headings]


_RAW_TARGET = re.compile(
    r"""(<(a|img|source|video|audio)\b[^>]*?\b(?:href|src)\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE
)


class _RawLinks(Postprocessor):
    """Links and pictures in raw HTML are resolved like the others, before it goes back into the page."""

    def run(self, text: str) -> str:
        page = self.md.page
        if page.resolve:
            blocks = self.md.htmlStash.rawHtmlBlocks
            blocks[:] = [self._rewritten(each) if "=" in str(each) else each for each in blocks]
        return text

    def _rewritten(self, html: str) -> str:
        """The same kind of string: a block of its own stays one."""
        return type(html)(_RAW_TARGET.sub(self._resolved, html))

    def _resolved(self, match: re.Match) -> str:
        kind = "link" if match[2].lower() == "a" else "image"
        target = self.md.page.resolved(kind, unescape(match[3][1:-1]))
        return f'{match[1]}"{escape(target)}"'


class _RawHtml(RawHtmlPostprocessor):
    """Puts raw HTML back: what was a block of its own stands in no paragraph, whatever its tag."""

    def isblocklevel(self, html: str) -> bool:
        return isinstance(html, BlockHtml)

    def stash_to_string(self, text: str) -> str:
        return text


def highlight(code: str, language: str) -> str:
    """Code as HTML: Pygments' classes where it knows the language, plain text where not."""
    body = _coloured(code, language) if language else None
    name = f' class="language-{escape(language)}"' if language else ""
    text = body or escape(code, quote=False)
    return f'<div class="highlight"><pre tabindex="0"><code{name}>{text}\n</code></pre></div>'


def _coloured(code: str, language: str) -> str | None:
    from pygments import highlight as colour  # only pages with code pay for the import
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None
    return colour(code, lexer, HtmlFormatter(nowrap=True)).rstrip("\n")
