"""Replies as a tree: what answers what, four levels deep, whatever was taken away."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.tests.factories import make_article, make_staff
from comments.models import Comment
from comments.tests.factories import make_approved, make_many_approved
from comments.tests.reading import all_by_id, by_class, by_id, page, text_of
from comments.threads import DRAWN_LEVELS, grow, rows


def replies(**parents):
    """Unsaved replies in the order they came in, from the name of each and of its parent."""
    made: dict[str, Comment] = {}
    for number, (name, parent_name) in enumerate(parents.items(), start=1):
        parent = made.get(parent_name)
        thread = parent and (parent.thread or parent)
        made[name] = Comment(pk=number, name=name, parent=parent, thread=thread)
    return made


def drawn(branches):
    """The tree as text: names, "–" for what was taken away, "a>b" for b in reply to a."""
    lines = []
    for branch in branches:
        name = branch.comment.name if branch.comment else "–"
        if branch.in_reply_to:
            name = f"{branch.in_reply_to.name}>{name}"
        lines.append(f"{name}({drawn(branch.answers)})" if branch.answers else name)
    return " ".join(lines)


def depth(branches):
    return 1 + max(depth(branch.answers) for branch in branches) if branches else 0


@pytest.mark.parametrize(
    ("parents", "tree"),
    [
        ({}, ""),
        ({"a": None}, "a"),
        ({"a": None, "b": None, "c": None}, "a b c"),
        ({"a": None, "b": "a", "c": "a"}, "a(b c)"),
        ({"a": None, "b": None, "c": "a", "d": "b", "e": "a"}, "a(c e) b(d)"),
        ({"a": None, "b": "a", "c": "b", "d": "c"}, "a(b(c(d)))"),
        ({"a": None, "b": "a", "c": "b", "d": "c", "e": "d"}, "a(b(c(d d>e)))"),
        (
            {"a": None, "b": "a", "c": "b", "d": "c", "e": "d", "f": "e", "g": "d", "h": "c"},
            "a(b(c(d d>e e>f d>g h)))",
        ),
    ],
)
def test_each_reply_is_drawn_under_the_one_it_answers(parents, tree):
    assert drawn(grow(replies(**parents).values())) == tree


@pytest.mark.parametrize(
    ("gone", "tree"),
    [
        ("a", "–(b(c(d d>e))) f"),
        ("b", "a(–(c(d d>e))) f"),
        ("c", "a(b –(d(e))) f"),
        ("d", "a(b(c) –(e)) f"),
        ("e", "a(b(c(d))) f"),
        ("f", "a(b(c(d d>e)))"),
        ("ab", "–(c(d(e))) f"),
        ("abc", "–(d(e)) f"),
        ("bcd", "a(–(e)) f"),
        ("abcdef", ""),
    ],
)
def test_a_reply_that_was_taken_away_leaves_its_answers_in_the_thread(gone, tree):
    """Only the parent is known of what is missing, so its answers stand under the thread."""
    made = replies(a=None, b="a", c="b", d="c", e="d", f=None)
    assert drawn(grow(each for name, each in made.items() if name not in gone)) == tree


def test_what_was_taken_away_is_named_once_for_all_its_answers():
    made = replies(a=None, b="a", c="b", d="b", e="b")
    assert drawn(grow([made["a"], made["c"], made["d"], made["e"]])) == "a(–(c d e))"


@pytest.mark.parametrize("gone", ["", "a", "b", "ad", "abcd"])
def test_threads_keep_the_order_they_are_given_in_though_their_first_replies_are_gone(gone):
    made = replies(a=None, d=None, b="a", c="b")
    shown = [made["d"], made["a"], *(made[name] for name in "bc" if name not in gone)]
    tree = grow(shown, taken_away={made[name].pk for name in gone})
    assert len(tree) == 2
    assert [each.comment for each in tree] == [
        None if name in gone else made[name] for name in "da"
    ]
    assert drawn(tree).count("c") == (0 if "c" in gone else 1)


def test_what_answers_a_reply_of_another_page_begins_a_branch_in_reply_to_it():
    made = replies(a=None, b="a", c="b", d="c", e="a")
    elsewhere = {made[name].pk: made[name] for name in "ab"}
    assert drawn(grow([made["c"], made["d"], made["e"]], elsewhere=elsewhere)) == "b>c(d) a>e"


def markup(branches):
    """The rows as the template prints them."""
    html = "<ol>"
    for row in rows(branches):
        html += f"<li>{row.comment.name if row.comment else '–'}"
        html += "<ol>" if row.opens else "</li></ol>" * row.ends + "</li>"
    return html + "</ol>"


def nested(branches):
    items = (
        f"<li>{branch.comment.name if branch.comment else '–'}"
        f"{nested(branch.answers) if branch.answers else ''}</li>"
        for branch in branches
    )
    return f"<ol>{''.join(items)}</ol>"


parents = st.lists(st.integers(min_value=0, max_value=30), max_size=30)
missing = st.sets(st.integers(min_value=1, max_value=30))


@given(parents, missing)
@settings(max_examples=200, deadline=None)
def test_every_reply_is_drawn_once_and_never_too_deep(numbers, gone):
    made: list[Comment] = []
    for number, parent_number in enumerate(numbers, start=1):
        parent = made[parent_number - 1] if 0 < parent_number < number else None
        made.append(
            Comment(
                pk=number,
                name=str(number),
                parent=parent,
                thread=parent and (parent.thread or parent),
            )
        )
    shown: list[Any] = [each for each in made if each.pk not in gone]
    roots = grow(shown)
    assert depth(roots) <= DRAWN_LEVELS
    assert markup(roots) == nested(roots)
    found, todo = [], list(roots)
    while todo:
        branch = todo.pop()
        found += [branch.comment] if branch.comment else []
        todo += branch.answers
        below = [each.comment.pk for each in branch.answers if each.comment]
        assert below == sorted(below), "answers are in the order they came in"
        for answer in branch.answers:
            if answer.comment and branch.comment and not answer.in_reply_to:
                assert answer.comment.parent_id == branch.comment.pk
    assert sorted(each.pk for each in found) == [each.pk for each in shown]


# --- On the page ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_answer_stands_within_the_list_item_of_what_it_answers(client):
    article = make_article()
    first = make_approved(article=article)
    second = make_approved(article=article, parent=first)
    other = make_approved(article=article)
    shown = page(client.get(article.get_absolute_url()))
    (item,) = (
        each for each in shown.iter("li") if by_first_child_id(each) == f"comment-{first.pk}"
    )
    assert by_id(item, f"comment-{second.pk}").tag == "article"
    assert not all_by_id(item, f"comment-{other.pk}")
    assert not all_by_id(by_id(shown, f"comment-{first.pk}"), f"comment-{second.pk}")


def by_first_child_id(element):
    return element[0].get("id") if len(element) else None


@pytest.mark.django_db
def test_the_fifth_level_says_whom_it_answers(client):
    article = make_article()
    chain = make_many_approved(article, 6, a_chain=True)
    shown = page(client.get(article.get_absolute_url()))
    said = {}
    for reply in chain:
        lines = by_class(by_id(shown, f"comment-{reply.pk}"), "reply-to")
        said[reply.name] = [(text_of(line), line[0].get("href")) for line in lines]
    assert said == {
        "Reader 0": [],
        "Reader 1": [],
        "Reader 2": [],
        "Reader 3": [],
        "Reader 4": [("in reply to Reader 3", f"#comment-{chain[3].pk}")],
        "Reader 5": [("in reply to Reader 4", f"#comment-{chain[4].pk}")],
    }


@pytest.mark.django_db
@pytest.mark.parametrize("verb", [Comment.reject, Comment.mark_spam, Comment.restore])
def test_a_reply_taken_back_from_the_page_leaves_a_line_and_its_answers(client, verb):
    article, moderator = make_article(), make_staff("Moderators")
    first = make_approved(article=article, text="First.", name="Maud")
    make_approved(article=article, parent=first, text="Second.")
    verb(first, by=moderator)
    response = client.get(article.get_absolute_url())
    shown = page(response)
    assert [text_of(each) for each in by_class(shown, "reply-gone")] == [
        "A reply that stood here was taken away."
    ]
    assert "Second." in text_of(by_id(shown, "comments"))
    assert "First." not in response.content.decode()
    assert "Maud" not in response.content.decode()
    assert text_of(by_id(shown, "comments-heading")) == "1 reply"


@pytest.mark.django_db
def test_an_answer_that_was_taken_away_leaves_no_line_where_nobody_answered_it(client):
    article = make_article()
    first = make_approved(article=article)
    make_approved(article=article, parent=first).reject(by=make_staff("Moderators"))
    shown = page(client.get(article.get_absolute_url()))
    assert not by_class(shown, "reply-gone")
