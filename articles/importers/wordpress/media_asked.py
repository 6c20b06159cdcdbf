"""What the text of a post asks of the side that brings files and knows addresses."""

from typing import Protocol

from articles.models import Image


class Media(Protocol):
    """Kept by whoever runs the import: see media.py."""

    def picture(self, *, number: int | None, address: str) -> Image | None:
        """In the library; None where it cannot be had, which is told by the asked."""

    def recording(self, address: str) -> str | None:
        """The address here of a sound or film of the old site; None where it is none."""

    def page_at(self, address: str) -> str | None:
        """Where what stood at an address of the old site stands now."""

    def title_of(self, number: int) -> str:
        """Of a post or an attachment."""

    def attachments_of(self, post: int) -> list[int]:
        """The numbers of the pictures that were uploaded to a post, in their order."""
