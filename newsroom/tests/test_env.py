from ipaddress import ip_address
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import ConnectionHandler

from newsroom import env

NAME = "NEWSROOM_TEST_VARIABLE"


@pytest.fixture
def given(monkeypatch):
    """Sets the variable."""
    monkeypatch.delenv(NAME, raising=False)
    return lambda value: monkeypatch.setenv(NAME, value)


def refusal(read, **options):
    """What the function says of the value it refuses: one line that begins with the variable."""
    with pytest.raises(ImproperlyConfigured) as refused:
        read(NAME, **options)
    message = str(refused.value)
    assert message.startswith(NAME)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_a_blank_variable_counts_as_unset(given, blank):
    given(blank)
    assert env.text(NAME, "default") == "default"
    assert env.number(NAME, default=7) == 7
    assert env.flag(NAME, default=True) is True
    assert env.networks(NAME) == ()


def test_space_around_a_value_is_no_part_of_it(given):
    given(" value ")
    assert env.text(NAME) == "value"


@pytest.mark.parametrize("value", ["1", "true", "TRUE", "yes", "On"])
def test_a_flag_is_on(given, value):
    given(value)
    assert env.flag(NAME, default=False) is True


@pytest.mark.parametrize("value", ["0", "false", "No", "OFF"])
def test_a_flag_is_off(given, value):
    given(value)
    assert env.flag(NAME, default=True) is False


def test_a_flag_that_is_neither_on_nor_off_is_refused(given):
    given("maybe")
    assert "maybe" in refusal(env.flag, default=False)


@pytest.mark.parametrize("value", ["1", "80", "0100", "65535"])
def test_a_number_within_its_bounds_is_read(given, value):
    given(value)
    assert env.number(NAME, default=5, at_least=1, at_most=65535) == int(value)


@pytest.mark.parametrize(
    "value", ["0", "65536", "-1", "+1", "1.5", "1e3", "²", "٣", "eight", "1 2"]
)
def test_what_is_no_number_within_its_bounds_is_refused(given, value):
    given(value)
    assert value in refusal(env.number, default=5, at_least=1, at_most=65535)


