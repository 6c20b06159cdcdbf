"""The editor's own preview of a piece: what stands in the frames, and who may frame it."""

import pytest
from django.utils import timezone

from articles.models import Article, WorkingCopy
from articles.preview_links import address_of
from articles.tests.desk import page_of, write
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_staff,
    make_topic,
)
from articles.tests.previews import make_link, preview_of, recorded, take_from_readers
from newsroom.tests.browsing import dom, text_at, text_of, the

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_staff("Editors")
    client.force_login(user)
    return user


# --- The frames -------------------------------------------------------------------------------


def test_it_is_shown_as_wide_as_a_phone_and_as_a_desktop_screen(client, editor):
    article = recorded(editor)
    frames = list(dom(client.get(preview_of(article))).iter("iframe"))
    assert [frame.attrib["width"] for frame in frames] == ["390", "1280"]
    assert len({frame.attrib["title"] for frame in frames}) == 2
    assert {frame.attrib["src"] for frame in frames} == {preview_of(article, "page/")}
    for frame in frames:
        assert not {"allow-scripts", "allow-forms"} & set(frame.attrib["sandbox"].split())


def test_the_frames_show_the_piece_as_it_is_saved(client, editor):
    article = recorded(
        editor,
        headline="Ferry to run again",
        body="<p>It sails on Monday.</p>",
        authors=[make_author("Maud Ellery")],
        topics=[make_topic("Ferries")],
    )
    text = text_at(client.get(preview_of(article, "page/")))
    for words in ("Ferry to run again", "It sails on Monday.", "By Maud Ellery", "Ferries"):
        assert words in text
    assert "Not published yet" in text
    assert "not for publication" not in text


def test_the_frames_show_what_readers_of_the_published_piece_get(client, editor):
    article = make_article(by=editor, headline="Out", body="<p>For all.</p>")
    article.correct(by=editor, kind="correction", text="It was for some.")
    reader = text_at(client.get(article.get_absolute_url()), ".//article")
    assert "It was for some." in reader
    assert text_at(client.get(preview_of(article, "page/")), ".//article") == reader


def test_a_piece_that_was_never_recorded_is_shown_as_it_is_saved(client, editor):
    article = make_draft(headline="Imported")
    assert client.get(preview_of(article)).status_code == 200
    assert "Imported" in text_at(client.get(preview_of(article, "page/")))


def test_an_earlier_version_is_shown_when_asked_for(client, editor):
    article = recorded(editor, headline="As it was")
    article.headline = "As it is"
    article.save()
    article.record(by=editor)
    page = client.get(preview_of(article) + "?revision=1")
    assert "This is not the newest version." in text_at(page, ".//*[@class='preview-what']")
    frame = the(page, ".//iframe").attrib["src"]
    assert "As it was" in text_at(client.get(frame))
    assert "As it is" in text_at(client.get(preview_of(article, "page/")))


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "", "9" * 30, "²"])
@pytest.mark.parametrize("rest", ["", "page/"])
def test_a_version_that_there_is_not_is_not_found(client, editor, rest, number):
    article = recorded(editor)
    assert client.get(f"{preview_of(article, rest)}?revision={number}").status_code == 404


def test_an_erased_version_is_not_found(client, editor):
    article = recorded(editor)
    take_from_readers(article, "erase", editor)
    assert client.get(preview_of(article, "page/") + "?revision=1").status_code == 404


def test_the_pages_are_stored_nowhere(client, editor):
    article = recorded(editor)
    for rest in ("", "page/"):
        response = client.get(preview_of(article, rest))
        assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]


def policy(response):
    return {
        name: sources
        for name, *sources in map(str.split, response["Content-Security-Policy"].split(";"))
    }


