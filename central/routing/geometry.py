"""Polygons as GeoJSON (RFC 7946, WGS 84) has them, and as metres on the ground."""

from collections.abc import Mapping
from math import cos, radians
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon
from shapely.validation import explain_validity

METRES_A_DEGREE = 111_195.0
"""Of a great circle: π/180 × 6,371,009 m."""
MAX_POINTS = 20_000


class BadGeometry(ValueError):  # noqa: N818 — what is wrong
    """Not a polygon on the globe; the text says what to do."""


def read_geometry(written: object) -> Polygon | MultiPolygon:
    """From a GeoJSON geometry object; heights are dropped.

    Raises:
        BadGeometry: anything but a valid, non-empty polygon in degrees.
    """
    kind = written.get("type") if isinstance(written, Mapping) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BadGeometry(_("Expected a Polygon or MultiPolygon, found %(kind)s.") % {"kind": kind or _("nothing")})
    try:
        found = shapely.force_2d(shapely.geometry.shape(written))
    except (ValueError, TypeError, IndexError, AttributeError, KeyError, shapely.errors.ShapelyError) as error:
        raise BadGeometry(
            _("The coordinates cannot be read: a ring is a list of at least four [longitude, latitude].")
        ) from error
    if found.is_empty:
        raise BadGeometry(_("The polygon is empty: draw it, or leave this area out."))
    _check_range(found)
    if shapely.get_num_coordinates(found) > MAX_POINTS:
        raise BadGeometry(
            _("%(count)d points are more than %(most)d: simplify it, for example with QGIS (Simplify, 0.00005°).")
            % {"count": shapely.get_num_coordinates(found), "most": MAX_POINTS}
        )
    if not found.is_valid:
        raise BadGeometry(
            _("The polygon is not valid (%(why)s): mend it, for example with QGIS (Fix geometries).")
            % {"why": explain_validity(found)}
        )
    return found


def written(geometry: Polygon | MultiPolygon) -> dict[str, Any]:
    """As GeoJSON, with lists where shapely has tuples: what the database gives back."""
    return _listed(shapely.geometry.mapping(geometry))


def to_metres(geometry: Any, latitude: float) -> Any:
    """On a plane: x to the east, y to the north, true near the latitude (a city is small)."""
    scale = np.array([METRES_A_DEGREE * cos(radians(latitude)), METRES_A_DEGREE])
    return shapely.transform(geometry, lambda corners: corners * scale)


def _check_range(found: Polygon | MultiPolygon) -> None:
    west, south, east, north = found.bounds
    if not all(map(np.isfinite, found.bounds)) or west < -180 or east > 180 or south < -90 or north > 90:
        beyond = max(map(abs, found.bounds))
        if beyond <= 180:
            raise BadGeometry(_("A latitude is beyond ±90°: write [longitude, latitude], in that order."))
        raise BadGeometry(_("Coordinates are not degrees: convert the file to WGS 84 (EPSG:4326)."))


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _listed(each) for name, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, list | tuple) else value
