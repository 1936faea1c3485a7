"""What a map shows while nothing is on it: where the city's cameras are, else the city's area."""

from django.db.models import Max, Min

from central.boxes.models import Camera
from central.routing.geometry import read_geometry
from central.routing.models import Area

Frame = tuple[tuple[float, float], tuple[float, float]]
"""South-west and north-east corner, each latitude and longitude in degrees."""
PUBLIC_DECIMALS = 2
"""About a kilometre: the public need not be told where the outermost cameras hang."""


def frame_of_the_city() -> Frame | None:
    """None before there is a camera with a place, or an area of a whole city."""
    found = Camera.objects.aggregate(s=Min("lat"), w=Min("lon"), n=Max("lat"), e=Max("lon"))
    if None not in found.values():
        return (found["s"], found["w"]), (found["n"], found["e"])
    cities = Area.objects.filter(level=Area.Level.CITY, active=True).exclude(polygon={})
    bounds = [read_geometry(polygon).bounds for polygon in cities.values_list("polygon", flat=True)]
    if not bounds:
        return None
    west, south, east, north = zip(*bounds, strict=True)
    return (min(south), min(west)), (max(north), max(east))


def public_frame() -> Frame | None:
    """The same, coarsely."""
    frame = frame_of_the_city()
    if frame is None:
        return None
    (south, west), (north, east) = frame
    return (
        (round(south, PUBLIC_DECIMALS), round(west, PUBLIC_DECIMALS)),
        (round(north, PUBLIC_DECIMALS), round(east, PUBLIC_DECIMALS)),
    )
