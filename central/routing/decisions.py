"""Which agency answers for an incident, and why: the trace is kept with the complaint."""

from dataclasses import dataclass
from typing import Any

from central.routing.models import Agency, Rule


class NoDesk(LookupError):  # noqa: N818 — names what is missing
    """No rule matches and no default desk exists."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What rules may ask about."""

    kind: str
    place: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The agency, those also informed, and the trace as JSON."""

    agency: Agency
    also_inform: tuple[Agency, ...]
    trace: dict[str, Any]


def decide(subject: Subject) -> Decision:
    """Asks the active rules in their order; the first that matches decides, else the default desk with a warning.

    Raises:
        NoDesk: nothing matches and there is no default desk.
    """
    looked_at: list[dict[str, Any]] = []
    for rule in Rule.objects.filter(active=True).select_related("agency").prefetch_related("also_inform"):
        refusal = _refusal(rule, subject)
        looked_at.append({"rule": rule.order, "note": rule.note, "matched": refusal == "", "why_not": refusal})
        if not refusal:
            also = tuple(rule.also_inform.all())
            return Decision(rule.agency, also, _trace(subject, looked_at, rule.agency, also))
    desk = Agency.objects.filter(is_default_desk=True, active=True).first()
    if desk is None:
        raise NoDesk(
            f"no rule matches {subject.kind} and no agency is the default desk; run `sigap-central manage seed`, or "
            "mark one agency as the default desk"
        )
    warning = f"no rule matches {subject.kind}: sent to the default desk"
    return Decision(desk, (), _trace(subject, looked_at, desk, ()) | {"warning": warning})


def _refusal(rule: Rule, subject: Subject) -> str:
    if rule.kind and rule.kind != subject.kind:
        return f"is about {rule.kind}"
    if not rule.agency.active:
        return f"agency {rule.agency_id} is not active"
    return ""


def _trace(
    subject: Subject, looked_at: list[dict[str, Any]], agency: Agency, also: tuple[Agency, ...]
) -> dict[str, Any]:
    return {
        "kind": subject.kind,
        "place": subject.place,
        "rules": looked_at,
        "agency": agency.code,
        "also_inform": [other.code for other in also],
    }
