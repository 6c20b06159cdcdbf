"""Authors, categories and tags of WordPress."""

import pytest

from articles.models import Author, OldAddress, Section, Topic
from articles.tests.factories import make_author, make_section, make_topic
from articles.tests.importing import again, bring_in, piece, reasons
from articles.tests.wxr import author, category, export, item, tag

pytestmark = pytest.mark.django_db


def names(rows):
    return [each.name for each in rows]


def byline(number):
    return [each.author.name for each in piece(number).bylines.all()]


def test_an_author_has_a_name_here_and_neither_login_nor_address(tmp_path):
    parts = [author("maud", "Maud Ellery"), author("idle", "Reader"), item(1, creator="maud")]
    done = bring_in(tmp_path, *parts)
    found = Author.objects.get()
    assert (found.name, found.slug, found.user) == ("Maud Ellery", "maud", None)
    assert "secret" not in repr(list(Author.objects.values()))
    assert done.reporting.counts["author"] == {"found": 2, "brought": 1, "left_out": 1}
    assert OldAddress.objects.filter(path="/author/maud", kind="author", target=found.pk).exists()


def test_a_creator_who_is_missing_in_the_list_becomes_an_author(tmp_path):
    done = bring_in(tmp_path, item(1, creator="ghost"))
    assert byline(1) == ["ghost"]
    assert "Missing in the list" in reasons(done, "author")[0]


def test_co_authors_stand_in_their_order_with_guests(tmp_path):
    coauthors = [
        ("author", "cap-zoe", "zoe"),
        ("author", "cap-maud", "maud"),
        ("author", "cap-a-guest", "a-guest"),
    ]
    guest = item(
        *(90, "A. Guest"),
        type="guest-author",
        slug="cap-a-guest",
        meta={"cap-user_login": "a-guest", "cap-display_name": "A. Guest"},
    )
    other = item(
        *(91, "Zoe Again"),
        type="guest-author",
        slug="cap-zoe-guest",
        meta={
            "cap-user_login": "zoe-guest",
            "cap-display_name": "Zoe G.",
            "cap-linked_account": "zoe",
        },
    )
    parts = [
        *(author("maud", "Maud Ellery", 1), author("zoe", "Zoe Hart", 2), guest, other),
        item(1, creator="maud", terms=coauthors),
        item(2, creator="maud", terms=[("author", "cap-zoe-guest", "zoe-guest")]),
    ]
    done = bring_in(tmp_path, *parts)
    assert byline(1) == ["Zoe Hart", "Maud Ellery", "A. Guest"]
    assert byline(2) == ["Zoe Hart"]
    assert done.reporting.counts["author"] == {"found": 3, "brought": 3}
    assert "other" not in done.reporting.counts


def test_an_author_of_that_name_who_was_here_is_taken(tmp_path):
    there = make_author("Maud Ellery", slug="someone")
    done = bring_in(tmp_path, author("maud", "Maud Ellery"), item(1, creator="maud"))
    assert piece(1).authors.get() == there
    assert "was here" in reasons(done, "author")[0]


def test_two_of_one_name_on_the_old_site_stay_two(tmp_path):
    parts = [author("a", "Desk", 1), author("b", "Desk", 2)]
    bring_in(tmp_path, *parts, item(1, creator="a"), item(2, creator="b"))
    assert Author.objects.filter(name="Desk").count() == 2


TREE = [
    category("news", "Local", number=3),
    category("sport", "Sport", number=4),
    category("football", "Football", "sport", 5),
    category("premier", "Premier League", "football", 6),
    category("empty", "Empty", number=7),
]


def terms(*slugs):
    kept = {"news": "Local", "sport": "Sport", "football": "Football", "premier": "Premier League"}
    return [("category", slug, kept[slug]) for slug in slugs]


def test_a_piece_stands_in_the_top_of_its_category_and_the_others_are_topics(tmp_path):
    done = bring_in(
        tmp_path, *TREE, item(1, terms=terms("premier")), item(2, terms=terms("news", "football"))
    )
    assert piece(1).section.name == "Sport"
    assert names(piece(1).topics.all()) == ["Football", "Premier League"]
    assert piece(2).section.name == "Local"
    assert names(piece(2).topics.all()) == ["Football", "Sport"]
    assert set(Section.objects.values_list("slug", flat=True)) == {"sport", "news"}
    assert done.reporting.counts["section"]["found"] == 5
    assert done.reporting.counts["section"]["brought"] == 4
    assert done.reporting.counts["section"]["left_out"] == 1
    where = dict(OldAddress.objects.filter(path__contains="cat").values_list("path", "kind"))
    assert where["/category/sport"] == "section"
    assert where["/category/sport/football"] == where["/category/football"] == "topic"
    assert where["/?cat=5"] == "topic"


def test_the_primary_category_decides(tmp_path):
    yoast = {"_yoast_wpseo_primary_category": "5"}
    bring_in(tmp_path, *TREE, item(1, terms=terms("news", "football"), meta=yoast))
    assert piece(1).section.name == "Sport"
    assert names(piece(1).topics.all()) == ["Football", "Local"]


def test_a_tree_in_a_circle_ends(tmp_path):
    parts = [category("a", "A", "b"), category("b", "B", "a")]
    bring_in(tmp_path, *parts, item(1, terms=[("category", "a", "A")]))
    assert piece(1).section.name == "B"


def test_without_a_category_it_stands_in_news(tmp_path):
    uncategorized = [("category", "uncategorized", "Uncategorized")]
    bring_in(tmp_path, item(1), item(2, terms=uncategorized))
    assert piece(1).section == piece(2).section == Section.objects.get(name="News", slug="news")


def test_tags_become_topics_and_those_of_one_name_one(tmp_path):
    there = make_topic("Japan")
    long = "x" * 70
    parts = [tag("japan-1", "JAPAN", 8), tag("port", "Port &amp; pier", 9), tag("long", long)]
    tags = [("post_tag", "japan-1", "JAPAN"), ("post_tag", "port", "Port &amp; pier")]
    done = bring_in(tmp_path, *parts, item(1, terms=[*tags, ("post_tag", "long", long)]))
    assert set(names(piece(1).topics.all())) == {"Japan", "Port & pier", "x" * 59 + "…"}
    assert there in piece(1).topics.all()
    assert len(reasons(done, "topic")) == 2
    assert OldAddress.objects.filter(path="/tag/japan-1", target=there.pk).exists()


def test_a_tag_in_japanese_has_a_slug_of_its_own(tmp_path):
    bring_in(tmp_path, item(1, terms=[("post_tag", "%e6%b8%af", "港")]))
    topic = Topic.objects.get(name="港")
    assert topic.slug.startswith("topic-")
    assert topic.slug.isascii()


def test_a_section_of_that_name_that_was_here_is_taken(tmp_path):
    there = make_section(name="SPORT", slug="sports")
    bring_in(tmp_path, *TREE, item(1, terms=terms("sport")))
    assert piece(1).section == there


def test_a_second_run_makes_none_anew(tmp_path):
    parts = [*TREE, author("maud", "Maud"), item(1, terms=terms("premier"))]
    file = export(tmp_path, parts)
    again([file])
    before = [list(model.objects.values()) for model in (Author, Section, Topic, OldAddress)]
    done = again([file])
    after = [list(model.objects.values()) for model in (Author, Section, Topic, OldAddress)]
    assert after == before
    assert done.reporting.counts["author"] == {"found": 1, "unchanged": 1}
    assert done.reporting.counts["section"] == {"found": 5, "unchanged": 3, "left_out": 2}
