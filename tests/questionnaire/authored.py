"""A survey as an author writes it, compiled by the build: its tree, its pages, its problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from leads.features.questions import questionnaire_of
from leads.funnel import Funnel, Mail
from leads.placeholders import Parts
from leads.questionnaire.tree import Questionnaire
from lodestone.build.definition import Compiled, compile_magnet, render_pages
from lodestone.build.load import load_site
from lodestone.content.model import Magnet
from lodestone.content.problems import Problem
from lodestone.render.look import Look, open_look

SITE = """\
name: Harbour Press
base_url: https://harbour.example.com
sender:
  name: Harbour Press
  email: post@harbour.example.com
postal_address: 1 Quay Street, Harbourtown
defaults:
  consent:
    text: Yes, send me the letters too.
"""
FRONT: dict[str, Any] = {"kind": "survey", "title": "Tides", "summary": "What the tide does to you."}
MAIL = "---\nsubject: {subject}\nafter: 1 day\n{more}---\n\n{text}\n"


@dataclass
class Authored:
    """A root folder with a survey."""

    root: Path
    slug: str = "tides"

    @property
    def folder(self) -> Path:
        return self.root / "magnets" / self.slug

    def problems(self) -> list[Problem]:
        return load_site(self.root)[1]

    def messages(self) -> list[str]:
        return [each.message for each in self.problems()]

    @cached_property
    def look(self) -> Look:
        site, problems = load_site(self.root)
        assert site is not None, problems
        return open_look(site)

    @property
    def magnet(self) -> Magnet:
        return next(each for each in self.look.site.magnets if each.slug == self.slug)

    @cached_property
    def compiled(self) -> Compiled:
        return compile_magnet(self.look, self.magnet)

    @property
    def funnel(self) -> Funnel:
        return self.compiled.funnel

    @property
    def mails(self) -> tuple[Mail, ...]:
        return self.compiled.mails

    @property
    def tree(self) -> Questionnaire:
        return questionnaire_of(self.funnel)

    @property
    def pages(self) -> Mapping[str, Parts]:
        """The pages that functions fill."""
        return self.compiled.pages

    @cached_property
    def static(self) -> dict[str, bytes]:
        """The pages as they are published, by path."""
        return render_pages(self.look, self.magnet, self.funnel)


def write(root: Path, questions: object, site: str = SITE, body: str = "", **front: Any) -> Authored:
    """Write a survey: questions as a list for magnet.md, or as texts by file name for `questions/`."""
    authored = Authored(root)
    (root / "site").mkdir(parents=True, exist_ok=True)
    (root / "site" / "site.yaml").write_text(site, "utf-8")
    authored.folder.mkdir(parents=True, exist_ok=True)
    meta = {**FRONT, **front}
    if isinstance(questions, dict):
        for name, text in questions.items():
            (authored.folder / "questions").mkdir(exist_ok=True)
            (authored.folder / "questions" / name).write_text(text, "utf-8")
    else:
        meta["questions"] = questions
    written = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False, width=10_000)
    (authored.folder / "magnet.md").write_text(f"---\n{written}---\n{body}\n", "utf-8")
    return authored


def add_mail(authored: Authored, name: str, subject: str, text: str, more: str = "") -> None:
    """Add a mail of the sequence."""
    (authored.folder / "emails").mkdir(exist_ok=True)
    path = authored.folder / "emails" / name
    path.write_text(MAIL.format(subject=subject, text=text, more=more), "utf-8")
