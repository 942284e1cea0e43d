"""The commands that change something for one lead: `note`, `readmit`, `erase`, `settle`."""

import click

from leads.events import GOALS
from lodestone.desk.group import LeadSource, ask, leads, open_records, print_lines, writing_options

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")

_GOAL_WORDS = {"customer": "is a customer", "replied": "replied", "booked": "booked"}


@leads.command()
@click.argument("lead")
@click.argument("goal", type=click.Choice(list(GOALS)))
@click.option("--magnet", default="", help="The magnet that led to it, where that is known.")
@writing_options
def note(lead: str, goal: str, magnet: str, source: LeadSource):
    """Note that a lead became a customer, replied or booked. It ends the sequences that end with that.

    Once a day and magnet; what is noted cannot be taken back, unless the lead is erased.

    \b
    Examples:
      python build.py leads note ann@example.com customer --stack lodestone
      python build.py leads note ann@example.com booked --magnet pricing-guide --stack lodestone
    """
    from lodestone.desk.changes import note_goal
    from lodestone.desk.display import lines_of_next
    from lodestone.desk.next_steps import next_steps
    from lodestone.desk.records import find_lead, funnels_of

    records = open_records(source)
    found, _ = find_lead(records, lead)
    new = note_goal(records, found, goal, magnet, records.now())
    if not new:
        print(f"{lead} {_GOAL_WORDS[goal]}: noted today already")
        return
    found, _ = find_lead(records, lead)
    print(f"noted: {lead} {_GOAL_WORDS[goal]}")
    print_lines(lines_of_next(next_steps(found, funnels_of(records, found), records.now()), records.now()))


@leads.command()
@click.argument("lead")
@yes_option
@writing_options
def readmit(lead: str, yes: bool, source: LeadSource):
    """Mail a lead again whose mails bounced or who complained. Asks first.

    Also takes the address off the account's suppression list in SES. Whoever unsubscribed comes back by themselves.

    \b
    Examples:
      python build.py leads readmit ann@example.com --stack lodestone
    """
    from lodestone.desk import changes
    from lodestone.desk.display import readmission
    from lodestone.desk.records import find_lead

    records = open_records(source)
    found, _ = find_lead(records, lead)
    changes.check_readmission(found)
    ask(f"{readmission(found, records.now())}\nMail them again?", yes)
    listed = changes.readmit(records, found, records.now())
    print(f"readmitted: {lead}" + ("; SES had the address on its list, and has it no more" if listed else ""))


@leads.command()
@click.argument("lead")
@yes_option
@writing_options
def erase(lead: str, yes: bool, source: LeadSource):
    """Erase everything that is stored of a lead. Asks first, for it cannot be undone.

    Their partition's key, a keyed hash of the address, stays with the date, so that no import revives them. Backups
    forget within 35 days.

    \b
    Examples:
      python build.py leads erase ann@example.com --stack lodestone
    """
    from lodestone.cli.terminal import counted
    from lodestone.desk import changes
    from lodestone.desk.records import find_lead

    records = open_records(source)
    found, history = find_lead(records, lead)
    changes.check_erasure(found)
    ask(
        f"{counted(len(history), 'event')} of {lead} will be deleted, and no mail goes to them.\nErase them?",
        yes,
    )
    changes.erase(records, found, records.now())
    print(f"erased: {lead}")


@leads.command()
@click.argument("lead")
@click.argument("magnet")
@click.argument("step")
@click.option(
    "--as", "as_", type=click.Choice(["sent", "failed"]), required=True, help="What became of the mail."
)
@writing_options
def settle(lead: str, magnet: str, step: str, as_: str, source: LeadSource):
    """Say what became of a mail that `leads unsettled` lists, so that its sequence goes on knowing.

    `--as failed` has it sent again, where it is still the lead's turn to get it.

    \b
    Examples:
      python build.py leads settle ann@example.com pricing-guide first --as sent --stack lodestone
      python build.py leads settle ann@example.com pricing-guide first --as failed --stack lodestone
    """
    from lodestone.desk import changes
    from lodestone.desk.display import lines_of_next
    from lodestone.desk.next_steps import next_steps
    from lodestone.desk.records import find_lead, funnels_of

    records = open_records(source)
    found, _ = find_lead(records, lead)
    changes.settle(records, found, magnet, step, as_ == "sent", records.now())
    found, _ = find_lead(records, lead)
    steps = [
        each for each in next_steps(found, funnels_of(records, found), records.now()) if each.magnet == magnet
    ]
    print(f"settled: {magnet}/{step} {'was sent' if as_ == 'sent' else 'was not sent'}")
    print_lines(lines_of_next(steps, records.now()))
