"""The lists of the rules, each on a page: who added what, adding, removing, import, export."""

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.core.validators import ProhibitNullCharactersValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from comments import word_lists
from comments.models import Policy
from comments.models.policy import MAX_LIST
from comments.word_lists import LISTS, Entry, NotTaken
from newsroom import spreadsheets
from newsroom.admin_site import site
from newsroom.private_pages import private

ENTRIES = 200  # a page
LARGEST_FILE = 4 * MAX_LIST  # bytes
BY_LETTER = "letter"

may_look = permission_required("comments.view_policy", raise_exception=True)


class AddForm(forms.Form):
    """What is typed or pasted, or stands in a file; `lines` are its entries."""

    entries = forms.CharField(
        label=gettext_lazy("Entries, one a line"),
        required=False,
        max_length=MAX_LIST,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 40}),
    )
    file = forms.FileField(
        label=gettext_lazy("or a file of them"),
        required=False,
        help_text=gettext_lazy("Text with one entry a line, or the first column of a table (CSV)."),
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,text/plain,text/csv"}),
    )
    instead = forms.BooleanField(label=gettext_lazy("in place of the whole list"), required=False)

    def clean_file(self) -> list[str]:
        sent: UploadedFile | None = self.cleaned_data["file"]
        if sent is None:
            return []
        if (sent.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than a list can be."))
        try:
            text = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The file is no text in UTF-8.")) from None
        ProhibitNullCharactersValidator()(text)
        is_table = str(sent.name).lower().endswith(".csv")
        try:
            return word_lists.lines_of_table(text) if is_table else word_lists.lines_of(text)
        except NotTaken as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> None:
        data = self.cleaned_data
        self.lines = word_lists.lines_of(data.get("entries") or "") + (data.get("file") or [])
        if not self.errors and not self.lines:
            raise forms.ValidationError(_("Please write an entry or choose a file."))


class FindForm(forms.Form):
    """Sent by POST: what is looked for stands in no address."""

    words = forms.CharField(label=gettext_lazy("Find"), max_length=100, required=False)


@may_look
@require_safe
@private
def overview(request: HttpRequest) -> HttpResponse:
    """All lists, and how long each is."""
    policy = Policy.objects.current()
    context = admin.site.each_context(request) | {
        "title": _("Lists"),
        "lists": [
            (name, field.verbose_name, field.help_text, len(getattr(policy, name).splitlines()))
            for name, field in zip(LISTS, map(word_lists.field_of, LISTS), strict=True)
        ],
    }
    return TemplateResponse(request, "admin/comments/word_lists/overview.html", context)


@may_look
@require_http_methods(["GET", "HEAD", "POST"])
@private
def word_list(request: HttpRequest, name: str) -> HttpResponse:
    """One list. Its forms add, remove, and find, by the button that was pressed."""
    _must_be_a_list(name)
    if request.method != "POST":
        return _draw(request, name)
    if "find" in request.POST:
        find = FindForm(request.POST)
        words = find.cleaned_data["words"] if find.is_valid() else ""
        return _draw(request, name, find=find, words=words)
    if not _may_change(request):
        raise PermissionDenied
    if "remove" in request.POST:
        return _change(request, name, remove=request.POST.getlist("entry"))
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        return _draw(request, name, add=form, status=422)
    instead = form.cleaned_data["instead"]
    return _change(request, name, add=form.lines, instead=instead, form=form)


def _change(
    request: HttpRequest,
    name: str,
    *,
    add: list[str] | None = None,
    remove: list[str] | None = None,
    instead: bool = False,
    form: AddForm | None = None,
) -> HttpResponse:
    try:
        difference = word_lists.change(
            name, by=cast(User, request.user), add=add or [], remove=remove or [], instead=instead
        )
    except NotTaken as refusal:
        form = form or AddForm({})
        form.add_error(None, str(refusal))
        return _draw(request, name, add=form, status=422)
    messages.success(request, str(difference))
    return redirect("admin:comments_word_list", name)


@may_look
@require_safe
@private
def as_text(request: HttpRequest, name: str) -> HttpResponse:
    """The list as a file, one entry a line: what AddForm takes."""
    _must_be_a_list(name)
    lines = [entry.text for entry in word_lists.entries(name)]
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(name)}.txt"'}
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@may_look
@require_safe
@private
def as_table(request: HttpRequest, name: str) -> HttpResponseBase:
    """The list as comma-separated values, with who added each entry and when."""
    _must_be_a_list(name)
    rows = [word_lists.HEADINGS, *(_row(entry) for entry in word_lists.entries(name))]
    return spreadsheets.download(rows, name=_file_name(name))


def _row(entry: Entry) -> tuple[str, ...]:
    if entry.added is None:
        return (entry.text, "", "")
    when = timezone.localtime(entry.added.at).isoformat(timespec="seconds")
    return (entry.text, entry.added.by.get_username() if entry.added.by else "", when)


def _draw(
    request: HttpRequest,
    name: str,
    *,
    add: AddForm | None = None,
    find: FindForm | None = None,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    found = word_lists.entries(name)
    count, looked_for = len(found), words.casefold().strip()
    if looked_for:
        found = [entry for entry in found if looked_for in entry.text.casefold()]
    is_by_letter = request.GET.get("order") == BY_LETTER
    if is_by_letter:
        found.sort(key=lambda entry: entry.text.casefold())
    else:
        found.reverse()  # what was added last comes first
    page = Paginator(found, ENTRIES).get_page(request.GET.get("page"))
    field = word_lists.field_of(name)
    context = admin.site.each_context(request) | {
        "title": str(field.verbose_name).capitalize(),
        "name": name,
        "what": field.help_text,
        "lists": [(each, word_lists.field_of(each).verbose_name) for each in LISTS],
        "count": count,
        "matching": len(found),
        "page": page,
        "is_by_letter": is_by_letter,
        "add": add or AddForm(),
        "find": find or FindForm(),
        "looked_for": looked_for,
        "may_change": _may_change(request),
    }
    template = "admin/comments/word_lists/list.html"
    return TemplateResponse(request, template, context, status=status)


def _file_name(name: str) -> str:
    return f"{name.replace('_', '-')}-{timezone.localdate().isoformat()}"


def _may_change(request: HttpRequest) -> bool:
    return request.user.has_perm("comments.change_policy")


def _must_be_a_list(name: str) -> None:
    if name not in LISTS:
        raise Http404


site.add_page("comments/lists/", overview, name="comments_word_lists")
site.add_page("comments/lists/<slug:name>/", word_list, name="comments_word_list")
site.add_page("comments/lists/<slug:name>/list.txt", as_text, name="comments_word_list_text")
site.add_page(
    "comments/lists/<slug:name>/list.csv",
    as_table,
    name="comments_word_list_table",
)
