"""The signed address of one revision, for people without an account."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import PreviewLink
from articles.preview_links import SIGNER, address_of, revision_of, shows_file, token_of
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_source,
    make_staff,
    make_topic,
)
from articles.tests.pictures import figure, make_image
from articles.tests.pictures import media_root as media_root
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, text_at, the

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_link(article=None, *, by=None, lasts=DAY, **fields):
    """A link to the piece as it is now."""
    by = by or make_staff()
    article = article or make_draft(**fields)
    return PreviewLink.objects.make(article.record(by=by), by=by, lasts=lasts)


def change(article, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    return article.record(by=make_staff())


def test_whoever_has_the_address_reads_the_revision_without_an_account(client):
    link = make_link(
        headline="Ferry to run again",
        standfirst="After a winter ashore.",
        dateline="CALA NERA",
        body="<p>It sails on <strong>Monday</strong>.</p>",
        authors=[make_author("Maud Ellery"), make_author("Ken Sato")],
        topics=[make_topic("Ferries")],
        source=make_source("AFP"),
    )
    response = client.get(address_of(link))
    assert response.status_code == 200
    text = text_at(response)
    for words in (
        "Ferry to run again",
        "After a winter ashore.",
        "CALA NERA",
        "It sails on Monday.",
        "By Maud Ellery and Ken Sato",
        "Ferries",
        "Source: AFP",
        "Not published yet",
    ):
        assert words in text
    assert the(response, ".//strong").text


def test_it_says_that_it_is_not_for_publication_and_when_it_ends(client):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    with time_machine.travel("2026-05-03T09:00:00Z", tick=False):
        response = client.get(address_of(make_link(lasts=timedelta(hours=20))))
    banner = text_at(response, ".//*[@class='preview-banner']")
    assert "Preview of an unpublished version; not for publication." in banner
    assert "expires on 4 May 2026, 14:00 JST" in banner


def test_it_goes_on_showing_its_revision_when_the_piece_changes(client):
    ann = make_author("Ann Archer")
    article = make_draft(headline="As it was", body="<p>First.</p>", authors=[ann])
    link = make_link(article)
    change(article, headline="As it is", body="<p>Second.</p>")
    article.bylines.all().delete()
    text = text_at(client.get(address_of(link)))
    assert "As it was" in text and "First." in text and "Ann Archer" in text
    assert "As it is" not in text and "Second." not in text


def test_what_a_revision_names_and_is_no_more_is_left_out(client):
    author, topic = make_author("Gone"), make_topic("Going")
    article = make_draft(authors=[author], topics=[topic])
    link = make_link(article)
    article.bylines.all().delete()
    author.delete()
    topic.delete()
    response = client.get(address_of(link))
    assert response.status_code == 200
    assert "Gone" not in text_at(response) and "Going" not in text_at(response)


def test_neither_notes_for_the_desk_nor_names_of_staff_are_in_it(client):
    editor = make_staff(username="secretive.editor", first_name="Secretive")
    article = make_draft(desk_notes="Ask the lawyer", begun_by=editor)
    link = make_link(article, by=editor)
    article.submit_for_review(by=editor, note="Please hurry")
    page = client.get(address_of(link)).content.decode()
    for hidden in ("Ask the lawyer", "ecretive", "Please hurry", "/admin/"):
        assert hidden not in page


def test_it_is_in_no_cache_no_search_engine_and_no_list_of_referrers(client):
    link = make_link()
    ended = make_link()
    ended.revoke(by=make_staff())
    for address in (address_of(link), address_of(ended), "/preview/1.wrong/"):
        response = client.get(address)
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert response["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
        robots = the(response, ".//meta[@name='robots']").attrib["content"]
        assert "noindex" in robots


def test_nothing_can_be_sent_from_it(client):
    response = client.get(address_of(make_link(make_article())))
    policy = response["Content-Security-Policy"]
    assert "form-action 'none'" in policy and "script-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    page = dom(response)
    inert = [element for element in page.iter("div") if "inert" in element.attrib]
    forms = [form for element in inert for form in element.iter("form")]
    assert forms and len(forms) == len(list(page.iter("form")))
    assert not list(page.iter("script"))


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_can_only_be_read(client, method):
    assert getattr(client, method)(address_of(make_link())).status_code == 405


# --- Its end ----------------------------------------------------------------------------------


def test_it_ends_at_its_time_to_the_second(client):
    with time_machine.travel("2026-05-03T09:00:00Z", tick=False) as clock:
        address = address_of(make_link(lasts=3 * DAY))
        clock.move_to("2026-05-06T08:59:59Z")
        assert client.get(address).status_code == 200
        clock.move_to("2026-05-06T09:00:00Z")
        response = client.get(address)
    assert response.status_code == 410
    assert text_at(response, ".//h1") == "This preview has ended"


def test_revoking_ends_it_at_once_and_is_on_record():
    link, editor = make_link(), make_staff()
    token = token_of(link)
    assert revision_of(token) == link.revision
    assert link.revoke(by=editor)
    assert revision_of(token) is None
    stored = PreviewLink.objects.get()
    assert stored.revoked_by == editor and stored.revoked_at == link.revoked_at
    assert stored.state == "revoked"


def test_revoking_again_changes_nothing():
    link, first = make_link(), make_staff()
    again = PreviewLink.objects.get()
    link.revoke(by=first)
    assert not again.revoke(by=make_staff())
    assert again.revoked_by == first
    assert PreviewLink.objects.get().revoked_by == first


def test_the_page_of_an_ended_one_tells_nothing_of_the_piece(client):
    link = make_link(headline="Unheard of", standfirst="Untold.")
    link.revoke(by=make_staff())
    response = client.get(address_of(link))
    assert response.status_code == 410
    page = response.content.decode()
    assert (
        "Unheard of" not in page and "Untold" not in page and link.revision.article.slug not in page
    )


@pytest.mark.parametrize(("how", "state"), [("close", "closed"), ("erase", "revoked")])
def test_a_revision_that_is_closed_or_erased_is_shown_no_longer(client, how, state):
    link = make_link()
    change(link.revision.article, headline="Without the name")
    getattr(link.revision, how)(by=make_staff(), reason="Personal data")
    assert client.get(address_of(link)).status_code == 410
    assert PreviewLink.objects.get().state == state


def test_one_to_a_revision_that_is_opened_again_works_again(client):
    link = make_link()
    link.revision.close(by=make_staff(), reason="To be asked")
    link.revision.reopen(by=make_staff(), reason="It may")
    assert client.get(address_of(link)).status_code == 200


def test_one_made_before_the_withdrawal_of_the_piece_rests_and_one_made_after_works(client):
    article, editor = make_article(), make_staff()
    before = make_link(article)
    article.withdraw(by=editor, reason="Not true")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        after = make_link(article)
        assert client.get(address_of(before)).status_code == 410
        assert client.get(address_of(after)).status_code == 200
        article.bring_back(by=editor)
        assert client.get(address_of(before)).status_code == 200


# --- The signature ----------------------------------------------------------------------------


def test_an_altered_or_made_up_token_leads_nowhere(client):
    token = token_of(make_link())
    other = token_of(make_link())
    number, _, signature = token.partition(".")
    forged = [
        f"{other.partition('.')[0]}.{signature}",
        f"0{number}.{signature}",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token + "A",
        number,
        f".{signature}",
        SIGNER.sign("999999"),
        "x" * 5000,
        "1.é",
    ]
    for each in forged:
        assert client.get(f"/preview/{each}/").status_code == 404, each
        assert revision_of(each) is None
    assert client.get(f"/preview/{token}/").status_code == 200


def test_a_token_of_something_else_that_the_site_signs_is_none(client):
    token = signing.Signer(salt="comments.status", sep=".").sign(str(make_link().pk))
    assert client.get(f"/preview/{token}/").status_code == 404


# --- Making one -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lasts", [timedelta(minutes=59), timedelta(0), -DAY, timedelta(days=30, seconds=1)]
)
def test_one_lasts_between_an_hour_and_thirty_days(lasts):
    with pytest.raises(ValidationError):
        make_link(lasts=lasts)
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("how", ["close", "erase"])
def test_none_is_made_to_what_may_not_be_shown(how):
    article, editor = make_draft(), make_staff()
    revision = article.record(by=editor)
    change(article, headline="Without the name")
    getattr(revision, how)(by=editor, reason="Personal data")
    with pytest.raises(ValidationError):
        PreviewLink.objects.make(revision, by=editor, lasts=DAY)


@pytest.mark.parametrize(
    "fields", [{"expires_at": "2000-01-01T00:00:00Z"}, {"revoked_at": "2026-05-01T00:00:00Z"}]
)
def test_the_database_refuses_one_without_end_or_without_a_name_to_its_end(fields):
    link = make_link()
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviewLink.objects.filter(pk=link.pk).update(**fields)


# --- What the public pages don't give away ----------------------------------------------------


def test_a_link_makes_nothing_public(client):
    link = make_link(headline="Unheard of")
    article = link.revision.article
    assert client.get(article.get_absolute_url()).status_code == 404
    for address in ("/", article.section.get_absolute_url(), "/feeds/latest.atom"):
        assert b"Unheard of" not in client.get(address).content


def test_a_preview_costs_the_same_however_much_has_happened(client, django_assert_max_num_queries):
    SiteSettings.objects.create()
    article = make_draft(
        authors=[make_author() for _ in range(5)], topics=[make_topic(f"T{n}") for n in range(5)]
    )
    link = make_link(article)
    for number in range(5):
        change(article, headline=f"Version {number}")
        make_link(article)
    with django_assert_max_num_queries(10):
        assert client.get(address_of(link)).status_code == 200


# --- Its pictures -----------------------------------------------------------------------------


def files_in(response):
    """The addresses of all pictures of the piece on the page, in every size."""
    sets = [
        address.split()[0]
        for element in dom(response).iter()
        for address in element.get("srcset", "").split(", ")
        if address
    ]
    return {*sets, *(img.attrib["src"] for img in dom(response).iterfind(".//main//img"))}


def test_its_pictures_are_seen_by_its_holder_alone_and_kept_by_no_cache(client, media_root):
    lead, inside = make_image(made=True), make_image(made=True, size=(900, 600))
    link = make_link(lead_image=lead, lead_alt="A boat", body=f"<p>T</p>{figure(inside)}")
    files = files_in(client.get(address_of(link)))
    assert {name.split("/")[2][:32] for name in files} == {lead.token, inside.token}
    assert len(files) > 3
    for file in files:
        assert file.endswith(f"?preview={token_of(link)}")
        response = client.get(file)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
        assert client.get(file.partition("?")[0]).status_code == 404
    link.revoke(by=make_staff())
    assert {client.get(file).status_code for file in files} == {404}


def test_it_opens_no_other_picture(media_root):
    shown, other, later = make_image(), make_image(), make_image()
    article = make_draft(lead_image=shown)
    link = make_link(article)
    change(article, lead_image=later)
    token = token_of(link)
    assert shows_file(token, shown.token)
    assert not shows_file(token, other.token)
    assert not shows_file(token, later.token)  # of another version
    assert not shows_file(token, "")
    assert not shows_file("1.x", shown.token)
