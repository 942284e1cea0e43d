"""The facts of a letter before anybody gets it: the headers a mail program shows, its sizes, its links."""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

from leads.letter import Letter


@dataclass(frozen=True)
class LetterLink:
    """A link of the HTML part: the words it is on, and its address."""

    words: str
    url: str


@dataclass(frozen=True)
class Picture:
    """A picture of the HTML part. `alt` is None where the author left it out, "" where it is only an ornament."""

    url: str
    alt: str | None


@dataclass(frozen=True)
class MailFacts:
    """A letter, looked at. Sizes are in bytes of UTF-8, before any transfer encoding: what Gmail counts."""

    headers: Mapping[str, str]
    preheader: str
    html_size: int
    text_size: int
    links: tuple[LetterLink, ...]
    pictures: tuple[Picture, ...]


def facts_of(letter: Letter) -> MailFacts:
    """Read the facts of a letter as a mail program would; headers in reading order."""
    addressed = {
        "From": letter.sender,
        "Reply-To": letter.reply_to,
        "To": letter.to,
        "Subject": letter.subject,
    }
    reader = _Reader()
    reader.feed(letter.html)
    reader.close()
    return MailFacts(
        headers={name: value for name, value in addressed.items() if value} | dict(letter.headers),
        preheader=reader.words_of(reader.preheader),
        html_size=len(letter.html.encode()),
        text_size=len(letter.text.encode()),
        links=tuple(LetterLink(reader.words_of(words), url) for url, words in reader.links),
        pictures=tuple(reader.pictures),
    )


def resolves(url: str, base_url: str, paths: Container[str], routes: Collection[str]) -> bool | None:
    """Whether an address leads to a page of the site (`/guide/`) or a route of its functions (`/api/confirm`).

    None where it leads elsewhere: other sites are listed and not fetched.
    """
    if urlsplit(url)[:2] != urlsplit(base_url)[:2]:
        return None
    path = urlsplit(url).path or "/"
    if not path.startswith("/api/"):
        return path in paths
    return path in routes or any(_fits(path, each) for each in routes if "{" in each)


def _fits(path: str, route: str) -> bool:
    """Whether a path is one of a route with names in it, such as `/api/do/{magnet}/{feature}/{action}`."""
    pieces, names = path.split("/"), route.split("/")
    return len(pieces) == len(names) and all(
        name.startswith("{") or name == piece for piece, name in zip(pieces, names, strict=True)
    )


class _Reader(HTMLParser):
    """Collects what facts are made of. Words are kept in pieces, since entities come one at a time."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, list[str]]] = []
        self.pictures: list[Picture] = []
        self.preheader: list[str] = []
        self._into: list[str] | None = None
        self._seen_preheader = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "a" and known.get("href"):
            self._into = []
            self.links.append((known["href"] or "", self._into))
        elif tag == "img":
            self.pictures.append(Picture(known.get("src") or "", known.get("alt")))
            if self._into is not None:
                self._into.append(known.get("alt") or "")
        elif known.get("class") == "preheader" and not self._seen_preheader:
            self._seen_preheader, self._into = True, self.preheader

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "div"):
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    @staticmethod
    def words_of(pieces: list[str]) -> str:
        return " ".join("".join(pieces).split())
