"""Reading the change feed without missing a row that became visible late."""

from django.db.models import Max

from central.feed.models import Change

OVERLAP = 500
PAGE = 2000


def latest_id() -> int:
    """The newest change, 0 when there is none."""
    return Change.objects.aggregate(top=Max("id"))["top"] or 0


class FeedReader:
    """Yields every change once, beginning with those after its making.

    A transaction that took id 7 may commit after the one that took id 8, so each poll looks back over OVERLAP ids and
    leaves out what it has already given.
    """

    def __init__(self) -> None:
        self._top = latest_id()
        self._given = set(Change.objects.filter(id__gt=self._top - OVERLAP).values_list("id", flat=True))

    def poll(self) -> list[Change]:
        """Changes not given before, in order of id; at most PAGE of them."""
        rows = Change.objects.filter(id__gt=self._top - OVERLAP).order_by("id")[: PAGE + OVERLAP]
        fresh = [row for row in rows if row.id not in self._given]
        if fresh:
            self._top = max(self._top, fresh[-1].id)
            self._given.update(row.id for row in fresh)
            self._given = {given for given in self._given if given > self._top - OVERLAP}
        return fresh
