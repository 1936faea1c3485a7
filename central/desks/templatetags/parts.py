"""Parts of lists, each drawn once (see `desks.drawing`)."""

from collections.abc import Mapping

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from central.boxes.models import Box
from central.desks.cards import ComplaintRow, IncidentCard
from central.desks.drawing import drawn
from central.desks.parts import BoxPart, ListedPart, RowPart, TilePart

register = template.Library()


@register.simple_tag
def complaint_row(row: ComplaintRow, route: str, evidence_route: str, is_pickable: object) -> SafeString:
    """A row of a staff list; pickable where many can be acted on at once."""
    part = RowPart.of(row, timezone.now(), route=route, evidence_route=evidence_route, is_pickable=bool(is_pickable))
    return drawn("desks/parts/complaint_row.html", part)


@register.simple_tag
def tile(card: IncidentCard) -> SafeString:
    """A tile of the wall."""
    return drawn("desks/parts/tile.html", TilePart.of(card))


@register.simple_tag
def listed(card: IncidentCard, shapes: Mapping[str, str]) -> SafeString:
    """A line of the list beside the map."""
    return drawn("desks/parts/listed.html", ListedPart.of(card, shapes[card.incident.kind]))


@register.simple_tag
def box_and_cameras(box: Box) -> SafeString:
    """A box beside the wall."""
    return drawn("desks/parts/box.html", BoxPart.of(box))
