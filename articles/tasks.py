from datetime import timedelta

from django.tasks import task
from django.utils import timezone

from articles import renditions
from articles.models import Image

ATTEMPTS = 8


@task
def make_renditions(image_id: int, attempt: int = 1) -> None:
    """Make the files of a picture, or try again later: after 1, 2, 4 … 64 minutes."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        return
    try:
        renditions.make(image)
    except OSError:
        if attempt == ATTEMPTS:
            raise
        later = timezone.now() + timedelta(minutes=2 ** (attempt - 1))
        make_renditions.using(run_after=later).enqueue(image_id, attempt + 1)
