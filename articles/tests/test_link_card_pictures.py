"""The picture of a link card: stored, drawn, used, withdrawn, compared and restored."""

import re

import pytest
from django.db.models import ProtectedError

from articles.admin.advice import advice_on
from articles.body_html import clean
from articles.changes import side_by_side
from articles.drawn_html import draw
from articles.models import Article
from articles.tests.desk import edit, page_of
from articles.tests.factories import make_article, make_draft, make_page, make_staff
from articles.tests.pictures import figure, make_image, media_root, uses_of
from newsroom.tests.browsing import dom, fields_of, text_at, the

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]

SRC = "/media/0123456789abcdef0123456789abcdef-1-wide1200.jpg"
OTHER = SRC.replace("0123", "4567", 1)
LINK = '<a href="https://www.a.example/">The report</a>'
STORED = f'<aside><img src="{SRC}" alt="">{LINK}</aside>'


def card(image, title="The report"):
    return f'<aside><img src="{image.src}" alt=""><a href="https://a.example/">{title}</a></aside>'


# --- Stored -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        f'<aside><img src="{SRC}" alt="Its title says what it is">{LINK}</aside>',
        f'<aside><img src="{SRC}">{LINK}</aside>',
        f'<aside>{LINK}<img src="{SRC}" onload="x()" width="1"></aside>',
        f'<aside><img src="{SRC}"><img src="{OTHER}">{LINK}</aside>',
        f'<aside><img src="https://a.example/pixel.gif"><img src="{SRC}">{LINK}</aside>',
        f'<aside><p><img src="{SRC}"></p><p>{LINK}</p></aside>',
        f'<aside><figure><img src="{SRC}"></figure>{LINK}</aside>',
        LINK.replace("The report", f'<img src="{SRC}">The report').join(["<aside>", "</aside>"]),
    ],
)
def test_a_card_has_one_picture_of_the_library_before_its_link(written):
    assert clean(written) == STORED
    assert clean(STORED) == STORED


@pytest.mark.parametrize(
    "img",
    [
        '<img src="https://a.example/pixel.gif">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="/media/../secret.jpg">',
        '<img alt="no address">',
    ],
)
def test_a_card_keeps_no_picture_from_elsewhere(img):
    assert clean(f"<aside>{img}{LINK}</aside>") == f"<aside>{LINK}</aside>"


def test_a_picture_set_aside_with_other_words_is_a_picture_of_the_text():
    assert clean(f'<aside><img src="{SRC}" alt="A boat"><p>See {LINK}</p></aside>') == (
        f'<figure><img src="{SRC}" alt="A boat"></figure><p>See {LINK}</p>'
    )


def test_the_form_of_a_piece_keeps_the_picture_of_a_card(desk):
    article, image = make_draft(), make_image()
    edit(desk, article, body=card(image))
    assert article.body == card(image)
    assert uses_of(article) == {(image.token, "body")}


# --- Drawn --------------------------------------------------------------------------------------


def test_a_card_is_drawn_with_a_small_crop_inside_its_link():
    image = make_image(size=(900, 600), made=True)
    name = f"/media/{image.token}-2-card"
    sizes = "(min-width: 42rem) 9rem, 6rem"
    assert draw(card(image)) == (
        '<div class="link-card"><a href="https://a.example/" rel="noopener"><picture>'
        f'<source type="image/avif" srcset="{name}400.avif 400w, {name}800.avif 800w, '
        f'{name}900.avif 900w" sizes="{sizes}">'
        f'<img src="{name}900.jpg" srcset="{name}400.jpg 400w, {name}800.jpg 800w, '
        f'{name}900.jpg 900w" sizes="{sizes}" width="900" height="600" '
        'alt="" loading="lazy" decoding="async"></picture>'
        '<span class="link-card-words">The report '
        '<span class="link-card-host">a.example</span></span></a></div>'
    )


def test_a_card_to_a_page_of_this_site_has_its_picture_too():
    image = make_image(alt="Boats")
    drawn = draw(f'<aside><img src="{image.src}" alt=""><a href="/about/">About</a></aside>')
    assert '<span class="link-card-words">About</span></a></div>' in drawn
    assert 'alt=""' in drawn
    assert "Boats" not in drawn


def test_pictures_of_the_text_and_of_cards_stand_side_by_side():
    image, other = make_image(size=(900, 600), made=True), make_image(size=(900, 600), made=True)
    drawn = draw(f"{figure(image)}{card(image)}{card(other)}{figure(other)}")
    assert re.findall(r"<(?:figure|div)|src=\"[^\"]*-(?:wide|card)", drawn) == [
        *("<figure", f'src="/media/{image.token}-2-wide'),
        *("<div", f'src="/media/{image.token}-2-card'),
        *("<div", f'src="/media/{other.token}-2-card'),
        *("<figure", f'src="/media/{other.token}-2-wide'),
    ]


