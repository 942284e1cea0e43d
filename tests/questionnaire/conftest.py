"""A survey on the screen: its built pages in a browser, and the real handlers behind its form."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from handlers import act, capture
from lodestone.build.pipeline import build
from tests.questionnaire.authored import Authored, add_mail, write
from tests.questionnaire.example_survey import FRONT, QUESTIONS
from tests.questionnaire.surveyed import survey_world
from tests.world import World, http


@dataclass
class Stage:
    """A built site, and the world that answers its forms. `strangers` are requests to anybody else."""

    authored: Authored
    site: Path
    world: World
    strangers: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.authored.funnel.base_url

    def url(self, path: str = "") -> str:
        return f"{self.origin}/{self.authored.slug}/{path}"

    def answer(self, route: Any) -> None:
        """Serve a file of the site, or what the handler says."""
        request, url = route.request, urlsplit(route.request.url)
        if f"{url.scheme}://{url.netloc}" != self.origin:
            self.strangers.append(request.url)
            return route.abort()
        if url.path.startswith("/api/"):
            return self._handle(route, url)
        file = self.site / (url.path.lstrip("/") + ("index.html" if url.path.endswith("/") else ""))
        if not file.is_file():
            return route.fulfill(status=404, body="")
        return route.fulfill(status=200, body=file.read_bytes(), content_type=guess_type(file.name)[0])

    def _handle(self, route: Any, url: Any) -> None:
        request = route.request
        if url.path.startswith("/api/do/"):
            names = dict(zip(("magnet", "feature", "action"), url.path.split("/")[3:], strict=True))
            told = self.world.handle(act, http(request.method, request.post_data or "", names, url.query))
        else:
            headers = {name.lower(): value for name, value in request.headers.items()}
            event = http(
                request.method, request.post_data or "", {"magnet": url.path.split("/")[3]}, headers=headers
            )
            told = self.world.handle(capture, event)
        route.fulfill(status=told["statusCode"], headers=told["headers"], body=told["body"])


@pytest.fixture
def stage(tmp_path: Path) -> Callable[[Authored], Stage]:
    """Builds the site of a survey."""

    def build_it(authored: Authored) -> Stage:
        out = tmp_path / "dist"
        built = build(authored.root, out)
        assert not built.failed, built
        return Stage(authored, out / "site", survey_world(authored))

    return build_it


@pytest.fixture
def show(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Opens a visitor's page on a stage. What its console complains of must be nothing in the end."""
    contexts: list[Any] = []
    complaints: list[str] = []
    stages: list[Stage] = []

    def open_page(stage: Stage, script: bool = True, width: int = 390, height: int = 844, **more: Any) -> Any:
        size = {"width": width, "height": height}
        context = chromium.new_context(java_script_enabled=script, viewport=size, **more)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/*", stage.answer)
        contexts.append(context)
        stages.append(stage)
        return page

    yield open_page
    for each in contexts:
        each.close()
    assert complaints == []
    assert [url for each in stages for url in each.strangers] == []


@pytest.fixture
def survey(tmp_path: Path) -> Callable[..., World]:
    """Writes the survey, changed or not; its world."""

    def make(
        questions: object = QUESTIONS, mails: dict[str, tuple[str, str, str]] | None = None, **front: Any
    ):
        authored = write(tmp_path, questions, **{**FRONT, **front})
        for name, (subject, text, more) in (mails or {}).items():
            add_mail(authored, name, subject, text, more)
        return survey_world(authored)

    return make
