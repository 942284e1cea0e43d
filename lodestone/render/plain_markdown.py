"""Author's text to HTML."""

from collections.abc import Callable
from dataclasses import dataclass

import markdown
from markdown.treeprocessors import Treeprocessor


@dataclass(frozen=True)
class Rendered:
    html: str
    headings: list


class _Resolver(Treeprocessor):
    def __init__(self, md: markdown.Markdown, resolve: Callable[[str, str], str | None]) -> None:
        super().__init__(md)
        self.resolve = resolve

    def run(self, root):  # noqa: ANN001, ANN201
        for tag, name, kind in (("a", "href", "link"), ("img", "src", "image")):
            for element in root.iter(tag):
                target = element.get(name)
                element.set(name, self.resolve(kind, target) or target)


def render_markdown(
    text: str, *, resolve: Callable[[str, str], str | None] = lambda kind, target: target
) -> Rendered:
    md = markdown.Markdown(
        extensions=["extra", "toc", "admonition", "sane_lists", "pymdownx.tasklist", "pymdownx.highlight"]
    )
    md.treeprocessors.register(_Resolver(md, resolve), "resolver", 0)
    return Rendered(md.convert(text), [])
