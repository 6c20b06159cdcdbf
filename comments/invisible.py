"""Characters that leave no trace on a page."""

import re
import unicodedata

# Fillers, blanks and joiners that Unicode does not count among the format characters (Cf).
FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")
# They choose between the forms of the letter before them, and mean nothing by themselves.
VARIATION_SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def without_invisible(text: str) -> str:
    """`text` without format characters, fillers and variation selectors."""
    if text.isascii():
        return text
    text = VARIATION_SELECTORS.sub("", FILLERS.sub("", text))
    unseen = {letter for letter in set(text) if unicodedata.category(letter) == "Cf"}
    return "".join(letter for letter in text if letter not in unseen) if unseen else text
