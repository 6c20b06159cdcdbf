"""The library in the admin: who may do what there, and what it tells."""

import pytest
from django.core.files.base import ContentFile

from articles.models import Article, Image, ImageChange
from articles.tests.desk import ADD as NEW_PIECE
from articles.tests.desk import edit, errors, page_of
from articles.tests.factories import make_article, make_draft, make_page, make_staff
from articles.tests.pictures import figure, make_image, media_root, upload
from newsroom.tests.browsing import dom, fields_of, fill_in, links, text_at, the
from newsroom.tests.factories import make_superuser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]

LIST = "/admin/articles/image/"
LIBRARY = f"{LIST}library.json"


@pytest.fixture
def editor(client):
    user = make_staff("Editors")
    client.force_login(user)
    return user


def names(response):
    assert response.status_code == 200
    return [
        "".join(each.itertext())
        for each in dom(response).iterfind(".//span[@class='picture-tile-name']")
    ]


# --- The list ----------------------------------------------------------------------------------


def test_the_library_shows_the_newest_first_and_finds_by_words(client, editor):
    make_image(name="Harbour at dawn", credit="Maud Ellery", by=editor)
    make_image(name="Town hall", alt="A house", rights="AFP until May")
    assert names(client.get(LIST)) == ["Town hall", "Harbour at dawn"]
    for words, found in [
        ("harbour", ["Harbour at dawn"]),
        ("ellery dawn", ["Harbour at dawn"]),
        ("afp", ["Town hall"]),
        ("nothing like it", []),
    ]:
        assert names(client.get(LIST, {"q": words})) == found


def test_the_newest_pictures_are_offered_first(client, editor):
    for name in ("Older", "Newer"):
        make_image(name=name, by=editor)
    asked = {"app_label": "articles", "model_name": "article", "field_name": "lead_image"}
    offered = client.get("/admin/autocomplete/", asked).json()["results"]
    assert [each["text"] for each in offered] == ["Newer", "Older"]


def test_the_library_is_filtered(client, editor):
    make_image(name="Mine", by=editor)
    make_draft(lead_image=make_image(name="Used"))
    make_image(name="Withdrawn").withdraw(by=editor, reason="Killed.")
    for show, found in [
        ("mine", {"Mine"}),
        ("unused", {"Mine", "Withdrawn"}),
        ("withdrawn", {"Withdrawn"}),
        ("", {"Mine", "Used", "Withdrawn"}),
    ]:
        assert set(names(client.get(LIST, {"show": show} if show else {}))) == found


@pytest.mark.parametrize("count", [3, 12])
def test_the_library_asks_the_same_however_much_is_in_it(
    client, editor, count, django_assert_num_queries
):
    for _ in range(count):
        make_draft(lead_image=make_image(by=editor))
    client.get(LIST)
    with django_assert_num_queries(8):
        assert len(names(client.get(LIST))) == count


def test_the_chooser_is_told_what_may_be_used_by_page(client, editor, django_assert_num_queries):
    images = [make_image(name=f"Harbour {n}", alt="Boats", by=editor) for n in range(26)]
    images[20].withdraw(by=editor, reason="Killed.")
    client.get(LIBRARY)
    with django_assert_num_queries(6):
        first = client.get(LIBRARY).json()
    assert [each["name"] for each in first["images"]] == [
        f"Harbour {n}" for n in range(25, 0, -1) if n != 20
    ]
    assert (first["next"], first["may_upload"]) == (2, True)
    second = client.get(LIBRARY, {"page": first["next"]}).json()
    assert ([each["name"] for each in second["images"]], second["next"]) == (["Harbour 0"], None)
    assert second["images"][0].keys() >= {
        *("id", "token", "name", "src", "thumbnail", "alt", "caption", "credit", "width", "height"),
    }
    found = client.get(LIBRARY, {"q": "harbour 7"}).json()
    assert [each["id"] for each in found["images"]] == [images[17].pk, images[7].pk]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 30, "9999", "²"])
def test_any_page_number_is_answered(client, editor, page):
    make_image()
    assert client.get(LIBRARY, {"page": page, "q": "x" * 5000}).status_code == 200


# --- One picture -------------------------------------------------------------------------------


