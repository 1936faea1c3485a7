"""A file that an administrator sends instead of typing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.routing.area_import import Fault

MAX_BYTES = 20 * 1024 * 1024


class UploadForm(forms.Form):
    """The file, and whether it is only tried."""

    file = forms.FileField(label=gettext_lazy("File"))
    dry_run = forms.BooleanField(label=gettext_lazy("Only try: change nothing"), required=False)

    def clean_file(self) -> bytes:
        """Its content."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than %(most)d MB.") % {"most": MAX_BYTES // 1024 // 1024})
        self.name = upload.name
        return bytes(upload.read())


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it, for the page."""

    faults: Sequence[Fault] = ()
    told: str = ""


def told(added: int, changed: int, same: int, *, dry_run: bool) -> str:
    """What an import did, or would do."""
    counts = {"added": added, "changed": changed, "same": same}
    if dry_run:
        return _("It would add %(added)d, change %(changed)d, and leave %(same)d as they are.") % counts
    return _("%(added)d added, %(changed)d changed, %(same)d were like that already.") % counts
