"""A city for one test: started in steps, its logs told when the test fails."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from scripts.broker import free_port
from scripts.demo.city import City
from tests.end_to_end.ledger import Ledger

_T = TypeVar("_T")
TAIL = 4000


@contextmanager
def running_city(folder: Path, **options: Any) -> Iterator[tuple[City, Ledger]]:
    """Broker, centre and an enrolled box that is not started yet; cameras when the options name some.

    The cameras come last, because their clips play from the moment they are there.

    Args:
        folder: for everything.
        options: of `City`.
    """
    with City(port=free_port(), folder=folder / "city", **options) as city:
        try:
            city.prepare()
            city.start_broker()
            city.found_centre()
            city.manage("policy", "jam", "--active-for", "0", "--hold", "3")
            city.start_centre()
            city.enrol_box()
            city.start_cameras()
            yield city, Ledger(city.folder / "centre")
        except BaseException:
            _tell(city)
            raise


def wait_for(what: str, question: Callable[[], _T], within_s: float = 90.0) -> _T:
    """The first answer that is true.

    Raises:
        AssertionError: there was none in time.
    """
    deadline = time.monotonic() + within_s
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within_s:.0f} s; last answer: {answer!r}")
        time.sleep(0.2)
    return answer


def _tell(city: City) -> None:
    logs = [*city.logs.glob("*.log"), *(city.folder / "broker").glob("*.log")]
    for log in sorted(logs):
        print(f"\n--- the end of {log.relative_to(city.folder)} ---\n{log.read_text(errors='replace')[-TAIL:]}")
