"""The second step of a login: a code from the telephone (TOTP, RFC 6238), or one of the backup codes."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from central.accounts.roles import actor_of

BACKUP_CODES = 10
TELEPHONE, BACKUP = "telephone", "backup"


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a code."""

    good: bool
    wait: timedelta = timedelta(0)
    """Too many wrong ones: none is looked at for so long."""


def is_required(user: User) -> bool:
    """Whether this person's role may not do without."""
    return actor_of(user).role in settings.SECOND_FACTOR_ROLES


def has_one(user: User) -> bool:
    """Whether a telephone is enrolled."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def draft(user: User) -> TOTPDevice:
    """The telephone being enrolled: the same until it is confirmed, so that a page loaded twice shows one key."""
    found = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk").first()
    return found or TOTPDevice.objects.create(user=user, name=TELEPHONE, confirmed=False)


def key_text(device: TOTPDevice) -> str:
    """The key for typing, in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def confirm(user: User, code: str, now: datetime) -> Checked:
    """Puts the drafted telephone in the place of any earlier one, if the code is one of its."""
    new = draft(user)
    checked = _check(user, new, code, now)
    if checked.good:
        with transaction.atomic():
            TOTPDevice.objects.filter(user=user).exclude(pk=new.pk).delete()
            TOTPDevice.objects.filter(pk=new.pk).update(confirmed=True)
    return checked


def check(user: User, code: str, now: datetime) -> Checked:
    """Six digits are looked for on the telephone, anything else among the backup codes; each is good once."""
    plain = code.replace(" ", "").replace("-", "").lower()
    kind = TOTPDevice if plain.isdecimal() else StaticDevice
    device = kind.objects.filter(user=user, confirmed=True).first()
    return Checked(good=False) if device is None else _check(user, device, plain, now)


def new_backup_codes(user: User) -> list[str]:
    """Ten codes, as they are shown once; those before are good no more."""
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=BACKUP)
        StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def backup_codes_left(user: User) -> int:
    """How many have not been used."""
    return StaticToken.objects.filter(device__user=user).count()


def reset(user: User) -> bool:
    """Forgets telephone and backup codes; whether there were any."""
    with transaction.atomic():
        telephones, _ = TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
    return telephones > 0


def _check(user: User, device: Device, code: str, now: datetime) -> Checked:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        return Checked(good=False, wait=max(timedelta(seconds=1), why["locked_until"] - now))
    return Checked(good=verify_token(user, device.persistent_id, code) is not None)
