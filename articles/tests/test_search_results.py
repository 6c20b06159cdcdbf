"""What search finds, and in which order: the same on either database."""

from datetime import timedelta

import pytest

from articles.search import results
from articles.search.asking import Asked
from articles.search.results import newest, search, suggest
from articles.tests.factories import (
    make_article,
    make_author,
    make_section,
    make_source,
    make_topic,
)
from articles.tests.pictures import make_image
from articles.tests.pictures import media_root as media_root
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.each_case, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)


@pytest.fixture
def write(editor, world):
    """Publishes a piece that says nothing but what it is given; the first is the newest."""
    written: list[str] = []

    def write(slug, *, body="", **fields):
        fields = {"headline": "X", "standfirst": "", "section": world} | fields
        at = fields.pop("at", NOON - (len(written) + 1) * DAY)
        written.append(slug)
        return make_article(slug=slug, body=f"<p>{body}</p>", by=editor, at=at, **fields)

    return write


def found(words, **parameters):
    """The slugs of the pieces found, in their order."""
    return [hit.piece.slug for hit in ask(words, **parameters).hits]


def ask(words, **parameters):
    return search(Asked.read({"q": words} | parameters))


# --- Words --------------------------------------------------------------------------------------


def test_all_parts_of_a_piece_are_searched(write, media_root):
    write("headline", headline="Ferry runs")
    write("standfirst", standfirst="A ferry.")
    write("body", body="The <strong>fer</strong>ry.")
    write("author", authors=[make_author("Jo Ferry")])
    write("topic", topics=[make_topic("Ferry")])
    write("caption", lead_image=make_image(), lead_caption="A ferry")
    write("dateline", dateline="FERRY")
    write("nothing", body="No boat.", desk_notes="ferry", source_url="https://ferry.example/")
    assert found("ferry")[:2] == ["headline", "standfirst"]
    assert set(found("ferry")) == {
        *("headline", "standfirst", "body", "author", "topic", "caption", "dateline")
    }


def test_all_words_are_wanted_wherever_they_stand(write):
    write("both", headline="Ferry", body="strike")
    write("one", headline="Ferry")
    assert found("ferry strike") == ["both"]


def test_words_in_quotes_stand_together(write):
    write("together", body="The city council met.")
    write("apart", body="The council of the city met.")
    write("in-two-parts", headline="The city", standfirst="Council met")
    assert found('"city council"') == ["together"]
    assert set(found("city council")) == {"together", "apart", "in-two-parts"}


def test_minus_leaves_out(write):
    write("strike", body="ferry strike")
    write("no-strike", body="ferry runs")
    assert found("ferry -strike") == ["no-strike"]
    assert found('ferry -"ferry runs"') == ["strike"]


def test_the_beginning_of_a_word_finds_it(write):
    write("harbour", body="harbour")
    write("hard", body="hard")
    assert found("harb*") == ["harbour"]
    assert set(found("ha*")) == {"harbour", "hard"}
    assert found("harb") == []


def test_diacritics_and_case_make_no_difference(write):
    write("with", body="GRÖßE in Łódź", language="de")
    write("without", body="grosse in lodz", language="de")
    assert set(found("größe łódź")) == set(found("GROSSE Lodz")) == {"with", "without"}


def test_english_words_are_found_in_their_other_forms(write):
    write("plural", body="Two ferries were running.")
    write("singular", body="One ferry runs.")
    assert set(found("ferry run")) == set(found("ferries running")) == {"plural", "singular"}
    assert found('"ferries"') == ["plural"]


def test_words_of_other_languages_have_one_form(write):
    """As stems, "universités" and "universal" would be one in English."""
    write("french", body="des universités", language="fr")
    write("english", body="universities", language="en-gb")
    assert found("university") == ["english"]
    assert found("universites") == ["french"]
    assert set(found("universit*")) == {"french", "english"}


FINDS = [
    ("ja", "首相は東京都庁で会見した。", ["東京", "都庁", "首相", "東京都庁", "会見した", "京"]),
    ("ja", "コンピューターがガザで", ["ガザ", "コンピューター", "ピュー"]),
    ("zh", "北京大学的学生", ["北京", "大学", "学生", "生"]),
    ("ko", "한국의 뉴스 보도", ["한국", "뉴스", "뉴스 보도", "스"]),
    ("en", "The iPhone発売 in 東京", ["iphone発売", "東京", "iphone 発売", "iphon*"]),
]
MISSES = [
    ("ja", "首相は東京都庁で会見した。", ["京東", "大阪", "東京庁"]),
    ("ja", "コンピューターがガザで", ["カサ", "コンピュータル"]),
    ("zh", "北京大学的学生", ["东京"]),
    ("ko", "한국의 뉴스 보도", ["국한"]),
    ("en", "The iPhone発売 in 東京", ["発売iphone"]),
]


