"""Where an incident is: the part of its key that makes two episodes one incident.

Never severity, agency or (unless nothing better is known) the camera.
"""

from math import floor

from central.incidents.kinds import Kind

CELL_DEG = 0.001
"""About 111 m of latitude; near the equator also of longitude."""


def anchor_of(*, kind: str, camera: str, zone: str, place: str, lat: float | None, lon: float | None) -> str:
    """`camera` is "box/camera". A camera's fault is the camera's; else the street segment with its direction, else the
    grid cell of the location, else the zone."""
    if kind == Kind.CAMERA_FAULT:
        return f"camera:{camera}"
    if place:
        return f"place:{' '.join(place.casefold().split())}"
    if lat is not None and lon is not None:
        return f"cell:{floor(lat / CELL_DEG)}:{floor(lon / CELL_DEG)}"
    return f"zone:{camera}/{zone}"


def key_of(kind: str, anchor: str) -> str:
    """What at most one open incident has."""
    return f"{kind}@{anchor}"
