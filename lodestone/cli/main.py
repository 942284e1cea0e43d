"""`build.py`: the group of all commands."""

import click

from lodestone.cli.build import build, check
from lodestone.cli.doctor import doctor
from lodestone.cli.leads.command import leads
from lodestone.cli.new import new
from lodestone.cli.plan import plan
from lodestone.cli.preview import preview
from lodestone.cli.publish import publish
from lodestone.cli.serve import serve


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


for _command in (build, check, serve, publish, doctor, new, leads, plan, preview):
    main.add_command(_command)
