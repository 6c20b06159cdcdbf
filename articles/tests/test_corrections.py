"""What was wrong is told to readers: in the piece, on the page of all corrections, in its feed."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError

from articles.listings import LIST_PIECES
from articles.models import Article, Correction
from articles.tests.desk import LIST, page_of
from articles.tests.factories import make_article, make_draft, make_page, make_section, make_staff
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, fields_of, fill_in, links, text_at, text_of, the
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
LEDGER, FEED = "/corrections/", "/corrections/feed.atom"
A = "{http://www.w3.org/2005/Atom}"
CORRECTION, CLARIFICATION, UPDATE, RETRACTION = Correction.Kind.values
TEXT = "It sails on Monday, not on Tuesday."


@pytest.fixture
def article(editor, clock):
    """Out since an hour."""
    article = make_article(headline="Ferry to run again", slug="ferry", by=editor)
    clock.shift(HOUR)
    return article


def entries(client):
    feed = ElementTree.fromstring(client.get(FEED).content)
    return [entry.findtext(f"{A}summary") for entry in feed.iter(f"{A}entry")]


# --- In the piece -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "label", "is_at_the_top"),
    [
        (CORRECTION, "Correction", True),
        (RETRACTION, "Retraction", True),
        (CLARIFICATION, "Clarification", False),
        (UPDATE, "Update", False),
    ],
)
def test_it_stands_at_the_top_or_the_foot_of_the_piece_by_its_kind(
    client, editor, article, kind, label, is_at_the_top
):
    made = article.correct(by=editor, kind=kind, text=TEXT)
    page = client.get("/articles/ferry/")
    box = the(page, f".//div[@id='correction-{made.pk}']")
    assert text_of(box) == f"{label} 2 March 2026, 13:00 UTC {TEXT}"
    assert [each.get("datetime") for each in box.iter("time")] == ["2026-03-02T13:00:00+00:00"]
    parts = [
        each.get("class")
        for each in the(page, ".//article")
        if each.get("class") in {"corrections", "body"}
    ]
    assert parts == (["corrections", "body"] if is_at_the_top else ["body", "corrections"])


def test_several_stand_in_the_order_they_were_made(client, clock, editor, article):
    for hour in (1, 2):
        article.correct(by=editor, kind=CORRECTION, text=f"Number {hour}.")
        clock.shift(HOUR)
    text = text_at(client.get("/articles/ferry/"), ".//section[@class='corrections']")
    assert text.index("Number 1.") < text.index("Number 2.")


def test_a_piece_without_any_has_no_place_for_them(client, article):
    assert dom(client.get("/articles/ferry/")).find(".//section[@class='corrections']") is None


def test_the_words_of_a_correction_are_text(client, editor, article):
    article.correct(by=editor, kind=CORRECTION, text="<script>alert(1)</script> & <b>bold</b>")
    page = client.get("/articles/ferry/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold" in page


def test_the_piece_says_when_it_was_changed(client, editor, article):
    page = client.get("/articles/ferry/")
    assert "Changed" not in text_at(page, ".//div[@class='piece-meta']")
    article.correct(by=editor, kind=CORRECTION, text=TEXT)
    page = client.get("/articles/ferry/")
    meta = {
        each.get("property"): each.get("content")
        for each in dom(page).iter("meta")
        if (each.get("property") or "").endswith("_time")
    }
    assert meta == {
        "article:published_time": "2026-03-02T12:00:00+00:00",
        "article:modified_time": "2026-03-02T13:00:00+00:00",
    }
    assert "Changed 2 March 2026, 13:00 UTC" in text_at(page, ".//div[@class='piece-meta']")


def test_a_piece_was_never_changed_before_it_was_published(clock, editor, article):
    article.correct(by=editor, kind=CORRECTION, text=TEXT)
    assert article.modified_at == NOON + HOUR
    clock.shift(2 * HOUR)
    article.publish(by=editor, at=NOON + 2 * HOUR)
    article.refresh_from_db()
    assert article.changed_at == NOON + HOUR
    assert article.modified_at == article.published_at == NOON + 2 * HOUR
    assert not article.was_modified


def test_what_was_taken_back_is_nowhere_and_is_a_change_too(client, clock, editor, article):
    made = article.correct(by=editor, kind=CORRECTION, text=TEXT)
    clock.shift(HOUR)
    assert made.take_back(by=editor, reason="It was right after all.") is True
    assert made.take_back(by=editor, reason="Again") is False
    made.refresh_from_db()
    assert made.taken_back_reason == "It was right after all."
    for path in ("/articles/ferry/", LEDGER, FEED):
        page = client.get(path).content.decode()
        assert TEXT not in page and "right after all" not in page
    assert Article.objects.get().modified_at == NOON + 2 * HOUR


def test_a_form_that_is_open_is_not_in_the_way_of_a_correction(client, editor, article):
    """Nor the correction in that of the form: it changes nothing that is written there."""
    client.force_login(editor)
    window = fields_of(client.get(page_of(article)))
    article.correct(by=editor, kind=CORRECTION, text=TEXT)
    sent = window | {"headline": "Ferry to sail again", "_save": "pressed"}
    assert client.post(page_of(article), sent).status_code == 302
    stored = Article.objects.get()
    assert stored.headline == "Ferry to sail again"
    assert stored.corrections.standing().exists()


# --- What can be corrected ----------------------------------------------------------------------


def test_only_what_readers_can_see_is_corrected(clock, editor):
    later, gone = make_draft(), make_article(by=editor)
    later.publish(by=editor, at=NOON + HOUR)
    gone.withdraw(by=editor)
    read = make_draft()
    read.submit_for_review(by=editor)
    for article in (make_draft(), read, later, gone):
        with pytest.raises(ValidationError, match="Only what readers can see"):
            article.correct(by=editor, kind=CORRECTION, text=TEXT)
    assert not Correction.objects.exists()
    clock.shift(HOUR)
    assert later.correct(by=editor, kind=CORRECTION, text=TEXT)


@pytest.mark.parametrize(
    ("kind", "text"), [("junk", TEXT), ("", TEXT), (CORRECTION, ""), (CORRECTION, "x" * 1001)]
)
def test_a_correction_has_a_kind_and_a_text(editor, article, kind, text):
    with pytest.raises(ValidationError):
        article.correct(by=editor, kind=kind, text=text)
    stored = Article.objects.get()
    assert not Correction.objects.exists()
    assert stored.changed_at is None


# --- All of them --------------------------------------------------------------------------------


def test_all_stand_on_one_page_and_in_one_feed_the_newest_first(client, clock, editor, article):
    other = make_article(headline="Tides", by=editor)
    article.correct(by=editor, kind=CORRECTION, text="First.")
    clock.shift(HOUR)
    other.correct(by=editor, kind=UPDATE, text="Second.")
    page = client.get(LEDGER)
    found = [text_of(each) for each in dom(page).iter("article")]
    assert found == [
        "Tides Update 2 March 2026, 14:00 UTC Second.",
        "Ferry to run again Correction 2 March 2026, 13:00 UTC First.",
    ]
    made = article.corrections.get()
    assert f"/articles/ferry/#correction-{made.pk}" in links(page)
    assert entries(client) == ["Second.", "First."]


def test_an_entry_of_the_feed_leads_to_the_correction(client, editor, article):
    SiteSettings.objects.create(name="The Harbour Post")
    made = article.correct(by=editor, kind=CLARIFICATION, text="Less < more & <b>so</b>.")
    feed = ElementTree.fromstring(client.get(FEED).content)
    assert feed.findtext(f"{A}title") == "Corrections – The Harbour Post"
    assert feed.findtext(f"{A}author/{A}name") == "The Harbour Post"
    [entry] = feed.iter(f"{A}entry")
    assert entry.findtext(f"{A}title") == "Clarification: Ferry to run again"
    assert entry.findtext(f"{A}summary") == "Less &lt; more &amp; &lt;b&gt;so&lt;/b&gt;."
    [link] = entry.iter(f"{A}link")
    assert link.attrib["href"].endswith(f"/articles/ferry/#correction-{made.pk}")
    assert datetime.fromisoformat(entry.findtext(f"{A}updated", "")) == NOON + HOUR
    name = entry.findtext(f"{A}id")
    article.slug = "other"
    article.save()
    again = ElementTree.fromstring(client.get(FEED).content)
    assert again.findtext(f"{A}entry/{A}id") == name


def test_the_feed_and_the_page_are_found(client, editor, article):
    assert LEDGER in links(client.get("/"))
    page = client.get(LEDGER)
    feeds = [each.get("href") for each in dom(page).findall(".//head/link[@rel='alternate']")]
    assert FEED in feeds and FEED in links(page)


def test_the_page_and_the_policy_lead_to_each_other(client):
    assert "/corrections-policy/" not in links(client.get(LEDGER))
    make_page("Corrections policy", slug="corrections-policy")
    assert text_at(client.get(LEDGER), ".//a[@href='/corrections-policy/']") == "Corrections policy"
    assert LEDGER in links(client.get("/corrections-policy/"))


def test_no_standing_page_can_hide_the_page_of_all_corrections(client):
    with pytest.raises(ValidationError, match="The site itself has a page"):
        make_page("Corrections", slug="corrections").full_clean()
    assert "Nothing has been corrected yet." in text_at(client.get(LEDGER))


def test_many_stand_on_several_pages(client, editor):
    article = make_article(by=editor, section=make_section())
    for number in range(LIST_PIECES + 1):
        article.correct(by=editor, kind=UPDATE, text=f"Number {number}.")
    first = client.get(LEDGER)
    older = the(first, ".//head/link[@rel='next']").attrib["href"]
    second = client.get(LEDGER + older)
    assert len(list(dom(first).iter("article"))) == LIST_PIECES
    assert "Number 0." in text_at(second) and "Number 0." not in text_at(first)
    newer = the(second, ".//head/link[@rel='prev']").attrib["href"]
    assert text_at(client.get(LEDGER + newer)) == text_at(first)
    assert text_at(client.get(f"{LEDGER}?page=2")) == text_at(second)
    for odd in ("junk", "-1", "9" * 30):
        assert client.get(f"{LEDGER}?page={odd}").status_code == 200


@pytest.mark.parametrize("path", [LEDGER, FEED])
def test_what_readers_cannot_see_is_not_named_there(client, clock, editor, article, path):
    article.correct(by=editor, kind=RETRACTION, text=TEXT)
    assert TEXT in client.get(path).content.decode()
    article.withdraw(by=editor)
    page = client.get(path).content.decode()
    assert TEXT not in page and "Ferry" not in page


def test_what_it_costs_does_not_grow_with_their_number(
    client, editor, article, django_assert_num_queries
):
    client.get("/articles/ferry/")
    with django_assert_num_queries(7):
        client.get("/articles/ferry/")
    for count in (1, 5):
        for _ in range(count):
            article.correct(by=editor, kind=UPDATE, text=TEXT)
        with django_assert_num_queries(8):
            client.get("/articles/ferry/")


# --- At the desk --------------------------------------------------------------------------------


def page_about(article):
    return f"{LIST}{article.pk}/corrections/"


def test_an_editor_makes_a_correction_and_takes_it_back(desk, editor, article):
    assert page_about(article) in links(desk.get(page_of(article)))
    done = fill_in(desk, page_about(article), kind=CORRECTION, text=TEXT)
    assert done["Location"] == page_about(article)
    made = article.corrections.get()
    assert (made.by, made.at) == (editor, NOON + HOUR)
    assert TEXT in text_at(desk.get("/articles/ferry/"))
    back = f"{page_about(article)}{made.pk}/taking-back/"
    refused = desk.post(back, {f"take-back-{made.pk}-reason": " "})
    assert refused.status_code == 422
    assert the(refused, ".//details").get("open") is not None
    reason = "It was right after all."
    assert desk.post(back, {f"take-back-{made.pk}-reason": reason})["Location"] == done["Location"]
    assert TEXT not in text_at(desk.get("/articles/ferry/"))
    told = text_at(desk.get(page_about(article)))
    assert TEXT in told and reason in told
    again = desk.post(back, {f"take-back-{made.pk}-reason": "Once more"}, follow=True)
    assert "It was taken back already." in text_at(again, ".//ul[@class='messagelist']")


@pytest.mark.parametrize("wrong", [{"kind": ""}, {"kind": "junk"}, {"text": " "}, {"text": "\x00"}])
def test_what_is_no_correction_is_refused_and_what_was_typed_is_kept(desk, article, wrong):
    response = fill_in(desk, page_about(article), **{"kind": UPDATE, "text": TEXT} | wrong)
    assert response.status_code == 422
    assert not Correction.objects.exists()
    if "kind" in wrong:
        assert fields_of(response)["text"] == TEXT


def test_a_piece_withdrawn_meanwhile_takes_no_correction(desk, editor, article):
    window = fields_of(desk.get(page_about(article)))
    article.withdraw(by=editor)
    response = desk.post(page_about(article), window | {"kind": UPDATE, "text": TEXT})
    assert response.status_code == 422
    assert "Only what readers can see can be corrected." in text_at(response)
    assert not Correction.objects.exists()


def test_the_correction_of_another_piece_is_not_taken_back_here(desk, editor, article):
    other = make_article(by=editor)
    made = other.correct(by=editor, kind=UPDATE, text=TEXT)
    path = f"{page_about(article)}{made.pk}/taking-back/"
    assert desk.post(path, {f"take-back-{made.pk}-reason": "x"}).status_code == 404
    assert desk.get(path).status_code == 405
    assert other.corrections.standing().exists()


@pytest.mark.parametrize("group", ["Reporters", "Moderators"])
def test_only_editors_correct(client, editor, article, group):
    made = article.correct(by=editor, kind=UPDATE, text=TEXT)
    client.force_login(make_staff(group))
    assert client.get(page_about(article)).status_code == 403
    sent = {"kind": UPDATE, "text": "Mine", f"take-back-{made.pk}-reason": "x"}
    assert client.post(page_about(article), sent).status_code == 403
    path = f"{page_about(article)}{made.pk}/taking-back/"
    assert client.post(path, sent).status_code == 403
    assert article.corrections.standing().get() == made
