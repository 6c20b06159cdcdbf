"""The form in which the front page is arranged: the first places, and a block for each section."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.front_pool import Pool, label
from articles.admin.times import SiteTimeField, spelled
from articles.front import BLOCK, FIRST, candidates, front_of
from articles.listed import Listed
from articles.models import Article, FrontPlace, Section
from articles.models.front_place import Changes, Given, place_name
from newsroom.primary_keys import is_key

LONGEST_SEARCH = 100


class PlaceForm(forms.Form):
    """What shall stand at one place."""

    number = forms.IntegerField(
        label=gettext_lazy("Number"), min_value=1, max_value=99, required=False
    )
    piece = forms.ChoiceField(label=gettext_lazy("Piece"), required=False)
    until = SiteTimeField(label=gettext_lazy("Until"), required=False)

    def __init__(self, data: QueryDict | None, group: "Group", position: int, pool: Pool) -> None:
        self.group, self.position, self.pool = group, position, pool
        self.place = group.given.get(position)
        initial = {
            "number": position + 1,
            "piece": self.place.article_id if self.place else "",
            "until": self.place.until if self.place else None,
        }
        super().__init__(data, prefix=f"{group.name}-{position}", initial=initial)
        self.fields["piece"].choices = pool.choices(group.section)  # type: ignore[attr-defined]
        self.fields["number"].widget.attrs["max"] = group.size

    def clean_piece(self) -> Article | None:
        chosen = self.cleaned_data["piece"]
        return self.pool.pieces.get(int(chosen)) if chosen else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        piece, until = data.get("piece"), data.get("until")
        if piece and not piece.is_published and piece.pk != self.initial["piece"]:
            self.add_error("piece", _("Only what is published or scheduled can stand here."))
        if piece and until and until <= timezone.now() and until != self.initial["until"]:
            self.add_error("until", _("This moment has passed."))
        return data

    def order(self) -> tuple[int, int, int]:
        """Its rank in the group. Whoever takes a number that is another's moves that one on."""
        was = self.position + 1
        wanted = self.cleaned_data.get("number") or was
        return wanted, (wanted > was) - (wanted < was), was

    @property
    def name(self) -> str:
        if self.group.section:
            return _("Place %(number)d") % {"number": self.position + 1}
        return place_name(None, self.position)

    @property
    def standing(self) -> Listed | None:
        """What readers see here now."""
        pieces = self.group.standing
        return pieces[self.position] if self.position < len(pieces) else None

    @property
    def in_force(self) -> FrontPlace | None:
        """The place, where an editor gave it to what stands here."""
        standing = self.standing
        if self.place and standing and self.place.article_id == standing.pk:
            return self.place
        return None

    @property
    def why_free(self) -> str:
        """Why the piece that has been given this place does not stand here."""
        place = self.place
        if place is None or self.in_force:
            return ""
        facts = {"piece": place.article.headline}
        if place.until and place.until <= timezone.now():
            return _("The time of “%(piece)s” here has passed.") % facts
        if place.article.is_scheduled and place.article.public_from:
            facts["moment"] = spelled(place.article.public_from)
            return _("“%(piece)s” stands here from %(moment)s on.") % facts
        if not place.article.is_public:
            return _("“%(piece)s” is not published any more.") % facts
        if place.section_id and place.section_id != place.article.section_id:
            return _("“%(piece)s” has moved to another section.") % facts
        return ""

    @property
    def theirs(self) -> str:
        """What somebody else has put here since, where that is not what stands in this form."""
        given = str(self.place.article_id) if self.place else ""
        if not self.is_bound or self["piece"].value() == given:
            return ""
        return label(self.place.article) if self.place else _("Automatic: the newest")


