from articles.admin import article, page, taxonomy

__all__ = ["article", "page", "taxonomy"]
