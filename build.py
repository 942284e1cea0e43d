#!/usr/bin/env python3
"""Lodestone's command: parse the arguments, call the package, print what came of it, exit 0, 1 or 2."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "functions")]

try:
    import click
except ImportError:
    python = HERE / ".venv" / "bin" / "python"
    if python.exists() and Path(sys.prefix) != HERE / ".venv":
        os.execv(python, [str(python), *sys.argv])
    sys.exit("Lodestone's libraries are not installed here.\nhelp: run `make setup`, then try again")

from lodestone.cli import terminal  # noqa: E402
from lodestone.cli.options import FOLDER, root_option  # noqa: E402
from lodestone.cli.plan import plan  # noqa: E402
from lodestone.cli.preview import preview  # noqa: E402
from lodestone.desk.command import leads  # noqa: E402

json_option = click.option("--json", "as_json", is_flag=True, help="Print problems as JSON, for editors.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Lead magnets from Markdown: pages, mails and the funnel behind them.

    \b
    Examples:
      python build.py new ebook my-guide      a commented starter in magnets/my-guide/
      python build.py serve                   the whole funnel on this machine
      python build.py check                   every problem, nothing written
      python build.py build                   the site and its funnels into dist/
      python build.py preview SLUG            every mail of a magnet, as it will look, and when it goes out
      python build.py plan --data .local      who would get which mail when, before and after an edit
      python build.py publish --stack NAME    what changed, to a deployed stack
      python build.py doctor --stack NAME     what would keep its mails from arriving
      python build.py leads show WHO --stack NAME   one lead, and what comes next
    """


@main.command()
@root_option
@click.option("--out", type=FOLDER, help="Where to build.  [default: dist/ in the root]")
@json_option
def build(root: Path, out: Path | None, as_json: bool) -> None:
    """Build the site and the funnel definitions into dist/.

    dist/ is swapped in whole, or, where there is a problem, left as it was.

    \b
    Examples:
      python build.py build
      python build.py build --root ~/acme --out /tmp/preview
    """
    from datetime import UTC, datetime

    from lodestone.build.output_tree import NotOurs
    from lodestone.build.pipeline import build as build_site

    out = out or root / "dist"
    report = terminal.Report(root, out, as_json)
    try:
        with report.progress() as progress:
            result = build_site(root, out, progress=progress, today=datetime.now(UTC).date())
    except NotOurs as error:
        raise click.UsageError(
            f"{error}.\nhelp: choose an empty folder with --out, or empty this one"
        ) from error
    sys.exit(report.built(result))


@main.command()
@root_option
@json_option
def check(root: Path, as_json: bool) -> None:
    """Find every problem in the content, and write nothing.

    \b
    Examples:
      python build.py check
      python build.py check --json | jq '.[].message'
    """
    from datetime import UTC, datetime

    from lodestone.build.pipeline import check as check_site

    result = check_site(root, datetime.now(UTC).date())
    sys.exit(terminal.Report(root, root / "dist", as_json).checked(result))


@main.command()
@root_option
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port on 127.0.0.1.  [default: 8000, or the next free]"
)
@click.option(
    "--data", type=FOLDER, help="Where leads, mails and the clock are kept.  [default: .local/ in the root]"
)
def serve(root: Path, port: int | None, data: Path | None) -> None:
    """Run the whole funnel on this machine.

    Edits to magnets/ and site/ show in the open page within a second. Leads and mails survive a restart.
    The panel at /_local/ shows them, and moves the clock.

    \b
    Examples:
      python build.py serve
      python build.py serve --port 9000 --data /tmp/try-out
    """
    from lodestone.local import serve as run

    sys.exit(run(root, data or root / ".local", port))


@main.command()
@root_option
@click.option("--stack", required=True, help="The CloudFormation stack to publish to.")
@click.option("--region", help="Its AWS region.  [default: as the AWS command line has it]")
@click.option("--profile", help="The AWS profile to use.  [default: as the AWS command line has it]")
@click.option("--dry-run", is_flag=True, help="Show the difference and write nothing.")
@click.option("--prune", is_flag=True, help="Also delete gated files that no magnet has any more.")
@click.option("--yes", is_flag=True, help="Do not ask where leads in flight are affected.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, for programs.")
def publish(
    root: Path,
    stack: str,
    region: str | None,
    profile: str | None,
    dry_run: bool,
    prune: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Build, and bring a deployed stack to what was built.

    Only what differs is written, in an order that keeps the site whole; a run that was cut goes on where it
    stopped. A build with problems is refused.

    \b
    Examples:
      python build.py publish --stack lodestone --dry-run
      python build.py publish --stack lodestone
      python build.py publish --stack lodestone --region eu-west-1 --profile press --yes
    """
    from datetime import UTC, datetime

    from lodestone.publish.aws_errors import AwsError
    from lodestone.publish.command import PublishRequest
    from lodestone.publish.command import publish as run
    from lodestone.publish.stack import open_session

    request = PublishRequest(root, stack, dry_run, prune, yes, as_json)
    try:
        ask = click.confirm if sys.stdin.isatty() and not as_json else None
        sys.exit(run(request, open_session(profile, region), lambda: datetime.now(UTC), ask))
    except AwsError as refused:
        sys.exit(f"error: {refused}")


@main.command()
@root_option
@click.option("--stack", required=True, help="The CloudFormation stack to examine.")
@click.option("--region", help="Its AWS region.  [default: as the AWS command line has it]")
@click.option("--profile", help="The AWS profile to use.  [default: as the AWS command line has it]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, for programs.")
def doctor(root: Path, stack: str, region: str | None, profile: str | None, as_json: bool) -> None:
    """Find what would keep a deployed stack's mails from arriving.

    Looks at SES, the sender's domain in DNS, queues, alarms, quotas and the site, and says of each finding what it
    means for the leads and what to do. Changes nothing. Exits with 1 where something is an error.

    \b
    Examples:
      python build.py doctor --stack lodestone
      python build.py doctor --stack lodestone --region eu-west-1 --profile press
      python build.py doctor --stack lodestone --json | jq '.findings[] | select(.severity == "error")'
    """
    from datetime import UTC, datetime

    from lodestone.doctor.command import diagnose
    from lodestone.publish.aws_errors import AwsError
    from lodestone.publish.stack import open_session

    try:
        session = open_session(profile, region)
        sys.exit(diagnose(root, stack, session, lambda: datetime.now(UTC), as_json))
    except AwsError as refused:
        sys.exit(f"error: {refused}")


@main.command()
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
    terminal.list_written(root, written)


main.add_command(leads)
main.add_command(plan)
main.add_command(preview)


if __name__ == "__main__":
    terminal.run(main)
