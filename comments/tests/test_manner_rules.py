"""Shouting, signs without words, and languages other than the piece's."""

from typing import Any

import pytest

from comments.models import Policy
from comments.moderation.findings import Severity
from comments.moderation.manner_rules import only_emoji, other_language, shouting
from comments.tests.typed import typed

# --- Shouting ---------------------------------------------------------------------------------

LOUD = [
    ("a sentence", "THIS IS A DISGRACE AND YOU KNOW IT!!!", True),
    ("with some small letters", "THIS IS A DISGRACE and YOU ALL KNOW IT", True),
    ("Russian", "ЭТО ПРОСТО ПОЗОР И ВЫ ВСЕ ЭТО ЗНАЕТЕ", True),
    ("Greek", "ΑΥΤΟ ΕΙΝΑΙ ΜΕΓΑΛΗ ΝΤΡΟΠΗ ΓΙΑ ΟΛΟΥΣ", True),
    ("German", "DAS IST EINE GROẞE SCHANDE FÜR ALLE", True),
    ("full width", "ＴＨＩＳ ＩＳ Ａ ＤＩＳＧＲＡＣＥ ＹＯＵ ＡＬＬ ＫＮＯＷ ＩＴ", True),
    ("a short cry", "NO WAY!", False),
    ("three long words", "ABSOLUTELY DISGRACEFUL BEHAVIOUR", False),
    (
        "a headline in a sentence",
        "The paper wrote STOP THE PRESSES TODAY and nobody read it",
        False,
    ),
    ("acronyms", "NATO, UNESCO, UNICEF and the WHO met the EU and the UN in NYC.", False),
    ("an ordinary sentence", "This Is How Titles Look In English, And I Like Them.", False),
    ("Japanese", "これはとてもひどいことだと私は思います。まったくひどい。", False),
    ("Arabic", "هذا أمر فظيع جدا ولا يمكن قبوله أبدا في أي مكان", False),
    ("Hebrew", "זה פשוט נורא ואיום ואי אפשר לקבל את זה", False),
    ("a chemical formula", "H2O, CO2, NaCl and C6H12O6 are all he knows of chemistry", False),
    ("an address", "HTTPS://EXAMPLE.ORG/A_LONG_PATH/IN_CAPITALS is where", False),
]


@pytest.mark.parametrize(
    ("text", "is_held"), [case[1:] for case in LOUD], ids=[case[0] for case in LOUD]
)
def test_shouting_is_held(text, is_held):
    finding: Any = shouting(typed(text))
    assert (finding is not None) == is_held
    if finding:
        assert (finding.rule, finding.severity) == ("shouting", Severity.HOLD)
    assert shouting(typed(text, policy=Policy(hold_shouting=False))) is None


# --- Signs alone ------------------------------------------------------------------------------

SIGNS = [
    ("emoji", "👍👍👍", True),
    ("a family of emoji", "👨‍👩‍👧‍👦 ❤️", True),
    ("flags", "🇯🇵 🇫🇷", True),
    ("punctuation", "?!?!?!", True),
    ("an emoticon", ":-)", True),
    ("an emoji and a word", "👍 yes", False),
    ("digits", "10/10", False),
    ("one more", "+1", False),
    ("a kanji", "笑", False),
    ("Thai vowel signs on letters", "ดีมาก", False),
    ("Arabic", "نعم!", False),
]


@pytest.mark.parametrize(
    ("text", "is_held"), [case[1:] for case in SIGNS], ids=[case[0] for case in SIGNS]
)
def test_what_has_no_word_is_held(text, is_held):
    finding: Any = only_emoji(typed(text))
    assert (finding is not None) == is_held
    if finding:
        assert (finding.rule, finding.severity) == ("only_emoji", Severity.HOLD)
    assert only_emoji(typed(text, policy=Policy(hold_shouting=False))) is None


# --- Languages --------------------------------------------------------------------------------

