"""The values of the page that shows a result: outcome, dimensions, a chart with the same figures as a table."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from html import escape
from typing import NamedTuple

from leads.placeholders import Html, Parts, fill
from leads.questionnaire.kept import Kept
from leads.questionnaire.scores import value_of
from leads.questionnaire.tree import SCORE, TIERS, Dimension, Questionnaire, Tier
from leads.questionnaire.words import placeholders, rounded


class Bar(NamedTuple):
    """One dimension of the chart: its share of what could be reached, and that in words."""

    label: str
    share: Fraction
    says: str
    tier: str


def result_values(
    questionnaire: Questionnaire, kept: Kept, title: str, answers: Mapping[str, str]
) -> dict[str, str]:
    """Values by placeholder: heading, outcome (the magnet's `title` where there is none), text, chart, parts, share.

    `answers` are those of the form, which the author's texts may print, too.
    """
    words = {**answers, **placeholders(questionnaire, kept)}
    outcome = questionnaire.outcome(kept.outcome)
    return {
        "heading": outcome.title if outcome else title,
        "text": _filled(outcome.text, words) if outcome else Html(""),
        "chart": _chart(list(_bars(questionnaire, kept))),
        "parts": Html("".join(_parts(questionnaire, kept, words))),
        "share": outcome.url if outcome else "",
    }


def _filled(parts: Parts, words: Mapping[str, str]) -> Html:
    return Html(fill(parts, words, html=True))


def _bars(questionnaire: Questionnaire, kept: Kept) -> Iterable[Bar]:
    """The dimensions with a value; the score of all where it decides, or where there is no dimension."""
    shown = list(questionnaire.dimensions)
    if not shown or (questionnaire.decided_by == TIERS and questionnaire.tiers_of == SCORE):
        shown.append(Dimension(SCORE, "In all" if shown else "Your score"))
    for each in shown:
        score = kept.scores.get(each.name)
        if score is None or score.percent is None:
            continue
        value = value_of(each, score) or Fraction(0)
        says = f"{rounded(value)} of {score.most} points" if each.in_points else f"{rounded(value)} %"
        yield Bar(each.label, score.percent, says, kept.tiers.get(each.name, ""))


def _chart(bars: list[Bar]) -> Html:
    """A table with a bar in each row: the numbers are the content, the bars (SVG) draw the same."""
    if not bars:
        return Html("")
    rows = "".join(map(_row, bars))
    return Html(
        f'<table class="bars result-bars"><caption>Your result in figures</caption><tbody>{rows}</tbody></table>'
    )


def _row(bar: Bar) -> str:
    tier = f'<span class="tier">{escape(bar.tier)}</span>' if bar.tier else ""
    length = f"{float(bar.share):.1f}%"
    return (
        f'<tr><th scope="row">{escape(bar.label)} {tier}</th>'
        '<td><svg width="100%" height="12" aria-hidden="true" focusable="false">'
        f'<rect class="track" width="100%" height="12"/><rect width="{length}" height="12"/></svg></td>'
        f"<td>{escape(bar.says)}</td></tr>"
    )


def _parts(questionnaire: Questionnaire, kept: Kept, words: Mapping[str, str]) -> Iterable[str]:
    """What the author says of each dimension's tier."""
    for each in questionnaire.dimensions:
        tier = _tier(each, kept)
        if tier and tier.text:
            text = _filled(tier.text, words)
            yield f"<section><h2>{escape(each.label)}: {escape(tier.label)}</h2>{text}</section>"


def _tier(dimension: Dimension, kept: Kept) -> Tier | None:
    label = kept.tiers.get(dimension.name)
    return next((each for each in dimension.tiers if each.label == label), None)
