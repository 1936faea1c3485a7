"""A page of what has certain words, or lies near a point, at a cost that does not grow with the years."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from django.db.models import QuerySet

from central.complaints.finding import Point, near
from central.complaints.models import Complaint
from central.desks.paging import Order, Slice, ordered, page

NEWEST = 8000
"""So many are read through before the index is asked."""
NEARER = 5

Parts = Sequence[QuerySet[Complaint]]
"""Of what the actor may see; no row is in two of them."""


def with_words(parts: Parts, words: tuple[str, ...], order: Order, where: str, size: int, *, are_few: bool) -> Slice:
    """Those with all of the words, else those with words that begin so.

    Args:
        are_few: the parts have some thousand rows in all, as what is open has.

    PostgreSQL's planner takes words that go together ("lalu lintas") for much rarer than they are: it would gather
    tens of thousands of rows by the index to show the newest fifty. What is frequent is found among the newest; what
    is not found there is rare enough to be gathered.
    """
    if not are_few and not where and (recent := _among_newest(parts, words, order, size)) is not None:
        return recent
    seen = _together(parts)
    exactly = {"text__words_read" if are_few else "text__words": words}
    found = page([seen.filter(**exactly)], order, where, size)
    return found if found.rows else page([seen.filter(text__beginnings=words)], order, where, size)


def nearest(parts: Parts, point: Point, size: int) -> Slice:
    """Those within reach, nearest first; only one page. Where many are, a page of them lies much nearer than that."""
    seen = _together(parts)
    closest = list(near(seen, replace(point, reach_m=point.reach_m / NEARER))[:size])
    return Slice(closest if len(closest) == size else list(near(seen, point)[:size]))


def _together(parts: Parts) -> QuerySet[Complaint]:
    """As one question, for what an index finds by words or place: asked in parts, it would be found once for each."""
    return reduce(or_, parts)


def _among_newest(parts: Parts, words: tuple[str, ...], order: Order, size: int) -> Slice | None:
    """None: there may be more, or others, before these."""
    first = order[0]
    everything = Complaint.objects.filter(**{f"{first.field}__isnull": False})
    since = ordered(everything, (first,)).values_list(first.field, flat=True)[NEWEST : NEWEST + 1].first()
    if since is None:
        return None
    newest = {f"{first.field}__gte": since, "text__words_read": words}
    found = page([part.filter(**newest) for part in parts], order, "", size)
    return found if found.after else None
