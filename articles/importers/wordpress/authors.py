"""The authors of a WordPress site become authors here: names over pieces, without logins.

With Co-Authors Plus a post has its authors as terms of the taxonomy `author`, in order, and guests
are posts of their own. An author is made when the first piece with the name is brought; one of the
same name who was here before the move is taken for the same person.
"""

from django.utils.translation import gettext as _

from articles.importers.wordpress.index import Index, KeptAuthor
from articles.importers.wordpress.moves import Moves, digest_of, key_of
from articles.importers.wordpress.records import PostRecord
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.slugs import free, wanted_of
from articles.importers.wordpress.texts import cut, line_of
from articles.models import Author, MovedKind
from articles.old_site.paths import of_query
from articles.old_site.remembering import remember_all

NAME, SLUG = 80, 80
KIND = MovedKind.AUTHOR


class Authors:
    def __init__(self, index: Index, moves: Moves, reporting: Reporting) -> None:
        self.index, self.moves, self.reporting = index, moves, reporting
        self.told: set[str] = set()  # by their keys: brought in this run
        self.forget()

    def forget(self) -> None:
        """What was read from the database, which is not so any more."""
        self.there = self.moves.all_of(KIND)
        self.kept: dict[str, Author] = {}

    def of(self, post: PostRecord) -> list[Author]:
        """Those over a post, in order, made where they are new. In the transaction of the post."""
        logins = [self._login_of(slug, name) for slug, name in _terms(post)]
        if not logins and post.creator:
            logins = [post.creator]
        found = {each.pk: each for login in logins if (each := self._author(login, post))}
        return list(found.values())

    def tell_rest(self) -> None:
        """Of those over no piece that was brought in this run."""
        for each in self.index.authors():
            key = key_of(self._main(each).login)
            if key_of(each.login) != key:
                continue  # a guest who is one of the others
            if key in self.told:
                continue
            self.reporting.found(KIND)
            if key in self.there:
                self.reporting.unchanged(KIND)
            else:
                why = _("No post that was brought is theirs.")
                self.reporting.left_out(KIND, each.name or each.login, why)

    def _login_of(self, slug: str, name: str) -> str:
        """Of a term of Co-Authors Plus: its slug is that of the login behind cap-, its name the
        login itself."""
        for login in (name, slug.removeprefix("cap-"), slug):
            if self.index.author(login):
                return login
        return slug.removeprefix("cap-") or name

    def _main(self, author: KeptAuthor) -> KeptAuthor:
        return (self.index.author(author.linked) if author.linked else None) or author

    def _author(self, login: str, post: PostRecord) -> Author | None:
        known = self.index.author(login)
        if known:
            known = self._main(known)
            login = known.login
        key = key_of(login)
        if key in self.kept:
            return self.kept[key]
        if key in self.there:
            found = Author.objects.filter(pk=self.there[key] or 0).first()
            if found:  # else somebody has removed them here since
                self.kept[key] = found
            return found
        author = self._made(key, known or KeptAuthor(login, "", None, ""), post, known is not None)
        self.kept[key], self.there[key] = author, author.pk
        return author

    def _made(self, key: str, known: KeptAuthor, post: PostRecord, is_listed: bool) -> Author:
        whole = line_of(known.name) or line_of(known.login)
        name = cut(whole, NAME)
        others = {pk for pk in self.there.values() if pk}
        author = Author.objects.filter(name=name).exclude(pk__in=others).order_by("pk").first()
        was_here = author is not None
        if author is None:
            wanted = wanted_of(known.login, name, f"author-{digest_of(known.login)[:8]}", SLUG)
            slug = free(wanted, SLUG, lambda slug: Author.objects.filter(slug=slug).exists())
            author = Author.objects.create(name=name, slug=slug)
        self.moves.add(KIND, key, author.pk, digest_of(known))
        paths = [f"/author/{known.login}", f"/author/{author.slug}"]
        if known.number is not None:
            paths.append(of_query("author", known.number))
        remember_all((self.moves.below(path), KIND, author.pk) for path in paths)
        if key in self.told:
            return author  # a rehearsal has forgotten it
        self.told.add(key)
        self.reporting.found(KIND)
        self.reporting.brought(KIND)
        if was_here:
            self.reporting.changed(KIND, name, _("An author of that name was here: taken as one."))
        if name != whole:
            self.reporting.changed(KIND, whole, _("The name was too long: cut."))
        if not is_listed:
            why = _("Missing in the list of authors: made from the login over the post.")
            self.reporting.changed(KIND, name, why, post.place)
        return author


def _terms(post: PostRecord) -> list[tuple[str, str]]:
    return [(slug, name) for taxonomy, slug, name in post.terms if taxonomy == "author"]
