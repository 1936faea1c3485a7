"""Writing down changes of settings, in the transaction that makes them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.administration.models import AuditEntry

AT_THE_TERMINAL = Actor(role=Role.SYSTEM, name="sigap-central manage")
"""Who changes settings by a command on the server."""

SECRET = frozenset({"password", "key", "secret", "token", "last_login"})
"""Fields that no record shows; `last_login` is no setting."""


def snapshot(row: Model) -> dict[str, Any]:
    """Its fields and many-to-many keys as they stand, without secrets; the row has been saved."""
    plain = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    many = {
        field.name: sorted(str(key) for key in getattr(row, field.name).values_list("pk", flat=True))
        for field in row._meta.many_to_many
    }
    return {name: value for name, value in (plain | many).items() if name not in SECRET}


def write_down(
    actor: Actor,
    now: datetime,
    *,
    topic: str,
    subject: str,
    action: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry | None:
    """One entry; none when nothing is different."""
    entry = entry_of(actor, now, topic=topic, subject=subject, action=action, before=before, after=after)
    if entry is not None:
        entry.save()
    return entry


def record_at_the_terminal(topic: str, subject: str, before: Mapping[str, Any] | None, row: Model) -> None:
    """What a command on the server has saved just now."""
    action = "add" if before is None else "change"
    after = snapshot(row)
    write_down(AT_THE_TERMINAL, timezone.now(), topic=topic, subject=subject, action=action, before=before, after=after)


def write_down_all(entries: Iterable[AuditEntry | None]) -> None:
    """Those of an import, in one go."""
    AuditEntry.objects.bulk_create([entry for entry in entries if entry is not None], batch_size=200)


def entry_of(
    actor: Actor,
    now: datetime,
    *,
    topic: str,
    subject: str,
    action: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> AuditEntry | None:
    """As `write_down`, not yet written. Of what changed, only the fields that differ are kept."""
    if before is not None and before == after:
        return None
    if before is not None and after is not None:
        different = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        before = {name: before.get(name) for name in different}
        after = {name: after.get(name) for name in different}
    return AuditEntry(
        time=now,
        actor=actor.name,
        user=actor.user,
        topic=topic,
        subject=subject[:120],
        action=action,
        before=before,
        after=after,
    )
