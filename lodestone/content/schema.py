"""The schema of front matter and site.yaml: the keys that marketers may write, their types, their limits.

pydantic reports every problem at once with the path to each; `lodestone.content.validate` turns the paths into
file:line:col. Build side only: pydantic never reaches a function.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from lodestone.content.shapes import Colour, Language, Name, Origin, UrlPath, shaped
from lodestone.content.times import Days, Duration, LocalHour, MailByDate, Moment, QuietHours, TimeZone

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    shaped(r"[^\n]*", "this must fit on one line"),
]
Message = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
FieldType = Literal[
    "text",
    "email",
    "phone",
    "textarea",
    "select",
    "radio",
    "checkboxes",
    "number",
    "url",
    "date",
    "country",
    "hidden",
]


def _text_or_mapping(value: object) -> str:
    return MAPPING if isinstance(value, (dict, BaseModel)) else TEXT


def _text_or_list(value: object) -> str:
    return LIST if isinstance(value, list) else TEXT


#: pydantic's names, in an error's path, for the forms of a value: one line of text or a number, a mapping, a list.
TEXT, MAPPING, LIST = "<text>", "<mapping>", "<list>"
_Front = TypeVar("_Front")
_One = TypeVar("_One")
#: A short value or a mapping, and a short value or a list of such: an error speaks of the form that was written.
OneOrMapping = Annotated[
    Annotated[_Front, Tag(MAPPING)] | Annotated[_One, Tag(TEXT)], Discriminator(_text_or_mapping)
]
OneOrList = Annotated[
    Annotated[list[_One], Tag(LIST)] | Annotated[_One, Tag(TEXT)], Discriminator(_text_or_list)
]
LineOr = OneOrMapping[_Front, Line]


class Strict(BaseModel):
    """A mapping that takes known keys only, so that a misspelt key is reported."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ConsentFront(Strict):
    """`required: false` (the default) shows a separate tick; `true` makes the offer depend on it."""

    text: Text
    required: bool = False


class OptionFront(Strict):
    value: Line
    label: Line


class ErrorsFront(Strict):
    """What a visitor is told about a field: that it is `missing`, or that the answer is `invalid`."""

    missing: Message = ""
    invalid: Message = ""


class FieldFront(Strict):
    """One field of the form."""

    name: Name
    label: Line
    type: FieldType = "text"
    required: bool = False
    help: str = ""
    options: list[LineOr[OptionFront]] = []
    pattern: str = ""
    pattern_message: str = ""
    max_length: Annotated[int, Field(ge=1, le=4000)] = 200
    autocomplete: str = ""
    errors: ErrorsFront = ErrorsFront()
    prefill: bool = False
    later: bool = False


class FormFront(Strict):
    """The form: its own heading and button, the fields, and the consent (else the site's default)."""

    heading: Line | None = None
    button: Line | None = None
    fields: list[FieldFront] = []
    consent: ConsentFront | None = None


class Picture(Strict):
    """An image beside the file that names it; `alt` says what it shows to those who cannot see it."""

    src: Line
    alt: Text


class Benefit(Strict):
    title: Line
    text: str = ""


class Testimonial(Strict):
    quote: Text
    name: Line
    role: str = ""
    photo: Picture | None = None


class Question(Strict):
    question: Line
    answer: Text  # Markdown


class BookPart(Strict):
    """Chapters under a common heading."""

    part: Line
    chapters: Annotated[list[Line], Field(min_length=1)]


class BookFront(Strict):
    """A book written in Markdown: chapter files, in order, relative to `folder` (default: the magnet's own)."""

    title: Line | None = None
    subtitle: str = ""
    author: str = ""
    folder: Line = "."
    chapters: Annotated[list[LineOr[BookPart]], Field(min_length=1)]


class Seo(Strict):
    title: Line | None = None
    description: Line | None = None
    image: Line | None = None
    noindex: bool = False


class Thanks(Strict):
    """The thank-you page's own words; good defaults stand in for what is missing. `text` is Markdown."""

    heading: Line | None = None
    text: str = ""


