"""`build.py preview`."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lodestone.cli.lead_source import LeadSource, open_records, source_options
from lodestone.cli.options import FOLDER, confirmed_option, instant, refusals_printed, root_option

if TYPE_CHECKING:
    from leads.funnel import Funnel
    from lodestone.preview.reader import Reader


def _answers(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(each.partition("=")[::2] for each in given)
    if any("=" not in each for each in given):
        raise click.BadParameter("write name=value: --answer first_name=Ida")
    return pairs


@click.command()
@click.argument("slug")
@root_option
@click.option(
    "--lead",
    metavar="WHO",
    help="A lead there is, by address, phone number or id; in .local unless --stack or --data says where.",
)
@source_options
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_answers,
    help="What an invented lead answers in the form; once for each field.",
)
@click.option("--time-zone", default="", metavar="ZONE", help="Where they live.  [default: the site's]")
@confirmed_option
@click.option("--step", default="", metavar="STEP", help="One mail alone, in all its versions.")
@click.option("--out", type=FOLDER, help="Where to write.  [default: .local/preview/SLUG/ in the root]")
@click.option("--open", "opens", is_flag=True, help="Open the page in your browser.")
def preview(
    slug: str,
    root: Path,
    source: LeadSource,
    lead: str | None,
    answers: dict[str, str],
    time_zone: str,
    confirmed: str | None,
    step: str,
    out: Path | None,
    opens: bool,
) -> None:
    """Look at every mail of a magnet before anyone gets it.

    Writes a page with each mail at desktop and phone width, light and dark, its text, headers and links, and a file
    of each for your mail program; prints when it goes out. Nothing is sent or fetched.

    \b
    Examples:
      python build.py preview pricing-your-work --answer first_name=Ida --time-zone America/New_York
      python build.py preview pricing-your-work --step your-floor --open
      python build.py preview pricing-your-work --lead ann@example.com --stack lodestone
    """
    from lodestone.preview.command import PreviewRequest
    from lodestone.preview.command import preview as run

    if lead and (answers or time_zone or confirmed):
        raise click.UsageError(
            "--answer, --time-zone and --confirmed are for somebody made up, not for --lead"
        )
    at = instant(confirmed, datetime.now(UTC))
    with refusals_printed():
        read = _stored(lead, slug, source, root) if lead else _invented(answers, time_zone, at)
        page = run(PreviewRequest(root, slug, step, out or root / ".local" / "preview" / slug, read))
    if page is None:
        sys.exit(1)
    print(f"wrote {page}")
    if opens:
        click.launch(page.resolve().as_uri())


def _invented(answers: dict[str, str], time_zone: str, at: datetime) -> "Callable[[Funnel], Reader]":
    from lodestone.preview.reader import invent

    return lambda funnel: invent(funnel, answers, time_zone, at)


def _stored(lead: str, slug: str, source: LeadSource, root: Path) -> "Callable[[Funnel], Reader]":
    from lodestone.preview.reader import choose

    named = source.stack or source.data
    records = open_records(source if named else source._replace(data=root / ".local"))
    return lambda funnel: choose(records, lead, slug)
