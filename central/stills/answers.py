"""What a box answered."""

from datetime import datetime

from django.db import transaction

from central.boxes.models import Box
from central.stills.models import Still
from central.verification.answers import NoSuchQuestion
from contract.commands import StillReply
from contract.evidence import EvidenceError, parse_public_key


@transaction.atomic
def hear_still(box_id: str, reply: StillReply, now: datetime) -> None:
    """Writes an answer down, once.

    Raises:
        NoSuchQuestion: this box was not asked for it, or not of this camera.
        EvidenceError: a picture that the box did not sign, or of another camera.
    """
    wanted = Still.objects.select_for_update(of=("self",)).filter(
        pk=reply.id, camera__box_id=box_id, camera__code=reply.camera
    )
    still = wanted.first()
    if still is None:
        raise NoSuchQuestion(f"box {box_id} was not asked for still {reply.id} of camera {reply.camera}")
    if still.answered is not None:
        return
    key = parse_public_key(Box.objects.get(pk=box_id).public_key)
    for signed in reply.evidence:
        signed.verify(key, box_id)
        if signed.manifest.camera != reply.camera or signed.manifest.media_type != "image/jpeg":
            raise EvidenceError(f"evidence {signed.manifest.sha256[:12]}… is no still of the camera that was asked")
        still.sha256 = signed.manifest.sha256
    still.answered, still.taken, still.reason = now, reply.time, reply.reason
    still.save(update_fields=["answered", "taken", "reason", "sha256"])
