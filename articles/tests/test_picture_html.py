"""Pictures in what readers get: bodies, leads and cards."""

import pytest
from django.http import HttpResponse

from articles.picture_html import draw_pictures, tokens_in
from articles.tests.factories import make_article, make_section, make_staff
from articles.tests.pictures import figure, make_image, media_root
from newsroom.tests.browsing import dom, text_of, the

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]


@pytest.fixture
def image():
    return make_image(size=(900, 600), made=True, alt="Boats in the harbour")


def test_a_picture_is_drawn_in_all_its_sizes(image):
    html = draw_pictures(f"<p>A</p>{figure(image, 'A “boat” & more')}<p>B</p>")
    name = f"/media/{image.token}-2-wide"
    sizes = "(min-width: 42rem) 40rem, 100vw"
    assert html == (
        "<p>A</p><figure><picture>"
        f'<source type="image/avif" srcset="{name}480.avif 480w, {name}800.avif 800w, '
        f'{name}900.avif 900w" sizes="{sizes}">'
        f'<img src="{name}900.jpg" srcset="{name}480.jpg 480w, {name}800.jpg 800w, '
        f'{name}900.jpg 900w" sizes="{sizes}" width="900" height="600" '
        'alt="A “boat” &amp; more" loading="lazy" decoding="async">'
        "</picture></figure><p>B</p>"
    )


def test_a_picture_without_its_sizes_is_drawn_as_it_is():
    image = make_image(size=(900, 600))
    html = draw_pictures(figure(image))
    assert html == (
        f'<figure><picture><img src="{image.src}" width="900" height="600" alt="A boat" '
        'loading="lazy" decoding="async"></picture></figure>'
    )


@pytest.mark.parametrize(
    ("alt", "drawn"), [("A boat", "A boat"), ("", ""), (None, "Boats in the harbour")]
)
def test_the_alternative_text_is_that_of_the_use_and_else_the_pictures(image, alt, drawn):
    assert f'alt="{drawn}"' in draw_pictures(figure(image, alt))


@pytest.mark.parametrize(
    "text", ['"><script>x()</script>', "' onload=x() '", "a < b > c", "&lt;script&gt;"]
)
def test_words_stay_words(image, text):
    image.alt = text
    image.save()
    picture = the_only_picture(draw_pictures(figure(image, None)))
    assert picture.attrib["alt"] == text
    assert not set(picture.attrib) & {"onload"}


def the_only_picture(html):
    page = HttpResponse(html)
    assert not list(dom(page).iter("script"))
    return the(page, ".//img")


def test_caption_and_credit_stay_as_they_were_cleaned(image):
    caption = "The <em>harbour</em> <small>Maud Ellery</small>"
    assert f"<figcaption>{caption}</figcaption></figure>" in draw_pictures(
        figure(image, caption=caption)
    )


def test_unknown_and_withdrawn_pictures_go_with_their_figures(image):
    gone = make_image()
    gone.withdraw(by=make_staff(), reason="Killed.")
    unknown = f'<img src="/media/{"0" * 32}-1-wide100.jpg" alt="">'
    elsewhere = '<img src="https://elsewhere.example/pixel.gif" alt="">'
    body = (
        f"<p>A</p>{figure(gone, caption='Gone')}<figure>{unknown}</figure><p>B</p>"
        f"<figure>{elsewhere}</figure><p>C{unknown}{elsewhere}</p>{figure(image)}"
    )
    html = draw_pictures(body)
    assert html.startswith("<p>A</p><p>B</p><p>C</p><figure><picture>")
    assert html.count("<img") == 1


def test_a_figure_of_something_else_stays(image):
    quote = "<figure><blockquote><p>Said.</p></blockquote></figure>"
    assert draw_pictures(quote) == quote
    assert draw_pictures(quote + figure(image)).startswith(quote + "<figure><picture>")


def test_all_pictures_of_a_text_cost_one_query_and_none_costs_none(
    image, django_assert_num_queries
):
    body = figure(image) + figure(make_image()) + figure(image)
    with django_assert_num_queries(1):
        assert draw_pictures(body).count("<picture>") == 3
    with django_assert_num_queries(0):
        assert draw_pictures("<p>Text</p>") == "<p>Text</p>"


