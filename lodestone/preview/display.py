"""What `preview` prints: each mail with when it goes out, its sizes, its links and its problems."""

from leads.funnel import Funnel
from leads.instants import zone
from leads.sizes import describe_size
from lodestone.preview.destinations import BuiltSite, destinations, problems
from lodestone.preview.letters import Previewed
from lodestone.preview.reader import Reader


def print_preview(funnel: Funnel, reader: Reader, previewed: tuple[Previewed, ...], site: BuiltSite) -> None:
    """Print the table, then the problems."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    where = zone(reader.lead(funnel.slug).time_zone, funnel.time_zone)
    console.print(Text(f"{funnel.slug} for {reader.name} ({where.key})", style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for name in ("mail", "goes out", "subject", "HTML", "text", "links"):
        table.add_column(name, justify="right" if name in ("HTML", "text", "links") else "left")
    for each in previewed:
        table.add_row(*map(Text, _cells(each, site)), style="" if each.occasion.at else "dim")
    console.print(table)
    for each in previewed:
        for problem in problems(each, site):
            console.print(Text(f"{each.occasion.name}: {problem}", style="red"))


def _cells(previewed: Previewed, site: BuiltSite) -> tuple[str, ...]:
    facts, found = previewed.facts, destinations(previewed, site)
    sizes = (describe_size(size) for size in (facts.html_size, facts.text_size))
    occasion = previewed.occasion
    told = f"sent {occasion.words}" if occasion.state == "sent" else occasion.words
    return occasion.name, told, previewed.letter.subject, *sizes, str(len(found))
