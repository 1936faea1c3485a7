"""Settings: agencies, and who of them is told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor, Role
from central.administration.agency_changes import save_agency, save_contact
from central.administration.agency_import import CODE, import_agencies, in_use, read_agencies
from central.administration.needs import agencies, rules_that_need, unreachable
from central.administration.recording import snapshot
from central.administration.uploads import Result, UploadForm, told
from central.desks.access import only
from central.outbox.models import Channel, Contact
from central.routing.area_import import NotImported
from central.routing.models import Agency


class AgencyForm(forms.ModelForm):
    """An agency; its code is chosen once. That there is one default desk is kept by `save_agency`: a new one takes the
    old one's place, so that is no matter of the model form."""

    is_default_desk = forms.BooleanField(label=gettext_lazy("Default desk: gets what no rule matches"), required=False)
    field_order = ("code", "name", "short", "is_default_desk", "active")

    class Meta:
        model = Agency
        fields = ["code", "name", "short", "active"]
        labels = {
            "code": gettext_lazy("Code"),
            "name": gettext_lazy("Name"),
            "short": gettext_lazy("Short name"),
            "active": gettext_lazy("In use"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._was_desk = self.initial["is_default_desk"] = self.instance.is_default_desk
        if self.instance.pk:
            del self.fields["code"]

    def clean_code(self) -> str:
        """As the other codes."""
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise ValidationError(_("“code” must be 1 to 40 of a–z, 0–9, - and _, for example “satpol-pp”."))
        return code

    def clean(self) -> dict[str, Any]:
        """Nothing that receives complaints is switched off."""
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("active") and self.instance.pk and (orders := rules_that_need(self.instance.pk)):
            self.add_error("active", in_use(orders).capitalize())
        if self._was_desk and not (cleaned.get("is_default_desk") and cleaned.get("active")):
            self.add_error(
                "is_default_desk", _("There must be a default desk: make another agency the default desk instead.")
            )
        elif cleaned.get("is_default_desk") and not cleaned.get("active"):
            self.add_error("active", _("The default desk must be in use."))
        return cleaned

    def save(self, commit: bool = True) -> Agency:
        """With whether it is the desk."""
        self.instance.is_default_desk = self.cleaned_data["is_default_desk"]
        saved: Agency = super().save(commit)
        return saved


class ContactForm(forms.ModelForm):
    """Somebody who is reminded."""

    class Meta:
        model = Contact
        fields = ["address", "level"]
        labels = {
            "address": gettext_lazy("E-mail address, or https://… of a webhook"),
            "level": gettext_lazy("Hears from escalation level on"),
        }

    def __init__(self, agency: Agency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agency = agency

    def clean(self) -> dict[str, Any]:
        """The channel is what the address looks like; an address stands once."""
        cleaned: dict[str, Any] = super().clean()
        address = cleaned.get("address", "")
        self.instance.channel = Channel.WEBHOOK if "://" in address else Channel.EMAIL
        if Contact.objects.filter(agency=self.instance.agency, address=address).exists():
            self.add_error("address", _("This address stands there already."))
        return cleaned


@require_safe
@only(Role.ADMIN)
def agency_list(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """All of them, and a file with more."""
    return _list(request, UploadForm())


@only(Role.ADMIN)
def new_agency(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One more."""
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        save_agency(form.save(commit=False), None, actor, timezone.now())
        messages.success(request, _("Saved. Now say who of it is told of complaints."))
        return redirect("edit-agency", form.instance.pk)
    return render(request, "administration/agency.html", {"form": form}, status=_status(request))


@only(Role.ADMIN)
def edit_agency(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """What it is called, whether it is in use, and who is told."""
    agency = get_object_or_404(Agency, pk=code)
    before = snapshot(agency)
    form = AgencyForm(request.POST or None, instance=agency)
    if request.method == "POST" and form.is_valid():
        save_agency(form.save(commit=False), before, actor, timezone.now())
        messages.success(request, _("Saved."))
        return redirect("agency-list")
    return _agency(request, agency, form, ContactForm(agency), status=_status(request))


@require_POST
@only(Role.ADMIN)
def add_contact(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One more who is told."""
    agency = get_object_or_404(Agency, pk=code)
    form = ContactForm(agency, request.POST)
    if form.is_valid():
        save_contact(form.save(commit=False), None, actor, timezone.now())
        messages.success(request, _("Saved."))
        return redirect("edit-agency", code)
    return _agency(request, agency, AgencyForm(instance=agency), form, status=400)


@require_POST
@only(Role.ADMIN)
def switch_contact(request: HttpRequest, actor: Actor, code: str, contact: int) -> HttpResponse:
    """Told no longer, or again."""
    found = get_object_or_404(Contact, pk=contact, agency=code)
    before = snapshot(found)
    found.active = not found.active
    save_contact(found, before, actor, timezone.now())
    messages.success(request, _("Saved."))
    return redirect("edit-agency", code)


@require_POST
@only(Role.ADMIN)
def upload_agencies(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All agencies of a CSV file, or none."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=400)
    dry_run = form.cleaned_data["dry_run"]
    try:
        outcome = import_agencies(read_agencies(form.cleaned_data["file"]), actor, timezone.now(), dry_run=dry_run)
    except NotImported as error:
        return _list(request, form, Result(faults=error.faults), status=400)
    said = told(outcome.added, outcome.changed, outcome.same, dry_run=dry_run)
    if dry_run:
        return _list(request, form, Result(told=said))
    messages.success(request, said)
    return redirect("agency-list")


def _list(request: HttpRequest, form: UploadForm, result: Result | None = None, status: int = 200) -> HttpResponse:
    context = {
        "agencies": agencies(),
        "unreachable": list(unreachable()),
        "form": form,
        "result": result,
    }
    return render(request, "administration/agencies.html", context, status=status)


def _agency(
    request: HttpRequest, agency: Agency, form: AgencyForm, contact_form: ContactForm, status: int
) -> HttpResponse:
    contacts = list(Contact.objects.filter(agency=agency))
    context = {
        "agency": agency,
        "form": form,
        "contacts": contacts,
        "contact_form": contact_form,
        "rules": rules_that_need(agency.pk),
        "nobody_told": unreachable().filter(pk=agency.pk).exists(),
    }
    return render(request, "administration/agency.html", context, status=status)


def _status(request: HttpRequest) -> int:
    return 400 if request.method == "POST" else 200
