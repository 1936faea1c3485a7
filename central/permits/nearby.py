"""Which permits can matter to some sightings: one query, and none where nobody sells."""

from collections.abc import Collection
from typing import Protocol

from django.db.models import Q

from central.incidents.anchors import spans_deg
from central.incidents.kinds import Kind
from central.permits.law import Place
from central.permits.models import Permit

CAMERA_WITHIN_M = 60.0
"""A camera that cannot say where in its view a thing stands: that is no further from its pole than so."""


class Sighting(Protocol):
    """What permits are asked about: an episode."""

    kind: str
    lat: float | None
    lon: float | None


def around(sightings: Collection[Sighting]) -> tuple[Place, ...]:
    """Those within reach of any vending among the sightings, whatever their days."""
    spots = {(one.lat, one.lon) for one in sightings if one.kind == Kind.VENDING and one.lat is not None}
    near = Q()
    for lat, lon in spots:
        if lat is not None and lon is not None:
            near |= _within_reach(lat, lon)
    return tuple(permit.place for permit in Permit.objects.filter(near).order_by("pk")) if spots else ()


def _within_reach(lat: float, lon: float) -> Q:
    high, wide = spans_deg(lat, round(CAMERA_WITHIN_M))
    return Q(south__lte=lat + high, north__gte=lat - high, west__lte=lon + wide, east__gte=lon - wide)
