"""`build.py new`."""

from pathlib import Path

import click

from lodestone.cli.options import FOLDER, HERE


@click.command()
@click.argument("kind")
@click.argument("slug")
@click.option(
    "--root", type=FOLDER, default=HERE, show_default="this checkout", help="Where magnets/ and site/ are."
)
def new(kind: str, slug: str, root: Path) -> None:
    """Write a commented starter, magnets/SLUG/, that builds as it is.

    \b
    Examples:
      python build.py new ebook pricing-guide
      python build.py new ebook pricing-guide --root ~/acme
    """
    from lodestone.cli.starter import StarterError, write_starter

    try:
        written = write_starter(root, kind, slug)
    except StarterError as error:
        raise click.UsageError(str(error)) from error
    _print_written(root, written)


def _print_written(root: Path, written: list[Path]) -> None:
    for path in written:
        print(f"wrote {path.relative_to(root)}")
    print("next: python build.py serve" + ("" if root == HERE else f" --root {root}"))
