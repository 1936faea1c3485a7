"""A box becomes known: its id and the public key that signs its evidence."""

from datetime import datetime

from django.db import transaction

from central.boxes.models import Box
from contract.evidence import parse_public_key, public_key_text
from contract.ids import NAME_RULE, is_name


class EnrolmentError(ValueError):
    """The box cannot be enrolled so; the text says what to do."""


@transaction.atomic
def enrol(box_id: str, public_key: str, now: datetime, *, site: str = "", renew: bool = False) -> bool:
    """Idempotent; returns whether anything changed. Another key than the known one needs `renew`.

    Raises:
        EnrolmentError: a bad id, or another key without `renew`.
        contract.evidence.EvidenceError: not a public key.
    """
    if not is_name(box_id):
        raise EnrolmentError(f"box {box_id!r}: a name has {NAME_RULE}")
    key = public_key_text(parse_public_key(public_key))
    box, new = Box.objects.select_for_update().get_or_create(
        pk=box_id, defaults={"public_key": key, "site": site, "enrolled": now, "state_since": now}
    )
    if new:
        return True
    changed = False
    if box.public_key != key:
        if not renew:
            raise EnrolmentError(
                f"box {box_id} is enrolled with another key; if its disk was replaced, enrol it again with --renew"
            )
        box.public_key, box.key_renewed, changed = key, now, True
    if site and box.site != site:
        box.site, changed = site, True
    if changed:
        box.save(update_fields=["public_key", "key_renewed", "site"])
    return changed