@pytest.mark.parametrize(("language", "text", "asked"), FINDS)
def test_scripts_without_spaces_are_found_by_two_signs_and_by_one(write, language, text, asked):
    write("piece", body=text, language=language)
    assert [words for words in asked if not found(words)] == []


@pytest.mark.parametrize(("language", "text", "asked"), MISSES)
def test_signs_that_stand_elsewhere_or_nowhere_find_nothing(write, language, text, asked):
    write("piece", body=text, language=language)
    assert [words for words in asked if found(words)] == []


def test_phrases_of_scripts_without_spaces(write):
    write("together", body="東京、大阪で会議", language="ja")
    write("apart", body="大阪で会議、東京", language="ja")
    assert found('"東京、大阪"') == ["together"]
    assert found("大阪で会議") == ["together", "apart"]
    assert found('東京 -"東京、大阪"') == ["apart"]


# --- Order --------------------------------------------------------------------------------------


def test_the_headline_counts_most_then_standfirst_names_and_text(write):
    filler = "many other words stand here " * 3
    write("body", body=f"The ferry. {filler}")
    write("names", topics=[make_topic("Ferry")], body=filler)
    write("standfirst", standfirst="The ferry.", body=filler)
    write("headline", headline="Ferry", body=filler)
    for number in range(12):  # in most archives a word is rare
        write(f"other-{number}", body=filler)
    assert found("ferry") == ["headline", "standfirst", "names", "body"]


def test_the_newest_comes_first_among_equals_and_where_the_reader_wants_it(write):
    write("newer", body="ferry")
    write("older", body="ferry")
    write("oldest", headline="Ferry", body="ferry")
    assert found("ferry") == ["oldest", "newer", "older"]
    assert found("ferry", order="newest") == ["newer", "older", "oldest"]


def test_too_many_are_shown_newest_first_and_their_number_is_not_told(write, monkeypatch):
    monkeypatch.setattr(results, "MOST_RANKED", 2)
    write("newest", body="ferry")
    write("middle", headline="Ferry")
    assert (ask("ferry").is_ranked, ask("ferry").has_more) == (True, False)
    write("oldest", body="ferry")
    answer = ask("ferry")
    assert (answer.is_ranked, answer.has_more, answer.total) == (False, True, 2)
    assert found("ferry") == ["newest", "middle", "oldest"]


# --- Pages --------------------------------------------------------------------------------------


def parameters(link):
    return dict(each.split("=") for each in link.removeprefix("?").split("&") if each)


@pytest.mark.parametrize("order", ["", "newest"])
def test_pages_lead_through_all_pieces_once_there_and_back(write, monkeypatch, order):
    monkeypatch.setattr(results, "PIECES", 3)
    for number in range(8):
        write(f"piece-{number}", body="ferry", at=NOON - DAY if number < 5 else None)
    # Those of one second stand in the order in which they were made.
    expected = found("ferry", order="newest")
    links, seen, page = [], [], ask("ferry", order=order)
    while True:
        seen += [hit.piece.slug for hit in page.hits]
        if not page.older:
            break
        links.append(page.older)
        page = search(Asked.read(parameters(page.older)))
    assert len(links) == 2
    assert sorted(seen) == sorted(set(seen)) == [f"piece-{number}" for number in range(8)]
    if order:
        assert seen[:3] == expected
    back: list[str] = []
    while page.newer:
        page = search(Asked.read(parameters(page.newer)))
        back = [hit.piece.slug for hit in page.hits] + back
    assert back == seen[: len(back)]
    assert len(back) == 6


def test_further_pages_stay_where_they_are_when_something_is_published(write, monkeypatch):
    monkeypatch.setattr(results, "PIECES", 2)
    for number in range(4):
        write(f"piece-{number}", body="ferry")
    older = parameters(ask("ferry", order="newest").older)
    before = [hit.piece.slug for hit in search(Asked.read(older)).hits]
    write("new", body="ferry", at=NOON)
    assert [hit.piece.slug for hit in search(Asked.read(older)).hits] == before
    assert before == ["piece-2", "piece-3"]


@pytest.mark.parametrize("order", ["", "newest"])
def test_pages_have_numbers(write, monkeypatch, order):
    monkeypatch.setattr(results, "PIECES", 2)
    for number in range(5):
        write(f"piece-{number}", body="ferry")
    assert found("ferry", order=order, page="1") == ["piece-0", "piece-1"]
    assert found("ferry", order=order, page="2") == ["piece-2", "piece-3"]
    assert found("ferry", order=order, page="3") == ["piece-4"]
    middle = ask("ferry", order=order, page="2")
    above, below = (search(Asked.read(parameters(link))) for link in (middle.newer, middle.older))
    assert [hit.piece.slug for hit in above.hits] == ["piece-0", "piece-1"]
    assert [hit.piece.slug for hit in below.hits] == ["piece-4"]


