"""The old wire, our text and the new wire laid beside each other, and what is made of choices."""

import pytest

from articles.wire.three_texts import (
    NEW,
    OURS,
    choices_from,
    chunks_of_html,
    line_of,
    outcome_of,
    paragraphs_of,
    undecided,
)

OLD = "<p>The tide rose to three metres.</p><p>Two ferries turned back.</p><p>Nobody was hurt.</p>"


def texts(paragraphs):
    """Each place as its three texts, by their first words."""

    def word(chunk):
        return " ".join(run.text for run in chunk.words[:3]).split()[:2] if chunk else None

    return [(word(each.before), word(each.ours), word(each.new)) for each in paragraphs]


def merged(old, ours, new, **chosen):
    paragraphs = paragraphs_of(old, ours, new)
    choices = choices_from(paragraphs, chosen)
    return outcome_of(paragraphs, choices), undecided(paragraphs, choices)


def test_where_nothing_changed_nothing_is_asked():
    paragraphs = paragraphs_of(OLD, OLD, OLD)
    assert len(paragraphs) == 3
    assert not any(each.is_open for each in paragraphs)
    assert merged(OLD, OLD, OLD) == (OLD, [])


def test_what_the_wire_alone_changed_is_taken():
    new = OLD.replace("three metres", "four metres")
    assert merged(OLD, OLD, new) == (new, [])


def test_what_we_alone_changed_stays():
    ours = OLD.replace("Two ferries", "Both ferries")
    assert merged(OLD, ours, OLD) == (ours, [])


def test_changes_of_both_in_different_paragraphs_come_together():
    ours = OLD.replace("Two ferries", "Both ferries")
    new = OLD.replace("three metres", "four metres")
    outcome, open_ = merged(OLD, ours, new)
    assert outcome == ours.replace("three metres", "four metres")
    assert open_ == []


def test_where_both_changed_the_same_paragraph_a_person_must_choose():
    ours = OLD.replace("Two ferries", "Both ferries")
    new = OLD.replace("Two ferries", "Three ferries")
    outcome, (place,) = merged(OLD, ours, new)
    assert outcome == ours  # until somebody has
    assert (place.preset, place.is_open) == ("", True)
    assert merged(OLD, ours, new, **{place.name: NEW}) == (new, [])
    assert merged(OLD, ours, new, **{place.name: OURS}) == (ours, [])


def test_where_both_made_the_same_change_there_is_nothing_to_choose():
    same = OLD.replace("three metres", "four metres")
    assert merged(OLD, same, same) == (same, [])
    assert not any(each.is_open for each in paragraphs_of(OLD, same, same))


def test_a_paragraph_that_is_new_in_the_wire_is_added_and_can_be_left_out():
    new = OLD + "<p>The gates cost ninety thousand a night.</p>"
    assert merged(OLD, OLD, new) == (new, [])
    added = paragraphs_of(OLD, OLD, new)[-1]
    assert (added.before, added.ours) == (None, None)
    assert merged(OLD, OLD, new, **{added.name: OURS}) == (OLD, [])


def test_a_paragraph_that_the_wire_dropped_goes_and_can_be_kept():
    new = OLD.replace("<p>Nobody was hurt.</p>", "")
    assert merged(OLD, OLD, new) == (new, [])
    dropped = paragraphs_of(OLD, OLD, new)[-1]
    assert dropped.new is None
    assert merged(OLD, OLD, new, **{dropped.name: OURS}) == (OLD, [])


def test_a_paragraph_of_ours_stays_where_we_wrote_it():
    ours = OLD.replace("<p>Nobody", "<p>Our reporter walked the quay.</p><p>Nobody")
    new = OLD.replace("three metres", "four metres")
    assert merged(OLD, ours, new) == (ours.replace("three metres", "four metres"), [])


def test_paragraphs_that_both_put_in_at_the_same_place_stand_beside_each_other_if_alike():
    ours = OLD + "<p>The harbour master spoke of luck.</p>"
    new = OLD + "<p>The harbour master spoke of skill.</p>"
    paragraphs = paragraphs_of(OLD, ours, new)
    assert texts(paragraphs)[-1] == (None, ["The", "harbour"], ["The", "harbour"])
    assert merged(OLD, ours, new)[1] == [paragraphs[-1]]


