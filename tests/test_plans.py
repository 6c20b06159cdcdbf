"""How the database answers the queries that readers' pages ask most: along an index, reading no
table as a whole, and sorting nothing but a few rows that it has by then."""

import json
import re
from datetime import timedelta
from itertools import batched

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Activity, Article, Byline, SearchEntry
from articles.models.search_entry import second_key
from articles.tests.factories import (
    make_author,
    make_draft,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from comments.models import Comment
from comments.tests.factories import make_many_approved

pytestmark = pytest.mark.django_db

PIECES, SECTIONS, TOPICS, REPLIES = 1500, 10, 20, 300
# So many rows make no difference; nothing below needs more of those that grow.
FEW = 1000
GROWING = {
    *("articles_article", "articles_byline", "articles_article_topics"),
    *("articles_searchentry", "articles_revision", "articles_correction", "articles_formerslug"),
    *("comments_comment", "comments_decision", "comments_finding", "comments_commenter"),
}
PAGES = [
    "/",
    "/sections/section-3/",
    "/sections/section-3/?before={moment}-{pk}",
    "/topics/topic-3/",
    "/authors/author-3/",
    "/sources/afp/",
    "/archive/",
    "/sitemap.xml",
    "/comments/{reply}/",
    "/archive/{month}/",
    "/articles/{slug}/",
    "/articles/{slug}/?replies=newest",
    "/feeds/latest.rss",
    "/sections/section-3/feed.rss",
    "/search/?q=harbour",
    "/search/?q=harbour&order=newest&section=section-3",
    "/popular/",
]


@pytest.fixture
def newspaper():
    """Pieces of 300 days, the newest with hundreds of replies."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # What other tests have rolled back lies in the files still, and makes indexes look
            # dear: these tables, which are empty, get new files until this test ends.
            # The triggers that keep the log of decisions as it is are asked nothing meanwhile.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"TRUNCATE {', '.join(sorted(GROWING))} CASCADE")
            cursor.execute("SET LOCAL session_replication_role = origin")
    editor, now = make_staff(), timezone.now()
    sections = [make_section(name=f"Section {n}", is_on_front=n < 3) for n in range(SECTIONS)]
    authors = [make_author(f"Author {n}", slug=f"author-{n}") for n in range(TOPICS)]
    topics = [make_topic(f"Topic {n}", slug=f"topic-{n}") for n in range(TOPICS)]
    source, first = make_source("AFP"), make_draft(section=sections[0])
    made = Article.objects.bulk_create(
        [
            Article(
                headline=f"Piece {n}",
                slug=f"piece-of-many-{n}",
                section=sections[n % SECTIONS],
                source=source if n % 7 == 0 else None,
                status="withdrawn" if n % 40 == 0 else "published",
                published_at=now - timedelta(hours=3 * n + 3),
                withdrawn_at=now if n % 40 == 0 else None,
                body=first.body,
                body_html=f"<p>{'The harbour is closed. ' * 40}</p>",
                begun_by=editor,
            )
            for n in range(PIECES)
        ]
    )
    Byline.objects.bulk_create(
        Byline(article=each, author=authors[n % TOPICS]) for n, each in enumerate(made)
    )
    has_topic = Article.topics.through
    has_topic.objects.bulk_create(
        has_topic(article=each, topic=topics[n % TOPICS]) for n, each in enumerate(made)
    )
    SearchEntry.objects.bulk_create(
        SearchEntry(
            key=second_key(each.published_at) + each.pk,
            article=each,
            headline="harbour" if n % 30 == 0 else "quay",
            filed=f"\u01c1section{each.section_id}",
        )
        for n, each in enumerate(made)
        if each.is_published and each.published_at
    )
    Activity.objects.bulk_create(
        Activity(article=each, hour=now - timedelta(hours=n % 100), reads=n, replies=n % 3)
        for n, each in enumerate(made)
    )
    piece = made[1]
    for replies in batched(range(REPLIES), 100):
        make_many_approved(piece, len(replies))
    make_many_approved(made[2], 1200)
    Article.objects.filter(pk=piece.pk).update(reply_count=REPLIES)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            # So few rows are read faster as a whole than by any index.
            cursor.execute("SET LOCAL enable_seqscan = off")
    return piece


def asked(client, path):
    """What a page asks the database, with its parameters."""
    found = []

    def note(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(path).status_code in (200, 302), path
    return found


def on_sqlite(sql, plan):
    """What is wrong with a plan: tables read as a whole; sorting, where not even the keys of what
    is wanted were given."""
    tables: dict[str, set[str]] = {}
    for table, alias in re.findall(r'(?:FROM|JOIN) "(\w+)"(?: (?!ON|WHERE|INNER|LEFT)(\w+))?', sql):
        tables.setdefault(alias or table, set()).add(table)
    wrong = []
    for line in plan:
        scanned = re.match(r"SCAN (\w+)(?! VIRTUAL)", line)
        if scanned and tables.get(scanned[1], set()) & GROWING:
            wrong.append(line)
        if "B-TREE FOR ORDER BY" in line and "json_each" not in sql and not is_of_few(sql):
            wrong.append(line)
    return wrong


def is_of_few(sql):
    """Whether nothing that grows is sorted but what belongs to one piece, or the figures of a
    period, which are asked for every ten minutes."""
    if "AS MATERIALIZED" in sql:
        return True
    if "ROW_NUMBER() OVER" in sql and re.search(r"IN \(SELECT .*? LIMIT \d+\)", sql):
        return True  # numbers the few that it has picked before
    return not GROWING & set(re.findall(r'"(\w+)"', sql)) or '"article_id" = ' in sql


def on_postgresql(node):
    """Of a plan that was carried out: scans and sorts of more than a few rows."""
    rows = node.get("Actual Rows", 0) * node.get("Actual Loops", 1)
    read = rows + node.get("Rows Removed by Filter", 0) * node.get("Actual Loops", 1)
    wrong = []
    if node.get("Relation Name") in GROWING and read > FEW:
        wrong.append(f"{read} rows of {node['Relation Name']} are read")
    if node["Node Type"] == "Sort" and rows > FEW:
        wrong.append(f"{rows} rows are sorted by {node['Sort Key']}")
    for below in node.get("Plans", ()):
        wrong += on_postgresql(below)
    return wrong


def wrong_with(sql, params):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return on_sqlite(sql, [row[3] for row in cursor.fetchall()])
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
        [answer] = plan if isinstance(plan, list) else json.loads(plan)
        return on_postgresql(answer["Plan"])


def test_what_readers_pages_ask_is_answered_along_an_index(client, newspaper):
    middle = Article.objects.get(slug="piece-of-many-1203")
    words = {
        "slug": newspaper.slug,
        "month": f"{middle.published_at:%Y/%m}",
        "moment": f"{middle.published_at:%Y%m%dT%H%M%S}",
        "pk": middle.pk,
        "reply": Comment.objects.under(newspaper)[REPLIES // 2].pk,
    }
    number, wrong = 0, []
    for page in PAGES:
        for sql, params in asked(client, page.format(**words)):
            number += 1
            wrong += [(page, each, sql) for each in wrong_with(sql, params)]
    assert not wrong, "\n\n".join(f"{page}: {each}\n{sql[:2000]}" for page, each, sql in wrong)
    assert number > 3 * len(PAGES)


def test_a_plan_that_reads_all_pieces_is_told(newspaper):
    """The check itself."""
    for rows in (
        Article.objects.filter(dateline="No piece says that."),
        Article.objects.order_by("dateline").only("pk"),
    ):
        assert wrong_with(*rows.query.sql_with_params())
