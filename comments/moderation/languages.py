"""Whether a text is in another language than is asked: by its script, then by its common words."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from comments.moderation.look_alikes import script

COMMON_WORDS = Path(__file__).parent / "data" / "common_words.txt"

SCRIPTS = {
    "LATIN": "af az bs ca cs cy da de en es et eu fi fr ga gl hr hu id is it lt lv ms mt nb nl nn "
    "no pl pt ro sk sl sq sv sw tr vi",
    "CYRILLIC": "be bg kk ky mk mn ru tg uk",
    "ARABIC": "ar fa ps ur",
    "HEBREW": "he yi",
    "GREEK": "el",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "DEVANAGARI": "hi mr ne",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
    "HANGUL": "ko",
    "CJK": "zh ja ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
}
SCRIPTS_OF = {
    language: {name for name, languages in SCRIPTS.items() if language in languages.split()}
    for languages in SCRIPTS.values()
    for language in languages.split()
} | {"sr": {"CYRILLIC", "LATIN"}, "uz": {"CYRILLIC", "LATIN"}}

DENSE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})  # a sign says as much as two letters
FEWEST_LETTERS = 24
FEWEST_WORDS = 12
OTHER_SCRIPT = 0.7  # of the letters
FOREIGN = 0.25  # of the words are common ones of another language,
OWN = 0.1  # and fewer than these of the language that is asked

KANA = frozenset({"HIRAGANA", "KATAKANA"})
# Of the letters of Chinese and Japanese: Chinese has no kana, and Japanese prose many.
CHINESE, JAPANESE = 0.02, 0.15


def is_other(text: str, language: str) -> bool:
    """Whether `text` is in another language than `language` (BCP 47), so far as one can tell."""
    asked = language.casefold().partition("-")[0]
    scripts = SCRIPTS_OF.get(asked)
    if scripts is None:
        return False
    letters = Counter[str]()
    for letter, count in Counter(filter(str.isalpha, text)).items():
        letters[script(letter)] += count
    for name in DENSE:
        letters[name] *= 2
    known = sum(count for name, count in letters.items() if name in SCRIPTS)
    if known < FEWEST_LETTERS:
        return False
    if sum(letters[name] for name in SCRIPTS.keys() - scripts) > OTHER_SCRIPT * known:
        return not (asked == "zh" and _kana_share(letters) < JAPANESE and letters["CJK"])
    if asked == "ja":
        return letters["CJK"] > OTHER_SCRIPT * known and _kana_share(letters) < CHINESE
    if asked == "zh":
        return letters["CJK"] > 0 and _kana_share(letters) > JAPANESE
    return _is_other_by_words(text, asked)


def _kana_share(letters: Counter[str]) -> float:
    kana = sum(letters[name] for name in KANA)
    return kana / (kana + letters["CJK"]) if kana else 0.0


def _is_other_by_words(text: str, asked: str) -> bool:
    profiles = common_words()
    own = profiles.get(asked)
    words = Counter(re.findall(r"[^\W\d_]+", re.sub(r"['’]s\b", "", text.casefold())))
    if own is None or words.total() < FEWEST_WORDS:
        return False
    return _share(words, own) < OWN and any(
        _share(words, common) >= FOREIGN
        for language, common in profiles.items()
        if language != asked
    )


def _share(words: Counter[str], common: frozenset[str]) -> float:
    """How much of all `words` is common."""
    return sum(words[word] for word in common.intersection(words)) / words.total()


@cache
def common_words() -> dict[str, frozenset[str]]:
    """The commonest short words of languages, by which a text of theirs is known."""
    lines = COMMON_WORDS.read_text(encoding="utf-8").splitlines()
    named = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {language: frozenset(words.split()) for language, _colon, words in named}
