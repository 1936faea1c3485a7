"""Silences: who wants to hear nothing of what, until when, and why."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor
from central.boxes.models import Camera
from central.desks.access import OPERATORS, only
from central.feed.reading import latest_id
from central.incidents.kinds import Kind
from central.silences.changing import end, silence
from central.silences.models import Silence

PAGE = 50


class AreaField(forms.CharField):
    """One corner a line, as maps copy them: latitude, longitude."""

    widget = forms.Textarea(attrs={"rows": 3, "placeholder": "-2.1301, 106.1138"})

    def clean(self, value: str) -> list[list[float]]:
        """Corners as [longitude, latitude]."""
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        try:
            corners = [[float(number) for number in line.split(",")] for line in lines]
        except ValueError as error:
            raise ValidationError(_("One corner a line: latitude, longitude.")) from error
        return [corner[::-1] for corner in corners]


class SilenceForm(forms.Form):
    """What is filled in; whether it makes a silence is for the model to say."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    camera = forms.ModelChoiceField(Camera.objects.none(), label=gettext_lazy("Camera"), required=False)
    zone = forms.CharField(label=gettext_lazy("Zone"), max_length=40, required=False)
    area = AreaField(label=gettext_lazy("Area"), required=False)
    begins = forms.DateTimeField(label=gettext_lazy("From"))
    ends = forms.DateTimeField(label=gettext_lazy("Until"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("every kind")), *Kind.choices]  # type: ignore[attr-defined]
        cameras = self.fields["camera"]
        cameras.queryset = Camera.objects.filter(listed=True).order_by("box", "code")  # type: ignore[attr-defined]
        cameras.empty_label = _("every camera")  # type: ignore[attr-defined]
        for name in ("begins", "ends"):
            self.fields[name].widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


@require_safe
@only(*OPERATORS)
def silences(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Those that hold, then those that have ended, and a form for a new one."""
    return _page(request, SilenceForm(initial={"begins": timezone.localtime()}))


@require_POST
@only(*OPERATORS)
def make_silence(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new one; what it concerns is hidden at once."""
    form = SilenceForm(request.POST)
    if form.is_valid():
        try:
            silence(actor, timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            for field, errors in error.message_dict.items():
                form.add_error(field if field in form.fields else None, errors)
        else:
            messages.success(request, _("Silence begins. A heavy or severe flood is told all the same."))
            return redirect("silences")
    return _page(request, form, status=400)


@require_POST
@only(*OPERATORS)
def end_silence(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Before its time."""
    get_object_or_404(Silence, pk=pk)
    end(pk, actor, timezone.now())
    messages.success(request, _("The silence has ended."))
    return redirect("silences")


def _page(request: HttpRequest, form: SilenceForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    found = Silence.objects.select_related("camera").order_by("-ends", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "now": now, "position": latest_id()}
    return render(request, "desks/silences.html", context, status=status)