class Group:
    """The first places, or those of the block of a section.

    The places of a block that is off are not in the form: they are kept as they are, for the day
    it is switched on again.
    """

    def __init__(
        self,
        data: QueryDict | None,
        section: Section | None,
        given: dict[int, FrontPlace],
        standing: list[Listed],
        pool: Pool,
    ) -> None:
        self.section, self.given, self.standing = section, given, standing
        self.name = f"block-{section.pk}" if section else "first"
        self.size = BLOCK if section else FIRST
        was_in_form = data is not None and f"{self.name}-0-piece" in data
        self.is_on = section is None or section.is_on_front
        if data is not None and f"{self.name}-offered" in data:
            self.is_on = f"{self.name}-on" in data
        has_places = section is None or section.is_on_front or was_in_form
        self.places = [
            PlaceForm(data if was_in_form else None, self, position, pool)
            for position in range(self.size if has_places else 0)
        ]

    @property
    def title(self) -> str:
        return str(self.section or _("First places"))

    def chosen(self) -> Iterator[tuple[PlaceForm, Article]]:
        for place in self.places:
            if place.is_bound and (piece := place.cleaned_data.get("piece")):
                yield place, piece

    def wanted(self) -> Iterator[Given]:
        if not all(place.is_bound for place in self.places) or not self.places:
            yield from (place.given for place in self.given.values())
            return
        section = self.section.pk if self.section else None
        for position, place in enumerate(sorted(self.places, key=PlaceForm.order)):
            piece, until = place.cleaned_data["piece"], place.cleaned_data["until"]
            if piece:
                yield Given(section, position, piece.pk, until)


class FrontForm:
    """All groups of places. Saved together, and only where nobody else has done so meanwhile."""

    def __init__(self, data: QueryDict | None = None, *, is_stale: bool = False) -> None:
        self.data, self.is_stale = data, is_stale
        self.query = data.get("q", "").replace("\0", "")[:LONGEST_SEARCH] if data else ""
        now = FrontPlace.objects.fingerprint()
        self.read = now if data is None or is_stale else data.get("read", "")
        given: dict[int | None, dict[int, FrontPlace]] = {}
        also = _chosen(data)
        for place in FrontPlace.objects.select_related("section", "article__section"):
            given.setdefault(place.section_id, {})[place.position] = place
            also.add(place.article_id)
        found = candidates()
        front = front_of(found)
        pool = Pool(self.query, also | {each.piece for each in found if each.section})
        self.found = len(pool.found)
        of_block = {block.section.pk: block.pieces for block in front.blocks}
        self.groups = [Group(data, None, given.get(None, {}), front.first, pool)] + [
            Group(data, section, given.get(section.pk, {}), of_block.get(section.pk, []), pool)
            for section in Section.objects.all()
        ]

    @property
    def media(self) -> forms.Media:
        script: Any = forms.Script("js/desk-front.js", defer=True)
        own = forms.Media(css={"all": ["css/desk-front.css"]}, js=[script])
        return self.groups[0].places[0].media + own

    @property
    def has_errors(self) -> bool:
        return any(place.errors for group in self.groups for place in group.places)

    def is_valid(self) -> bool:
        if self.has_errors:
            return False
        seen: set[int] = set()
        for group in self.groups:
            for place, piece in group.chosen():
                if piece.pk in seen:
                    place.add_error("piece", _("This piece has another place already."))
                seen.add(piece.pk)
        return not self.has_errors

    def save(self, *, by: User) -> Changes:
        """Raises ArrangementChanged where somebody else has arranged it since it was opened."""
        blocks = {group.section.pk for group in self.groups if group.section and group.is_on}
        wanted = [each for group in self.groups for each in group.wanted()]
        return FrontPlace.objects.arrange(wanted, blocks=blocks, by=by, read=self.read)

    def again(self) -> "FrontForm":
        """The same choices beside what stands there now; saving once more replaces that."""
        return FrontForm(self.data, is_stale=True)


def _chosen(data: QueryDict | None) -> set[int]:
    values = [data.get(name, "") for name in data or {} if name.endswith("-piece")] if data else []
    return {int(value) for value in values if is_key(value)}
