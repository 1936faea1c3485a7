"""One camera for each street, ten to a box."""

from collections.abc import Sequence
from datetime import datetime

from central.boxes.models import Box, Camera
from scripts.city_data.streets import Street

A_BOX = 10


def put_up(streets: Sequence[Street], now: datetime) -> list[tuple[int, str]]:
    """Makes those that are not there yet; each street's camera as (primary key, its box)."""
    boxes = [f"box-{turn:03d}" for turn in range(-(-len(streets) // A_BOX))]
    Box.objects.bulk_create(
        [
            Box(id=box, site="Jakarta", public_key="", enrolled=now, state=Box.State.ONLINE, heartbeat=now)
            for box in boxes
        ],
        ignore_conflicts=True,
    )
    Camera.objects.bulk_create(
        [
            Camera(
                box_id=boxes[turn // A_BOX],
                code=street.slug[:40],
                name=street.slug.removeprefix("jl-").replace("-", " ").title(),
                lat=street.lat,
                lon=street.lon,
                state=Camera.State.STREAMING,
                since=now,
            )
            for turn, street in enumerate(streets)
        ],
        ignore_conflicts=True,
    )
    known = {camera.code: (camera.pk, camera.box_id) for camera in Camera.objects.all()}
    return [known[street.slug[:40]] for street in streets]