def test_a_path_is_made_absolute_and_knows_the_home_directory(given, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    given("state")
    assert env.path(NAME, default=Path("/elsewhere")) == tmp_path / "state"
    given("~/state")
    assert env.path(NAME, default=Path("/elsewhere")) == Path("/home/somebody/state")


def test_networks_and_single_addresses_are_read(given):
    given("10.0.0.0/8, ::1 192.0.2.7")
    networks = env.networks(NAME)

    def is_inside(address):
        return any(ip_address(address) in network for network in networks)

    assert is_inside("10.255.0.1") and is_inside("::1") and is_inside("192.0.2.7")
    assert not is_inside("192.0.2.8")


@pytest.mark.parametrize("value", ["proxy.example.org", "10.0.0.1/8", "10.0.0.0/33", "10.0.0"])
def test_what_is_no_network_is_refused(given, value):
    given(value)
    assert value.partition("/")[0] in refusal(env.networks)


@pytest.mark.parametrize(
    "value", ["https://news.example.org", "https://news.example.org/", "http://[::1]:8000"]
)
def test_a_site_is_a_scheme_and_a_host(given, value):
    given(value)
    site = env.site_url(NAME, default="http://localhost")
    assert f"{site.scheme}://{site.netloc}" == value.rstrip("/")


@pytest.mark.parametrize(
    "value",
    [
        "news.example.org",
        "ftp://news.example.org",
        "https://",
        "https://:8000",
        "https://user@news.example.org",
        "https://news.example.org/news",
        "https://news.example.org?a=b",
        "https://news.example.org#top",
        "https://news.example.org:port",
        "https://news.example.org:99999",
        "https://[::1",
    ],
)
def test_what_is_no_site_is_refused(given, value):
    given(value)
    refusal(env.site_url, default="http://localhost")


def test_without_a_database_url_the_database_is_the_sqlite_file(given):
    assert env.database(NAME, sqlite_file=Path("/state/db.sqlite3")) == env.sqlite(
        Path("/state/db.sqlite3")
    )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_database_url_names_a_postgresql_database(given, scheme):
    given(f"{scheme}://user%40home:p%2Fss%3A@db.example.org:5433/news%20room?sslmode=require")
    database = env.database(NAME, sqlite_file=Path("unused"))
    assert database["ENGINE"] == "newsroom.databases.postgresql"
    assert database["USER"] == "user@home"
    assert database["PASSWORD"] == "p/ss:"
    assert (database["HOST"], database["PORT"]) == ("db.example.org", "5433")
    assert database["NAME"] == "news room"
    assert database["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "value",
    [
        "mysql://user:hush@localhost/news",
        "postgres://user:hush@localhost",
        "postgres://user:hush@localhost/",
        "postgres://user:hush@localhost:port/news",
    ],
)
def test_a_database_url_that_is_refused_is_not_repeated_with_its_password(given, value):
    given(value)
    assert "hush" not in refusal(env.database, sqlite_file=Path("unused"))


@pytest.mark.parametrize(
    "value",
    [
        "redis://localhost",
        "redis://localhost:6379/3",
        "rediss://newsroom:p%40ss@redis.example.org:6380/0?ssl_ca_certs=/etc/ca.pem",
    ],
)
def test_a_redis_is_named_by_its_url(given, value):
    given(value)
    assert env.redis(NAME) == value


def test_without_a_url_there_is_no_redis(given):
    given("")
    assert env.redis(NAME) == ""


@pytest.mark.parametrize(
    "value",
    [
        "localhost:6379",
        "http://:s3cret@localhost:6379",
        "redis://:s3cret@",
        "redis://:s3cret@localhost/news",
        "redis://:s3cret@localhost/0?decode_responses=1",
        "redis://:s3cret@localhost:many/0",
    ],
)
def test_a_url_of_redis_that_is_refused_is_not_repeated_with_its_password(given, value):
    given(value)
    assert "s3cret" not in refusal(env.redis)


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_sqlite_is_set_so_that_an_acknowledged_commit_is_safe(tmp_path):
    connection = ConnectionHandler({"default": env.sqlite(tmp_path / "db.sqlite3")})["default"]
    try:
        with connection.cursor() as cursor:

            def pragma(name):
                return cursor.execute(f"PRAGMA {name}").fetchone()[0]

            assert pragma("journal_mode") == "wal"
            assert pragma("synchronous") == 2  # FULL
            assert pragma("foreign_keys") == 1
            assert pragma("secure_delete") == 1
            assert pragma("busy_timeout") == 20_000
            assert pragma("mmap_size") == 0
    finally:
        connection.close()
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_without_a_mail_server_each_mail_becomes_a_file(given):
    mailer = env.mailer(NAME, folder=Path("/state/mail"))
    assert mailer["BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert mailer["OPTIONS"] == {"file_path": "/state/mail"}


@pytest.mark.parametrize(
    ("value", "port", "use_ssl", "use_tls"),
    [
        ("smtp://user:p%40ss@mail.example.org", 587, False, True),
        ("smtp://user:p%40ss@mail.example.org:25", 25, False, True),
        ("smtps://user:p%40ss@mail.example.org", 465, True, False),
        ("smtp://user:p%40ss@localhost:2525", 2525, False, False),
    ],
)
def test_mail_goes_encrypted_unless_it_stays_on_the_machine(given, value, port, use_ssl, use_tls):
    given(value)
    options = env.mailer(NAME, folder=Path("unused"))["OPTIONS"]
    assert (options["username"], options["password"]) == ("user", "p@ss")
    assert (options["port"], options["use_ssl"], options["use_tls"]) == (port, use_ssl, use_tls)
    assert options["timeout"] == 30


@pytest.mark.parametrize(
    "value", ["mail.example.org", "https://u:hush@mail.example.org", "smtp:///"]
)
def test_what_is_no_mail_server_is_refused(given, value):
    given(value)
    assert "hush" not in refusal(env.mailer, folder=Path("unused"))


TRANSLATED = ("en-gb", "ja")


@pytest.mark.parametrize(
    ("value", "code"),
    [("ja", "ja"), ("JA", "ja"), ("en-GB", "en-gb"), ("en_gb", "en-gb"), ("en", "en-gb")],
)
def test_a_language_that_is_translated_is_taken(given, value, code):
    given(value)
    assert env.language(NAME, default="ja", translated=TRANSLATED) == code


def test_the_language_is_the_default_where_none_is_named(given):
    assert env.language(NAME, default="ja", translated=TRANSLATED) == "ja"


@pytest.mark.parametrize("value", ["fr", "ja-JP", "j", "english", "en-gb.UTF-8"])
def test_a_language_without_a_translation_is_refused_with_those_that_have_one(given, value):
    given(value)
    assert "en-gb, ja" in refusal(env.language, default="en-gb", translated=TRANSLATED)


@pytest.mark.parametrize(
    "value",
    ["mailto:security@news.example", "https://news.example/security?a=b", "tel:+44-20-7946-0000"],
)
def test_a_contact_of_the_kinds_that_the_standard_knows_is_taken(given, value):
    given(value)
    assert env.contact(NAME) == value


@pytest.mark.parametrize(
    "value",
    [
        *("security@news.example", "http://news.example/", "javascript:alert(1)", "mailto:"),
        *(
            "mailto:a@b.example\nCanonical: x",
            "https://",
            "https://a:b@news.example/",
            "tel:one two",
        ),
    ],
)
def test_any_other_contact_is_refused(given, value):
    given(value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.contact(NAME)


@pytest.mark.parametrize("value", ["https://hub.example/", "http://127.0.0.1:8080/hub?a=b"])
def test_an_address_of_the_web_is_taken(given, value):
    given(value)
    assert env.web_address(NAME) == value


@pytest.mark.parametrize(
    "value",
    ["hub.example", "ftp://hub.example/", "https://", "https://a:b@hub.example/", "https://hub>x/"],
)
def test_an_address_of_anything_else_is_refused(given, value):
    given(value)
    refusal(env.web_address)


@pytest.mark.usefixtures("given")
def test_a_contact_and_an_address_may_be_unset():
    assert env.contact(NAME) == env.web_address(NAME) == ""
