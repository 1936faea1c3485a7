"""What permits say of one sighting as time goes on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from central.incidents.kinds import Kind
from central.permits.law import NOWHERE, Answer, Place, Ruling, Spot, Why, changes_after, permitted
from central.permits.nearby import CAMERA_WITHIN_M


class Sighting(Protocol):
    """An episode."""

    kind: str
    lat: float | None
    lon: float | None
    within_m: float | None
    """How precise its place is; None: it is the camera's own."""
    doubt: str
    """Why the box, by its own permits, leaves it to a person."""
    measures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One sighting before the law."""

    seen: Sighting
    places: Sequence[Place]

    def ruling(self, at: datetime) -> Ruling:
        """At that moment. What the box leaves to a person, no permit here decides: it sees each unit where it stands,
        and knows which of them it has allowed already."""
        if self._doubted:
            return Ruling(Answer.AMBIGUOUS, Why.BOX, details={"said": self.seen.doubt})
        spot = self._spot
        return NOWHERE if spot is None else permitted(spot, self._units, at, self.places)

    def changes_after(self, at: datetime) -> datetime | None:
        """The first moment after it with another answer; None: there is none."""
        spot = self._spot
        if self._doubted or spot is None:
            return None
        return changes_after(spot, self._units, at, self.places)

    def forbidden_from(self, at: datetime) -> datetime | None:
        """The first moment from then on at which it is plainly forbidden; None: there is none to be seen."""
        return self._first(at, frozenset({Answer.NO}))

    def unlawful_from(self, at: datetime) -> datetime | None:
        """The first moment from then on at which it is not plainly lawful; None: there is none."""
        return self._first(at, frozenset({Answer.NO, Answer.AMBIGUOUS}))

    def _first(self, at: datetime, answers: frozenset[Answer]) -> datetime | None:
        moment: datetime | None = at
        while moment is not None and self.ruling(moment).answer not in answers:
            moment = self.changes_after(moment)
        return moment

    @property
    def _doubted(self) -> bool:
        return self.seen.kind == Kind.VENDING and bool(self.seen.doubt)

    @property
    def _spot(self) -> Spot | None:
        if self.seen.kind != Kind.VENDING or self.seen.lat is None or self.seen.lon is None or not self.places:
            return None
        within_m = CAMERA_WITHIN_M if self.seen.within_m is None else self.seen.within_m
        return Spot(self.seen.lon, self.seen.lat, within_m)

    @property
    def _units(self) -> int:
        return int(self.seen.measures.get("units") or 1)
