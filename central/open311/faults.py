"""What is answered when something is wrong: GeoReport v2 knows 400, 403 and 404."""


class Fault(Exception):  # noqa: N818 — the protocol calls it an error, and it is an answer
    """Ends a request with this status; the text names the parameter and says what to do."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def wrong(parameter: str, remedy: str) -> Fault:
    """400: this parameter is missing or cannot be read."""
    return Fault(400, f"{parameter}: {remedy}")


def unknown(parameter: str, value: str) -> Fault:
    """404: there is no such service, request, token or jurisdiction."""
    return Fault(404, f"{parameter}: there is no {value[:80]!r} here")
