"""Settings: when incidents of each kind count, become complaints, and are over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from central.accounts.roles import Actor, Role
from central.administration.recording import snapshot, write_down
from central.desks.access import only
from central.incidents.kinds import Kind
from central.incidents.models import Policy
from central.incidents.policies import policies


class PolicyForm(forms.ModelForm):
    """How incidents of one kind are treated."""

    class Meta:
        model = Policy
        exclude = ["kind"]  # noqa: DJ006 — all that there is to set
        labels = {
            "mode": gettext_lazy("Complaints open"),
            "min_confidence": gettext_lazy("Confidence needed (0 to 1)"),
            "min_severity": gettext_lazy("Severity needed (1 to 4)"),
            "active_for_s": gettext_lazy("Seconds it must last before a complaint opens"),
            "hold_s": gettext_lazy("Seconds without sight of it until it is cleared"),
            "reopen_s": gettext_lazy("Seconds after that in which it is the same incident again"),
            "join_m": gettext_lazy("Metres within which sightings are one incident"),
            "unknown_after_s": gettext_lazy("Seconds without any sight until somebody must find out"),
            "asks_in_doubt": gettext_lazy("What is below the confidence waits for an operator"),
        }


@require_safe
@only(Role.ADMIN)
def kind_list(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """Every kind and its policy."""
    return render(request, "administration/kinds.html", {"policies": policies().values()})


@only(Role.ADMIN)
def edit_kind(request: HttpRequest, actor: Actor, kind: str) -> HttpResponse:
    """One kind's policy; it holds for what happens from now on."""
    if kind not in Kind.values:
        raise Http404
    with transaction.atomic():
        stood = Policy.objects.select_for_update().filter(pk=kind).first()
        before: dict[str, Any] | None = snapshot(stood) if stood else None
        form = PolicyForm(request.POST or None, instance=stood or Policy(kind=kind))
        if request.method == "POST" and form.is_valid():
            saved = form.save()
            action = "add" if before is None else "change"
            after = snapshot(saved)
            write_down(actor, timezone.now(), topic="kind", subject=kind, action=action, before=before, after=after)
            messages.success(request, _("Saved."))
            return redirect("kind-list")
    context = {"form": form, "kind": kind, "title": capfirst(str(Kind(kind).label))}
    return render(request, "administration/kind.html", context, status=400 if request.method == "POST" else 200)
