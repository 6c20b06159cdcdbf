from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.admin.picture_field import library_media
from articles.models import Image, ImageChange
from articles.picture_upload import take_in

PER_PAGE = 48
IN_THE_CHOOSER = 24
TEXTS = ["name", "alt", "caption", "credit", "rights"]


class WhichPictures(admin.SimpleListFilter):
    title = _("Show")
    parameter_name = "show"
    template = "admin/articles/image/filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("mine", _("Mine")), ("unused", _("Not used")), ("withdrawn", _("Withdrawn"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        user = cast(User, request.user)
        match self.value():
            case "mine":
                return queryset.filter(uploaded_by=user)
            case "unused":
                return queryset.filter(uses=None)
            case "withdrawn":
                return queryset.exclude(withdrawn_at=None)
        return queryset


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept with the picture, for the desk alone: the agency's notice, for example."),
    )


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    """The library. A picture comes in by being uploaded; several can at once."""

    ordering = ["-uploaded_at", "-pk"]  # said again, as counting the uses drops the model's own
    list_filter = [WhichPictures]
    list_per_page = PER_PAGE
    list_select_related = ["uploaded_by"]
    search_fields = TEXTS
    actions = None
    fieldsets = [
        (None, {"fields": ["name", "alt", "caption", "credit", "rights"]}),
        (
            _("Focal point"),
            {
                "fields": [("focal_x", "focal_y")],
                "description": _("Stays in sight wherever the picture is cut."),
            },
        ),
    ]

    @property
    def media(self) -> Any:
        return super().media + library_media

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        images: QuerySet[Image] = super().get_queryset(request)
        return images.annotate(uses_count=Count("uses"))

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("library.json", self.library_view, "library"),
            ("<int:image_id>/withdraw/", self.withdraw_view, "withdraw"),
            ("<int:image_id>/bring-back/", require_POST(self.bring_back_view), "bring_back"),
        ]
        pages = [
            path(route, self.admin_site.admin_view(view), name=f"articles_image_{name}")
            for route, view, name in own
        ]
        return [*pages, *super().get_urls()]

    # --- Who may ------------------------------------------------------------------------------

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Administrators alone. Editors withdraw: that leaves a trace, and can be undone."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.withdraw_image")

    # --- The library --------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": _("Picture library")}
        return super().changelist_view(request, title | (extra_context or {}))

    def library_view(self, request: HttpRequest) -> HttpResponse:
        """For the chooser in the form of a piece: what may be used, the newest first, by page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("page", "1")
        page = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
        found = Image.objects.usable().matching(request.GET.get("q", "")[:200])
        start = (page - 1) * IN_THE_CHOOSER
        images = list(found[start : start + IN_THE_CHOOSER + 1])
        return JsonResponse(
            {
                "images": [for_scripts(image) for image in images[:IN_THE_CHOOSER]],
                "next": page + 1 if len(images) > IN_THE_CHOOSER else None,
                "may_upload": self.has_add_permission(request),
            }
        )

    # --- Upload -------------------------------------------------------------------------------

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The files of a form, or one by one from a script, which asks for JSON.

        Not in a transaction: each picture is decoded first, and then kept, by itself.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, "upload", title=_("Upload pictures"), media=self.media)
        taken, refused = [], []
        for file in request.FILES.getlist("files"):
            try:
                taken.append(take_in(file, by=cast(User, request.user)))
            except ValidationError as error:
                refused.append({"name": file.name, "reason": " ".join(error.messages)})
        for image, is_new in taken:
            if is_new:
                self.log_addition(request, image, [{"added": {}}])
        if request.accepts("text/html"):
            return self._uploaded(request, taken, refused)
        images = [for_scripts(image) | {"is_new": is_new} for image, is_new in taken]
        status = 200 if taken else 422
        return JsonResponse({"images": images, "refused": refused}, status=status)

    def _uploaded(
        self,
        request: HttpRequest,
        taken: list[tuple[Image, bool]],
        refused: list[dict[str, Any]],
    ) -> HttpResponse:
        new = [image for image, is_new in taken if is_new]
        if new:
            text = ngettext("%d picture is in.", "%d pictures are in.", len(new)) % len(new)
            messages.success(request, text)
        for image, is_new in taken:
            if not is_new:
                link = format_html('<a href="{}">{}</a>', image.get_admin_url(), image)
                there = gettext("It is in the library already: {}")
                messages.info(request, format_html(there, link))
        for each in refused:
            messages.error(request, _("“%(name)s”: %(reason)s") % each)
        if not taken and not refused:
            messages.error(request, _("Choose the files first."))
        return HttpResponseRedirect(reverse("admin:articles_image_changelist"))

    # --- One picture --------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        image = self.get_object(request, object_id)
        about = self._about(request, image) if image else {}
        about["show_save_and_add_another"] = False
        return super().change_view(request, object_id, form_url, about | (extra_context or {}))

    def save_model(
        self, request: HttpRequest, obj: Image, form: forms.ModelForm, change: bool
    ) -> None:
        """The texts alone: a worker may be writing the rest. The focal point by its own verb."""
        obj.save(update_fields=TEXTS)
        obj.move_focus(obj.focal_x, obj.focal_y, by=cast(User, request.user))

    def withdraw_view(self, request: HttpRequest, image_id: int) -> HttpResponse:
        """Shows what it stands in, and asks for the reason."""
        if not self.has_withdraw_permission(request):
            raise PermissionDenied
        image = get_object_or_404(Image, pk=image_id)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            if image.withdraw(by=cast(User, request.user), reason=reason):
                messages.success(request, _("The picture is withdrawn from every use."))
            return HttpResponseRedirect(image.get_admin_url())
        about = self._about(request, image)
        title = _("Withdraw a picture")
        return self._page(request, "withdraw", title=title, form=form, original=image, **about)

    def bring_back_view(self, request: HttpRequest, image_id: int) -> HttpResponse:
        if not self.has_withdraw_permission(request):
            raise PermissionDenied
        image = get_object_or_404(Image, pk=image_id)
        if image.bring_back(by=cast(User, request.user)):
            messages.success(request, _("The picture stands again wherever it is used."))
        return HttpResponseRedirect(image.get_admin_url())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        image = self.get_object(request, object_id)
        if image and self.has_delete_permission(request) and image.uses.exists():
            messages.error(
                request,
                _("It is in use, as listed below. Take it out there, or withdraw it, first."),
            )
            return HttpResponseRedirect(image.get_admin_url())
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        obj.remove(by=cast(User, request.user))

    def _about(self, request: HttpRequest, image: Image) -> dict[str, Any]:
        return {
            "image": image,
            "uses": image.uses.for_listing(),
            "changes": ImageChange.objects.filter(token=image.token).select_related("by"),
            "card_name": image.file_name(image.nearest("card", 400, image.extension)),
            "may_withdraw": self.has_withdraw_permission(request),
        }

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        around = self.admin_site.each_context(request) | {"opts": self.opts}
        template = f"admin/articles/image/{name}.html"
        return TemplateResponse(request, template, around | context)


def for_scripts(image: Image) -> dict[str, Any]:
    """What the chooser and the editor need to know."""
    return {
        "id": image.pk,
        "token": image.token,
        "name": image.name,
        "src": image.src,
        "thumbnail": image.thumbnail,
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "width": image.width,
        "height": image.height,
        "address": image.get_admin_url(),
    }
