"""So many requests a minute, counted in this process.

Several web processes count each for itself: the limit protects a process, and keeps one caller from the place of all
others; it is no bill. Who needs one number for all of them has a proxy in front that counts.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WINDOW_S = 60
MOST_CALLERS = 100_000
"""Counted apart in one minute; all further ones together."""
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Usage:
    """Where a caller stands in this minute."""

    allowed: int
    used: int
    reset_s: int
    """Until the next minute, at least 1."""

    @property
    def is_over(self) -> bool:
        """This request was one too many."""
        return self.used > self.allowed

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers writes them."""
        left = max(0, self.allowed - self.used)
        return {
            "RateLimit-Policy": f'"minute";q={self.allowed};w={WINDOW_S}',
            "RateLimit": f'"minute";r={left};t={self.reset_s}',
        }


class Minutes:
    """Counts callers by the minute. Any thread may use it."""

    def __init__(self, most_callers: int = MOST_CALLERS) -> None:
        self._lock = threading.Lock()
        self._most_callers = most_callers
        self._minute: datetime | None = None
        self._used: dict[str, int] = {}

    def use(self, caller: str, allowed: int, now: datetime) -> Usage:
        """Counts one request."""
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute:
                self._minute, self._used = minute, {}
            if caller not in self._used and len(self._used) >= self._most_callers:
                caller = OTHERS
            used = self._used[caller] = self._used.get(caller, 0) + 1
        left_s = (minute + timedelta(seconds=WINDOW_S) - now).total_seconds()
        return Usage(allowed, used, max(1, round(left_s)))


def network_of(address: str) -> str:
    """Who counts as one caller: an IPv4 address, or the network that a provider gives one household in IPv6 (/64)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return str(parsed)
