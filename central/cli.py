"""`sigap-central`: serve the pages, take in what boxes send, check the configuration, run Django's commands."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from central import logs
from central.serving import Listening, RefusedToServe

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Sigap's centre: incidents, complaints and desks.",
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json-logs", help="Log lines as JSON.")]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
    intake: Annotated[bool, typer.Option(help="Also take in what boxes send, in this process.")] = True,
    relay: Annotated[bool, typer.Option(help="Also deliver what waits in the outbox, in this process.")] = True,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    json_logs: Json = False,
) -> None:
    """Serve the pages; with SQLite the database is made and brought up to date first."""
    logs.configure(json=json_logs)
    listening = Listening(host, port, tls_cert, tls_key, os.environ.get("SIGAP_TRUSTED_PROXY", ""))
    try:
        listening.check()
    except RefusedToServe as error:
        _give_up(str(error))
    if listening.has_tls:
        os.environ["SIGAP_TLS"] = "1"
    _set_up()
    _prepare_database()

    import uvicorn  # noqa: PLC0415 — after Django is set up, as all imports below that need it

    from central.asgi import application  # noqa: PLC0415
    from central.desks.live.server import LiveServer  # noqa: PLC0415

    # Uvicorn raises a signal again once it has shut down; the intake must still be stopped in order then.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = LiveServer(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            lifespan="off",
            ssl_certfile=tls_cert,
            ssl_keyfile=tls_key,
            proxy_headers=bool(listening.trusted_proxy),
            forwarded_allow_ips=listening.trusted_proxy or None,
            timeout_graceful_shutdown=3,
        )
    )
    delivering = _started_relay() if relay else None
    worker = _started_worker() if intake else None
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        for part in (worker, delivering):
            if part is not None:
                part.stop()


@app.command()
def intake(json_logs: Json = False) -> None:
    """Take in what boxes send, without pages. Give each of several workers its own SIGAP_MQTT_CLIENT."""
    logs.configure(json=json_logs)
    _set_up()
    _prepare_database()
    worker = _started_worker()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        worker.wait()
    finally:
        worker.stop()


@app.command()
def relay(json_logs: Json = False) -> None:
    """Deliver what waits in the outbox (e-mail, webhooks), without pages. With PostgreSQL several may run."""
    logs.configure(json=json_logs)
    _set_up()
    _prepare_database()
    delivering = _started_relay()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        delivering.wait()
    finally:
        delivering.stop()


@app.command()
def check() -> None:
    """Check configuration, database and broker; every fault with its remedy."""
    _set_up()
    from central.readiness import faults  # noqa: PLC0415

    found = list(faults())
    for fault in found:
        typer.echo(f"✗ {fault}")
    if found:
        raise typer.Exit(1)
    typer.echo("✓ all is well")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def manage(context: typer.Context) -> None:
    """Django's own commands, and ours: enrol, seed, staff, second_factor, policy, service, contact, outbox,
    gateway, take_mail, read_mail, reckon, verify_history, requeue, api_key, make_token, crm,
    import_areas, import_agencies."""
    logs.configure()
    _set_up()
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["sigap-central manage", *context.args])


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "central.settings")
    import django  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    from central.security.secrets import SecretError  # noqa: PLC0415

    try:
        django.setup()
    except (ImproperlyConfigured, SecretError) as error:
        _give_up(str(error))


def _prepare_database() -> None:
    """The embedded database is this process's own to migrate; a city's is migrated by whoever runs the update."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from central.readiness import unapplied_migrations  # noqa: PLC0415
    from central.routing.seeding import is_seeded, seed  # noqa: PLC0415

    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
    elif behind := unapplied_migrations():
        _give_up(f"the database is {behind} migrations behind; run: sigap-central manage migrate")
    if not is_seeded():
        seed()


def _started_worker() -> "IntakeWorker":  # noqa: F821 — imported when Django is set up
    from central.evidence.store import store  # noqa: PLC0415
    from central.intake.broker import BrokerError, from_environment  # noqa: PLC0415
    from central.intake.worker import IntakeWorker  # noqa: PLC0415

    try:
        worker = IntakeWorker(from_environment(), store())
    except BrokerError as error:
        _give_up(str(error))
    worker.start()
    return worker


def _started_relay() -> "Relay":  # noqa: F821 — imported when Django is set up
    from central.outbox.mail import MailError  # noqa: PLC0415
    from central.outbox.relay import Relay, carriers, carriers_for_strangers, errands  # noqa: PLC0415
    from central.security.secrets import SecretError  # noqa: PLC0415

    try:
        delivering = Relay(carriers(), errands(), carriers_for_strangers())
    except (MailError, SecretError) as error:
        _give_up(str(error))
    delivering.start()
    return delivering


def _give_up(reason: str) -> None:
    typer.echo(f"sigap-central: {reason}", err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
