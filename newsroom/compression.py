from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "application/json", "application/feed+json", "application/manifest+json")


class CompressionMiddleware(GZipMiddleware):
    """Compresses the texts that readers fetch, where they can take that.

    Not the admin, whose pages hold tokens (BREACH), nor what answers a form; and no pictures,
    which are small as they are. Static files come from WhiteNoise, compressed already.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if (
            request.method not in {"GET", "HEAD"}
            or request.path_info.startswith("/admin/")
            or not _is_text(response.get("Content-Type", ""))
        ):
            return response
        return super().process_response(request, response)


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0]
    return kind.startswith(TEXTS) or kind.endswith("xml")
