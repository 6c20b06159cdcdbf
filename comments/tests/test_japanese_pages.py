"""On a site in Japanese, with Japanese content, no page has a word of English left."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    FormerSlug,
    PreviewLink,
    Section,
    Source,
    StandingPage,
    Topic,
    WorkingCopy,
)
from articles.preview_links import address_of
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_page,
    make_section,
    make_source,
    make_topic,
    save_version,
)
from articles.tests.pictures import make_image
from articles.tests.pictures import media_root as media_root
from comments.desk_mail import messages as desk_mail
from comments.desk_mail.links import Link, decision_url, last_decision
from comments.models import Batch, CannedReason, Comment, MailChoice, Policy, Report
from comments.models.mail_choice import SETTLES
from comments.status_address import status_url
from comments.tests.factories import form_data, make_approved, make_comment, post_reply
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom
from newsroom.tests.factories import make_superuser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("japanese", "media_root")]

SPOKEN = ("alt", "title", "placeholder", "aria-label", "aria-description")
NOT_READ = {"script", "style", "template"}
# Names, addresses, and what is written so in Japanese too.
AS_IT_IS = re.compile(
    r"https?://\S*|/[\w./-]*/[\w./-]*|\S+@\S+|henshu|nowhere|newcomer|(?<![A-Za-z])("
    r"example\.com|CSV|Enter|English|True|"
    r"JPEG|PNG|WebP|AVIF|GIF|HTML|JSON Feed|RSS|Atom|UTC|SHA|MB|ID|Cookie|AFP|Harbour|pt-BR|ja|en|"
    r"Gone|Tab|Alt|Shift|Mac|Command|Control|F10|mae|watashibune|fune-\w+)(?![A-Za-z])"
)
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ’'-][A-Za-z]+)*")


@pytest.fixture
def japanese(settings):
    settings.LANGUAGE_CODE = "ja"


def is_unread(element):
    return (
        callable(element.tag)  # a comment
        or element.tag in NOT_READ
        or "hidden" in element.get("class", "").split()
        or element.get("lang", "ja") != "ja"
    )


def english_on(response):
    """What is left of English in what the page says, to eyes and ears."""
    said: list[str] = []

    def read(element):
        if is_unread(element):
            return
        said.extend(element.get(name, "") for name in SPOKEN)
        if element.tag == "input" and element.get("type") in {"submit", "button"}:
            said.append(element.get("value", ""))
        if element.tag == "meta" and element.get("name") == "description":
            said.append(element.get("content", ""))
        if element.tag not in {"textarea", "code", "bdi", "kbd"}:
            said.append(element.text or "")
        for child in element:
            read(child)
            said.append(child.tail or "")

    read(dom(response))
    return sorted({word for text in said for word in ENGLISH.findall(AS_IT_IS.sub(" ", text))})


def make_site():
    SiteSettings.objects.create(
        name="港新聞",
        tagline="港と世界の知らせ",
        publisher="港新聞社",
        contact="港町3",
        time_zone="UTC",
    )


def make_piece(by, slug="watashibune", mark="一"):
    """A piece on which everything has happened."""
    article = make_article(
        by=by,
        headline="渡し船の再開",
        slug=slug,
        standfirst="月曜日から。",
        body="<h2>港</h2><p>本文。</p><table><tbody><tr><td>神戸</td></tr></tbody></table>",
        language="ja",
        section=make_section(name=f"地域{mark}", slug=f"chiiki-{slug}", is_on_front=True),
        topics=[make_topic(f"船{mark}", slug=f"fune-{slug}", description="船の話題。")],
        authors=[make_author(f"山田花子{mark}", slug=f"yamada-{slug}")],
        source=make_source(f"通信社{mark}", slug=f"tsushin-{slug}", credit_line="禁転載"),
    )
    save_version(article, by=by, standfirst="火曜日から。")
    save_version(article, by=by, standfirst="水曜日から。", is_minor=True)
    for kind in ("correction", "clarification", "update", "retraction"):
        article.correct(by=by, kind=kind, text="曜日が違っていました。")
    return article


@pytest.fixture
def editor():
    return make_superuser(username="henshu", first_name="花子", last_name="山田")


@pytest.fixture
def piece(editor):
    make_site()
    article = make_piece(editor)
    first = make_approved(article=article, name="読者", text="ありがとう。", by=editor)
    make_approved(article=article, name="別の読者", text="こちらこそ。", parent=first, by=editor)
    return article


def readers_pages(piece):
    other = make_page("会社案内", slug="about", body="<p>港新聞です。</p>")
    yield "/"
    yield from (each.get_absolute_url() for each in (piece, piece.section, other))
    yield from (each.get_absolute_url() for each in (*piece.topics.all(), *piece.authors.all()))
    yield piece.source.get_absolute_url()
    yield f"{piece.get_absolute_url()}changes/"
    yield f"{piece.get_absolute_url()}?reply_to={piece.comments.earliest('pk').pk}"
    yield "/corrections/"
    yield "/no-such-page/"
    yield "/search/"
    yield "/search/?q=%E6%B8%A1%E3%81%97%E8%88%B9&section=nowhere&from=x"
    yield "/search/?q=%E7%84%A1%E3%81%84%E8%AA%9E"
    yield "/archive/"
    yield f"/archive/{piece.published_at:%Y/%m}/"
    yield reverse("articles:popular")
    yield "/admin/login/"
    yield "/admin/password_reset/"
    yield "/about/moderation/"
    yield f"/comments/{piece.comments.earliest('pk').pk}/report/"
    yield "/comments/999999/report/"


NOT_THERE = {"/no-such-page/", "/comments/999999/report/"}


def test_readers_find_no_english(client, piece):
    found = {}
    for path in readers_pages(piece):
        page = client.get(path)
        assert page.status_code == (404 if path in NOT_THERE else 200), path
        if words := english_on(page):
            found[path] = words
    assert found == {}


def test_the_way_of_a_reply_has_no_english(client, piece, editor):
    refused = post_reply(client, piece, comment="", author="", email="x", url="x y")
    confirm = client.post(
        f"{piece.get_absolute_url()}comments/", form_data(comment="一", author="読")
    )
    here = [post_reply(client, piece, comment="二つ目", author="読者") for _ in range(2)][1]
    held = make_comment(article=piece, name="読者", text="三つ目")
    pages = [refused, confirm, here, client.get(status_url(held))]
    for verb in ("approve", "reject"):
        getattr(held, verb)(by=editor)
        pages.append(client.get(status_url(held)))
    assert [page.status_code for page in pages] == [422, 200, 200, 200, 200, 200]
    assert [english_on(page) for page in pages] == [[]] * 6


def test_what_is_gone_says_so_without_english(client, piece, editor):
    revision = make_draft(
        headline="下書き", language="ja", section=piece.section, standfirst=""
    ).record(by=editor)
    link = PreviewLink.objects.make(revision, by=editor, lasts=timedelta(days=1))
    shown = client.get(address_of(link))
    link.revoke(by=editor)
    ended = client.get(address_of(link))
    piece.withdraw(by=editor, reason="誤り。")
    gone = client.get(piece.get_absolute_url())
    assert [page.status_code for page in (shown, ended, gone)] == [200, 410, 410]
    # The form below a preview has a piece without its body, whose text is the factories'.
    assert [english_on(page) for page in (ended, gone)] == [[], []]
    assert english_on(shown) == ["The body"]


def desk_pages(piece, editor):
    image = make_image(by=editor)
    waiting = make_draft(headline="確認", language="ja", section=piece.section, begun_by=editor)
    waiting.record(by=editor)
    PreviewLink.objects.make(waiting.record(by=editor), by=editor, lasts=timedelta(days=1))
    withdrawn = make_piece(editor, slug="torisage", mark="二")
    withdrawn.withdraw(by=editor, reason="誤り。")
    FormerSlug.objects.create(slug="mae", article=piece)
    copy = WorkingCopy.objects.begin(piece, by=editor)
    copy.keep({"headline": ["題"]})
    make_comment(article=piece, name="読者", text="保留のもの")
    make_page("頁", slug="p", body="<p>頁</p>")
    for model in (Article, Comment, FormerSlug):
        yield f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    for kind in (Section, Topic, Author, Source, StandingPage):
        rows = f"/admin/articles/{kind._meta.model_name}/"
        yield from (rows, f"{rows}{kind._default_manager.earliest('pk').pk}/change/")
    yield "/admin/"
    yield "/admin/articles/frontplace/"
    yield f"/admin/comments/comment/{piece.comments.earliest('pk').pk}/change/"
    yield "/admin/articles/image/"
    yield "/admin/articles/image/add/"
    yield f"/admin/articles/image/{image.pk}/change/"
    yield f"/admin/articles/image/{image.pk}/withdraw/"
    own, other = (f"/admin/articles/article/{each.pk}/" for each in (piece, waiting))
    yield "/admin/articles/article/add/"
    for rest in (
        "change",
        "history",
        "preview",
        "corrections",
        "related",
        "withdrawal",
        "revisions",
    ):
        yield f"{own}{rest}/"
    yield f"{own}revisions/compare/"
    for rest in ("1/restore", "1/close", "1/erase"):
        yield f"{own}revisions/{rest}/"
    for rest in ("change", "preview", "delete"):
        yield f"{other}{rest}/"
    yield f"/admin/articles/article/{withdrawn.pk}/return/"
    yield copy.address


def replies_desk(piece, editor):
    """The queue with a card on which everything stands, and the pages around it."""
    first, other = piece.comments.order_by("pk")
    held = make_comment(
        article=piece, name="読者三", text="はやい!!! https://a.example/ 123456789012"
    )
    held.correct("はやい", by=editor, seen=held.as_seen)
    Report.objects.create(comment=first, reason="other", words="失礼です。")
    Comment.objects.filter(pk=first.pk).update(reported_at=timezone.now())
    other.reject(by=editor, canned=CannedReason.objects.offered()[0], reason="理由")
    other.ask_again("もう一度お願いします。")
    first.commenter.block(by=editor, reason="失礼")
    batch = Batch.objects.create(by=editor, to_status="approved")
    tabs = ("waiting", "reported", "looks", "spam", "rejected", "approved", "all")
    yield from (f"/admin/comments/queue/?tab={tab}" for tab in tabs)
    for rest in ("", "text/", "note/", "answer/", "sender/"):
        yield f"/admin/comments/queue/{held.pk}/{rest}"
    yield "/admin/comments/queue/find-sender/"
    yield "/admin/comments/queue/batches/"
    yield "/admin/comments/queue/batches/new/?decision=reject"
    yield f"/admin/comments/queue/batches/{batch.pk}/"
    for page in ("log", "dashboard", "learned", "your-mail", "senders", "lists", "cannedreason"):
        yield f"/admin/comments/{page}/"
    yield "/admin/comments/senders/?part=trusted"
    yield f"/admin/comments/senders/{first.commenter_id}/"
    yield "/admin/comments/lists/banned_words/"
    reason = CannedReason.objects.earliest("pk")
    yield f"/admin/comments/cannedreason/{reason.pk}/change/"
    yield "/admin/comments/policy/1/change/"


def test_the_replies_desk_finds_no_english(client, piece, editor):
    Policy.objects.get_or_create(pk=1)
    MailChoice.objects.of(editor).choose("daily", hour=8)
    client.force_login(editor)
    found = {}
    for path in replies_desk(piece, editor):
        page = client.get(path)
        assert page.status_code == 200, path
        if words := english_on(page):
            found[path] = words
    assert found == {}


def test_a_moderators_mail_and_what_it_leads_to_have_no_english(client, piece, editor, clock):
    held = make_comment(article=piece, name="読者三", text="はやい")
    MailChoice.objects.of(editor).choose("hourly", hour=8)
    clock.shift(SETTLES)
    written = desk_mail.message(MailChoice.objects.get())
    assert written
    mail, last = written[0], last_decision(held)
    assert last
    said = AS_IT_IS.sub(" ", f"{mail.subject} {mail.text}")
    assert ENGLISH.findall(said) == []
    link = Link(editor, held.pk, held.version, last.pk)
    reject, spam = (decision_url(link, each) for each in ("reject", "spam"))
    pages = [client.get(reject), client.post(spam), client.get(reject)]
    clock.shift(timedelta(days=4))
    pages.append(client.get(reject))
    assert [page.status_code for page in pages] == [200, 303, 200, 410]
    assert [english_on(page) for page in pages] == [[]] * 4


def test_the_desk_finds_no_english(client, piece, editor):
    client.force_login(editor)
    found = {}
    for path in desk_pages(piece, editor):
        page = client.get(path)
        assert page.status_code == 200, path
        if words := english_on(page):
            found[path] = words
    assert found == {}
