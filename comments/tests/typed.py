"""Replies as readers type them, for the rules that read them."""

from typing import Any

from comments import body_html
from comments.moderation.findings import Submission
from comments.tests.factories import make_submission


def typed(text: str, **fields: Any) -> Submission:
    """The reply of a known sender who typed `text`, made as the form makes it."""
    html = body_html.clean(text)
    return make_submission(text=text, html=html, readable=body_html.readable(html), **fields)
