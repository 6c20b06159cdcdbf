"""The log of decisions: all of it, filtered, page by page, and as a table."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from articles.tests.factories import make_article, make_staff
from comments.admin.log import DECISIONS
from comments.models import Batch, Decision
from comments.tests.factories import make_comment, make_many_approved
from newsroom.models import SiteSettings
from newsroom.tests.browsing import fields_of, fill_in, links, text_at

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LOG, TABLE = "/admin/comments/log/", "/admin/comments/log/decisions.csv"


@pytest.fixture
def moderator(client):
    user = make_staff("Moderators", username="maud")
    client.force_login(user)
    return user


def rows_of(response):
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def listed(client, query=""):
    """The decisions that the page and the table with this query show: the same."""
    page, table = client.get(f"{LOG}?{query}"), client.get(f"{TABLE}?{query}")
    assert (page.status_code, table.status_code) == (200, 200), query
    rows = rows_of(table)
    shown = page.content.decode()
    for number in Decision.objects.values_list("pk", flat=True):
        assert (f'id="decision-{number}"' in shown) is (
            str(number) in {r["decision"] for r in rows}
        )
    return [int(row["decision"]) for row in rows]


def test_it_says_who_or_which_rule_decided_what_when_and_why(client, moderator, clock):
    comment = make_comment(article=make_article(headline="Rain in Kyoto"))
    comment.reject(by=moderator, reason="Off topic.", note="The third time.")

    shown = text_at(client.get(LOG), ".//table")
    for told in ("maud", "First replies of a sender", "held", "rejected", "Off topic."):
        assert told in shown
    for told in ("The third time.", f"Reply {comment.pk}", "Rain in Kyoto", "4 May 2026"):
        assert told in shown


def test_what_was_taken_back_says_so_and_so_does_what_took_it_back(client, moderator, clock):
    comment = make_comment()
    comment.reject(by=moderator)
    rejection = comment.decisions.latest("pk")
    Decision.objects.record(
        comment, by=moderator, from_status="rejected", to="held", kind="undone", undoes=rejection
    )

    assert "Taken back by maud, " in text_at(
        client.get(LOG), f".//tr[@id='decision-{rejection.pk}']"
    )
    newest, row, _came_in = rows_of(client.get(TABLE))
    assert (newest["takes_back"], row["taken_back_by"]) == (str(rejection.pk), "maud")
    assert row["taken_back_at"] == "2026-05-04T09:30:00+00:00"


def test_each_filter_narrows_the_page_and_the_table(client, moderator, clock):
    other = make_staff("Moderators", username="hana")
    first, second = make_comment(), make_comment()
    clock.shift(timedelta(days=2))
    second.approve(by=other)
    second.feature(by=moderator)
    batch = Batch.objects.create(by=other, to_status="spam")
    first.mark_spam(by=other, batch=batch)
    spam, picked, approved, came_second, came_first = Decision.objects.values_list("pk", flat=True)

    assert listed(client) == [spam, picked, approved, came_second, came_first]
    assert listed(client, f"by={other.pk}") == [spam, approved]
    assert listed(client, "rule=newcomer") == [came_second, came_first]
    assert listed(client, "kind=featured") == [picked]
    assert listed(client, "from_status=held&to_status=spam") == [spam]
    assert listed(client, f"article={first.article_id}") == [spam, came_first]
    assert listed(client, f"reply={second.pk}") == [picked, approved, came_second]
    assert listed(client, f"batch={batch.pk}") == [spam]
    assert listed(client, "until=2026-05-04") == listed(client, "rule=newcomer")
    assert listed(client, "since=2026-05-06&until=2026-05-06") == [spam, picked, approved]
    assert listed(client, "since=2026-05-07") == []
    assert listed(client, f"by={moderator.pk}&kind=state") == []


def test_days_are_those_of_the_site_also_in_the_table(client, moderator, clock):
    SiteSettings.objects.create(pk=1, time_zone="Asia/Tokyo")
    clock.move_to(datetime(2026, 5, 4, 15, 30, tzinfo=UTC))  # half past midnight there
    comment = make_comment()

    assert listed(client, "since=2026-05-05") == [comment.decisions.get().pk]
    assert listed(client, "until=2026-05-04") == []
    assert rows_of(client.get(TABLE))[0]["time"] == "2026-05-05T00:30:00+09:00"


def test_the_form_leads_to_an_address_that_can_be_kept(client, moderator):
    comment = make_comment()
    comment.reject(by=moderator)
    article = comment.article

    answer = fill_in(
        client, LOG, by=str(moderator.pk), piece=f"http://x.org/articles/{article.slug}/"
    )
    assert answer["Location"] == f"{LOG}?by={moderator.pk}&article={article.pk}"
    page = client.get(answer["Location"])
    assert (fields_of(page)["by"], fields_of(page)["piece"]) == (str(moderator.pk), str(article.pk))
    assert article.headline in text_at(page)
    assert f"{TABLE}?by={moderator.pk}&article={article.pk}" in links(page)
    emptied = fill_in(client, answer["Location"], by="", piece="")
    assert emptied["Location"] == LOG


NONSENSE = [
    *("by=999999", "by=x", "rule=' OR 1", "kind=x", "to_status=x", "article=-1", "batch=x"),
    *("since=yesterday", "since=0001-01-01", "until=9999-12-31", "reply=%00", "reply=" + "9" * 40),
    *("since=2026-05-02&until=2026-05-01", "rule=%ED%A0%80"),
]


def test_what_makes_no_sense_is_refused_and_lists_nothing(client, moderator):
    make_comment()
    for query in NONSENSE:
        for address in (LOG, TABLE):
            answer = client.get(f"{address}?{query}")
            assert answer.status_code == 400, query
            assert "errornote" in answer.content.decode()
            assert 'id="decision-' not in answer.content.decode()


@pytest.mark.parametrize("path", [LOG, "/admin/comments/queue/"])
def test_an_address_with_a_null_character_is_that_of_no_piece(client, moderator, path):
    """PostgreSQL takes none."""
    response = client.post(path, {"piece": "/articles/a%00b/"})
    assert response.status_code == 422
    assert "There is no such piece." in response.content.decode()


def test_a_piece_that_is_not_there_brings_the_form_back(client, moderator):
    make_comment()
    for piece in ("nowhere", "999999999", "hana@example.org", "\0", "x" * 300, "9" * 30):
        answer = client.post(LOG, {"piece": piece})
        assert answer.status_code == 422
        assert 'id="decision-' not in answer.content.decode()


def test_each_page_leads_on_and_back_and_none_is_left_out(client, moderator, clock):
    comments = make_many_approved(make_article(), 2 * DECISIONS + 1)
    Decision.objects.bulk_create(
        Decision(comment=each, by=moderator, to_status="approved") for each in comments
    )
    seen, address = [], LOG
    while address:
        page = client.get(address)
        seen += [each.pk for each in page.context["decisions"]]
        older = [link for link in links(page) if link.startswith("?before=")]
        address = f"{LOG}{older[0]}" if older else ""
    assert seen == list(Decision.objects.values_list("pk", flat=True))
    (newer,) = (link for link in links(page) if link.startswith("?after="))
    again = client.get(f"{LOG}{newer}")
    assert [each.pk for each in again.context["decisions"]] == seen[DECISIONS : 2 * DECISIONS]
    for nonsense in ("before=x", "after=99991231T000000-1", "page=-1", "page=1000000"):
        assert client.get(f"{LOG}?{nonsense}").status_code == 200


def test_the_cost_of_a_page_does_not_grow_with_the_log(
    client, moderator, django_assert_max_num_queries
):
    comments = make_many_approved(make_article(), DECISIONS + 5)
    for number in (3, DECISIONS + 5):
        Decision.objects.bulk_create(
            Decision(comment=each, by=moderator, to_status="approved") for each in comments[:number]
        )
        with django_assert_max_num_queries(13):
            client.get(LOG)


def test_the_table_is_read_in_pieces(client, moderator, monkeypatch):
    monkeypatch.setattr("comments.decision_log.CHUNK", 4)
    comments = make_many_approved(make_article(), 10)
    Decision.objects.bulk_create(
        Decision(comment=each, by=moderator, to_status="approved") for each in comments
    )
    response = client.get(TABLE)
    assert response.streaming
    assert len(rows_of(response)) == 10
    assert response["Content-Disposition"].startswith('attachment; filename="decisions-')
    assert "no-store" in response["Cache-Control"]


def test_no_cell_of_the_table_is_calculated(client, moderator):
    comment = make_comment()
    comment.reject(by=moderator, reason='=HYPERLINK("http://x")', note="@SUM(1)")
    row = rows_of(client.get(TABLE))[0]
    assert (row["reason"], row["note"]) == ('\'=HYPERLINK("http://x")', "'@SUM(1)")
    assert row["reply"] == str(comment.pk)


def test_the_old_list_leads_to_the_log(client, moderator):
    assert client.get("/admin/comments/decision/")["Location"] == LOG
