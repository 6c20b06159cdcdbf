import io

import pytest
from django.core.files.base import ContentFile, File
from django.test import RequestFactory

from newsroom.byte_ranges import answer

TEXT = b"0123456789"


def ask(data=TEXT, **headers):
    request = RequestFactory().get("/x", headers=headers)
    return answer(request, ContentFile(data), content_type="audio/mpeg", etag='"e"')


def content_of(response):
    return b"".join(response) if response.streaming else response.content


def test_without_a_range_it_is_the_whole_file():
    response = ask()
    assert (response.status_code, content_of(response)) == (200, TEXT)
    assert response["Content-Length"] == "10"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == '"e"'
    assert response["Content-Type"] == "audio/mpeg"
    assert not response.has_header("Content-Range")


@pytest.mark.parametrize(
    ("asked", "part", "told"),
    [
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=8-", b"89", "bytes 8-9/10"),
        ("bytes=8-99999999999999999", b"89", "bytes 8-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
    ],
)
def test_a_part_that_is_asked_for_is_all_that_is_sent(asked, part, told):
    response = ask(range=asked)
    assert (response.status_code, content_of(response)) == (206, part)
    assert response["Content-Range"] == told
    assert response["Content-Length"] == str(len(part))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_what_is_not_in_the_file_is_refused_with_its_length(asked):
    response = ask(range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10")
    assert content_of(response) == b""


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-", "bytes=-10", "bytes=-50", "bytes=5-3", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"]
    + ["bytes=-", "bytes=", "", "bytes=" + "9" * 300 + "-"],
)
def test_a_range_that_is_none_or_of_all_gives_the_whole(asked):
    response = ask(range=asked)
    assert (response.status_code, content_of(response)) == (200, TEXT)


def test_a_part_of_another_version_gives_the_whole():
    assert ask(range="bytes=1-2", if_range='"other"').status_code == 200
    assert ask(range="bytes=1-2", if_range='"e"').status_code == 206


def test_an_empty_file_is_sent_as_such():
    response = ask(b"", range="bytes=0-5")
    assert (response.status_code, content_of(response)) == (200, b"")


@pytest.mark.django_db  # the end of an answer looks after connections
def test_the_file_is_closed_whatever_the_answer():
    for asked in ("", "bytes=1-2", "bytes=50-"):
        file = File(io.BytesIO(TEXT), name="x")
        request = RequestFactory().get("/x", headers={"Range": asked})
        response = answer(request, file, content_type="audio/mpeg", etag='"e"')
        content_of(response)
        response.close()
        assert file.closed, asked
