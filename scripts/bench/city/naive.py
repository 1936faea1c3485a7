"""What whoever does not think of a million rows would write: each page's peer, its queries alone, nothing rendered."""

import time
from collections.abc import Callable, Mapping
from random import Random

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from central.complaints.models import Complaint
from central.incidents.models import Incident
from scripts.city_data.lives import NOTES
from scripts.city_data.streets import NAMES

PAGE = 50


def measured(agency: str) -> Mapping[str, float]:
    """Milliseconds of each page's naive peer, once."""
    rng = Random(1)  # noqa: S311
    return {name: _ms(lambda peer=peer: peer(rng)) for name, peer in _peers(agency).items()}


def _peers(agency: str) -> dict[str, Callable[[Random], object]]:
    everything = Complaint.objects.order_by("-opened")
    own = Complaint.objects.filter(Q(agency=agency) | Q(also_inform=agency)).distinct().order_by("-opened")
    last = Complaint.objects.count() // PAGE - 2
    peers: dict[str, Callable[[Random], object]] = {
        "operator: wall": lambda _rng: _wall(),
        "operator: marks of the map": lambda _rng: _marks(),
        "operator: open complaints": lambda _rng: _page(everything.exclude(state__in=Complaint.ENDED_STATES), 1),
        "operator: all complaints": lambda _rng: _page(everything, 1),
        "operator: all complaints, far in": lambda _rng: _page(everything, last),
        "agency: queue": lambda _rng: _page(own.exclude(state__in=Complaint.ENDED_STATES), 1),
        "agency: ended": lambda _rng: _page(own.filter(state__in=Complaint.ENDED_STATES), 1),
    }
    for who, rows in (("operator", everything), ("agency", own)):
        peers[f"{who}: search by number"] = lambda _rng, rows=rows: _page(rows.filter(number__icontains="2025-0123"), 1)
        peers[f"{who}: search by street"] = lambda rng, rows=rows: _page(
            rows.filter(place__icontains=rng.choice(NAMES)), 1
        )
        peers[f"{who}: search by words of notes"] = lambda rng, rows=rows: _page(
            rows.filter(history__note__icontains=rng.choice(NOTES)[:12]).distinct(), 1
        )
        peers[f"{who}: search near a point"] = lambda _rng, rows=rows: _page(
            rows.filter(lat__gte=-6.2, lat__lte=-6.191, lon__gte=106.8, lon__lte=106.809), 1
        )
    return peers


def _page(rows: QuerySet[Complaint], number: int) -> list[tuple[str, str | None]]:
    """A page by OFFSET and count, and for each row what it refers to, as it is needed."""
    found = Paginator(rows, PAGE).page(number)
    return [(each.agency.short, each.incident.camera.title if each.incident.camera else None) for each in found]


def _wall() -> list[object]:
    shown = Incident.objects.filter(state__in=Incident.OPEN_STATES).order_by("-began")[:60]
    cards: list[object] = [
        (each.camera.box.state if each.camera else "", list(each.complaints.all()), list(each.decisions.all()))
        for each in shown
    ]
    counts = [Complaint.objects.filter(state=state).count() for state in ("waiting", "in_progress")]
    return [*cards, *counts, Complaint.objects.filter(ended=None).count()]


def _marks() -> list[object]:
    return [
        (each.pk, each.lat, each.lon, each.camera.title if each.camera else "", each.decisions.exists())
        for each in Incident.objects.filter(state__in=Incident.OPEN_STATES)
    ]


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
