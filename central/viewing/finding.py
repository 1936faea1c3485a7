"""What an auditor asks of the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from central.viewing.models import Viewing


@dataclass(frozen=True, slots=True)
class Question:
    """Empty parts ask nothing."""

    who: str = ""
    """The name of a login, whole."""
    case: str = ""
    """A complaint's number, or an incident's after a #."""
    sha256: str = ""
    """Its beginning, or the whole."""
    first: date | None = None
    last: date | None = None
    given_reasons_only: bool = False

    def found(self) -> QuerySet[Viewing]:
        """Newest first."""
        asked = Q()
        if self.who:
            asked &= Q(actor=self.who)
        if self.case.startswith("#"):
            number = self.case[1:]
            asked &= Q(incident=int(number)) if number.isdecimal() and len(number) < 19 else Q(pk=None)
        elif self.case:
            asked &= Q(complaint__number=self.case.upper())
        if self.sha256:
            asked &= Q(sha256__startswith=self.sha256.lower())
        if self.first is not None:
            asked &= Q(time__gte=_begin_of(self.first))
        if self.last is not None:
            asked &= Q(time__lt=_begin_of(self.last + timedelta(days=1)))
        if self.given_reasons_only:
            asked &= ~Q(reason="")
        return Viewing.objects.filter(asked).select_related("complaint", "camera")


def in_pieces(found: QuerySet[Viewing], size: int) -> Iterator[list[Viewing]]:
    """All of them, a bounded number at a time, each piece with one query; what is added meanwhile is left out."""
    after: tuple[datetime, int] | None = None
    while True:
        rest = found
        if after is not None:
            rest = found.filter(Q(time__lt=after[0]) | Q(time=after[0], pk__lt=after[1]))
        piece = list(rest.order_by("-time", "-pk")[:size])
        if not piece:
            return
        yield piece
        after = (piece[-1].time, piece[-1].pk)


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
