from articles.admin import article, former_slug, front, image, page, taxonomy

__all__ = ["article", "former_slug", "front", "image", "page", "taxonomy"]
