"""Which permits go to which box, and when a box must hear of new ones."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from shapely import STRtree, box, points

from central.accounts.roles import SYSTEM, Actor
from central.boxes.desired.versions import newest, renew
from central.boxes.models import Camera
from central.incidents.anchors import spans_deg
from central.permits.models import Permit
from contract.settings.permits import DesiredPermit

REACH_M = 300
"""From a camera's pole: farther away no unit is told from another."""
AT_MOST = 2000
"""Of one box, by the contract; those that end last."""
WHY = "permits"


def for_box(box_id: str, today: datetime) -> tuple[DesiredPermit, ...]:
    """Those within reach of its cameras that have not expired: a box flips by itself on the day they do."""
    near = Q()
    for lat, lon in cameras_of(box_id):
        high, wide = spans_deg(lat, REACH_M)
        near |= Q(south__lte=lat + high, north__gte=lat - high, west__lte=lon + wide, east__gte=lon - wide)
    if not near:
        return ()
    yesterday = today.date() - timedelta(days=1)  # whatever the time zone
    found = Permit.objects.filter(near, valid_to__gte=yesterday).order_by("-valid_to", "pk")
    return tuple(map(_as_sent, found[:AT_MOST]))


def cameras_of(box_id: str) -> set[tuple[float, float]]:
    """Latitude and longitude of its cameras, of those that have one."""
    cameras = Camera.objects.filter(box_id=box_id, listed=True, lat__isnull=False, lon__isnull=False)
    return set(cameras.values_list("lat", "lon"))


def push_to(box_id: str, now: datetime) -> None:
    """Its cameras stand elsewhere now; where permits are near, or were, it must hear which."""
    if for_box(box_id, now) or newest(box_id) is not None:
        renew(box_id, SYSTEM, now, WHY)


def push(changed: Collection[Permit], actor: Actor, now: datetime) -> list[str]:
    """Makes the lists of the boxes near these permits, as they were and are, due again; returns the boxes."""
    boxes = sorted(_boxes_near(changed))
    for box_id in boxes:
        renew(box_id, actor, now, WHY)
    return boxes


def _boxes_near(permits: Iterable[Permit]) -> set[str]:
    cameras = list(Camera.objects.filter(listed=True, lat__isnull=False, lon__isnull=False))
    outlines = []
    for permit in permits:
        high, wide = spans_deg(permit.south, REACH_M)
        outlines.append(box(permit.west - wide, permit.south - high, permit.east + wide, permit.north + high))
    if not cameras or not outlines:
        return set()
    tree = STRtree(points([(camera.lon, camera.lat) for camera in cameras]))
    return {cameras[number].box_id for number in tree.query(outlines, predicate="intersects")[1]}


def _as_sent(permit: Permit) -> DesiredPermit:
    return DesiredPermit.model_validate(
        {
            "sk": permit.sk,
            "lonlat": tuple((lon, lat) for lon, lat in permit.ring),
            "valid_from": permit.valid_from,
            "valid_to": permit.valid_to,
            "hours": permit.hours,
            "capacity": permit.capacity,
            "time_zone": permit.time_zone,
        }
    )
