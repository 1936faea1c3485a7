"""Permits as GeoJSON (RFC 7946), for maps and for others."""

from collections.abc import Iterable
from typing import Any

from central.permits.standings import Row


def collection(rows: Iterable[Row]) -> dict[str, Any]:
    """A FeatureCollection; never who holds a permit."""
    return {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}


def _feature(row: Row) -> dict[str, Any]:
    permit = row.permit
    return {
        "type": "Feature",
        "id": permit.pk,
        "geometry": {"type": "Polygon", "coordinates": [[*permit.ring, permit.ring[0]]]},
        "properties": {
            "sk": permit.sk,
            "name": permit.name,
            "kind": permit.kind,
            "valid_from": permit.valid_from.isoformat(),
            "valid_to": permit.valid_to.isoformat(),
            "hours": permit.hours,
            "time_zone": permit.time_zone,
            "capacity": permit.capacity,
            "stage": row.stage.value,
            "open": row.is_open,
            "says": row.hours,
        },
    }
