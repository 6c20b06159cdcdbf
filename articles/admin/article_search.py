"""What the desk finds by words: in headlines, standfirsts, slugs and the names of authors."""

from django.db.models import Q

from articles.models import Article, Author, Byline
from articles.models.article import ArticleQuerySet

MOST_WORDS = 8
FEW = 1000


def search(articles: ArticleQuerySet, words: str) -> ArticleQuerySet:
    """Those of `articles` with all of the words, each somewhere, wherever in a word."""
    if not words.strip():
        return articles
    wanted = Q()
    for word in words.split()[:MOST_WORDS]:
        people = Author.objects.filter(name__icontains=word).order_by().values("pk")
        theirs = Byline.objects.filter(author__in=people).order_by().values("article")
        wanted &= (
            Q(headline__icontains=word)
            | Q(standfirst__icontains=word)
            | Q(slug__icontains=word)
            | Q(pk__in=theirs)
        )
    # Apart from all other conditions, so that it is read from the index article_words alone, and
    # once where the list asks for its length and for its pieces. Of many, the first ones in the
    # order of the list are found soon, unless something else narrows it.
    found = Article.objects.filter(wanted).order_by().values_list("pk", flat=True)
    few = list(found[: FEW + 1])
    if len(few) > FEW and not articles.query.where:
        return articles.filter(wanted)
    return articles.filter(pk__in=few if len(few) <= FEW else found)