def test_the_holder_of_a_preview_link_gets_addresses_of_its_own():
    image = make_image(size=(900, 600), made=True)
    drawn = draw(card(image), preview="abc:def")
    assert drawn.count("?preview=abc:def") == drawn.count("/media/") == 7


def test_the_link_of_a_card_is_named_by_its_words_alone(client):
    article = make_article(body=card(make_image(alt="Boats")))
    page = client.get(article.get_absolute_url())
    assert the(page, ".//div[@class='link-card']//img").attrib["alt"] == ""
    assert text_at(page, ".//div[@class='link-card']/a") == "The report a.example"


# --- Used, withdrawn, deleted -------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_draft, make_page])
def test_the_library_knows_in_which_cards_a_picture_stands(desk, make):
    image = make_image()
    user = make(body=card(image))
    assert uses_of(user) == {(image.token, "body")}
    used = text_at(desk.get(image.get_admin_url()), ".//fieldset[@class='module picture-uses']")
    assert str(user) in used
    user.body = f"<aside>{LINK}</aside>"
    user.save()
    assert uses_of(user) == set()


def test_a_picture_of_a_card_is_not_deleted(editor):
    image = make_image()
    make_draft(body=card(image))
    with pytest.raises(ProtectedError):
        image.remove(by=editor)


def test_a_card_stands_without_its_picture_while_that_is_withdrawn(client, editor):
    image = make_image(made=True)
    article = make_article(by=editor, body=card(image))
    [file] = [image.address(row) for row in image.renditions if row[0] == "card"][:1]

    def shown():
        page = client.get(article.get_absolute_url())
        pictures = [each for each in dom(page).iter("img") if image.token in each.attrib["src"]]
        return text_at(page, ".//div[@class='link-card']"), len(pictures)

    assert (shown(), client.get(file).status_code) == (("The report a.example", 1), 200)
    image.withdraw(by=editor, reason="Killed.")
    assert (shown(), client.get(file).status_code) == (("The report a.example", 0), 410)
    article.refresh_from_db()
    article.save()
    assert shown() == ("The report a.example", 0)
    image.bring_back(by=editor)
    assert (shown(), client.get(file).status_code) == (("The report a.example", 1), 200)


def test_no_advice_is_given_on_it():
    assert advice_on(make_draft(body=card(make_image()))) == []
    undescribed = make_draft(body=card(make_image()) + figure(make_image(), None))
    assert advice_on(undescribed) == ["1 picture in the text lacks its alternative text."]


# --- Versions -----------------------------------------------------------------------------------


def test_a_restored_version_brings_it_back(editor):
    image = make_image()
    article = make_draft(body=card(image))
    article.record(by=editor)
    article.body = "<p>None</p>"
    article.save()
    article.record(by=editor)
    article.restore_revision(1, by=editor)
    assert Article.objects.get().body == card(image)
    assert uses_of(article) == {(image.token, "body")}


def test_a_collision_tells_of_it_and_loses_none_of_it(desk):
    mine, theirs = make_image(), make_image()
    article = make_draft(body=f"<aside>{LINK}</aside>")
    article.record(by=make_staff())
    window = fields_of(desk.get(page_of(article)))
    article.body = card(theirs)
    article.save()
    article.record(by=make_staff())
    answer = desk.post(page_of(article), window | {"_save": "pressed", "body": card(mine)})
    assert fields_of(answer)["body"] == card(mine)
    told = text_at(answer, ".//section[@class='difference difference-body']")
    assert told.count("[Picture]") == 2
    article.refresh_from_db()
    assert article.body == card(theirs)


HIDDEN = re.compile(r'<span class="visually-hidden">.*?</span>')


def compared(before, after):
    sides = side_by_side(before, after, is_html=True)
    return tuple(HIDDEN.sub("", each) for each in sides)


def test_a_version_says_what_became_of_the_picture_of_a_card():
    without, one, other = f"<aside>{LINK}</aside>", STORED, STORED.replace(SRC, OTHER)
    left, right = compared(without, one)
    assert left == '<p class="change-card">The report</p>'
    assert right == '<p class="change-card"><ins class="change">[Picture]</ins> The report</p>'
    left, right = compared(one, other)
    assert left == '<p class="change-card"><del class="change">[Picture]</del> The report</p>'
    assert right == '<p class="change-card"><ins class="change">[Picture]</ins> The report</p>'
    assert 'change"' not in "".join(compared(one, one.replace("-1-wide1200", "-2-wide480")))
