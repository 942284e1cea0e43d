"""A site made by hand, as the loader would hand it over: what the renderers' tests work on."""

import struct
import zlib
from pathlib import Path

from leads.features.downloads import Asset, configure
from leads.funnel import Consent, Field, Funnel, Option, Sender, Step
from lodestone.content.model import Chapter, Document, Magnet, MailSource, Page, Site
from lodestone.content.schema import MailFront, PageFront, SiteFront
from lodestone.features.downloads import Gated
from lodestone.kinds import front_of, kinds

EBOOK = front_of(kinds()["ebook"])

SITE = {
    "name": "Quayside Press",
    "tagline": "Short books for people who work for themselves",
    "base_url": "https://quayside.example",
    "sender": {"name": "Mara at Quayside", "email": "mara@quayside.example"},
    "postal_address": "Quayside Press, 4 Ropewalk, Harbourton HB1 2XY",
    "privacy": {"url": "/privacy/"},
}
MAGNET = {
    "kind": "ebook",
    "title": "The Quiet Price Rise",
    "eyebrow": "A free handbook for freelancers",
    "headline": "Raise your prices without losing the clients you like",
    "summary": "How to choose the new number, whom to tell first, and what to write, worked through on three jobs.",
    "cover": {"src": "cover.png", "alt": "Cover of The Quiet Price Rise"},
    "benefits": [
        {
            "title": "A number you can defend",
            "text": "From your costs and your week, not from what others charge.",
        },
        {
            "title": "Letters you can send",
            "text": "Four letters, for four sorts of client, ready to make your own.",
        },
        "A plan for the client who says no",
    ],
    "excerpt": "Nobody leaves over eight per cent. They leave over *surprise*.\n\nTell them early.",
    "testimonials": [
        {"quote": "I sent the second letter on Monday.", "name": "A. Reader", "role": "Sample quote"}
    ],
    "faq": [
        {"question": "What will you send me?", "answer": "The book, then **five mails** in two weeks."},
        {"question": "Is it really free?", "answer": "Yes. See [our notice](/privacy/)."},
    ],
    "form": {"heading": "Where shall we send it?", "button": "Send me the book"},
    "book": {"author": "Mara Ellison", "subtitle": "A handbook", "chapters": ["one.md", "two.md"]},
}
CONSENT = Consent("Yes, send me five short mails about pricing.", False, "0123456789abcdef")
FIELDS = (
    Field("first_name", "First name"),
    Field("email", "E-mail address", "email", required=True, help="The download link goes there."),
    Field(
        "role",
        "What do you do?",
        "select",
        options=(Option("design", "Design"), Option("code", "Programming")),
    ),
)
ALL_FIELDS = (
    *FIELDS,
    Field("phone", "Telephone", "phone"),
    Field("note", "Anything else?", "textarea", max_length=500),
    Field(
        "size", "Team size", "radio", required=True, options=(Option("1", "Just me"), Option("2+", "More"))
    ),
    Field("topics", "Topics", "checkboxes", options=(Option("a", "Rates"), Option("b", "Letters"))),
    Field("rate", "Day rate", "number"),
    Field("web", "Web site", "url"),
    Field("renewal", "Renewal", "date"),
    Field("code", "Code", pattern="[A-Z]{3}", pattern_message="Three capital letters."),
)
CHAPTERS = {
    "one.md": "# Before you start\n\nSee [the letters](two.md).[^1]\n\n## Costs\n\nText.\n\n"
    '![Three steps](steps.png "The three steps")\n\n[^1]: A note.\n',
    "two.md": "## Costs\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\nBack to [costs](#costs).\n",
}


def make_png(width: int, height: int) -> bytes:
    """A grey picture of that size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x90" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def make_document(path: Path, body: str) -> Document:
    return Document(path, body, {}, body, 1, {}, {})


def make_mail(step: str, body: str, subject: str = "Your book", preheader: str = "") -> MailSource:
    front = MailFront(subject=subject, preheader=preheader)
    return MailSource(step, make_document(Path(f"emails/{step}.md"), body), front)


def make_magnet(root: Path, body: str = "## Who it is for\n\nYou.", **changes: object) -> Magnet:
    """A magnet whose files stand in root/magnets/quiet-price."""
    folder = root / "magnets" / "quiet-price"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cover.png").write_bytes(make_png(300, 450))
    (folder / "steps.png").write_bytes(make_png(640, 200))
    front = EBOOK(**{**MAGNET, **changes})
    titles = {"one.md": "Before you start", "two.md": "The letters"}
    chapters = tuple(
        Chapter(make_document(folder / name, text), titles[name], name[:-3], "")
        for name, text in CHAPTERS.items()
    )
    mails = (
        make_mail("opt-in", "[Yes]({{ confirm_url }})"),
        make_mail("delivery", "[Get it]({{ download_url }})"),
        make_mail("your-data", "[Show me]({{ data_url }})"),
        make_mail("still-there", "[Go on]({{ stay_url }})"),
    )
    document = make_document(folder / "magnet.md", body)
    book = front.book  # type: ignore[attr-defined]  # a key of this kind
    gated = Gated(book, chapters if book else (), ())
    return Magnet("quiet-price", folder, document, front, "/quiet-price/", mails, (), {"downloads": gated})


def make_funnel(magnet: Magnet, **changes: object) -> Funnel:
    values = {
        "slug": magnet.slug,
        "kind": magnet.front.kind,
        "title": magnet.front.title,
        "url": magnet.url,
        "base_url": SITE["base_url"],
        "site_name": SITE["name"],
        "language": "en",
        "time_zone": "Europe/London",
        "country": "GB",
        "postal_address": SITE["postal_address"],
        "sender": Sender(**SITE["sender"]),
        "build_id": "b-17",
        "fields": FIELDS,
        "consent": CONSENT,
        "opt_in": "double",
        "features": {
            "downloads": configure(
                (Asset("quiet-price/ab/book.html", "book.html", "Read it", "text/html", 480_000),)
            )
        },
        "steps": (Step("first", 86400),),
        "pages": {name: f"{magnet.url}{name}/" for name in ("thanks", "call", "confirmed")},
    }
    return Funnel(**{**values, **changes})


def make_site(root: Path, *magnets: Magnet, **changes: object) -> Site:
    front = SiteFront(**{**SITE, **changes})
    notice = Page(
        "privacy", make_document(root / "site/pages/privacy.md", "What we keep."), PageFront(title="Privacy")
    )
    return Site(root, make_document(root / "site/site.yaml", ""), front, (notice,), magnets)