def test_its_page_tells_where_it_is_used(client, editor):
    image = make_image()
    piece, page = (
        make_article(headline="The boats", lead_image=image),
        make_page(body=figure(image)),
    )
    shown = client.get(image.get_admin_url())
    text = text_at(shown, ".//fieldset[@class='module picture-uses']")
    assert "The boats (published): lead picture" in text
    assert "About: in the text" in text
    assert page_of(piece) in links(shown)
    assert f"/admin/articles/standingpage/{page.pk}/change/" in links(shown)


def test_its_texts_are_changed_and_its_files_stay(client, editor):
    image = make_image()
    fill_in(client, image.get_admin_url(), name="Harbour", alt="Boats", rights="Until May")
    before, image = image, Image.objects.get()
    assert (image.name, image.alt, image.rights) == ("Harbour", "Boats", "Until May")
    assert (image.version, image.renditions) == (before.version, before.renditions)
    assert not ImageChange.objects.exists()


def test_what_the_worker_wrote_meanwhile_is_not_written_over(client, editor):
    from articles import renditions  # noqa: PLC0415

    image = make_image()
    form = fields_of(client.get(image.get_admin_url()))
    renditions.make(image)
    client.post(image.get_admin_url(), form | {"name": "New"})
    now = Image.objects.get()
    assert (now.name, now.version) == ("New", 2)


def test_the_focal_point_is_moved_by_its_two_numbers(client, editor):
    image = make_image()
    fill_in(client, image.get_admin_url(), focal_x="20", focal_y="80")
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (20, 80)
    assert ImageChange.objects.get().by == editor


@pytest.mark.parametrize("number", ["-1", "101", "x", "", "1e9", "99999999999999999999"])
def test_a_focal_point_outside_the_picture_is_refused(client, editor, number):
    image = make_image()
    assert errors(fill_in(client, image.get_admin_url(), focal_x=number))
    image.refresh_from_db()
    assert image.focal_x == 50


def test_an_editor_withdraws_it_after_seeing_its_uses_and_brings_it_back(client, editor):
    image = make_image()
    piece = make_article(headline="The boats", lead_image=image)
    address = f"{LIST}{image.pk}/withdraw/"
    assert address in links(client.get(image.get_admin_url()))
    asked = client.get(address)
    assert "The boats" in text_at(asked)
    assert not Image.objects.get().is_withdrawn

    assert "This field is required." in errors(fill_in(client, address, reason=" "))
    assert not Image.objects.get().is_withdrawn
    assert fill_in(client, address, reason="Killed by AFP.").status_code == 302
    image.refresh_from_db()
    assert (image.withdrawn_by, image.withdrawn_reason) == (editor, "Killed by AFP.")
    shown = client.get(image.get_admin_url())
    assert "Killed by AFP." in text_at(shown, ".//div[@class='picture-withdrawn']")
    assert the(shown, ".//input[@form='bring-back']").attrib["value"] == "Bring it back"
    assert client.get(address).status_code == 200
    assert image.token not in client.get(piece.get_absolute_url()).content.decode()

    assert client.post(f"{LIST}{image.pk}/bring-back/").status_code == 302
    assert not Image.objects.get().is_withdrawn
    assert client.get(f"{LIST}{image.pk}/bring-back/").status_code == 405


@pytest.mark.parametrize("page", ["withdraw", "bring-back"])
def test_what_is_not_there_cannot_be_withdrawn(client, editor, page):
    assert client.post(f"{LIST}999999/{page}/", {"reason": "x"}).status_code == 404


# --- Who may -----------------------------------------------------------------------------------