def test_what_stands_in_the_frames_and_nothing_else_may_be_framed_and_by_this_site_alone(
    client, editor
):
    article = recorded(editor)
    framed = client.get(preview_of(article, "page/"))
    assert policy(framed)["frame-ancestors"] == ["'self'"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    others = [
        preview_of(article),
        page_of(article),
        "/admin/",
        "/",
        address_of(make_link(article, editor)),
    ]
    for address in others:
        response = client.get(address)
        assert policy(response)["frame-ancestors"] == ["'none'"], address
        assert response["X-Frame-Options"] == "DENY"


def test_the_page_of_the_preview_alone_frames_something(client, editor):
    article = recorded(editor)
    assert policy(client.get(preview_of(article)))["frame-src"] == ["'self'"]
    for address in (preview_of(article, "page/"), page_of(article), "/admin/", "/"):
        assert "frame-src" not in policy(client.get(address)), address


def test_nothing_runs_and_nothing_is_sent_in_the_frames(client, editor):
    response = client.get(preview_of(recorded(editor), "page/"))
    assert policy(response)["script-src"] == policy(response)["form-action"] == ["'none'"]
    page = dom(response)
    inert = [element for element in page.iter("div") if "inert" in element.attrib]
    forms = [form for element in inert for form in element.iter("form")]
    assert forms and len(forms) == len(list(page.iter("form")))
    assert not list(page.iter("script"))


# --- What was typed and not saved -------------------------------------------------------------


def typed(article, by, **fields):
    """A window in which these fields were typed, as browsers send them: several of each name."""
    fields = {
        name: values if isinstance(values, list) else [values] for name, values in fields.items()
    }
    return WorkingCopy.objects.create(
        window="a" * 32,
        article=article,
        by=by,
        based_on=article.version,
        fields=fields,
        typed_at=timezone.now(),
    )


def test_what_was_typed_in_ones_own_window_is_shown(client, editor):
    article = recorded(editor, headline="Saved", authors=[make_author("Ann Archer")])
    section, topic = make_section(name="Food"), make_topic("Tides")
    first, second = make_author("Maud Ellery"), make_author("Ken Sato")
    copy = typed(
        article,
        editor,
        headline="Typed",
        standfirst="Also typed.",
        body="<p>New <strong>text</strong>.</p>",
        section=str(section.pk),
        topics=[str(topic.pk)],
        **{
            "bylines-TOTAL_FORMS": "3",
            "bylines-0-author": str(second.pk),
            "bylines-0-position": "2",
            "bylines-1-author": str(first.pk),
            "bylines-1-position": "1",
            "bylines-2-author": "",
        },
    )
    page = client.get(f"{preview_of(article)}?copy={copy.window}")
    assert "not saved" in text_at(page, ".//*[@class='preview-what']")
    text = text_at(client.get(the(page, ".//iframe").attrib["src"]))
    for words in (
        "Typed",
        "Also typed.",
        "New text.",
        "Food",
        "Tides",
        "By Maud Ellery and Ken Sato",
    ):
        assert words in text
    assert "Saved" not in text and "Ann Archer" not in text


def test_what_was_typed_is_cleaned_before_it_is_drawn(client, editor):
    article = recorded(editor)
    copy = typed(
        article,
        editor,
        headline="<img src=x onerror=alert(1)>",
        body="<p onclick='x()'>Text<script>alert(1)</script><iframe src='//e.test'></iframe></p>",
        language='"><script>',
    )
    response = client.get(f"{preview_of(article, 'page/')}?copy={copy.window}")
    page = dom(response)
    assert text_at(response, ".//h1") == "<img src=x onerror=alert(1)>"
    assert not [*page.iter("script"), *page.iter("iframe"), *page.iterfind(".//*[@onclick]")]
    assert "alert" not in text_at(response, ".//*[@class='body']")


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "<p>x</p>" * 20_000},
        {"section": "", "lead_image": "x", "source": "-1", "topics": ["", "x", "99999"]},
        {"section": "9" * 40, "topics": "7", "language": "", "headline": ["a", "b"]},
        {"bylines-TOTAL_FORMS": "x", "bylines-0-author": "99999", "bylines-0-position": "-1"},
    ],
)
def test_whatever_was_typed_can_be_drawn(client, editor, fields):
    article = recorded(editor)
    copy = typed(article, editor, **fields)
    response = client.get(f"{preview_of(article, 'page/')}?copy={copy.window}")
    assert response.status_code == 200


def test_what_others_typed_or_oneself_in_another_piece_is_not_shown(client, editor):
    article = recorded(editor, headline="Saved")
    theirs = typed(article, make_staff(), headline="Theirs")
    address = f"{preview_of(article, 'page/')}?copy={theirs.window}"
    assert text_at(client.get(address), ".//h1") == "Saved"
    theirs.by, theirs.article = editor, make_draft()
    theirs.save()
    assert text_at(client.get(address), ".//h1") == "Saved"


@pytest.mark.parametrize("window", ["", "unknown", "a" * 32])
def test_a_window_in_which_nothing_is_typed_by_now_shows_what_is_saved(client, editor, window):
    article = recorded(editor, headline="Saved")
    WorkingCopy.objects.create(window="a" * 32, article=article, by=editor)
    page = client.get(f"{preview_of(article)}?copy={window}")
    assert "Version 1" in text_at(page, ".//*[@class='preview-what']")
    assert text_at(client.get(the(page, ".//iframe").attrib["src"]), ".//h1") == "Saved"


def test_the_form_leads_to_a_preview_of_its_own_window_in_a_new_tab(client, editor):
    article = recorded(editor)
    page = client.get(page_of(article))
    copy = WorkingCopy.objects.get()
    [link] = [a for a in dom(page).iter("a") if preview_of(article) in a.get("href", "")]
    assert link.attrib["href"] == f"{preview_of(article)}?copy={copy.window}"
    assert link.attrib["target"] == "_blank"
    assert "opens in a new tab" in text_of(link)


def test_nothing_is_saved_by_looking(client, editor):
    article = recorded(editor)
    copy = typed(article, editor, headline="Typed")
    for rest in ("", "page/"):
        client.get(f"{preview_of(article, rest)}?copy={copy.window}")
    article.refresh_from_db()
    assert article.headline != "Typed" and article.revisions.count() == 1


def test_a_piece_that_was_just_written_can_be_previewed(client, editor):
    write(client, headline="Fresh")
    article = Article.objects.get()
    assert "Version 1" in text_at(client.get(preview_of(article)), ".//*[@class='preview-what']")
