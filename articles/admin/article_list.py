"""The list of pieces that the desk works from: what it shows, and how it is narrowed."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.article_search import search
from articles.models import Article, Author, Byline, Revision, Section, WorkingCopy
from articles.models.article import ArticleQuerySet
from newsroom import moments

Status = Article.Status


class StateFilter(admin.SimpleListFilter):
    """By state, where what is scheduled and what is embargoed are states of their own."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        waiting = Q(status=Status.IN_REVIEW)
        number = Article.objects.filter(waiting | Q(pk__in=_to_come())).aggregate(
            waiting=Count("pk", filter=waiting),
            scheduled=Count("pk", filter=Q(status=Status.PUBLISHED)),
        )
        return [
            ("in_review", _("waiting for review (%(waiting)d)") % number),
            ("scheduled", _("scheduled (%(scheduled)d)") % number),
            ("embargoed", _("under embargo")),
            ("draft", _("draft")),
            ("published", _("published")),
            ("withdrawn", _("withdrawn")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        state = self.value()
        if state == "published":
            return queryset.filter(status=Status.PUBLISHED).exclude(pk__in=_to_come())
        if state == "scheduled":
            return queryset.filter(status=Status.PUBLISHED, pk__in=_to_come())
        if state == "embargoed":
            return queryset.filter(pk__in=_under_embargo())
        return queryset.filter(status=state) if state in Status else queryset


def _under_embargo() -> Any:
    return Article.objects.filter(embargo_until__gt=timezone.now()).order_by().values("pk")


def _to_come() -> Any:
    """With what is published, those that are not public yet. Each moment has its own index."""
    dated = Article.objects.filter(status=Status.PUBLISHED, published_at__gt=timezone.now())
    return dated.order_by().values("pk").union(_under_embargo()).order_by()


class WhoseFilter(admin.SimpleListFilter):
    title, parameter_name = _("who worked on it"), "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("mine: begun or saved by me"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "mine":
            return queryset
        me = cast(User, request.user).pk
        saved = Revision.objects.filter(by=me).order_by().values("article")
        return queryset.filter(Q(begun_by=me) | Q(pk__in=saved))


class SectionFilter(admin.SimpleListFilter):
    title, parameter_name = _("section"), "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(pk), name) for pk, name in Section.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        section = self.value()
        if section is None or section not in {key for key, _name in self.lookup_choices}:
            return queryset
        return queryset.filter(section=int(section))


class AuthorFilter(admin.SimpleListFilter):
    """A menu, for a paper has many authors."""

    title, parameter_name = _("author"), "author"
    template = "admin/articles/_filter_menu.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(pk), name) for pk, name in Author.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        author = self.value()
        if author is None or author not in {key for key, _name in self.lookup_choices}:
            return queryset
        written = Byline.objects.filter(author=int(author)).order_by().values("article")
        return queryset.filter(pk__in=written)

    def choices(self, changelist: Any) -> Any:
        """For the template: what else is in the address, and the authors."""
        others = {
            name: value
            for name, values in changelist.filter_params.items()
            if name != self.parameter_name
            for value in values
        }
        yield {"others": others, "chosen": self.value(), "options": self.lookup_choices}


def for_the_desk(articles: QuerySet[Article]) -> QuerySet[Article]:
    """With all that the list shows, and without what is long."""
    return (
        articles.select_related("section")
        .defer("body", "body_html", "desk_notes")
        .prefetch_related(Prefetch("bylines", Byline.objects.with_authors()))
    )


class DeskPaginator(Paginator):
    """Finds the pieces of a page in an index, and reads no other row however far back it is."""

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        articles = cast("QuerySet[Article]", self.object_list).prefetch_related(None)
        keys = list(articles.values_list("pk", flat=True)[first : first + self.per_page])
        found = for_the_desk(Article.objects.all()).in_bulk(keys)
        return Page([found[key] for key in keys if key in found], number, self)


class DeskChangeList(ChangeList):
    """Reads no bodies, and looks up who is at work for the pieces of one page."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Article]:
        return for_the_desk(super().get_queryset(request, *args, **kwargs))

    def get_ordering(self, request: HttpRequest, queryset: Any) -> Any:
        """What is to come: the next first."""
        if self.params.get(StateFilter.parameter_name) == "scheduled" and (
            ORDER_VAR not in self.params
        ):
            return ["published_at", "pk"]
        return super().get_ordering(request, queryset)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list
        at_work: dict[int, list[str]] = {}
        copies = WorkingCopy.objects.open().filter(article__in=self.result_list)
        for article, name in (
            copies.order_by("opened_at", "pk").values_list("article", "by__username").distinct()
        ):
            at_work.setdefault(article, []).append(name)
        for each in self.result_list:
            each.at_work = list(dict.fromkeys(at_work.get(each.pk, [])))


class DeskList(admin.ModelAdmin):
    """For the ModelAdmin of pieces: its list, newest changed first."""

    list_display = ["headline", "state", "moment", "section", "byline", "at_work", "changed"]
    list_display_links = ["headline"]
    list_filter = [StateFilter, WhoseFilter, SectionFilter, AuthorFilter]
    list_select_related = ["section"]
    paginator = DeskPaginator
    list_per_page = 50
    list_max_show_all = 200
    search_fields = ["headline", "standfirst", "slug", "bylines__author__name"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-updated_at"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return DeskChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[ArticleQuerySet, bool]:
        return search(queryset, search_term), False

    @admin.display(description=_("state"), ordering="status")
    def state(self, article: Article) -> str:
        return _drawn("admin/articles/_state.html", article)

    @admin.display(description=_("publication"), ordering="published_at")
    def moment(self, article: Article) -> str:
        return _drawn("admin/articles/_moment.html", article)

    @admin.display(description=_("last changed"), ordering="updated_at")
    def changed(self, article: Article) -> str:
        return moments.moment(article.updated_at, short=True)

    @admin.display(description=_("byline"), empty_value="")
    def byline(self, article: Article) -> str:
        return ", ".join(str(each.author) for each in article.bylines.all())

    @admin.display(description=_("at work"), empty_value="")
    def at_work(self, article: Article) -> str:
        return ", ".join(getattr(article, "at_work", []))


def _drawn(template: str, article: Article) -> str:
    embargo = article.embargo_until
    is_under_embargo = embargo is not None and embargo > timezone.now()
    return render_to_string(template, {"article": article, "is_under_embargo": is_under_embargo})
