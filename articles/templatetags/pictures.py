from typing import TYPE_CHECKING

from django import template

from articles.lead_picture import lead_alternative, shown_lead
from articles.picture_html import CARD_SIZES, LEAD_SIZES, TOP_CARD_SIZES, picture

if TYPE_CHECKING:
    from articles.models import Article

register = template.Library()


@register.simple_tag
def lead_picture(article: "Article", preview: str = "") -> str:
    """The lead picture of a piece, loaded first; empty where there is none or it is withdrawn.

    With the token of a `preview` link, the addresses are those for its holder.
    """
    image = shown_lead(article)
    if image is None:
        return ""
    alt = lead_alternative(article)
    return picture(image, alt=alt, sizes=LEAD_SIZES, eager=True, preview=preview)


@register.simple_tag
def card_picture(article: "Article", eager: bool | str = False) -> str:
    """The same, 3:2, for a list. It says nothing: the headline beside it does.

    `eager` for the one at the top of the page.
    """
    image = shown_lead(article)
    if image is None:
        return ""
    sizes = TOP_CARD_SIZES if eager else CARD_SIZES
    return picture(image, alt="", sizes=sizes, kind="card", eager=bool(eager))
