"""Categories become sections, and tags topics.

A piece stands in one section here, and sections have none below them. So a post stands in the
top-most category above its primary one (as Yoast and Rank Math keep it), else above the first it
has. The other categories, and those on the way up, become topics of the post, so that nothing is
lost. What has no category, or only "uncategorized", stands in a section of its own, News.

A section or topic is made when the first piece in it is brought; where there is one of that slug or
name, in large or small letters, it is taken.
"""

from collections.abc import Iterator

from django.db.models import Model
from django.utils.translation import gettext as _

from articles.importers.wordpress.index import Index
from articles.importers.wordpress.moves import Moves, digest_of, key_of
from articles.importers.wordpress.records import PostRecord, TermRecord
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.slugs import free, readable, wanted_of
from articles.importers.wordpress.texts import cut, line_of
from articles.models import MovedKind, Section, Topic
from articles.old_site.paths import of_query
from articles.old_site.remembering import remember_all

NAME = SLUG = 60
NONE = frozenset({"uncategorized", "uncategorised"})
NEWS, NEWS_SLUG = "News", "news"
PRIMARY = ("_yoast_wpseo_primary_category", "rank_math_primary_category")
CATEGORY, TAG = "category", "post_tag"
QUERIES = {CATEGORY: "cat", TAG: "tag_id"}
PATHS = {CATEGORY: "category", TAG: "tag"}
KINDS = {CATEGORY: MovedKind.SECTION, TAG: MovedKind.TOPIC}
DEEPEST = 30

type Found = Section | Topic


