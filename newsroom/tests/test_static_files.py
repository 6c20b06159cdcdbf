import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage

from newsroom.static_files import collect_if_changed


@pytest.fixture
def source(settings, tmp_path):
    """The folder of the site's own static files, one in number."""
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    (source / "css/site.css").write_text("p { color: black }\n" * 100)
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "newsroom.static_files.StaticFiles"}
    }
    return source


def collected(settings):
    return {
        path.relative_to(settings.STATIC_ROOT).as_posix()
        for path in settings.STATIC_ROOT.rglob("*")
        if path.is_file()
    }


def test_files_are_collected_under_names_that_change_with_their_content(source, settings):
    assert collect_if_changed() is True
    before = collected(settings)
    [hashed] = [name for name in before if name.endswith(".css")]
    assert hashed != "css/site.css"
    assert {f"{hashed}.gz", f"{hashed}.br", "staticfiles.json"} <= before

    (source / "css/site.css").write_text("p { color: navy }")
    assert collect_if_changed() is True
    assert hashed not in collected(settings)


def test_what_has_not_changed_is_not_collected_again(source):
    assert collect_if_changed() is True
    assert collect_if_changed() is False


def test_a_new_file_and_a_removed_one_are_noticed(source, settings):
    collect_if_changed()
    (source / "new.txt").write_text("new")
    assert collect_if_changed() is True
    assert any(name.startswith("new.") for name in collected(settings))
    (source / "new.txt").unlink()
    assert collect_if_changed() is True
    assert not any(name.startswith("new.") for name in collected(settings))


def test_the_address_of_a_file_is_looked_up_once(source, monkeypatch):
    collect_if_changed()
    address = staticfiles_storage.url("css/site.css")
    assert address.startswith("/static/css/site.") and address != "/static/css/site.css"

    monkeypatch.setattr(ManifestStaticFilesStorage, "url", None)
    assert staticfiles_storage.url("css/site.css") == address
