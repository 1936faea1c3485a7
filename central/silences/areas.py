"""Polygons on the map."""

from collections.abc import Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Ring = Sequence[Sequence[float]]
"""Corners as [lon, lat] in degrees, as GeoJSON has them; the last one is joined to the first."""

MAX_CORNERS = 500


def contains(ring: Ring, lon: float, lat: float) -> bool:
    """Whether the point lies inside, by counting the edges east of it (the even-odd rule)."""
    inside = False
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise([*ring, ring[0]]):
        if (lat_a > lat) != (lat_b > lat) and lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a):
            inside = not inside
    return inside


def check_ring(ring: object) -> None:
    """A model field's validator: empty, or at least three corners on the globe.

    Raises:
        ValidationError: it is not.
    """
    if ring == []:
        return
    if not isinstance(ring, list) or not 3 <= len(ring) <= MAX_CORNERS or not all(map(_is_corner, ring)):
        raise ValidationError(_("An area is a list of at least three corners, each [longitude, latitude] in degrees."))


def _is_corner(corner: object) -> bool:
    if not isinstance(corner, list) or len(corner) != 2 or not all(isinstance(x, int | float) for x in corner):
        return False
    lon, lat = corner
    return -180 <= lon <= 180 and -90 <= lat <= 90
