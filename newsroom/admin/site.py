from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsroom import images
from newsroom.models import MenuItem, SiteSettings, time_zones


class SiteSettingsForm(forms.ModelForm):
    time_zone = forms.ChoiceField(choices=time_zones)

    class Meta:
        model = SiteSettings
        fields = ["name", "tagline", "logo", "publisher", "contact", "time_zone", "reply_order"]
        # Its label is a legend, which names the choices around it, not the field itself.
        widgets = {"logo": AdminFileWidget(attrs={"aria-label": _("Logo")})}

    def clean_logo(self) -> File | None:
        """A new logo is written anew as PNG, twice as large as shown, for sharp screens."""
        logo: File | None = self.cleaned_data["logo"]
        if "logo" in self.changed_data and logo:
            return images.as_png(logo, max_width=640, max_height=96)
        return logo


class MenuItemInline(admin.StackedInline):
    model = MenuItem
    fields = [("label", "address", "position")]
    extra = 1


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    form = SiteSettingsForm
    inlines = [MenuItemInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one row, so its list is the row itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        site, __ = SiteSettings.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:newsroom_sitesettings_change", args=[site.pk]))