ROLES = {
    "Reporters": {"see", "upload", "change"},
    "Editors": {"see", "upload", "change", "withdraw"},
    "Moderators": set(),
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_so_much_and_no_more(client, role):
    client.force_login(make_staff(role))
    image = make_image()
    before = Image.objects.values().get()
    own = image.get_admin_url()
    form = {"name": "New", "focal_x": 1, "focal_y": 1}
    answers = {
        "see": [client.get(path) for path in (LIST, LIBRARY, own)],
        "upload": [client.get(f"{LIST}add/"), client.post(f"{LIST}add/", {"files": upload(b"x")})],
        "withdraw": [
            client.get(f"{LIST}{image.pk}/withdraw/"),
            client.post(f"{LIST}{image.pk}/withdraw/", {"reason": "x"}),
            client.post(f"{LIST}{image.pk}/bring-back/"),
        ],
        "delete": [
            client.get(f"{LIST}{image.pk}/delete/"),
            client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"}),
        ],
    }
    if "change" not in ROLES[role]:
        answers["change"] = [client.post(own, form)]
    for deed, of_deed in answers.items():
        allowed = deed in ROLES[role]
        assert {answer.status_code for answer in of_deed} <= ({200, 302} if allowed else {403})
    if not ROLES[role]:
        assert Image.objects.values().get() == before
    assert Image.objects.exists()


def test_nobody_is_let_in_without_logging_in(client):
    image = make_image()
    for path in (LIST, LIBRARY, f"{LIST}add/", f"{LIST}{image.pk}/withdraw/"):
        assert client.get(path)["Location"].startswith("/admin/login/")
        assert client.post(path)["Location"].startswith("/admin/login/")
    assert Image.objects.count() == 1


def test_an_administrator_deletes_what_is_not_used(
    client, django_capture_on_commit_callbacks, media_root
):
    client.force_login(make_superuser())
    image = make_image()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Image.objects.exists()
    assert not [path for path in media_root.rglob("*") if path.is_file()]


def test_an_administrator_is_told_that_a_picture_is_in_use(client):
    client.force_login(make_superuser())
    image = make_image()
    make_draft(headline="The boats", lead_image=image)
    answer = client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"})
    assert answer["Location"] == image.get_admin_url()
    text = text_at(client.get(answer["Location"]), ".//body")
    assert "It is in use, as listed below." in text and "The boats" in text
    assert Image.objects.exists()


# --- In the form of a piece --------------------------------------------------------------------


def test_without_scripts_the_lead_picture_is_chosen_by_its_number(client, editor):
    image, article = make_image(name="Harbour"), make_draft()
    assert LIST in links(client.get(page_of(article)))
    edit(client, article, lead_image=str(image.pk))
    assert article.lead_image == image
    shown = the(client.get(page_of(article)), ".//div[@class='picture-field-current']//img")
    assert (shown.attrib["src"], shown.attrib["alt"]) == (image.thumbnail, "Picture: Harbour")
    edit(client, article, lead_image="")
    assert article.lead_image is None


def test_the_texts_of_the_lead_begin_with_those_of_the_picture(client, editor):
    image = make_image(alt="Boats", caption="At dawn", credit="M. Ellery")
    article, other, bare = make_draft(), make_draft(), make_draft()
    edit(client, article, lead_image=str(image.pk), lead_caption="At noon")
    texts = article.lead_alt, article.lead_caption, article.lead_credit
    assert texts == ("Boats", "At noon", "M. Ellery")
    edit(client, article, lead_caption="")
    assert article.lead_caption == ""  # it was there, and somebody took it away
    edit(client, other, lead_image=str(image.pk), lead_is_decorative="on")
    assert (other.lead_alt, other.lead_caption) == ("", "At dawn")
    edit(client, bare, lead_image=str(image.pk), lead_texts_offered="1")
    assert (bare.lead_alt, bare.lead_caption) == ("", "")


@pytest.mark.parametrize("number", ["999999", "x", "-1", "1e3", "9" * 40, "²"])
def test_a_number_that_no_picture_has_is_refused(client, editor, number):
    article = make_draft()
    answer = edit(client, article, lead_image=number, headline="New")
    assert errors(answer)[-1] == "There is no such picture in the library, or it is withdrawn."
    assert Article.objects.get().headline != "New"


def test_a_withdrawn_picture_is_not_chosen_but_may_stay(client, editor):
    image, article = make_image(), make_draft()
    had = make_draft(lead_image=image)
    image.withdraw(by=editor, reason="Killed.")
    assert errors(edit(client, article, lead_image=str(image.pk)))
    assert edit(client, had, headline="New").status_code == 302
    assert (had.headline, had.lead_image) == ("New", image)
    assert "Withdrawn: readers don't see it." in text_at(client.get(page_of(had)), ".//body")


def test_a_new_piece_begins_without_a_picture(client, editor):
    page = client.get(NEW_PIECE)
    assert fields_of(page)["lead_image"] == ""
    assert dom(page).find(".//div[@class='picture-field-current']//img") is None


def test_an_upload_needs_the_token_of_the_page(editor):
    from django.test import Client  # noqa: PLC0415

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    answer = strict.post(f"{LIST}add/", {"files": ContentFile(b"x", name="x.png")})
    assert answer.status_code == 403
