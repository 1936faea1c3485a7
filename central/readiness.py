"""`sigap-central check`: everything that would keep the centre from working, each with its remedy."""

import socket
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from central.intake.broker import BrokerError, from_environment
from central.outbox import mail
from central.security.secrets import SecretError


def faults() -> Iterator[str]:
    """Nothing when all is well."""
    yield from (str(message) for message in run_checks() if message.level >= WARNING)
    yield from _data_faults(Path(settings.DATA))
    yield from _database_faults()
    yield from _broker_faults()
    yield from _mail_faults()
    yield from _mailbox_faults()
    yield from _crm_faults()


def unapplied_migrations() -> int:
    """How many steps the database is behind the code."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _data_faults(data: Path) -> Iterator[str]:
    probe = data / ".writable"
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield f"SIGAP_DATA={data}: {error.strerror}; name a folder this user can write to"


def _database_faults() -> Iterator[str]:
    from central.complaints.models import Complaint  # noqa: PLC0415 — models need Django set up
    from central.routing.seeding import is_seeded  # noqa: PLC0415

    try:
        behind = unapplied_migrations()
        if behind:
            yield f"database: {behind} migrations are missing; run: sigap-central manage migrate"
            return
        if not is_seeded():
            yield "database: no agencies or policies; run: sigap-central manage seed"
        unrouted = Complaint.objects.filter(ended__isnull=True, decision__has_key="warning").count()
        if unrouted:
            yield f"{unrouted} open complaints matched no rule and lie at the default desk; add a routing rule"
        undated = Complaint.objects.filter(completion_due__isnull=True).count()
        if undated:
            yield f"{undated} complaints have no deadlines; run: sigap-central manage reckon"
    except DatabaseError as error:
        yield f"database {connection.settings_dict['NAME']}: {str(error).strip()}; check SIGAP_DATABASE"


def _broker_faults() -> Iterator[str]:
    try:
        broker = from_environment()
    except BrokerError as error:
        yield str(error)
        return
    for name, file in (("CA", broker.ca), ("CERT", broker.cert), ("KEY", broker.key)):
        if file is not None and not Path(file).is_file():
            yield f"SIGAP_MQTT_{name}={file}: no such file"
    try:
        socket.create_connection((broker.host, broker.port), timeout=3).close()
    except OSError as error:
        yield f"broker {broker}: {error}; start it, or set SIGAP_MQTT_URL"


def _mail_faults() -> Iterator[str]:
    try:
        server = mail.from_environment()
    except (mail.MailError, SecretError) as error:
        yield str(error)
        return
    if server is None:
        return
    try:
        socket.create_connection((server.host, server.port), timeout=3).close()
    except OSError as error:
        yield f"mail server {server}: {error}; start it, or set SIGAP_SMTP_URL"


def _mailbox_faults() -> Iterator[str]:
    from central.channels import mailbox  # noqa: PLC0415 — its letters become models

    try:
        box = mailbox.from_environment()
    except (mailbox.MailboxError, SecretError) as error:
        yield str(error)
        return
    if box is None:
        return
    try:
        socket.create_connection((box.host, box.port), timeout=3).close()
    except OSError as error:
        yield f"mailbox {box}: {error}; start its server, or set SIGAP_IMAP_URL"


def _crm_faults() -> Iterator[str]:
    from central.forwarding.georeport import GeoReport, Unreachable  # noqa: PLC0415 — models need Django set up
    from central.forwarding.models import Crm  # noqa: PLC0415

    try:
        crms = list(Crm.objects.filter(active=True))
    except DatabaseError:
        return  # said already
    for crm in crms:
        try:
            GeoReport.of(crm.endpoint, crm.jurisdiction, crm.key_name)
        except Unreachable as error:
            yield f"CRM of {crm.pk}: {error}; its complaints wait in the outbox"
        if crm.error:
            yield f"CRM of {crm.pk} at {crm.endpoint}: {crm.error}"
