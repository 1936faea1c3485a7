"""What is answered when something is wrong: GeoReport v2 knows 400, 403 and 404."""

from collections.abc import Sequence


class Fault(Exception):  # noqa: N818 — the protocol calls it an error, and it is an answer
    """Ends a request with this status; the text names the parameter and says what to do."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


class Faults(Exception):  # noqa: N818 — as above
    """Several at once: whoever fills in a form is told everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.description for fault in faults))
        self.faults = tuple(faults)

    @property
    def status(self) -> int:
        """Of the answer: the one they share, else 400."""
        statuses = {fault.status for fault in self.faults}
        return statuses.pop() if len(statuses) == 1 else 400


def wrong(parameter: str, remedy: str) -> Fault:
    """400: this parameter is missing or cannot be read."""
    return Fault(400, f"{parameter}: {remedy}")


def unknown(parameter: str, value: str) -> Fault:
    """404: there is no such service, request, token or jurisdiction."""
    return Fault(404, f"{parameter}: there is no {value[:80]!r} here")
