"""The lead picture of a piece, as readers get it on its page, in lists and in feeds."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.models.article import Article
    from articles.models.image import Image


def shown_lead(article: "Article") -> "Image | None":
    """None where there is none, or it is withdrawn."""
    image = article.lead_image
    return None if image is None or image.is_withdrawn else image


def lead_alternative(article: "Article") -> str:
    """What stands for it where it can't be seen: the piece's own words, else those of the picture.
    Empty where it tells nothing that the text does not."""
    if article.lead_is_decorative or article.lead_image is None:
        return ""
    return article.lead_alt or article.lead_image.alt