class SequenceFront(Strict):
    """When a lead leaves the sequence (`until`), and its branches: name -> condition of a lead on it."""

    branches: dict[str, Text] = {}
    until: Text = "customer or replied or booked"
    priority: Annotated[int, Field(ge=-100, le=100)] = 0


class MagnetFront(Strict):
    """Front matter common to every kind; its features add keys of theirs, and a kind may add more."""

    kind: Line
    title: Line
    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    headline: Line | None = None  # default: the title
    eyebrow: str = ""  # the small line above the headline
    url: UrlPath | None = None  # default: /<slug>/
    cover: Picture | None = None
    benefits: list[LineOr[Benefit]] = []
    excerpt: str = ""  # Markdown: a sample of the content
    testimonials: list[Testimonial] = []
    faq: list[Question] = []
    form: FormFront = FormFront()
    opt_in: Literal["double", "single"] | None = None  # default: the site's
    thanks: Thanks = Thanks()
    seo: Seo = Seo()
    dates: dict[str, Moment] = {}  # name -> when; those with an hour are in the site's zone
    clicks: bool | None = None  # default: the site's
    sequence: SequenceFront = SequenceFront()


class MailFront(Strict):
    """Front matter of emails/<step>.md. Mails of the sequence are due `after` the one before, or by a date."""

    subject: Line
    preheader: str = ""
    after: Duration | None = None
    due: MailByDate | None = None
    at: LocalHour | None = None
    days: Days = []
    not_after: Name | None = None  # a date: from then on the mail makes no sense
    when: Text | None = None
    branch: Text | None = None
    test: Literal["clicks", "goal"] | None = None  # what decides between its versions


class SenderFront(Strict):
    name: Line
    email: Line
    reply_to: str = ""


class Theme(Strict):
    """The site's colours; `accent_dark` is used where the visitor's system is dark. See site/assets/site.css."""

    accent: Colour = "#b4451f"
    accent_dark: Colour = "#f0956e"


class Privacy(Strict):
    """The line beneath each form, and where the privacy notice stands (a page of `site/pages/` or a URL)."""

    line: Line = "We use your address for what you asked for, and nothing you did not."
    url: Line | None = None


class Defaults(Strict):
    """Values for magnets that do not set their own."""

    opt_in: Literal["double", "single"] = "double"
    button: Line = "Send it to me"
    consent: ConsentFront | None = None


class AtMost(Strict):
    """How many mails a lead gets, over all magnets; 0 is no limit. Mails they asked for do not count."""

    a_day: Annotated[int, Field(ge=0, le=100)] = 1
    a_week: Annotated[int, Field(ge=0, le=100)] = 0


class SendingFront(Strict):
    """When and how often the mails of sequences go out.

    `unsettled`: never send a mail twice, or send it again, when nobody knows whether it went out.
    """

    quiet_hours: QuietHours | None = None
    at_most: AtMost = AtMost()
    unsettled: Literal["never-twice", "at-least-once"] = "never-twice"
    sunset: Duration | None = None
    clicks: bool = False


class ScoringFront(Strict):
    """How leads are scored: `points` by event type, over the built-in ones; the scores of warm and hot."""

    points: dict[str, Annotated[int, Field(ge=-1000, le=1000)]] = {}
    warm: Annotated[int, Field(ge=1, le=100_000)] = 20
    hot: Annotated[int, Field(ge=1, le=100_000)] = 40


class SiteFront(Strict):
    """site/site.yaml."""

    name: Line
    tagline: str = ""
    base_url: Origin
    sender: SenderFront
    postal_address: Text
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    # The country of a phone number without country code (ISO 3166, `DE`); empty: visitors write +49 …
    country: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")] = ""
    theme: Theme = Theme()
    privacy: Privacy = Privacy()
    defaults: Defaults = Defaults()
    sending: SendingFront = SendingFront()
    scoring: ScoringFront = ScoringFront()
    owner_email: str = ""  # where the owner's notices go; default: the sender's reply_to, else its email


class PageFront(Strict):
    """Front matter of site/pages/<name>.md: privacy notice, imprint, about."""

    title: Line
    summary: str = ""
