"""What happens to a piece that two people, or one in two windows, change at once."""

from datetime import UTC, datetime

import pytest

from articles.body_html import MAX_LENGTH
from articles.models import Article, WorkingCopy
from articles.tests.desk import at, edit, errors, page_of, write
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.tests.browsing import dom, fields_of, text_at, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


@pytest.fixture
def maud():
    return make_staff("Editors", username="maud")


def make_piece(*, by, **fields):
    """One that was saved once, as version 1."""
    article = make_draft(**fields)
    article.record(by=by)
    return article


def opened(desk, article):
    """The fields of the form as it is now, as a window keeps them that stays open."""
    return fields_of(desk.get(page_of(article)))


def change(article, *, by, **fields):
    """What somebody else saves meanwhile."""
    current = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(current, name, value)
    current.save()
    current.record(by=by)


def send(desk, article, window, button="_save", **changes):
    return desk.post(page_of(article), window | {button: "pressed"} | changes)


def sides(response, name):
    """What is shown of a field: whose change it is, theirs, yours."""
    section = dom(response).find(f".//section[@class='difference difference-{name}']")
    if section is None:
        return None
    theirs, yours = (
        " ".join(
            text_of(each)
            for each in section.iter()
            if each.get("class")
            in {side, {"theirs": "beside-before", "yours": "beside-after"}[side]}
        ).replace(prefix, "")
        for side, prefix in (("theirs", "Saved: "), ("yours", "Yours: "))
    )
    whose = section.find(".//h3/span")
    assert whose is not None
    return text_of(whose), theirs, yours


BOTH, THEM, YOU = "Changed by both of you", "Changed by them, not by you", "Changed by you alone"


def test_a_piece_that_was_saved_since_is_not_saved_over_and_what_was_typed_is_kept(desk, maud):
    article = make_piece(by=maud, headline="As it was")
    window = opened(desk, article)
    change(article, by=maud, headline="Theirs")
    response = send(desk, article, window, headline="Mine")
    assert "Somebody has saved this piece since you opened it." in text_at(response)
    assert "maud saved version 2, 14:05." in text_at(response)
    assert fields_of(response)["headline"] == "Mine"
    article.refresh_from_db()
    assert (article.headline, article.version) == ("Theirs", 2)


def test_both_texts_stand_side_by_side_with_the_words_marked(desk, maud):
    article = make_piece(by=maud, headline="As it was", body="<p>The ferry sails on Monday.</p>")
    window = opened(desk, article)
    change(article, by=maud, body="<p>The ferry sails on Tuesday.</p>")
    response = send(desk, article, window, body="<p>The ferry sails on Sunday.</p>")
    html = response.content.decode()
    assert "<del" in html and "<ins" in html
    whose, theirs, yours = sides(response, "body")
    assert whose == BOTH
    assert "Tuesday" in theirs and "Sunday" not in theirs
    assert "Sunday" in yours and "Tuesday" not in yours
    assert sides(response, "headline") is None  # which is the same in both


def test_what_is_typed_is_shown_as_text_and_never_as_code(desk, maud):
    article = make_piece(by=maud)
    window = opened(desk, article)
    change(article, by=maud, standfirst="Theirs")
    attack = "<img src=x onerror=alert(1)>"
    response = send(
        desk, article, window, standfirst=attack, body=f"<p>Mine</p>{attack}<script>x()</script>"
    )
    assert not list(dom(response).iterfind(".//section//img"))
    assert not list(dom(response).iterfind(".//section//script"))


def test_it_is_told_whose_change_each_is(desk, maud):
    article = make_piece(by=maud, headline="Before", standfirst="Before", dateline="BEFORE")
    window = opened(desk, article)
    change(article, by=maud, headline="Theirs", standfirst="Theirs")
    response = send(desk, article, window, headline="Mine", dateline="MINE")
    assert sides(response, "headline")[0] == BOTH
    assert sides(response, "standfirst")[0] == THEM
    assert sides(response, "dateline")[0] == YOU
    assert sides(response, "slug") is None


def test_what_was_left_alone_takes_their_text_over(desk, maud):
    topics = [make_topic("Japan"), make_topic("China")]
    before, after = make_section(name="World"), make_section(name="Asia")
    article = make_piece(by=maud, standfirst="Before", section=before, topics=topics[:1])
    window = opened(desk, article)
    Article.objects.get(pk=article.pk).topics.set(topics)
    source = make_source()
    change(
        article,
        by=maud,
        standfirst="Theirs",
        body="<p>Theirs.</p>",
        section=after,
        source=source,
        lead_is_decorative=True,
        indexing="noindex",
    )
    refused = send(desk, article, window, headline="Mine")
    form = fields_of(refused)
    assert form["standfirst"] == "Theirs"
    assert form["headline"] == "Mine"
    assert send(desk, article, form).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.standfirst, article.body) == (
        "Mine",
        "Theirs",
        "<p>Theirs.</p>",
    )
    assert (article.section, article.source, article.indexing) == (after, source, "noindex")
    assert article.lead_is_decorative
    assert set(article.topics.all()) == set(topics)