class Terms:
    def __init__(self, index: Index, moves: Moves, reporting: Reporting) -> None:
        self.index, self.moves, self.reporting = index, moves, reporting
        self.told: set[tuple[str, str]] = set()  # of what it was told that it was brought
        self.made: set[tuple[type[Model], str]] = set()  # in this run, by model and name
        self.forget()

    def forget(self) -> None:
        """What was read from the database, which is not so any more."""
        self.moved = {
            kind: self.moves.all_of(kind) for kind in (MovedKind.SECTION, MovedKind.TOPIC)
        }
        self.sections: dict[int, Section] = {}
        self.by_name: dict[type[Model], dict[str, int]] = {}  # and by slug, in small letters
        for model in (Section, Topic):
            rows = model._default_manager.values_list("pk", "name", "slug")
            known = {slug.casefold(): pk for pk, _name, slug in rows}
            self.by_name[model] = known | {name.casefold(): pk for pk, name, _slug in rows}
        self.alive = {model: set(known.values()) for model, known in self.by_name.items()}

    def of(self, post: PostRecord) -> tuple[Section, list[int]]:
        """The section of a post, and its topics by their primary keys, made where they are new. In
        the transaction of the post."""
        categories = [each for each in self._own(post, CATEGORY) if each.slug not in NONE]
        chosen = self._primary(post, categories)
        ways = [self._way_up(each) for each in ([chosen] if chosen else [])]
        section = self._section(ways[0][-1]) if ways else self._news()
        topics = [self._topic(TAG, each) for each in self._own(post, TAG)]
        in_section = ways[0][-1].slug if ways else ""
        for category in categories:
            for each in self._way_up(category):
                if each.slug != in_section:
                    topics.append(self._topic(CATEGORY, each))
        if section not in self.sections:
            self.sections[section] = Section.objects.get(pk=section)
        return self.sections[section], list(dict.fromkeys(topic for topic in topics if topic))

    def tell_rest(self) -> None:
        """Of those that no piece has which was brought in this run."""
        for taxonomy, kind in KINDS.items():
            for term in self.index.terms(taxonomy):
                if (taxonomy, term.slug) in self.told:
                    continue
                self.reporting.found(kind)
                if any(key in self.moved[of] for of, key in _keys(taxonomy, term.slug)):
                    self.reporting.unchanged(kind)
                elif taxonomy == CATEGORY and term.slug in NONE:
                    why = _("It says that a post has none: such posts stand in News.")
                    self.reporting.left_out(kind, line_of(term.name), why)
                else:
                    why = _("No post that was brought has it.")
                    self.reporting.left_out(kind, line_of(term.name), why)

    # --- The tree -----------------------------------------------------------------------------

    def _own(self, post: PostRecord, taxonomy: str) -> Iterator[TermRecord]:
        for of, slug, name in post.terms:
            if of == taxonomy:
                yield self.index.term(taxonomy, slug) or TermRecord(taxonomy, slug, name)

    def _primary(self, post: PostRecord, categories: list[TermRecord]) -> TermRecord | None:
        numbers = {value for key in PRIMARY for value in post.values_of(key)}
        primary = (each for each in categories if str(each.number) in numbers)
        return next(primary, categories[0] if categories else None)

    def _way_up(self, category: TermRecord) -> list[TermRecord]:
        """It and those above it; a tree that leads in a circle ends where it begins again."""
        way = [category]
        while len(way) < DEEPEST:
            above = self.index.term(CATEGORY, way[-1].parent) if way[-1].parent else None
            if above is None or above in way or above.slug in NONE:
                break
            way.append(above)
        return way

    # --- What they become ---------------------------------------------------------------------

    def _news(self) -> int:
        known = self.by_name[Section]
        if NEWS_SLUG not in known:
            known[NEWS_SLUG] = Section.objects.create(name=NEWS, slug=NEWS_SLUG).pk
            self.alive[Section].add(known[NEWS_SLUG])
            if (CATEGORY, "") not in self.told:
                self.told.add((CATEGORY, ""))
                self.reporting.found(MovedKind.SECTION)
                self.reporting.brought(MovedKind.SECTION)
                why = _("Made for the posts that have no category.")
                self.reporting.changed(MovedKind.SECTION, NEWS, why)
        return known[NEWS_SLUG]

    def _section(self, term: TermRecord) -> int:
        key = key_of(term.slug)
        there = self.moved[MovedKind.SECTION].get(key)
        if there and there in self.alive[Section]:
            return there
        return self._brought(Section, MovedKind.SECTION, key, term)

    def _topic(self, taxonomy: str, term: TermRecord) -> int:
        key = key_of(f"{CATEGORY}/{term.slug}" if taxonomy == CATEGORY else term.slug)
        moved = self.moved[MovedKind.TOPIC]
        if (there := moved.get(key)) or key in moved:
            return there if there and there in self.alive[Topic] else 0
        return self._brought(Topic, MovedKind.TOPIC, key, term)

    def _brought(
        self, model: type[Section] | type[Topic], kind: MovedKind, key: str, term: TermRecord
    ) -> int:
        whole = line_of(term.name) or term.slug
        name = cut(whole, NAME)
        known = self.by_name[model]
        pk = known.get(name.casefold()) or known.get(readable(term.slug, SLUG).casefold())
        was_here = pk is not None or (model, name.casefold()) in self.made
        if pk is None:
            wanted = wanted_of(term.slug, name, f"{kind}-{digest_of(term.slug)[:8]}", SLUG)
            slug = free(wanted, SLUG, lambda slug: slug.casefold() in known)
            made = model.objects.create(
                name=name, slug=slug, description=cut(line_of(term.description), 200)
            )
            pk = made.pk
            self.alive[model].add(pk)
            self.made.add((model, name.casefold()))
            known[slug.casefold()] = known[name.casefold()] = pk
        self.moved[kind][key] = pk
        self.moves.add(kind, key, pk, digest_of(term))
        self._remember(kind, pk, term)
        self._tell(kind, term, whole, was_here=was_here)
        return pk

    def _remember(self, kind: MovedKind, pk: int, term: TermRecord) -> None:
        """A category that is a section is found there, whatever topic has its name, too."""
        if term.taxonomy == CATEGORY and kind == MovedKind.TOPIC and not self._is_below(term):
            return
        slugs = [term.slug]
        if term.taxonomy == CATEGORY:
            slugs.append("/".join(each.slug for each in reversed(self._way_up(term))))
        paths = [self.moves.below(f"/{PATHS[term.taxonomy]}/{slug}") for slug in slugs]
        if term.number is not None:
            paths.append(of_query(QUERIES[term.taxonomy], term.number))
        remember_all((path, kind, pk) for path in dict.fromkeys(paths))

    def _is_below(self, term: TermRecord) -> bool:
        return len(self._way_up(term)) > 1

    def _tell(self, became: MovedKind, term: TermRecord, whole: str, *, was_here: bool) -> None:
        kind, token = KINDS[term.taxonomy], (term.taxonomy, term.slug)
        is_new = token not in self.told
        self.told.add(token)
        if is_new:
            self.reporting.found(kind)
            self.reporting.brought(kind)
        as_topic = term.taxonomy == CATEGORY and became == MovedKind.TOPIC
        noted = (term.taxonomy, f"{term.slug}/{became}")
        if noted in self.told:
            return
        self.told.add(noted)
        if as_topic and self._is_below(term):
            top = line_of(self._way_up(term)[-1].name)
            why = _("It stood below “%(top)s”: a topic here.") % {"top": top}
            self.reporting.changed(kind, whole, why)
        elif as_topic:
            why = _("A topic besides, of the posts that stand in another section.")
            self.reporting.changed(kind, whole, why)
        if was_here and not as_topic:
            why = _("One of that name was here, or came with another: taken as one.")
            self.reporting.changed(kind, whole, why)
        if len(whole) > NAME:
            self.reporting.changed(kind, whole, _("The name was too long: cut."))


def _keys(taxonomy: str, slug: str) -> Iterator[tuple[MovedKind, str]]:
    """Under which it is kept as what it became."""
    if taxonomy == CATEGORY:
        yield MovedKind.SECTION, key_of(slug)
        yield MovedKind.TOPIC, key_of(f"{CATEGORY}/{slug}")
    else:
        yield MovedKind.TOPIC, key_of(slug)
