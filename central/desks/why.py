"""Why a complaint went to its agency, in words: the trace that routing kept with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.routing.wording import condition

WHY_NOT: dict[str, Promise] = {
    "area": gettext_lazy("the place is not in its area"),
    "time": gettext_lazy("not at that hour"),
    "agency": gettext_lazy("its agency is switched off"),
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule that was asked."""

    order: int
    matched: bool
    text: str


@dataclass(frozen=True, slots=True)
class Why:
    """The whole story."""

    version: int | None
    """Of the rules that decided; None: from before they had versions."""
    place: str
    """The areas, the smallest first."""
    lines: Sequence[RuleLine]


def why(decision: Mapping[str, Any], agencies: Mapping[str, str]) -> Why:
    """From a complaint's decision; `agencies` are short names by code."""
    places = [_place(area) for area in decision.get("areas", ())]
    lines = [_line(rule, decision, agencies) for rule in decision.get("rules", ())]
    return Why(decision.get("version"), ", ".join(places), lines)


def _place(area: Mapping[str, Any]) -> str:
    return _("close to %(area)s") % {"area": area["name"]} if area.get("near") else str(area["name"])


def _line(rule: Mapping[str, Any], decision: Mapping[str, Any], agencies: Mapping[str, str]) -> RuleLine:
    order, note = rule["rule"], rule.get("note", "")
    if not rule["matched"]:
        reason = WHY_NOT.get(rule.get("why_not", ""), _("does not apply"))
        return RuleLine(order, False, f"{note}: {reason}" if note else str(reason))
    code = decision["agency"]
    said = condition(rule["kind"], rule["areas"], rule["week"]) if "kind" in rule else note
    return RuleLine(order, True, f"{said} → {agencies.get(code, code)}")
