from django.urls import path

from articles.feeds.addresses import KINDS
from articles.feeds.corrections import Corrections
from articles.feeds.formats import FORMATS
from articles.feeds.pieces import Pieces
from articles.feeds.subjects import pieces_of, search, whole_paper
from articles.search.asking import SEARCH_QUERY
from newsroom.page_store import stored

urlpatterns = [
    *(
        path(
            f"feeds/latest.{format.extension}",
            stored()(Pieces(format, whole_paper)),
            name=f"latest_{format.extension}",
        )
        for format in FORMATS
    ),
    *(
        path(
            f"{kind}s/<slug:slug>/feed.{format.extension}",
            stored()(Pieces(format, pieces_of(model))),
            name=f"{kind}_{format.extension}",
        )
        for kind, model in KINDS.items()
        for format in FORMATS
    ),
    *(
        path(
            f"search/feed.{format.extension}",
            stored(query=SEARCH_QUERY)(Pieces(format, search)),
            name=f"search_{format.extension}",
        )
        for format in FORMATS
    ),
    path("corrections/feed.atom", stored()(Corrections()), name="corrections_feed"),
]
