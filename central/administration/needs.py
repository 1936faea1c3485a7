"""What depends on an agency or an area, and who would not hear of complaints."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from central.outbox.models import Contact
from central.routing.models import Agency, Rule, RuleSet

IN_FORCE = Q(ruleset__state=RuleSet.State.ACTIVE, active=True)


def rules_that_need(agency: str) -> Sequence[int]:
    """Orders of the rules in force that send complaints to it or inform it."""
    named = Rule.objects.filter(IN_FORCE).filter(Q(agency=agency) | Q(also_inform=agency))
    return list(named.order_by("order").values_list("order", flat=True).distinct())


def rules_in_area(area: str) -> Sequence[int]:
    """Orders of the rules in force that name it."""
    return list(Rule.objects.filter(IN_FORCE, areas=area).order_by("order").values_list("order", flat=True))


def agencies() -> QuerySet[Agency]:
    """With `open_complaints`, `reachable` (somebody hears of them) and `receives` (complaints may come)."""
    return Agency.objects.annotate(
        open_complaints=Count("complaints", filter=Q(complaints__ended__isnull=True)),
        reachable=Exists(Contact.objects.filter(agency=OuterRef("pk"), active=True)),
        in_rules=Exists(Rule.objects.filter(IN_FORCE, agency=OuterRef("pk"))),
    ).order_by("-active", "name")


def unreachable() -> QuerySet[Agency]:
    """Agencies that complaints go to although nobody there is told."""
    receiving = Q(in_rules=True) | Q(is_default_desk=True) | Q(open_complaints__gt=0)
    return agencies().filter(receiving, active=True, reachable=False)
