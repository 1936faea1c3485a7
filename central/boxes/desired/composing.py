"""From what was decided to the document that a box gets."""

from collections.abc import Iterable

from central.boxes.desired.versions import newest
from central.boxes.models import Box
from contract.desired import Desired
from contract.settings.permits import DesiredPermit


def compose(box: Box) -> Desired | None:
    """What the box should run; None while nobody has decided anything about it."""
    version = newest(box.pk)
    if version is None:
        return None
    return Desired.model_validate(
        {
            "version": version.number,
            "made": version.made,
            "cameras": version.document["cameras"],
            "models": version.document["models"],
            "permits": tuple(permits_of(box)),
        }
    )


def permits_of(_box: Box) -> Iterable[DesiredPermit]:
    """Places near its cameras where selling is allowed. A change calls `versions.renew`, for the box to hear of it."""
    return ()