ENGLISH = "I think that this is a very good piece, and I would like to know more about it."
FRENCH = "Je pense que c'est un très bon article et que nous devons tous le lire avec les enfants."
GERMAN = (
    "Ich finde, dass das ein sehr guter Artikel ist, und ich möchte mehr über die Sache wissen."
)
RUSSIAN = "Я думаю, что это очень хорошая статья, и мне хочется узнать об этом больше."
UKRAINIAN = "Я думаю, що це дуже гарна стаття, але мені ще треба знати більше про це."
JAPANESE = "とても良い記事だと思います。もっと詳しく知りたいです。"
CHINESE = "我觉得这是一篇非常好的文章，我想了解更多关于这方面的内容。"
KOREAN = "아주 좋은 기사라고 생각합니다. 더 자세히 알고 싶습니다."
ARABIC = "أعتقد أن هذه مقالة جيدة جدا وأود أن أعرف المزيد عنها"
SPANISH = "Creo que es un artículo muy bueno y me gustaría saber más de lo que pasó con los otros."

LANGUAGES = [
    ("English under English", ENGLISH, "en-GB", False),
    ("English under American English", ENGLISH, "en-US", False),
    ("French under French", FRENCH, "fr", False),
    ("German under Austrian German", GERMAN, "de-AT", False),
    ("Spanish under Spanish", SPANISH, "es", False),
    ("Russian under Russian", RUSSIAN, "ru", False),
    ("Ukrainian under Ukrainian", UKRAINIAN, "uk", False),
    ("Japanese under Japanese", JAPANESE, "ja", False),
    ("Chinese under Chinese", CHINESE, "zh-Hans", False),
    ("Korean under Korean", KOREAN, "ko", False),
    ("Arabic under Arabic", ARABIC, "ar", False),
    ("French under English", FRENCH, "en", True),
    ("German under English", GERMAN, "en", True),
    ("Spanish under English", SPANISH, "en-GB", True),
    ("English under French", ENGLISH, "fr", True),
    ("Russian under English", RUSSIAN, "en", True),
    ("Ukrainian under Russian", UKRAINIAN, "ru", True),
    ("Japanese under English", JAPANESE, "en", True),
    ("English under Japanese", ENGLISH, "ja", True),
    ("Chinese under Japanese", CHINESE, "ja", True),
    ("Japanese under Chinese", JAPANESE, "zh", True),
    ("Korean under Japanese", KOREAN, "ja", True),
    ("Arabic under Hebrew", ARABIC, "he", True),
    ("too short to tell", "Très bien, merci !", "en", False),
    ("too short to tell, in another script", "Спасибо!", "en", False),
    ("a short Japanese reply of kanji", "大変勉強になりました。", "ja", False),
    ("kanji with a little kana", "東京都知事選挙の投票率低下問題は深刻。", "ja", False),
    ("a quotation", f"The poem says “Спасибо тебе за любовь”. {ENGLISH}", "en", False),
    (
        "names",
        "Łukasz, Włodzimierz, Agnieszka, Małgorzata, Stanisław, Jadwiga, Zbigniew",
        "en",
        False,
    ),
    (
        "a list of titles",
        "Les Misérables, La Haine, Amélie, Le Samouraï, Jules et Jim",
        "en",
        False,
    ),
    (
        "English names in Japanese",
        "Wall Street Journal と New York Times を読みました。",
        "ja",
        False,
    ),
    ("addresses alone", "https://example.org/the-and-of/a/very/long/path/with/words", "ja", False),
    (
        "a language without a profile",
        "Hau da hemen dagoen artikulurik onena, nire ustez.",
        "eu",
        False,
    ),
    ("an unknown language", ENGLISH, "tlh", False),
    ("no language", ENGLISH, "", False),
]


@pytest.mark.parametrize(
    ("text", "language", "is_held"),
    [case[1:] for case in LANGUAGES],
    ids=[case[0] for case in LANGUAGES],
)
def test_another_language_than_the_pieces_is_held(text, language, is_held):
    policy = Policy(hold_other_language=True)
    finding: Any = other_language(typed(text, language=language, policy=policy))
    assert (finding is not None) == is_held
    if finding:
        assert (finding.rule, finding.severity) == ("other_language", Severity.HOLD)
    policy = Policy(hold_other_language=False)
    assert other_language(typed(text, language=language, policy=policy)) is None