def test_saving_once_more_replaces_what_the_other_saved(desk, maud):
    article = make_piece(by=maud, headline="As it was")
    window = opened(desk, article)
    change(article, by=maud, headline="Theirs")
    refused = send(desk, article, window, headline="Mine")
    assert send(desk, article, fields_of(refused)).status_code == 302
    article.refresh_from_db()
    assert (article.headline, article.version) == ("Mine", 3)
    assert article.revisions.get(number=2).content["headline"] == "Theirs"


def test_a_third_who_saves_in_between_is_told_of_as_well(desk, maud):
    article = make_piece(by=maud, headline="As it was")
    window = opened(desk, article)
    change(article, by=maud, headline="Theirs")
    refused = fields_of(send(desk, article, window, headline="Mine"))
    change(article, by=make_staff("Editors", username="nils"), headline="His")
    again = send(desk, article, refused)
    assert "nils saved version 3" in text_at(again)
    assert "maud saved version 2" not in text_at(again)
    article.refresh_from_db()
    assert article.headline == "His"


def test_two_windows_of_one_editor_are_two(desk, editor):
    article = make_piece(by=editor, headline="As it was")
    first, second = opened(desk, article), opened(desk, article)
    assert first["window"] != second["window"]
    assert send(desk, article, first, headline="In the first").status_code == 302
    refused = send(desk, article, second, headline="In the second")
    assert sides(refused, "headline")[0] == BOTH
    article.refresh_from_db()
    assert article.headline == "In the first"


def test_saving_without_a_change_makes_no_newer_version(desk, editor):
    article = make_piece(by=editor)
    window = opened(desk, article)
    assert send(desk, article, opened(desk, article)).status_code == 302
    assert send(desk, article, window, headline="Mine").status_code == 302


@pytest.mark.parametrize("wrong", ["", "abc", "-1", "99", "1" * 40, "１"])
def test_a_form_that_does_not_say_what_it_showed_is_not_saved_at_once(desk, editor, wrong):
    article = make_piece(by=editor, headline="As it was")
    response = send(desk, article, opened(desk, article), opened=wrong, headline="Mine")
    assert "Mine" in sides(response, "headline")[2]
    assert fields_of(response)["opened"] == "1"
    article.refresh_from_db()
    assert article.headline == "As it was"


def test_a_version_that_was_erased_is_not_shown_again_by_a_collision(desk, maud):
    article = make_piece(by=maud, headline="A libel")
    window = opened(desk, article)
    change(article, by=maud, headline="Harmless")
    article.revisions.get(number=1).erase(by=maud, reason="Libel.")
    response = send(desk, article, window, headline="Mine")
    assert sides(response, "headline")[0] == "Differs"
    assert "A libel" not in response.content.decode()


# --- The byline ---------------------------------------------------------------------------------


def names(article):
    return [str(byline.author) for byline in article.bylines.with_authors()]


def test_a_byline_that_both_changed_is_yours_after_saving_again(desk, maud):
    one, two, three = make_author("One"), make_author("Two"), make_author("Three")
    article = make_piece(by=maud, authors=[one])
    window = opened(desk, article)
    article.bylines.create(author=two, position=1)
    article.record(by=maud)
    typed = {"bylines-TOTAL_FORMS": "2", "bylines-1-author": three.pk, "bylines-1-position": "5"}
    refused = send(desk, article, window, **typed)
    assert sides(refused, "bylines") == (BOTH, "One, Two", "One, Three")
    assert fields_of(refused)["bylines-1-DELETE"] == "on"  # theirs, and ticked for all to see
    assert send(desk, article, fields_of(refused)).status_code == 302
    assert names(article) == ["One", "Three"]


def test_a_byline_that_was_left_alone_stays_as_they_saved_it(desk, maud):
    one, two = make_author("One"), make_author("Two")
    article = make_piece(by=maud, authors=[one])
    window = opened(desk, article)
    article.bylines.create(author=two, position=1)
    article.record(by=maud)
    refused = send(desk, article, window, headline="Mine")
    assert send(desk, article, fields_of(refused)).status_code == 302
    article.refresh_from_db()
    assert names(article) == ["One", "Two"]
    assert article.headline == "Mine"


def test_a_restored_version_which_writes_the_byline_anew_can_be_saved_over(desk, maud):
    one, two = make_author("One"), make_author("Two")
    article = make_piece(by=maud, headline="First", authors=[one, two])
    change(article, by=maud, headline="Second")
    window = opened(desk, article)
    article.restore_revision(1, by=maud)
    typed = {"bylines-1-DELETE": "on", "headline": "Mine"}
    refused = send(desk, article, window, **typed)
    assert sides(refused, "bylines") == (YOU, "One, Two", "One")
    assert send(desk, article, fields_of(refused)).status_code == 302
    assert names(article) == ["One"]


# --- Decisions made meanwhile -------------------------------------------------------------------


