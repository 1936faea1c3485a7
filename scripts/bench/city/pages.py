"""What operators and officers open, and how often; addresses are drawn from what is in the city."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from django.db.models import QuerySet

from central.complaints.models import Complaint
from central.desks.filters import LAST_ENDED, NEWEST
from central.desks.paging import Order, following
from central.incidents.kinds import Kind
from scripts.city_data.lives import NOTES
from scripts.city_data.streets import EAST, NAMES, NORTH, PARTS, SOUTH, WEST

Address = Callable[[Random], str]

PAGE = 50
FAR_IN = 40
SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Page:
    """One row of the table; what is open more often weighs more."""

    name: str
    address: Address
    weight: float = 1.0


def operators(agency: str) -> list[Page]:
    """Of the whole city; `agency` is the one they filter by."""
    everything = Complaint.objects.all()
    numbers, deep = _numbers(everything), _far_in(everything, NEWEST)
    root = "/operator/complaints/"
    return [
        Page("operator: wall", lambda _rng: "/operator/", 3),
        Page("operator: map", lambda _rng: "/operator/map/"),
        Page("operator: marks of the map", lambda _rng: "/operator/map/marks/"),
        Page("operator: open complaints", lambda _rng: root, 2),
        Page("operator: all complaints", lambda _rng: f"{root}?show=all"),
        Page("operator: all complaints, far in", lambda rng: f"{root}?show=all&from={rng.choice(deep)}"),
        Page("operator: all complaints, filtered", lambda rng: f"{root}?show=all&agency={agency}&kind={_kind(rng)}"),
        *_searches("operator", root, numbers, "show=all&"),
        Page("operator: one complaint", lambda rng: f"{root}{rng.choice(numbers)}/", 2),
    ]


def officers(agency: str) -> list[Page]:
    """Of one agency."""
    own = Complaint.objects.filter(agency=agency)
    numbers, deep = _numbers(own), _far_in(own.filter(ended__isnull=False), LAST_ENDED)
    root = "/agency/"
    return [
        Page("agency: queue", lambda _rng: root, 3),
        Page("agency: queue, overdue", lambda _rng: f"{root}?due=overdue"),
        Page("agency: queue, filtered", lambda rng: f"{root}?kind={_kind(rng)}&state={rng.choice(STATES)}"),
        Page("agency: ended", lambda _rng: f"{root}?show=ended"),
        Page("agency: ended, far in", lambda rng: f"{root}?show=ended&from={rng.choice(deep)}"),
        *_searches("agency", root, numbers, "show=ended&"),
        Page("agency: one complaint", lambda rng: f"{root}complaints/{rng.choice(numbers)}/", 2),
    ]


STATES = ("waiting", "coordination", "in_progress", "verification")


def _searches(who: str, root: str, numbers: Sequence[str], scope: str) -> list[Page]:
    return [
        Page(f"{who}: search by number", lambda rng: f"{root}?q={rng.choice(numbers)}"),
        Page(f"{who}: search by street", lambda rng: f"{root}?{scope}q={quote(_street(rng))}"),
        Page(f"{who}: search by words of notes", lambda rng: f"{root}?{scope}q={quote(_words(rng))}"),
        Page(f"{who}: search by words nobody wrote", lambda _rng: f"{root}?{scope}q=kuda%20nil"),
        Page(f"{who}: search near a point", lambda rng: f"{root}?{scope}q={quote(_point(rng))}"),
    ]


def _numbers(of: QuerySet[Complaint]) -> list[str]:
    every = max(of.count() // SAMPLE, 1)
    return list(of.order_by("pk").values_list("number", flat=True)[::every])


def _far_in(of: QuerySet[Complaint], order: Order) -> list[str]:
    """Near the end of the list: what OFFSET would have to skip nearly everything for."""
    first = order[0].field
    return [following(order, row) for row in of.order_by(first)[PAGE : PAGE + FAR_IN]]


def _kind(rng: Random) -> str:
    return rng.choice(Kind.values)


def _street(rng: Random) -> str:
    return f"jl {rng.choice(NAMES)}{rng.choice(PARTS)}".replace("-", " ")


def _words(rng: Random) -> str:
    return " ".join(rng.choice(NOTES).split()[:2])


def _point(rng: Random) -> str:
    return f"{rng.uniform(SOUTH, NORTH):.5f}, {rng.uniform(WEST, EAST):.5f}"
