"""What boxes say of themselves, written down: heartbeat, what they are made of, the state of each camera."""

from datetime import datetime

from django.db import transaction

from central.boxes.desired.publishing import send_again_where_it_differs
from central.boxes.models import DEFAULT_INTERVAL_S, Box, Camera, Zone
from central.feed.models import Change, record
from central.permits.pushing import cameras_of, push_to
from contract.kinds import BoxState
from contract.reports import BoxInfo, BoxStatus, CameraInfo, CameraStatus


@transaction.atomic
def note_status(box_id: str, status: BoxStatus, now: datetime, *, retained: bool) -> None:
    """A heartbeat or the last will. A retained heartbeat was left with the broker, perhaps long ago: it counts from
    the box's own clock, not from its arrival."""
    if status.state is BoxState.OFFLINE:
        mark_offline(box_id, now)
        return
    box = Box.objects.select_for_update().get(pk=box_id)
    said = status.boxtime
    heartbeat = min(said, now) if retained and said is not None else now
    if box.heartbeat is None or heartbeat > box.heartbeat:
        box.heartbeat = heartbeat
    box.interval_s = status.interval_s or DEFAULT_INTERVAL_S
    if said is not None and not retained:
        box.clock_offset_s = (said - now).total_seconds()
    box.epoch = status.epoch or box.epoch
    box.last_seq = status.last_seq
    box.acked_seq = status.acked_seq
    box.outbox_age_s = status.outbox_age_s
    box.config = status.config or ""
    box.desired = status.desired
    box.refused = status.refused.model_dump(mode="json", exclude_none=True) if status.refused else {}
    send_again_where_it_differs(box, now)
    if box.state != Box.State.ONLINE and not box.is_silent(now):
        box.state, box.state_since = Box.State.ONLINE, now
        record(Change.Topic.BOX, box.pk, Box.State.ONLINE, now)
    box.save()


def mark_offline(box_id: str, now: datetime) -> None:
    """Once; a box that is offline already stays so since then."""
    with transaction.atomic():
        changed = Box.objects.filter(pk=box_id, state=Box.State.ONLINE).update(state=Box.State.OFFLINE, state_since=now)
        if changed:
            record(Change.Topic.BOX, box_id, Box.State.OFFLINE, now)


@transaction.atomic
def note_info(box_id: str, info: BoxInfo, now: datetime) -> None:
    """Cameras and zones as the box has them now. A camera it no longer names keeps its past and is not listed."""
    Box.objects.filter(pk=box_id).update(
        site=info.site,
        software=info.software,
        model_hashes=dict(info.models),
        certificate_until=info.certificate_until,
        reported=now,
    )
    stood = cameras_of(box_id)
    for camera in info.cameras:
        _note_camera(box_id, camera)
    Camera.objects.filter(box_id=box_id).exclude(code__in=[camera.id for camera in info.cameras]).update(listed=False)
    if cameras_of(box_id) != stood:
        push_to(box_id, now)
    record(Change.Topic.BOX, box_id, "info", now)


def _note_camera(box_id: str, info: CameraInfo) -> None:
    """A name or a place that its box does not know stays as it was imported."""
    said: dict[str, object] = {
        "listed": True,
        "purpose": None if info.purpose is None else [purpose.value for purpose in info.purpose],
        "settings": info.settings,
        "digest": info.config or "",
    }
    if info.location is not None:
        said |= {"lat": info.location.lat, "lon": info.location.lon}
    if info.name != info.id:
        said["name"] = info.name
    camera, _ = Camera.objects.update_or_create(box_id=box_id, code=info.id, defaults=said)
    for zone in info.zones:
        Zone.objects.update_or_create(
            camera=camera,
            code=zone.id,
            defaults={"kind": zone.kind.value, "place": zone.place or "", "points": [list(xy) for xy in zone.points]},
        )
    Zone.objects.filter(camera=camera).exclude(code__in=[zone.id for zone in info.zones]).delete()


@transaction.atomic
def note_camera(box_id: str, code: str, status: CameraStatus, now: datetime) -> None:
    """The state of one camera's stream; retained copies of an older state change nothing."""
    camera, _ = Camera.objects.select_for_update().get_or_create(box_id=box_id, code=code)
    if camera.since is not None and status.since < camera.since:
        return
    moved = camera.state != status.state.value
    camera.state, camera.since, camera.reason = status.state.value, status.since, status.reason
    camera.save(update_fields=["state", "since", "reason"])
    if moved:
        record(Change.Topic.CAMERA, camera, camera.state, now)