def test_of_too_many_numbers_lead_as_far_as_was_counted_and_links_further(write, monkeypatch):
    monkeypatch.setattr(results, "PIECES", 2)
    monkeypatch.setattr(results, "MOST_RANKED", 4)
    for number in range(5):
        write(f"piece-{number}", body="ferry")
    furthest = ask("ferry", page="3")
    assert [hit.piece.slug for hit in furthest.hits] == ["piece-2", "piece-3"]
    assert [hit.piece.slug for hit in search(Asked.read(parameters(furthest.older))).hits] == [
        "piece-4"
    ]


@pytest.mark.parametrize("place", ["page", "before", "after"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "x", "999999999999", "²", "20260302T120000-1", "00010101T000000-1"]
)
@pytest.mark.parametrize("order", ["", "newest"])
def test_any_place_gives_a_page(write, monkeypatch, place, value, order):
    """The last one for a number there is no page of, and above what is oldest; else the first."""
    monkeypatch.setattr(results, "PIECES", 1)
    write("newer", body="ferry")
    write("older", body="ferry")
    leads_to_last = {("page", "0"), ("page", "-1"), ("page", "999999999999")}
    if order == "newest":
        leads_to_last.add(("after", "00010101T000000-1"))
    expected = "older" if (place, value) in leads_to_last else "newer"
    assert found("ferry", order=order, **{place: value}) == [expected]


# --- Filters ------------------------------------------------------------------------------------


def test_results_are_narrowed_by_section_topic_source_and_period(write):
    japan, afp = make_topic("Japan"), make_source("AFP")
    write("old", body="ferry", topics=[japan], source=afp, at=NOON - 60 * DAY)
    write("new", body="ferry", section=make_section(name="Sport"), at=NOON - DAY / 2)
    write("none", body="boat", topics=[japan], source=afp)
    assert found("ferry", section="world") == ["old"]
    assert found("ferry", section="sport") == ["new"]
    assert found("ferry", topic="japan") == found("ferry", source="afp") == ["old"]
    assert found("ferry", topic="japan", section="sport") == []
    assert found("ferry", period="day") == found("ferry", period="month") == ["new"]
    assert set(found("ferry", period="year")) == {"old", "new"}
    assert found("ferry", to="2026-01-31") == ["old"]
    assert found("ferry", **{"from": "2026-02-01"}) == ["new"]


def test_both_days_of_a_period_count(write):
    write("before", body="ferry", at=NOON.replace(day=1, hour=0) - timedelta(seconds=1))
    write("first", body="ferry", at=NOON.replace(day=1, hour=0))
    write("last", body="ferry", at=NOON.replace(day=1, hour=23, minute=59, second=59))
    write("after", body="ferry", at=NOON.replace(day=2, hour=0))
    assert set(found("ferry", **{"from": "2026-03-01", "to": "2026-03-01"})) == {"first", "last"}


def test_a_piece_older_than_computers_is_found_too(write):
    write("old", body="ferry", at=NOON.replace(year=1890))
    write("very-old", body="ferry", at=NOON.replace(year=1605))
    write("new", body="ferry")
    assert found("ferry", order="newest") == ["new", "old", "very-old"]


# --- For the others -----------------------------------------------------------------------------


def test_a_feed_gets_the_newest_of_what_was_asked_for(write):
    newer = write("newer", body="ferry")
    older = write("older", headline="Ferry")
    write("other", body="boat")
    asked = Asked.read({"q": "ferry", "section": "world", "page": "7"})
    assert newest(asked, 9) == [newer.pk, older.pk]
    assert newest(asked, 1) == [newer.pk]
    assert newest(Asked.read({"section": "world"}), 9) == []
    assert asked.link() == "?q=ferry&section=world"


def test_suggestions_are_headlines_with_the_words_newest_first(write):
    write("new", headline="Ferries to run again")
    write("old", headline="The ferry, again")
    write("body", body="ferry again")
    write("other", headline="Ferret again")
    assert [piece.slug for piece in suggest("again ferr")] == ["new", "old", "other"]
    assert [piece.slug for piece in suggest("ferry aga")] == ["new", "old"]
    assert suggest("") == suggest("  ") == suggest("-ferry") == []


def test_suggestions_are_few(write):
    for number in range(results.SUGGESTIONS + 2):
        write(f"piece-{number}", headline="Ferry")
    assert len(suggest("fer")) == results.SUGGESTIONS