def test_a_picture_is_known_by_its_token_whatever_file_is_named(image):
    for name in ("1-wide1200.jpg", "77-card400.avif", "2-wide480.webp"):
        body = f'<img src="/media/{image.token}-{name}" alt="">'
        assert tokens_in(body) == {image.token}
        assert f"{image.token}-2-wide900.jpg" in draw_pictures(body)


def test_the_holder_of_a_preview_link_gets_addresses_of_its_own(image):
    html = draw_pictures(figure(image), preview="abc:def")
    assert html.count("?preview=abc:def") == html.count("/media/") == 7


# --- The lead and the cards --------------------------------------------------------------------


def lead_of(client, article):
    page = dom(client.get(article.get_absolute_url()))
    return page.find(".//figure[@class='lead-picture']")


def test_the_lead_picture_is_loaded_first(client, image):
    article = make_article(
        lead_image=image, lead_alt="A boat", lead_caption="At <dawn>", lead_credit="M. Ellery"
    )
    page = client.get(article.get_absolute_url())
    lead = the(page, ".//figure[@class='lead-picture']")
    shown = the(page, ".//figure[@class='lead-picture']//img").attrib
    assert (shown["alt"], shown["fetchpriority"], shown["width"], shown["height"]) == (
        *("A boat", "high", "900", "600"),
    )
    assert "loading" not in shown
    assert "srcset" in the(page, ".//figure[@class='lead-picture']//source").attrib
    assert text_of(lead) == "At <dawn> M. Ellery"


@pytest.mark.parametrize(
    ("fields", "alt"),
    [
        ({"lead_alt": "A boat"}, "A boat"),
        ({"lead_alt": "A boat", "lead_is_decorative": True}, ""),
        ({}, "Boats in the harbour"),
    ],
)
def test_what_a_screen_reader_says_of_the_lead(client, image, fields, alt):
    lead = lead_of(client, make_article(lead_image=image, **fields))
    assert lead is not None
    assert [img.attrib["alt"] for img in lead.iter("img")] == [alt]
    assert lead.find("figcaption") is None


def test_a_piece_without_a_lead_picture_has_no_place_for_one(client, image):
    assert lead_of(client, make_article()) is None
    article = make_article(lead_image=image, lead_caption="At dawn")
    image.withdraw(by=make_staff(), reason="Killed.")
    assert lead_of(client, article) is None
    assert b"At dawn" not in client.get(article.get_absolute_url()).content


def test_a_card_shows_the_crop_and_leaves_the_words_to_the_headline(client, image):
    article = make_article(lead_image=image, lead_alt="A boat")
    card = the(client.get(article.section.get_absolute_url()), ".//a[@class='card-picture']")
    assert (card.attrib["tabindex"], card.attrib["aria-hidden"]) == ("-1", "true")
    [shown] = [img.attrib for img in card.iter("img")]
    [source] = [source.attrib for source in card.iter("source")]
    assert (shown["alt"], shown["loading"]) == ("", "lazy")
    assert (int(shown["width"]), int(shown["height"])) == (900, 600)
    assert f"/media/{image.token}-2-card400.avif 400w" in source["srcset"]


def test_the_first_picture_of_the_front_page_is_loaded_first(client, image):
    section = make_section()
    for _ in range(3):
        make_article(lead_image=image, section=section)
    shown = [
        img.attrib for img in dom(client.get("/")).iter("img") if image.token in img.attrib["src"]
    ]
    assert len(shown) >= 2
    assert ["fetchpriority" in img for img in shown] == [True, *[False] * (len(shown) - 1)]


def test_pictures_of_pieces_cost_no_query_more(client, image, django_assert_num_queries):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    article = make_article(body="<p>Text</p>")
    paths = ["/", article.section.get_absolute_url(), article.get_absolute_url()]

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    before = [asked(path) for path in paths]
    article.lead_image, article.body = image, figure(image)
    article.save()
    assert [asked(path) for path in paths] == before
