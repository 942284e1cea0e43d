"""The commands that change one lead: `note`, `readmit`, `erase`, `settle`."""

import click

from leads.events import GOALS
from lodestone.cli.lead_source import LeadSource, open_records, source_options
from lodestone.cli.leads.group import ask, leads, print_lines

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")

_GOAL_WORDS = {"customer": "is a customer", "replied": "replied", "booked": "booked"}


@leads.command()
@click.argument("lead")
@click.argument("goal", type=click.Choice(list(GOALS)))
@click.option("--magnet", default="", help="The magnet that led to it, where that is known.")
@source_options
def note(lead: str, goal: str, magnet: str, source: LeadSource) -> None:
    """Note that a lead became a customer, replied or booked. It ends the sequences that end with that.

    Once a day and magnet; what is noted cannot be taken back, unless the lead is erased.

    \b
    Examples:
      python build.py leads note ann@example.com customer --stack lodestone
      python build.py leads note ann@example.com booked --magnet pricing-guide --stack lodestone
    """
    from lodestone.desk.changes import note_goal
    from lodestone.desk.display import lines_of_next
    from lodestone.forecast.next_steps import next_steps
    from lodestone.records.find import find_lead
    from lodestone.records.protocol import funnels_of

    records = open_records(source)
    found = find_lead(records, lead).lead
    new = note_goal(records, found, goal, magnet, records.now())
    if not new:
        print(f"{lead} {_GOAL_WORDS[goal]}: noted today already")
        return
    found = find_lead(records, lead).lead
    print(f"noted: {lead} {_GOAL_WORDS[goal]}")
    print_lines(lines_of_next(next_steps(found, funnels_of(records, found), records.now()), records.now()))


@leads.command()
@click.argument("lead")
@yes_option
@source_options
def readmit(lead: str, yes: bool, source: LeadSource) -> None:
    """Mail a lead again whose mails bounced or who complained. Asks first.

    Also takes the address off the account's suppression list in SES. Whoever unsubscribed comes back by themselves.

    \b
    Examples:
      python build.py leads readmit ann@example.com --stack lodestone
    """
    from lodestone.desk import changes
    from lodestone.desk.display import readmission
    from lodestone.records.find import find_lead

    records = open_records(source)
    found = find_lead(records, lead).lead
    changes.check_readmission(found)
    ask(f"{readmission(found, records.now())}\nMail them again?", yes)
    listed = changes.readmit(records, found, records.now())
    print(f"readmitted: {lead}" + ("; SES had the address on its list, and has it no more" if listed else ""))


@leads.command()
@click.argument("lead")
@yes_option
@source_options
def erase(lead: str, yes: bool, source: LeadSource) -> None:
    """Erase everything that is stored of a lead. Asks first, for it cannot be undone.

    Their partition's key, a keyed hash of the address, stays with the date, so that no import revives them. Backups
    forget within 35 days.

    \b
    Examples:
      python build.py leads erase ann@example.com --stack lodestone
    """
    from lodestone.desk import changes
    from lodestone.formats.counts import counted
    from lodestone.records.find import find_lead

    records = open_records(source)
    stored = find_lead(records, lead)
    changes.check_erasure(stored.lead)
    ask(
        f"{counted(len(stored.events), 'event')} of {lead} will be deleted, and no mail goes to them.\nErase them?",
        yes,
    )
    changes.erase(records, stored.lead, records.now())
    print(f"erased: {lead}")


@leads.command()
@click.argument("lead")
@click.argument("magnet")
@click.argument("step")
@click.option(
    "--as", "as_", type=click.Choice(["sent", "failed"]), required=True, help="What became of the mail."
)
@source_options
def settle(lead: str, magnet: str, step: str, as_: str, source: LeadSource) -> None:
    """Say what became of a mail that `leads unsettled` lists, so that its sequence goes on knowing.

    `--as failed` has it sent again, where it is still the lead's turn to get it.

    \b
    Examples:
      python build.py leads settle ann@example.com pricing-guide first --as sent --stack lodestone
      python build.py leads settle ann@example.com pricing-guide first --as failed --stack lodestone
    """
    from lodestone.desk import changes
    from lodestone.desk.display import lines_of_next
    from lodestone.forecast.next_steps import next_steps
    from lodestone.records.find import find_lead
    from lodestone.records.protocol import funnels_of

    records = open_records(source)
    found = find_lead(records, lead).lead
    changes.settle(records, found, magnet, step, as_ == "sent", records.now())
    found = find_lead(records, lead).lead
    steps = [
        each for each in next_steps(found, funnels_of(records, found), records.now()) if each.magnet == magnet
    ]
    print(f"settled: {magnet}/{step} {'was sent' if as_ == 'sent' else 'was not sent'}")
    print_lines(lines_of_next(steps, records.now()))
