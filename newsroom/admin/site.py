from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from newsroom import images
from newsroom.admin.single_row import SingleRow
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
class SiteSettingsAdmin(SingleRow):
    form = SiteSettingsForm
    inlines = [MenuItemInline]
