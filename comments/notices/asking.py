"""What readers ask for when they reply."""

from typing import TYPE_CHECKING

from comments.models.mail import Mail
from comments.models.record import REFUSED
from comments.models.subscription import Subscription

if TYPE_CHECKING:
    from comments.models.comment import Comment
    from comments.posting import Draft


def asked(comment: "Comment", draft: "Draft") -> None:
    """Note what was asked for with a reply, and have the holder of the address confirm it.

    Runs in the transaction that takes the reply in, with its sender locked. What a rule refused,
    or a machine seems to have sent, makes no mail to an address that was merely typed.
    """
    if not draft.notices or draft.trap or comment.status in REFUSED or comment.commenter is None:
        return
    if Subscription.objects.ask(comment.commenter, comment.article, draft.notices):
        Mail.objects.ask_to_confirm(comment.commenter)
