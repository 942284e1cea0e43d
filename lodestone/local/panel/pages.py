"""The panel's pages. A small script keeps them current; they are complete without it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from leads.facts import rows_of_lead
from lodestone.forecast.next_steps import NextStep, next_steps
from lodestone.formats.dates import day_and_hour, machine_zone
from lodestone.formats.spans import minutes_or_more, relative
from lodestone.local.live import Broadcast
from lodestone.local.machine import Machine
from lodestone.local.mails import Mail
from lodestone.local.panel.queues import channels, schedule_rows
from lodestone.local.panel.wording import linked, plainly, short
from lodestone.local.records import latest_first, read_records
from lodestone.records.items import ItemRecords
from lodestone.records.protocol import funnels_of
from lodestone.records.stored_lead import StoredLead

_HERE = Path(__file__).parent

#: How many rows a list shows; the endpoints for programs have them all.
_ROWS = 300

#: For a mail's frame, as in a mail program: no scripts, no forms, nothing fetched from another site.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    "frame-ancestors 'self'"
)
_PANEL_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class Panel:
    """The pages of a running stack."""

    def __init__(self, machine: Machine, live: Broadcast):
        self._machine = machine
        self._live = live
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self._templates.filters |= {"day": day_and_hour, "short": short, "plainly": plainly, "linked": linked}

    def routes(self) -> list[Route | Mount]:
        """Return the routes, relative to `/_local`."""
        return [
            Route("/", self.inbox),
            Route("/mails/{id:int}/", self.mail),
            Route("/mails/{id:int}/body.html", self.mail_body),
            Route("/leads/", self.leads),
            Route("/leads/{id}/", self.lead),
            Route("/queues/", self.queues),
            Route("/faults/", self.faults),
            Route("/live.js", _asset("live.js")),
            Route("/live.css", _asset("live.css")),
            Mount("/assets", StaticFiles(directory=_HERE / "assets")),
        ]

    def inbox(self, request: Request) -> Response:
        """Show all mails, the newest one open."""
        mails = self._machine.mails.all()
        return self._inbox(request, mails, mails[-1] if mails else None, opened=False)

    def mail(self, request: Request) -> Response:
        """Show all mails, one of them open."""
        mails = self._machine.mails.all()
        opened = next((mail for mail in mails if mail.id == request.path_params["id"]), None)
        if opened is None:
            return self._missing(request, "There is no such mail.")
        return self._inbox(request, mails, opened, opened=True)

    def mail_body(self, request: Request) -> Response:
        """Return a mail's HTML for the frame that shows it. Its links open in a new tab."""
        mail = self._machine.mails.find(request.path_params["id"])
        if mail is None:
            return self._missing(request, "There is no such mail.")
        html = mail.html.replace("<head>", '<head><base target="_blank">', 1)
        if html == mail.html:
            html = f'<base target="_blank">{html}'
        return HTMLResponse(html, headers={"content-security-policy": _MAIL_POLICY})

    def leads(self, request: Request) -> Response:
        """Show all leads, or those whose address or number contains the searched text."""
        wanted = request.query_params.get("q", "").strip().lower()
        records = read_records(self._machine)
        found = [
            each for each in latest_first(records) if wanted in (each.lead.email + each.lead.phone).lower()
        ]
        shown = [(each.lead, _next_steps(records, each)) for each in found[:_ROWS]]
        return self._page(request, "leads.html", "leads", leads=shown, found=len(found), wanted=wanted)

    def lead(self, request: Request) -> Response:
        """Show a lead: the next step in each funnel and why it waits, and everything that happened."""
        records = read_records(self._machine)
        found = records.lead(request.path_params["id"])
        if found is None:
            return self._missing(request, "There is no such lead.")
        steps, history = _next_steps(records, found), found.history()
        told = rows_of_lead(found.lead, funnels_of(records, found.lead))
        return self._page(
            request, "lead.html", "leads", lead=found.lead, history=history, steps=steps, told=told
        )

    def queues(self, request: Request) -> Response:
        """Show the messages in queues and streams, and the schedules."""
        machine = self._machine
        return self._page(
            request,
            "queues.html",
            "queues",
            channels=channels(machine),
            schedules=schedule_rows(machine),
            limit=_ROWS,
        )

    def faults(self, request: Request) -> Response:
        """Show the failures since the start."""
        return self._page(request, "faults.html", "faults", faults=self._machine.faults.latest())

    def _inbox(self, request: Request, mails: list[Mail], mail: Mail | None, opened: bool) -> Response:
        kind = request.query_params.get("as", "html")
        kind = kind if kind in ("html", "text", "headers") else "html"
        newest_first = mails[::-1][:_ROWS]
        return self._page(
            request,
            "inbox.html",
            "inbox",
            mails=newest_first,
            total=len(mails),
            mail=mail,
            opened=opened,
            kind=kind,
        )

    def _missing(self, request: Request, message: str) -> Response:
        return self._page(request, "missing.html", "", status=404, message=message)

    def _page(
        self, request: Request, template: str, section: str, status: int = 200, **values: Any
    ) -> Response:
        machine = self._machine
        now = machine.clock.now()
        html = self._templates.get_template(template).render(
            section=section,
            path=request.url.path,
            now=now,
            zone=machine_zone(now),
            ahead=minutes_or_more(machine.clock.offset),
            relative=lambda at: relative(at, now),
            mail_count=machine.mails.count(),
            fault_count=len(machine.faults.latest()),
            build=self._live.build,
            **values,
        )
        return HTMLResponse(html, status, {"content-security-policy": _PANEL_POLICY})


def _next_steps(records: ItemRecords, found: StoredLead) -> list[NextStep]:
    return next_steps(found.lead, funnels_of(records, found.lead), records.now())


def _asset(name: str) -> Callable[[Request], Response]:
    return lambda request: FileResponse(_HERE / "assets" / name)