def test_a_publication_by_somebody_else_is_told_like_a_text(desk, maud):
    article = make_piece(by=maud)
    window = opened(desk, article)
    Article.objects.get(pk=article.pk).publish(by=maud)
    response = send(desk, article, window, headline="Mine")
    assert "maud saved version 2, 14:05: published." in text_at(response)
    again = fields_of(response)
    assert send(desk, article, again).status_code == 302
    article.refresh_from_db()
    assert article.status == "published"
    assert article.published_at == NOW
    assert article.headline == "Mine"


def test_a_time_that_somebody_else_has_set_stays_when_it_was_left_alone(desk, maud):
    article = make_piece(by=maud)
    window = opened(desk, article)
    change(article, by=maud, published_at=datetime(2026, 3, 3, 8, tzinfo=UTC))
    refused = send(desk, article, window, headline="Mine")
    assert sides(refused, "published_at")[0] == THEM
    assert send(desk, article, fields_of(refused)).status_code == 302
    article.refresh_from_db()
    assert article.published_at == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_a_time_that_both_have_set_is_shown_twice(desk, maud):
    article = make_piece(by=maud)
    window = opened(desk, article)
    change(article, by=maud, published_at=datetime(2026, 3, 3, 8, tzinfo=UTC))
    refused = send(desk, article, window, **at("2026-03-04", "09:30:00"))
    whose, theirs, yours = sides(refused, "published_at")
    assert whose == BOTH
    assert "3 March 2026" in theirs and "4 March 2026" in yours


def test_a_withdrawal_is_not_undone_by_a_form_that_was_open(desk, editor):
    article = make_article(headline="As it was")
    window = opened(desk, article)
    article.withdraw(by=editor)
    for _attempt in range(2):
        response = send(desk, article, window, headline="Mine")
        if response.status_code == 200:
            window = fields_of(response)
    article.refresh_from_db()
    assert article.status == Article.Status.WITHDRAWN
    assert set(article.state_changes.values_list("to_status", flat=True)) == {
        "published",
        "withdrawn",
    }


def test_a_reporter_whose_piece_was_published_meanwhile_gets_the_text_back(client, maud):
    reporter = make_staff("Reporters", username="rita")
    client.force_login(reporter)
    article = make_piece(by=reporter, headline="As it was")
    window = opened(client, article)
    article.publish(by=maud)
    response = send(client, article, window, headline="Mine", body="<p>All I typed.</p>")
    assert response.status_code == 403
    assert "The piece is published now, and you may no longer change it." in text_at(response)
    assert "maud saved version 2, 14:05: published." in text_at(response)
    assert "Mine" in sides(response, "headline")[2]
    areas = [text_of(area) for area in dom(response).iter("textarea")]
    assert {"Mine", "<p>All I typed.</p>"} <= set(areas)
    article.refresh_from_db()
    assert article.headline == "As it was"


def test_whoever_may_change_no_piece_at_all_is_simply_refused(client, maud):
    client.force_login(make_staff("Moderators"))
    article = make_piece(by=maud)
    response = client.post(page_of(article), {"headline": "Mine", "_save": "pressed"})
    assert response.status_code == 403
    assert b"Mine" not in response.content


# --- A saving that was refused ------------------------------------------------------------------


def test_a_refused_saving_is_kept_as_a_working_copy_without_scripts_too(desk, maud):
    article = make_piece(by=maud)
    window = opened(desk, article)
    change(article, by=maud, headline="Theirs")
    refused = send(desk, article, window, headline="Mine")
    assert fields_of(refused)["window"] == window["window"]
    copy = WorkingCopy.objects.get(window=window["window"])
    assert copy.fields["headline"] == ["Mine"]
    assert copy.based_on == 1
    assert send(desk, article, fields_of(refused)).status_code == 302
    assert not WorkingCopy.objects.exists()


def test_a_text_that_is_too_long_is_refused_before_it_is_cleaned(desk):
    response = write(desk, body="<p>" + "x" * MAX_LENGTH)
    assert "A text can't be longer than 100,000 characters." in errors(response)
    assert not Article.objects.exists()
    assert WorkingCopy.objects.get().fields["body"][0].endswith("xxx")


def test_a_collision_with_a_text_that_is_too_long_is_told_all_the_same(desk, maud):
    article = make_piece(by=maud)
    window = opened(desk, article)
    change(article, by=maud, headline="Theirs")
    response = send(desk, article, window, body="<p>" + "x" * MAX_LENGTH)
    assert "A text can't be longer than 100,000 characters." in errors(response)
    assert "maud saved version 2" in text_at(response)
    assert fields_of(response)["body"].endswith("xxx")


def test_a_piece_withdrawn_before_its_time_was_never_there(client, editor):
    article = make_draft()
    article.publish(by=editor, at=article.created_at.replace(year=2999))
    article.withdraw(by=editor)
    assert client.get(article.get_absolute_url()).status_code == 404


def test_editing_as_ever_needs_no_comparison(desk, editor):
    article = make_piece(by=editor)
    assert edit(desk, article, headline="Once").status_code == 302
    assert edit(desk, article, headline="Twice").status_code == 302
    assert article.headline == "Twice"
