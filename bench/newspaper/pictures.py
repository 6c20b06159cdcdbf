"""Some pictures of the library, taken in as an editor's are, with all their sizes."""

import io

from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from articles import renditions
from articles.models import Image
from articles.picture_upload import take_in

NUMBER, SIZE = 6, (1800, 1200)


def make(by: User) -> list[Image]:
    """Their tokens are as unguessable as all are, and so differ each time."""
    from PIL import Image as Pillow  # noqa: PLC0415 - takes time to import

    images = []
    for number in range(NUMBER):
        across = Pillow.linear_gradient("L").rotate(90 * number).resize(SIZE)
        around = Pillow.radial_gradient("L").resize(SIZE)
        flat = Pillow.new("L", SIZE, 40 * number)
        drawn = io.BytesIO()
        Pillow.merge("RGB", (across, around, flat)).save(drawn, "PNG")
        image, _ = take_in(ContentFile(drawn.getvalue(), f"picture {number}.png"), by=by)
        renditions.make(image)
        image.refresh_from_db()
        images.append(image)
    Image.objects.update(alt="Colours that pass into each other", credit="Bench")
    return images
