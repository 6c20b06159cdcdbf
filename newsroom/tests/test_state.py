import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom.state import State, write_once


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def state(tmp_path):
    return State(tmp_path / "deep" / "var")


def test_only_the_owner_may_enter_what_is_prepared(state):
    state.prepare()
    folders = [state.root, state.media, state.mail, state.static, state.keys]
    assert {mode(folder) for folder in folders} == {0o700}


def test_preparing_again_changes_nothing(state):
    state.prepare()
    (state.media / "picture.png").write_bytes(b"pixels")
    state.prepare()
    assert (state.media / "picture.png").read_bytes() == b"pixels"


def test_a_place_where_nothing_can_be_written_is_named_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ImproperlyConfigured) as refused:
        State(tmp_path / "file" / "var").prepare()
    message = str(refused.value)
    assert str(tmp_path / "file" / "var") in message
    assert "NEWSROOM_STATE" in message
    assert "\n" not in message


def test_a_directory_that_may_not_be_written_to_is_named(state, monkeypatch):
    # Root, who runs the tests in a container, may write everywhere.
    monkeypatch.setattr("newsroom.state.os.access", lambda path, wanted: False)
    with pytest.raises(ImproperlyConfigured, match="not writable"):
        state.prepare()


def test_the_secret_key_is_made_once_and_for_the_owner_alone(state):
    key = state.secret_key()
    assert len(key) >= 50
    assert state.secret_key() == key
    assert mode(state.keys / "secret.key") == 0o600
    assert State(state.root.parent / "other").secret_key() != key


def test_a_secret_key_that_cannot_be_read_is_named(state):
    (state.keys / "secret.key").mkdir(parents=True)
    with pytest.raises(ImproperlyConfigured, match=r"secret\.key cannot be read"):
        state.secret_key()


def test_what_is_written_once_is_not_written_over(tmp_path):
    file = tmp_path / "key"
    assert write_once(file, b"first") is True
    assert write_once(file, b"second") is False
    assert file.read_bytes() == b"first"


def test_of_many_who_write_at_once_one_wins_and_leaves_no_trace_of_the_others(tmp_path):
    file = tmp_path / "key"
    contents = [bytes([number]) * 10_000 for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda content: write_once(file, content), contents))
    assert won.count(True) == 1
    assert file.read_bytes() == contents[won.index(True)]
    assert list(tmp_path.iterdir()) == [file]