def test_paragraphs_that_both_put_in_and_that_have_nothing_in_common_are_both_there():
    ours = OLD + "<p>Our own archive tells of 1953.</p>"
    new = OLD + "<p>Repairs begin next week, officials said.</p>"
    outcome, open_ = merged(OLD, ours, new)
    assert open_ == []
    assert "1953" in outcome and "Repairs" in outcome


def test_a_paragraph_that_we_dropped_and_the_wire_changed_must_be_decided():
    ours = OLD.replace("<p>Two ferries turned back.</p>", "")
    new = OLD.replace("Two ferries turned back", "Two ferries and a tug turned back")
    outcome, (place,) = merged(OLD, ours, new)
    assert outcome == ours
    assert place.ours is None


def test_a_list_a_table_and_a_figure_are_each_chosen_as_a_whole():
    html = (
        "<h2>Head</h2><ul><li>One</li><li>Two</li></ul>"
        "<table><tbody><tr><td>A</td><td>B</td></tr></tbody></table>"
        '<figure><img src="/media/x.jpg" alt="A quay"><figcaption>Quay</figcaption></figure><hr>'
    )
    chunks = chunks_of_html(html)
    assert [len(chunk.blocks) for chunk in chunks] == [1, 2, 1, 2, 1]
    assert "".join(chunk.source for chunk in chunks) == html


def test_what_was_chosen_keeps_its_name_when_the_texts_around_it_move_on():
    ours = OLD.replace("Two ferries", "Both ferries")
    new = OLD.replace("Two ferries", "Three ferries")
    place = merged(OLD, ours, new)[1][0]
    later = new.replace("Nobody was hurt", "One man was hurt") + "<p>More.</p>"
    assert place.name in {each.name for each in paragraphs_of(OLD, ours, later)}
    other = new.replace("Three ferries", "Four ferries")
    assert place.name not in {each.name for each in paragraphs_of(OLD, ours, other)}


def test_paragraphs_that_say_the_same_have_names_of_their_own():
    new = OLD + "<p>More.</p><p>More.</p>"
    names = [each.name for each in paragraphs_of(OLD, OLD, new)]
    assert len(set(names)) == len(names) == 5


@pytest.mark.parametrize("sent", ["", "theirs", "NEW", "<script>", "ours\x00"])
def test_what_is_no_choice_is_none(sent):
    ours, new = OLD.replace("Two", "Both"), OLD.replace("Two", "Three")
    place = merged(OLD, ours, new)[1][0]
    assert merged(OLD, ours, new, **{place.name: sent})[1] == [place]


def test_a_choice_for_a_place_where_there_is_nothing_to_choose_is_not_heard():
    first = paragraphs_of(OLD, OLD, OLD)[0]
    assert merged(OLD, OLD, OLD, **{first.name: NEW}) == (OLD, [])


def test_the_words_that_differ_from_the_old_wire_are_marked_and_told():
    ours, new = OLD.replace("Two", "Both"), OLD.replace("Two", "Three")
    place = merged(OLD, ours, new)[1][0]
    assert "<del" in place.before_html and "deleted:" in place.before_html
    assert "<ins" in place.ours_html and "Both" in place.ours_html
    assert "<ins" in place.new_html and "inserted:" in place.new_html


def test_a_line_is_chosen_like_a_paragraph():
    line = line_of("headline", "Barrier closes", "Barrier shut", "Barrier closes at last")
    assert (line.name, line.preset) == ("headline", "")
    assert (line.chosen(OURS), line.chosen(NEW)) == ("Barrier shut", "Barrier closes at last")
    assert line_of("standfirst", "", "", "").is_open is False
    assert line_of("standfirst", "", "", "Why it matters").preset == NEW


def test_nothing_of_hostile_text_becomes_a_tag():
    hostile = "<p>&lt;script&gt;alert(1)&lt;/script&gt; \u202eright to left</p>"
    (place,) = paragraphs_of("<p>Old words here</p>", "<p>Old words here</p>", hostile)[-1:]
    assert "<script" not in place.new_html
    assert "&lt;script&gt;" in place.chosen(NEW)


def test_from_nothing_the_whole_wire_is_new():
    assert merged("", "", OLD) == (OLD, [])
    assert merged(OLD, OLD, "") == ("", [])
    assert merged("", "", "") == ("", [])
