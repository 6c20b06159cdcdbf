import pytest

from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db

EDGE = "--edge\r\nContent-Disposition: form-data; name="
FORM = f'{EDGE}"username"\r\n\r\nmaud\r\n{EDGE}"password"\r\n\r\npw\r\n--edge--\r\n'.encode()
PAGES = ["/admin/login/", "/admin/password_reset/", "/articles/piece/comments/", "/"]


@pytest.mark.parametrize("charset", ["rot13", "undefined", "unicode_escape", "utf-16", "latin-1"])
@pytest.mark.parametrize("address", PAGES)
def test_no_page_reads_a_form_in_another_charset(client, address, charset):
    content_type = f"multipart/form-data; boundary=edge; charset={charset}"
    assert client.generic("POST", address, FORM, content_type).status_code == 400


def test_a_form_in_utf_8_is_read(client):
    make_staff("Editors", username="maud")
    content_type = "multipart/form-data; boundary=edge; charset=utf8"
    assert client.generic("POST", "/admin/login/", FORM, content_type).status_code == 302
