"""From what was decided to the document that a box gets."""

from central.boxes.desired.versions import newest
from central.boxes.models import Box
from central.permits.pushing import for_box
from contract.desired import Desired


def compose(box: Box) -> Desired | None:
    """What the box should run; None while nobody has decided anything about it. A change of permits calls
    `versions.renew`, for the box to hear of it."""
    version = newest(box.pk)
    if version is None:
        return None
    return Desired.model_validate(
        {
            "version": version.number,
            "made": version.made,
            "cameras": version.document["cameras"],
            "models": version.document["models"],
            "permits": for_box(box.pk, version.made),
        }
    )
