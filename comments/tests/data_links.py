"""The mailed link to a reader's data, without the mail."""

from comments.models import Commenter
from comments.rights.links import data_url, token_for


def open_link(sender: Commenter) -> str:
    handle = sender.hand_out_link()
    assert handle, "one was handed out less than a day ago"
    return data_url(token_for(handle))
