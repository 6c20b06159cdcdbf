"""Listed words in the scripts of the world: where each begins and ends."""

from typing import Any

import pytest

from comments.models import Policy
from comments.moderation.word_rules import watched_words
from comments.tests.typed import typed

# What it is, the list, what is typed, and the part that is found (None: nothing).
CASES = [
    # --- Japanese ---
    ("kanji and kana, in a sentence", "死ね", "お前は死ねよ", "死ね"),
    ("kanji, in a longer word", "詐欺", "投資詐欺に注意", "詐欺"),
    ("hiragana, in a sentence", "ばか", "あいつはばかだ", "ばか"),
    ("katakana, between hiragana", "セックス", "このセックスは", "セックス"),
    ("katakana, as a word", "セックス", "セックス。", "セックス"),
    ("katakana, in another word: エセックス", "セックス", "エセックス州とサセックス", None),
    ("katakana, in another word: リンクス", "リンク", "リンクスの試合", None),
    ("katakana, with a long vowel behind", "バカ", "バカーと叫ぶ", None),
    ("katakana, in a compound", "カジノ", "オンラインカジノ", None),
    ("katakana, with a wildcard", "*カジノ", "オンラインカジノで", "オンラインカジノ"),
    ("katakana, parted by a middle dot", "カジノ", "オンライン・カジノ", "カジノ"),
    ("half-width katakana", "セックス", "ｾｯｸｽ", "ｾｯｸｽ"),
    ("half-width katakana with a voiced mark", "バカ", "ﾊﾞｶ", "ﾊﾞｶ"),
    ("voiced marks are no accents", "ハカ", "バカ", None),
    ("a voiced mark by itself", "バカ", "ハ\u3099カ", "バカ"),
    ("kanji, kana and katakana in one", "出会い系サイト", "出会い系サイトです", "出会い系サイト"),
    ("the same, in a longer katakana word", "出会い系サイト", "出会い系サイトマップ", None),
    ("full-width Latin letters in Japanese", "sex", "これはＳＥＸです", "ＳＥＸ"),
    ("Latin letters in Japanese", "sex", "今sexを", "sex"),
    ("Latin letters in a Latin word", "sex", "今Essexを", None),
    ("a space between signs", "死ね", "死　ね", "死　ね"),
    ("a dot between signs", "死ね", "死.ね", "死.ね"),
    ("a dot between katakana", "バカ", "バ・カ", "バ・カ"),
    ("a stop between words", "ころす", "ところ、すぐに", None),
    ("a stop between two words", "ばか", "行けば、かならず会える", None),
    ("a row of signs that goes on", "ばか", "ば、か、り", None),
    ("dots between signs", "殺すぞ", "殺・す・ぞ", "殺・す・ぞ"),
    ("an innocent sentence", "死ね\nばか\nカジノ", "今日はばらの花がきれいでした。", None),
    # --- Chinese, Korean, Thai ---
    ("Chinese, in a sentence", "赌场", "网上赌场很多", "赌场"),
    ("Chinese, other signs", "赌场", "这是一个广场", None),
    ("Korean, with a particle behind", "바카라", "바카라를 하자", "바카라"),
    ("Korean, within a word", "카라", "바카라", None),
    ("Thai, in a sentence", "คาสิโน", "เล่นคาสิโนออนไลน์", "คาสิโน"),
    ("Thai, other vowel signs", "คาสิโน", "คาสีโน", None),
    # --- Arabic and Hebrew ---
    ("Arabic", "كازينو", "هذا كازينو جديد", "كازينو"),
    ("Arabic, with the article", "كازينو", "في الكازينو", "كازينو"),
    ("Arabic, with a conjunction and the article", "كازينو", "والكازينو", "كازينو"),
    ("Arabic, with vowel marks", "كازينو", "كَازِينُو", "كَازِينُو"),
    ("Arabic, stretched", "كازينو", "كـــازينو", "كـــازينو"),
    ("Arabic, another alef", "احمق", "أحمق", "أحمق"),
    ("Arabic, a longer word", "كازينو", "كازينوهات", None),
    ("Arabic, letters of another word", "كلب", "مكلب وكلبات", None),
    ("Arabic, an innocent sentence", "كلب\nلعن", "أعلنت الحكومة عن كتاب جديد اليوم", None),
    ("Arabic, presentation forms", "كلب", "ﻛﻠﺐ", "ﻛﻠﺐ"),
    ("Arabic digits", "casino 24", "casino ٢٤", "casino ٢٤"),
    ("Persian letters", "كازينو", "کازینو", "کازینو"),
    ("Persian, with a non-joiner", "كازينو", "کازی\u200cنو", "کازی\u200cنو"),
    ("Hebrew", "קזינו", "יש קזינו כאן", "קזינו"),
    ("Hebrew, with points", "שלום", "שָׁלוֹם", "שָׁלוֹם"),
    ("Hebrew, a prefix", "קזינו", "הקזינו", None),
    ("Hebrew, a prefix and a wildcard", "*קזינו", "הקזינו", "הקזינו"),
    # --- Cyrillic, Greek and others ---
    ("Russian", "казино", "Лучшее КАЗИНО здесь", "КАЗИНО"),
    ("Russian, with ё", "еще", "ещё раз", "ещё"),
    ("Russian, within a word", "сор", "ссора и мусор", None),
    ("Russian, with Latin letters", "сука", "ты cyка", "cyка"),
    ("Russian, dots between", "казино", "к.а.з.и.н.о", "к.а.з.и.н.о"),
    ("Latin, that only reads like Russian", "сор", "a cop", None),
    ("Greek, final sigma", "καζίνος", "ΚΑΖΙΝΟΣ", "ΚΑΖΙΝΟΣ"),
    ("Greek, accents", "καζινο", "το καζίνο", "καζίνο"),
    ("Turkish capitals", "kumarhane", "KUMARHANE", "KUMARHANE"),
    ("Vietnamese", "sòng bạc", "một song bac", "song bac"),
    ("Hindi", "जुआ", "यह जुआ है", "जुआ"),
    ("Hindi, within a word", "जुआ", "जुआरी", None),
    ("Hindi, other vowel signs", "दिन", "दान", None),
    ("German compound", "geil", "ein Geilenkirchener", None),
    ("Finnish compound", "homo", "homogeeninen", None),
]
IDS = [case[0] for case in CASES]


@pytest.mark.parametrize(("words", "text", "found"), [case[1:] for case in CASES], ids=IDS)
def test_a_word_begins_and_ends_as_its_script_has_it(words, text, found):
    reply = typed(text, policy=Policy(watched_words=words))
    finding: Any = watched_words(reply)
    seen = finding and reply.readable[slice(*finding.span)]
    # What is stored is in NFC, and without what is invisible.
    assert seen in (found, found and typed(found).readable)


def test_ids_of_cases_are_their_own():
    assert len(set(IDS)) == len(IDS)
