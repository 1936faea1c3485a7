"""Settings: the rules in force, their versions, and the draft of the next one."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from central.accounts.roles import Actor, Role
from central.administration.recording import snapshot, write_down
from central.administration.rule_forms import RuleForm
from central.administration.rule_words import in_words, recorded
from central.desks.access import only
from central.routing import rulesets
from central.routing.compiling import RulesDoNotCompile
from central.routing.models import Rule, RuleSet
from central.routing.rulesets import NotADraft

Page = Callable[..., HttpResponse]


def refusals_are_told(view: Page) -> Page:
    """What cannot be done is said on the page one comes back to."""

    @wraps(view)
    def telling(request: HttpRequest, actor: Actor, version: int, **more: int) -> HttpResponse:
        try:
            return view(request, actor, version, **more)
        except NotADraft as error:
            messages.error(request, str(error))
            return redirect("routing-rules")
        except RulesDoNotCompile as error:
            for fault in error.faults:
                messages.error(request, str(fault))
            return redirect(
                "rule-set" if RuleSet.objects.filter(version=version).exists() else "routing-rules", version
            )

    return telling


@require_safe
@only(Role.ADMIN)
def rule_versions(request: HttpRequest, _actor: Actor) -> HttpResponse:
    """The rules in force in words, and all versions."""
    active = rulesets.active()
    context = {
        "active": active,
        "rules": in_words(active) if active else [],
        "draft": rulesets.draft(),
        "versions": RuleSet.objects.annotate(count=Count("rules")),
    }
    return render(request, "administration/rules.html", context)


@require_POST
@only(Role.ADMIN)
def begin_draft(_request: HttpRequest, actor: Actor) -> HttpResponse:
    """A copy of the rules in force that may be changed; the draft there is, if there is one."""
    is_new = rulesets.draft() is None
    draft = rulesets.begin_draft(actor.name, timezone.now())
    if is_new:
        _write_down(actor, draft, "draft")
    return redirect("rule-set", draft.version)


@require_safe
@only(Role.ADMIN)
def rule_set(request: HttpRequest, _actor: Actor, version: int) -> HttpResponse:
    """One version; a draft with what is wrong with it and all that can be done."""
    found = get_object_or_404(RuleSet, version=version)
    is_draft = found.state == RuleSet.State.DRAFT
    context = {
        "ruleset": found,
        "rules": in_words(found),
        "is_draft": is_draft,
        "can_go_back": found.state == RuleSet.State.RETIRED,
        "faults": _faults(found) if is_draft else (),
    }
    return render(request, "administration/rule_set.html", context)


@only(Role.ADMIN)
@refusals_are_told
def new_rule(request: HttpRequest, actor: Actor, version: int) -> HttpResponse:
    """One more, after all others."""
    with transaction.atomic():
        draft = rulesets.locked_draft(version)
        rule = Rule(ruleset=draft, order=rulesets.place_last(draft))
        return _edit(request, actor, draft, rule, before=None)


@only(Role.ADMIN)
@refusals_are_told
def edit_rule(request: HttpRequest, actor: Actor, version: int, pk: int) -> HttpResponse:
    """One of the draft's."""
    with transaction.atomic():
        rule = get_object_or_404(Rule.objects.select_related("ruleset"), pk=pk, ruleset__version=version)
        draft = rulesets.locked_draft(version)
        return _edit(request, actor, draft, rule, before=snapshot(rule))


@require_POST
@only(Role.ADMIN)
@refusals_are_told
def change_rule(request: HttpRequest, actor: Actor, version: int, pk: int) -> HttpResponse:
    """Up, down, or out."""
    with transaction.atomic():
        rule = get_object_or_404(Rule.objects.select_related("ruleset"), pk=pk, ruleset__version=version)
        if request.POST.get("do") == "remove":
            rulesets.locked_draft(version)
            write_down(
                actor, timezone.now(), topic="rules", subject=_subject(version), action="remove", before=snapshot(rule)
            )
            rule.delete()
        else:
            rulesets.move(rule, up=request.POST.get("do") == "up")
    return redirect("rule-set", version)


@require_POST
@only(Role.ADMIN)
@refusals_are_told
def activate(request: HttpRequest, actor: Actor, version: int) -> HttpResponse:
    """From now on these decide."""
    with transaction.atomic():
        before = rulesets.active()
        found = rulesets.activate(version, actor.name, timezone.now())
        _write_down(actor, found, "activate", before)
    messages.success(request, _("Version %(version)d of the rules decides from now on.") % {"version": found.version})
    return redirect("routing-rules")


@require_POST
@only(Role.ADMIN)
@refusals_are_told
def discard(request: HttpRequest, actor: Actor, version: int) -> HttpResponse:
    """The draft is gone."""
    with transaction.atomic():
        draft = rulesets.locked_draft(version)
        write_down(
            actor,
            timezone.now(),
            topic="rules",
            subject=_subject(version),
            action="discard",
            before=recorded(draft),
        )
        rulesets.discard(version)
    messages.success(request, _("The draft is gone."))
    return redirect("routing-rules")


@require_POST
@only(Role.ADMIN)
@refusals_are_told
def go_back(request: HttpRequest, actor: Actor, version: int) -> HttpResponse:
    """A copy of an earlier version decides from now on."""
    get_object_or_404(RuleSet, version=version)
    with transaction.atomic():
        before = rulesets.active()
        found = rulesets.go_back_to(version, actor.name, timezone.now())
        _write_down(actor, found, "activate", before)
    messages.success(request, _("Version %(version)d of the rules decides from now on.") % {"version": found.version})
    return redirect("routing-rules")


def _edit(
    request: HttpRequest, actor: Actor, draft: RuleSet, rule: Rule, before: dict[str, object] | None
) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        action = "add" if before is None else "change"
        subject = _subject(draft.version)
        after = snapshot(saved)
        write_down(actor, timezone.now(), topic="rules", subject=subject, action=action, before=before, after=after)
        messages.success(request, _("Saved."))
        return redirect("rule-set", draft.version)
    context = {"form": form, "ruleset": draft, "rule": rule}
    return render(request, "administration/rule.html", context, status=400 if request.method == "POST" else 200)


def _faults(draft: RuleSet) -> tuple[object, ...]:
    try:
        rulesets.check(draft)
    except RulesDoNotCompile as error:
        return error.faults
    return ()


def _write_down(actor: Actor, found: RuleSet, action: str, before: RuleSet | None = None) -> None:
    write_down(
        actor,
        timezone.now(),
        topic="rules",
        subject=_subject(found.version),
        action=action,
        before=None if before is None else recorded(before),
        after=recorded(found),
    )


def _subject(version: int) -> str:
    return f"v{version}"
