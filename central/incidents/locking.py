"""Locks on places that have no row yet, so that two who find nothing there do not both open an incident.

PostgreSQL: advisory locks until the transaction ends. A cell is one of STRIPES locks by its hash, because the table of
locks is small and shared by all: a batch can need thousands of cells, but never more than STRIPES locks. All are taken
at once and in order, before any row is locked. SQLite: a transaction holds the only write lock already.
"""

from collections.abc import Iterable
from zlib import crc32

from django.db import connection

from central.incidents.anchors import Anchor

NAMESPACE = 0x53494741
"""Keeps these locks apart from anybody else's in the same database."""
STRIPES = 1024


def stripes_of(anchors: Iterable[Anchor], keys: Iterable[str] = ()) -> list[int]:
    """Of each key, each anchor's key and all cells within its reach; in order, each once."""
    anchors = list(anchors)
    names = {anchor.key for anchor in anchors} | set(keys)
    names |= {f"{anchor.kind}@{row}:{column}" for anchor in anchors for row, column in anchor.cells()}
    return sorted({crc32(name.encode()) % STRIPES for name in names})


def lock(anchors: Iterable[Anchor], keys: Iterable[str] = ()) -> None:
    """Waits until nobody else works within reach of these anchors or on these keys, and keeps others out until the
    transaction ends."""
    stripes = stripes_of(anchors, keys)
    if connection.vendor != "postgresql" or not stripes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, stripe) FROM unnest(%s::int[]) AS stripe", [NAMESPACE, stripes]
        )
