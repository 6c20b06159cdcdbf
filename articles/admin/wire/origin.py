from articles.models import Article, WireItem


def wire_of(article: Article) -> WireItem | None:
    """The wire that a piece was made of. Nothing is asked about a piece without a source."""
    if article.pk is None or article.source_id is None:
        return None
    items = WireItem.objects.filter(article=article).select_related("newest", "taken_version")
    return items.only(
        *("provider", "needs_person", "state", "pub_status", "embargo_is_unclear", "article"),
        *("newest__number", "taken_version__number"),
    ).first()
