import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from newsroom.state import State


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.STATE = State(tmp_path)


def test_everybody_is_told_when_to_come_back_without_asking_the_database():
    call_command("maintenance", "on", minutes=30, verbosity=0)
    for path in ("/", "/admin/", "/feeds/latest.rss", "/no/such/page/"):
        response = Client().get(path)  # pytest refuses any query here
        assert response.status_code == 503
        assert response["Retry-After"] == "1800"
        assert response["Cache-Control"] == "no-store"
        assert "Content-Security-Policy" in response
        assert "Back in a few minutes" in response.content.decode()


def test_nothing_is_taken_meanwhile():
    call_command("maintenance", "on")
    assert Client().post("/articles/any/comments/", {"comment": "Words"}).status_code == 503


def test_the_process_is_healthy_and_its_style_is_there(settings):
    settings.WHITENOISE_USE_FINDERS = True
    call_command("maintenance", "on")
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/static/css/site.css").status_code == 200


@pytest.mark.django_db
def test_the_site_opens_again(capsys):
    call_command("maintenance", "on")
    call_command("maintenance", "off")
    assert capsys.readouterr().out.endswith("The site is open.\n")
    assert Client().get("/").status_code == 200
    call_command("maintenance", "off")
    assert capsys.readouterr().out == "The site was open.\n"


@pytest.mark.parametrize("written", ["", "zurück um 9", "\x00", "٣"])
def test_a_file_made_by_hand_closes_it_too(settings, written):
    settings.STATE.maintenance.write_text(written, encoding="utf-8")
    response = Client().get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "600")


@pytest.mark.parametrize("minutes", ["0", "-5", "1441", "soon"])
def test_an_odd_time_is_refused_and_nothing_is_closed(settings, minutes):
    with pytest.raises(CommandError):
        call_command("maintenance", "on", "--minutes", minutes)
    assert not settings.STATE.maintenance.exists()
