"""The picture: text that is text, marks that differ without colour, labels that do not lie over each other."""

from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from leads.funnel import Step
from lodestone.plan.in_flight import InFlight
from lodestone.plan.labels import place, width
from lodestone.plan.timeline import WIDTH, draw
from tests.plan.editions import AFTER, BEFORE, plan_of
from tests.world import DAY, make_funnel

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*plan) -> ElementTree.Element:
    return ElementTree.fromstring(draw(plan_of(*plan)))


def words(picture: ElementTree.Element) -> list[str]:
    return [each.text for each in picture.iter(f"{SVG}text")]


def marks(picture: ElementTree.Element) -> list[str]:
    """The shapes of marks and their pointers' words."""
    groups = [each for each in picture.iter(f"{SVG}g") if each.find(f"{SVG}title") is not None]
    return [f"{each[1].tag.removeprefix(SVG)} {each[0].text}" for each in groups]


def test_both_editions_are_drawn_with_every_mail_by_name():
    picture = drawn(BEFORE, AFTER)
    found = words(picture)
    assert found.count("first") == 2
    assert {"before", "after", "branch buyers: if clicked first", "renewal: by their `renewal_date`"} <= set(
        found
    )
    assert picture.find(f"{SVG}title").text == "Before and after: guide"


def test_marks_differ_by_shape_and_say_what_they_mean():
    found = marks(drawn(BEFORE, AFTER))
    assert "circle first, Wed 25 Nov, 08:30" in found
    assert "polygon third, Thu 26 Nov, 09:00, moved" in found
    assert 'polygon second, Tue 1 Dec, 09:00, changed, if first_name = "Ida"' in found
    assert "circle old, Mon 30 Nov, 09:00, gone" in found


def test_an_unchanged_sequence_is_drawn_once():
    found = words(drawn(BEFORE, BEFORE))
    assert found.count("first") == 1
    assert "as before" in found


def test_nothing_to_compare_with_is_no_edition_before():
    assert not {"before", "after", "as before"} & set(words(drawn(None, AFTER)))


def test_leads_in_flight_stand_beneath_the_mail_that_is_next_for_them():
    found = InFlight()
    found.waiting["guide", "second"] = 1200
    assert "1,200 next" in words(drawn(BEFORE, AFTER, found))


def test_what_an_author_wrote_cannot_become_markup():
    nasty = ["is", "form.first_name", '</text><script>alert("x")</script>']
    steps = (Step("first", DAY, branch="a&b"), Step("second", DAY, when=nasty))
    picture = draw(plan_of(None, make_funnel(steps=steps, branches={"a&b": nasty}, slug="<b>")))
    assert "<script" not in picture
    assert not list(ElementTree.fromstring(picture).iter(f"{SVG}script"))


def test_a_sequence_without_mails_is_drawn_all_the_same():
    assert "guide" in words(drawn(None, replace(AFTER, steps=(), branches={})))


@given(st.lists(st.tuples(st.floats(0, WIDTH), st.integers(1, 40)), max_size=30))
def test_no_label_lies_over_another(labels):
    wanted = sorted((x, ("m" * length,)) for x, length in labels)
    spans: dict[int, list[tuple[float, float]]] = {}
    for label in place(wanted, WIDTH):
        wide = width(label.lines)
        start = label.x - wide if label.ends_at_x else label.x
        spans.setdefault(label.level, []).append((start, start + wide))
    for level in spans.values():
        ordered = sorted(level)
        assert all(end <= start for (_, end), (start, _) in zip(ordered, ordered[1:], strict=False))
