"""Each page asked for once at a time, in this process and with nobody else there: what it costs itself.

The whole page is made, from the session to the last tag; the peers of `naive` only find their rows.
"""

import statistics
import time
from collections.abc import Iterable, Mapping
from random import Random

from django.conf import settings
from django.test import Client

from scripts.bench.city.pages import Page

TIMES = 7


def measured(session: str, pages: Iterable[Page]) -> Mapping[str, float]:
    """Milliseconds (median of TIMES, after one that is not counted) by page."""
    client = Client(SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return {page.name: _ms(client, page) for page in pages}


def _ms(client: Client, page: Page) -> float:
    rng, times = Random(2), []  # noqa: S311
    for _ in range(TIMES + 1):
        address = page.address(rng)
        began = time.perf_counter()
        answer = client.get(address, follow=True)
        times.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return statistics.median(times[1:])
