"""Numbers for the staff, tracking codes for the public."""

import os
import re
import secrets
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from central.complaints.models import NumberRange

PREFIX = os.environ.get("SIGAP_NUMBER_PREFIX", "SGP")
# Crockford's base 32: no I, L, O or U, so that a code survives being read out over the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TRACKING_LENGTH = 12


def allot(now: datetime) -> str:
    """The next number of the local year. Gapless and race-free: the counter's row stays locked until the caller's
    transaction ends, and a rollback gives the number back."""
    year = timezone.localtime(now).year
    if not NumberRange.objects.filter(year=year).update(last=F("last") + 1):
        NumberRange.objects.get_or_create(year=year)
        NumberRange.objects.filter(year=year).update(last=F("last") + 1)
    return f"{PREFIX}-{year}-{NumberRange.objects.get(year=year).last:06d}"


def new_tracking() -> str:
    """Sixty random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(TRACKING_LENGTH))


def grouped(tracking: str) -> str:
    """XXXX-XXXX-XXXX, for people."""
    return "-".join(tracking[i : i + 4] for i in range(0, len(tracking), 4))


def read_tracking(text: str) -> str:
    """What somebody typed, as it is stored: case, dashes and the letters that look like digits do not matter."""
    bare = re.sub(r"[^0-9A-Z]", "", text.upper())
    return bare.replace("O", "0").replace("I", "1").replace("L", "1")
