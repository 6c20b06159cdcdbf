"""Texts of Django and of other packages that their own catalogues lack in a language of ours.

Nothing calls these: they are named here so that the catalogues in newsroom/locale/ hold them.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

DJANGO = (
    gettext_noop("- Select an option -"),
    gettext_noop("No %s matches the given query."),
    gettext_noop("“%(value)s” is not a valid binary value."),
    gettext_noop('The app "%s" could not be found.'),
    ngettext_lazy("…and %(count)d more object.", "…and %(count)d more objects.", "count"),
    gettext_noop("Filter by %(field_name)s"),
    gettext_noop("Logout"),
)

TASKS = (
    gettext_noop("Task Result"),
    gettext_noop("Task Results"),
)
