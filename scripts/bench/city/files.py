"""A large file: how soon it begins, how long it takes, and what it costs the server in memory."""

import asyncio
import time
from dataclasses import dataclass

from scripts.bench.city.centre import Centre

BITE = 64 * 1024
LOOK_EVERY = 16


@dataclass(frozen=True, slots=True)
class File:
    """One download."""

    name: str
    rows: int
    megabytes: float
    first_byte_ms: float
    seconds: float
    before_mb: float
    most_mb: float

    def row(self) -> str:
        """A row of the table in docs/benchmarks.md."""
        return (
            f"| {self.name} | {self.rows} | {self.megabytes:.1f} | {self.first_byte_ms:.0f} | {self.seconds:.1f} "
            f"| {self.before_mb:.0f} | {self.most_mb:.0f} |"
        )


HEAD = (
    "| file | rows | MB | first byte, ms | whole, s | memory before, MB | at most, MB |",
    "|---|---|---|---|---|---|---|",
)


async def download(centre: Centre, name: str, path: str, session: str) -> File:
    """Reads it as fast as it comes and throws it away; lines are counted, the head of a CSV is not."""
    reader, writer = await asyncio.open_connection("127.0.0.1", centre.port, limit=4 * BITE)
    before, began = centre.rss_mb(), time.perf_counter()
    writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    first, size, lines, most, turn = 0.0, 0, 0, before, 0
    while bite := await reader.read(BITE):
        first = first or time.perf_counter() - began
        size, lines, turn = size + len(bite), lines + bite.count(b"\n"), turn + 1
        if turn % LOOK_EVERY == 0:
            most = max(most, centre.rss_mb())
    whole = time.perf_counter() - began
    writer.close()
    rows = lines - 1 if "/csv/" in path else lines
    return File(name, rows, size / 1e6, 1000 * first, whole, before, max(most, centre.rss_mb()))
