from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """After a POST: the answer stands elsewhere, and is asked for with GET."""

    status_code = 303
