"""Longitude and latitude as metres on a plane that touches the Earth at one place."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WGS84_RADIUS_M = 6_378_137.0
WGS84_ECCENTRICITY_2 = 6.694_379_990_14e-3


@dataclass(frozen=True, slots=True)
class LonLat:
    """A place in degrees, WGS 84, and the tangent plane there: x metres to the east, y metres to the north.

    Within a kilometre the plane is right to a few centimetres; it is not for whole cities.

    Raises:
        ValueError: no such place; longitude and latitude may have been swapped.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -85 <= self.lat <= 85):
            raise ValueError(f"lon {self.lon}, lat {self.lat} is no place on the map: the order is longitude, latitude")

    def metres(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """[n, 2] degrees → [n, 2] metres east and north of here."""
        return np.asarray((lonlat - np.array([self.lon, self.lat])) * self._metres_per_degree(), np.float64)

    def of_metres(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        """[n, 2] metres east and north of here → [n, 2] degrees."""
        return np.asarray(metres / self._metres_per_degree() + np.array([self.lon, self.lat]), np.float64)

    def _metres_per_degree(self) -> NDArray[np.float64]:
        """East and north, from the ellipsoid's two radii of curvature at this latitude (Torge, Geodesy, 4.1)."""
        lat = math.radians(self.lat)
        root = math.sqrt(1 - WGS84_ECCENTRICITY_2 * math.sin(lat) ** 2)
        prime_vertical = WGS84_RADIUS_M / root
        meridian = WGS84_RADIUS_M * (1 - WGS84_ECCENTRICITY_2) / root**3
        return np.radians([prime_vertical * math.cos(lat), meridian])
