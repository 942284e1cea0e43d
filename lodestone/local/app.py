"""One address for everything: the site, the API, and the panel under `/_local/`."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lodestone.local.answers import Answers
from lodestone.local.edge import Edge
from lodestone.local.guard import LocalOnly
from lodestone.local.http_api import HttpApi
from lodestone.local.live import Broadcast
from lodestone.local.machine import Machine
from lodestone.local.panel.pages import Panel
from lodestone.local.site import StaticSite


def make_app(machine: Machine, site: Path, live: Broadcast) -> ASGIApp:
    """Return everything as one ASGI application; `site` is the folder of built pages."""
    api = HttpApi(machine.stack.routes, machine.functions, machine.faults, machine.clock.now)
    public = _Public(api, StaticSite(site, live))
    local = Starlette(routes=[*Answers(machine).routes(), *Panel(machine, live).routes(), _events(live)])
    app = Starlette(routes=[_PANEL, Mount("/_local", LocalOnly(local)), Mount("/", public)])
    return Edge(app, machine.stack.headers)


#: Redirects to the panel: Starlette adds a missing slash to paths below a mount, but not to the mount itself.
_PANEL = Route("/_local", RedirectResponse("/_local/"))


class _Public:
    """What visitors reach: the API answers its own paths, the site all others."""

    def __init__(self, api: HttpApi, site: StaticSite):
        self._api = api
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if self._api.serves(request.scope["path"]):
            response = await self._api.answer(request)
        else:
            response = await run_in_threadpool(self._site.answer, request)
        await response(scope, receive, send)


def _events(live: Broadcast) -> Route:
    async def events(request: Request) -> Response:
        return StreamingResponse(live.listen(), media_type="text/event-stream")

    return Route("/events", events)
