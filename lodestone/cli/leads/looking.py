"""The commands that read leads: `show`, `unsettled`, `tests`, `reconcile`."""

import click

from lodestone.cli.lead_source import LeadSource, open_records, open_stack, reading_options, stack_options
from lodestone.cli.leads.group import leads, print_json, print_lines
from lodestone.cli.options import json_option


@leads.command()
@click.argument("lead")
@click.option("--sensitive", is_flag=True, help="Also show sensitive answers, which are kept apart.")
@reading_options
def show(lead: str, sensitive: bool, source: LeadSource, as_json: bool) -> None:
    """Show a lead: where they stand, what comes next and why, and all that happened.

    LEAD is an e-mail address, a phone number with its country code, or a lead's id.

    \b
    Examples:
      python build.py leads show ann@example.com --stack lodestone
      python build.py leads show ann@example.com --data .local
    """
    from leads.facts import rows_of_lead
    from leads.lead_json import to_json
    from leads.private import to_json as private_to_json
    from lodestone.desk.display import lines_of_lead, lines_of_private
    from lodestone.forecast.next_steps import next_steps
    from lodestone.records.find import find_lead
    from lodestone.records.protocol import funnels_of

    records = open_records(source)
    found = find_lead(records, lead)
    funnels = funnels_of(records, found.lead)
    steps = next_steps(found.lead, funnels, records.now())
    kept = records.private(found.id)
    if as_json:
        more = {"kept_apart": private_to_json(kept)} if sensitive else {}
        print_json(to_json(found.lead) | {"next": [each.to_json() for each in steps]} | more)
    else:
        print_lines(lines_of_lead(found, steps, rows_of_lead(found.lead, funnels), records.now()))
        print_lines(lines_of_private(kept, sensitive, records.now()))


@leads.command()
@reading_options
def unsettled(source: LeadSource, as_json: bool) -> None:
    """List the mails of which nobody knows whether they went out.

    A worker that dies between handing a mail to SES and noting it leaves such a mail, unless SES's reports tell.

    \b
    Examples:
      python build.py leads unsettled --stack lodestone
      python build.py leads unsettled --stack lodestone --json | jq -r '.[].lead'
    """
    from lodestone.desk.display import lines_of_unsettled
    from lodestone.desk.unsettled import find_unsettled
    from lodestone.progress import track

    records = open_records(source)
    now = records.now()
    stored = track(records.leads(), "reading leads", as_json)
    found = [mail for each in stored for mail in find_unsettled(each.lead, records, now)]
    if as_json:
        print_json([each.to_json() for each in found])
    else:
        print_lines(lines_of_unsettled(found, records.where, now))


@leads.command()
@reading_options
def tests(source: LeadSource, as_json: bool) -> None:
    """Tell which version of each mail under test did better, and how sure that is.

    By people who clicked or reached the goal, never by opens; clicks that machines made are counted apart. A share's
    interval, in parentheses, holds the true one 19 times in 20.

    \b
    Examples:
      python build.py leads tests --stack lodestone
      python build.py leads tests --stack lodestone --json
    """
    from lodestone.desk.split_test_report import lines_of_tests
    from lodestone.desk.split_tests import split_tests
    from lodestone.progress import track

    records = open_records(source)
    stored = track(records.leads(), "reading leads", as_json)
    found = split_tests((each.lead for each in stored), records.funnel, records.now())
    if as_json:
        print_json([each.to_json() for each in found])
    else:
        print_lines(lines_of_tests(found, records.where))


@leads.command()
@click.option("--do", "act", is_flag=True, help="Mend it. Without it nothing is changed.")
@json_option("Print JSON, for programs.")
@stack_options
def reconcile(act: bool, as_json: bool, source: LeadSource) -> None:
    """Find the leads whose next step nothing is there to bring; with --do, mend it.

    Compares what is next for each lead with the schedules there are. Messages that wait in a queue cannot be looked
    up, so a mail that is late may be listed though its message is on its way: mending it twice does no harm.

    \b
    Examples:
      python build.py leads reconcile --stack lodestone
      python build.py leads reconcile --stack lodestone --do
    """
    from lodestone.desk.display import lines_of_reconciliation
    from lodestone.desk.reconcile import mend
    from lodestone.desk.reconcile import reconcile as run
    from lodestone.progress import track

    records = open_stack(source)
    found = run(records, records.now(), track(records.leads(), "reading leads", as_json))
    if as_json:
        print_json(
            {
                "leads": found.leads,
                "missing": [each.to_json() for each in found.missing_wakeups],
                "mended": act,
            }
        )
    else:
        print_lines(lines_of_reconciliation(found, records.where, records.now()))
    if act:
        mend(records, found.missing_wakeups)
    if found.missing_wakeups and not as_json:
        print("mended: the worker looks at each of them now" if act else "nothing was changed; --do mends it")
