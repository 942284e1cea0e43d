"""Edited text leads back to what its author wrote."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lodestone.content.books import without_jekyll
from lodestone.content.edits import replace_stretches, source_stretch
from lodestone.content.placeholders import mark_placeholders
from lodestone.markdown.parser import parse

#: A text as pieces that stay, and pairs of what is written and what it becomes.
_pieces = st.lists(
    st.tuples(
        st.text("abc\n", max_size=4), st.text("{xy}", min_size=1, max_size=4), st.text("XYZ", max_size=6)
    ),
    max_size=6,
)


@settings(deadline=None)
@given(_pieces, st.text("abc", min_size=1, max_size=4))
def test_each_character_that_stays_is_found_where_it_was_written(pieces, last):
    written, stretches = "", []
    for stays, before, after in pieces:
        written += stays
        stretches.append((len(written), len(written) + len(before), after))
        written += before
    edited = replace_stretches(written + last, stretches)
    for at, character in enumerate(edited.text):
        if character in "abc\n":
            start, end = source_stretch(edited.edits, at, at + 1)
            assert (written + last)[start:end].strip("{xy}") == character


def test_a_link_s_target_is_underlined_with_what_was_cut_from_it():
    text = "[a]({{ site.baseurl }}/users) [b](/c)"
    edited = without_jekyll(text)
    assert edited.text == "[a](/users) [b](/c)"
    first, last = source_stretch(edited.edits, 4, 10)
    assert text[first:last] == "{{ site.baseurl }}/users"
    first, last = source_stretch(edited.edits, 16, 18)
    assert text[first:last] == "/c"


def test_marks_lead_back_to_the_placeholders_that_they_stand_for():
    text = "Hi {{ first_name | default('you') }}, [go](/x) to [it]({{ url }}#{{ part }})"
    marked = mark_placeholders(text)[0]
    stretches = [(each.offset, each.offset + len(each.target)) for each in parse(marked.text).links]
    found = [source_stretch(marked.edits, *each) for each in stretches]
    assert [text[first:last] for first, last in found] == ["/x", "{{ url }}#{{ part }}"]
