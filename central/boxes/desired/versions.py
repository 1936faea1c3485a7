"""Deciding: every decision is a new version of the whole box, so that any earlier one can be gone back to."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from central.accounts.roles import Actor
from central.administration.recording import write_down
from central.boxes.models import Box, Camera, DesiredVersion
from contract.settings.camera import CameraSettings, digest_of

EMPTY: dict[str, Any] = {"cameras": {}, "models": {}}


class Overtaken(RuntimeError):  # noqa: N818 — what it is
    """Somebody else decided about this camera meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this camera meanwhile: load the page again and look at it."))


def newest(box_id: str) -> DesiredVersion | None:
    """What counts now."""
    return DesiredVersion.objects.filter(box_id=box_id).order_by("-number").first()


def decided_for(camera: Camera) -> dict[str, Any] | None:
    """What the centre decided about a camera; None where its box's file decides."""
    version = newest(camera.box_id)
    return None if version is None else version.document["cameras"].get(camera.code)


def in_force(camera: Camera) -> dict[str, Any]:
    """What to begin with when a camera is edited: what was decided, else what its box says it looks for."""
    decided = decided_for(camera)
    return decided if decided is not None else (camera.settings or {})


def mark_of(camera: Camera) -> str:
    """Changes with every decision about a camera, to tell whether somebody was quicker."""
    return digest_of(decided_for(camera))


@transaction.atomic
def decide(
    camera: Camera, settings: CameraSettings, actor: Actor, now: datetime, *, why: str = "", seen: str | None = None
) -> DesiredVersion:
    """These are the camera's settings from now on.

    Args:
        camera: which one.
        settings: checked, see `checking.checked`.
        actor: who decides.
        now: when.
        why: in a few words.
        seen: `mark_of` when the decision was made up; None: whatever was before.

    Raises:
        Overtaken: it is another one by now.
    """
    Box.objects.select_for_update().get(pk=camera.box_id)
    if seen is not None and mark_of(camera) != seen:
        raise Overtaken
    return _decide(camera, settings.model_dump(mode="json", exclude_defaults=True), actor, now, why=why)


@transaction.atomic
def go_back(camera: Camera, number: int, actor: Actor, now: datetime) -> DesiredVersion:
    """The camera's settings are again what they were in an earlier version; where that did not name it, its box's file
    decides again. Number 0 is the file.

    Raises:
        DesiredVersion.DoesNotExist: no such version of this box.
    """
    Box.objects.select_for_update().get(pk=camera.box_id)
    then = None
    if number:
        then = DesiredVersion.objects.get(box_id=camera.box_id, number=number).document["cameras"].get(camera.code)
    return _decide(camera, then, actor, now, restores=number)


@transaction.atomic
def renew(box_id: str, actor: Actor, now: datetime, why: str) -> DesiredVersion:
    """The same decisions under a new number, for what is put in when it is sent (permits) has changed."""
    Box.objects.select_for_update().get(pk=box_id)
    before = newest(box_id)
    return _write(box_id, deepcopy(before.document if before else EMPTY), actor, now, why)


def _decide(
    camera: Camera,
    settings: dict[str, Any] | None,
    actor: Actor,
    now: datetime,
    *,
    why: str = "",
    restores: int | None = None,
) -> DesiredVersion:
    before = newest(camera.box_id)
    document = deepcopy(before.document if before else EMPTY)
    was = document["cameras"].pop(camera.code, None)
    if settings is not None:
        document["cameras"][camera.code] = settings
    write_down(actor, now, topic="camera", subject=str(camera), action="change", before=was or {}, after=settings or {})
    return _write(camera.box_id, document, actor, now, why, camera=camera, restores=restores)


def _write(
    box_id: str,
    document: dict[str, Any],
    actor: Actor,
    now: datetime,
    why: str,
    *,
    camera: Camera | None = None,
    restores: int | None = None,
) -> DesiredVersion:
    before = newest(box_id)
    return DesiredVersion.objects.create(
        box_id=box_id,
        number=1 if before is None else before.number + 1,
        document=document,
        camera=camera,
        made=now,
        by=actor.name,
        user=actor.user,
        why=why[:300],
        restores=restores,
    )
