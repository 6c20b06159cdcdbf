from functools import cached_property

from django.urls import reverse


class SlugPath:
    """The paths of what is found by a slug, or by another name of letters that stand in a path as
    they are: looked up once, for a page names dozens of them."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, slug: str) -> str:
        before, after = self._around
        return f"{before}{slug}{after}"

    @cached_property
    def _around(self) -> tuple[str, str]:
        before, after = reverse(self.name, args=["slug-of-it"]).split("slug-of-it")
        return before, after
