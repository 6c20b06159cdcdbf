import pytest

from newsroom.models import SiteSettings
from newsroom.tests.browsing import fill_in
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("A plain line – “quoted” & <b>", "A plain line – “quoted” & <b>"),
        ("one\x0btwo", "one two"),
        ("one\ttwo\nthree\u2028four\rfive", "one two three four five"),
        ("bell\x07, delete\x7f, next\x85line", "bell , delete , next line"),
        ("日本\x00語", "日本 語"),
        ("", ""),
    ],
)
def test_a_line_is_stored_without_control_characters_whoever_writes_it(written, stored):
    site = SiteSettings.objects.create(name=written)
    assert SiteSettings.objects.get().name == stored
    SiteSettings.objects.update(tagline=written)
    site.refresh_from_db()
    assert site.tagline == stored


def test_what_is_pasted_into_a_form_becomes_a_line(client):
    SiteSettings.objects.create()
    client.force_login(make_superuser())
    fill_in(client, "/admin/newsroom/sitesettings/1/change/", name="The\x0bPost")
    assert SiteSettings.objects.get().name == "The Post"
