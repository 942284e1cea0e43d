"""The panel's endpoints for programs: `mails.json`, `leads.json`, the clock, the files behind presigned links."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from leads.lead_json import event_to_json, to_json
from lodestone.data_directory.clock import stamp
from lodestone.local.append_event import append_event
from lodestone.local.machine import Machine
from lodestone.local.records import latest_first, read_records
from lodestone.local.time_travel import CannotMove, Moved, move_clock
from lodestone.records.stored_lead import StoredLead


class Answers:
    """The endpoints of a running stack."""

    def __init__(self, machine: Machine):
        self._machine = machine

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/_local`."""
        return [
            Route("/mails.json", self.mails),
            Route("/leads.json", self.leads),
            Route("/leads/{id}/events", self.append, methods=["POST"]),
            Route("/clock", self.clock, methods=["POST"]),
            Route("/files/{bucket}/{key:path}", self.file),
        ]

    def mails(self, request: Request) -> Response:
        """Return every mail, oldest first."""
        return JSONResponse([mail.to_json() for mail in self._machine.mails.all()])

    def leads(self, request: Request) -> Response:
        """Return every lead with its events."""
        return JSONResponse([_lead_json(each) for each in latest_first(read_records(self._machine))])

    async def append(self, request: Request) -> Response:
        """Append an event to a lead, in the name of the site's owner."""
        try:
            posted = json.loads(await request.body())
            stored = await run_in_threadpool(append_event, self._machine, request.path_params["id"], posted)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"stored": stored})

    async def clock(self, request: Request) -> Response:
        """Move the clock. Redirects a form (the panel's buttons) to the page it came from; answers JSON with JSON."""
        body = await request.body()
        # The content type does not tell: `curl -d '{"advance": …}'` declares a form.
        is_form = body.startswith((b"advance=", b"back=", b"to="))
        try:
            asked: Any = dict(parse_qsl(body.decode())) if is_form else json.loads(body)
            moved = await run_in_threadpool(move_clock, self._machine, asked)
        except CannotMove as error:
            return JSONResponse({"error": str(error)}, 400)
        except ValueError:
            return JSONResponse({"error": 'the body is not JSON; send {"advance": "3 days"}'}, 400)
        return RedirectResponse(_back(asked), 303) if is_form else JSONResponse(_moved_json(moved))

    def file(self, request: Request) -> Response:
        """Return the file of a presigned link; 403 if the link has expired or was changed."""
        bucket, key, files = (
            request.path_params["bucket"],
            request.path_params["key"],
            self._machine.clients.s3,
        )
        if not files.admits(bucket, key, request.query_params):
            return PlainTextResponse("This link has expired, or was changed on its way.\n", 403)
        found = files.find(bucket, key)
        if found is None:
            return PlainTextResponse("The file is not there.\n", 404)
        query = request.query_params
        headers = {"content-disposition": query["disposition"]} if query.get("disposition") else None
        return FileResponse(found.path, media_type=query.get("type") or found.content_type, headers=headers)


def _lead_json(found: StoredLead) -> dict[str, Any]:
    return to_json(found.lead) | {"events": [event_to_json(event) for event in found.history()]}


def _moved_json(moved: Moved) -> dict[str, Any]:
    answer = {"now": stamp(moved.now), "mails_sent": moved.mails_sent}
    return answer | ({"note": moved.note} if moved.note else {})


def _back(asked: dict[str, str]) -> str:
    """Return the page to redirect to: a page of the panel, never one of another site."""
    back = asked.get("back", "")
    return back if back.startswith("/_local/") else "/_local/"
