"""Which language a page speaks: that of its piece where there is a translation, else the site's.

Nothing else is asked, no header and no cookie: a page is the same for everybody.
"""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant


def interface_language(tag: str) -> str:
    """The language of the interface for a text in the language `tag` (BCP 47).

    `ja-JP` gives ja, `en-US` gives en-gb; the site's own where there is no translation.
    """
    try:
        return get_supported_language_variant(tag.lower())
    except LookupError:
        return settings.LANGUAGE_CODE


def direction_of(tag: str) -> str:
    """Of what is written in the language `tag`, for the dir attribute."""
    return "rtl" if tag.partition("-")[0] in settings.LANGUAGES_BIDI else "ltr"


def speaking(tag: str) -> AbstractContextManager[None]:
    """Within it the interface speaks to readers of a text in `tag`; afterwards as before."""
    return translation.override(interface_language(tag))


def speaking_as_the_site() -> AbstractContextManager[None]:
    """For what the desk reads later, though the page of a piece in another language makes it."""
    return translation.override(settings.LANGUAGE_CODE)
