"""Which complaints a list shows: what the form above it asks for, as it stands in the address."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from central.accounts.roles import Actor
from central.complaints.finding import LONGEST
from central.complaints.models import Complaint
from central.desks.paging import Key, Order
from central.incidents.kinds import Kind

OPEN, ENDED, ALL = "open", "ended", "all"
OVERDUE, SOON, STOPPED = "overdue", "soon", "stopped"
DUES: Mapping[str, Promise] = {
    OVERDUE: gettext_lazy("Overdue"),
    SOON: gettext_lazy("Due soon"),
    STOPPED: gettext_lazy("Clock stopped"),
}

UNIQUE = Key("pk", int)
BY_DUE: Order = (Key("next_due", nullable=True), Key("opened"), UNIQUE)
"""What is due first on top, what is not due now at the end."""
NEWEST: Order = (Key("opened", descending=True), Key("pk", int, descending=True))
LAST_ENDED: Order = (Key("ended", descending=True), Key("pk", int, descending=True))


@dataclass(frozen=True, slots=True)
class Filter:
    """Empty means: all of them."""

    show: str = OPEN
    kind: str = ""
    state: str = ""
    agency: str = ""
    due: str = ""
    mine: str = ""
    """`1`: handed to whoever asks."""
    text: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything but open or ended is asked for."""
        return replace(self, show=OPEN) != Filter()

    @property
    def has_fields(self) -> bool:
        """The same, beside the text."""
        return replace(self, text="").narrows

    def query(self) -> str:
        """As it stands in an address, without what is asked for anyhow."""
        names = {"text": "q"}
        asked = {names.get(name, name): value for name, value in asdict(self).items() if value}
        if self.show == OPEN:
            del asked["show"]
        return urlencode(asked)

    def showing(self, show: str) -> "Filter":
        """The same of other complaints; what only open ones have is not asked for of ended ones."""
        return replace(self, show=show, state="", due="" if show == ENDED else self.due)


def read_filter(query: Mapping[str, str], shows: tuple[str, ...]) -> Filter:
    """From an address; what cannot be is not asked for. The first of `shows` is the default."""

    def one_of(name: str, allowed: Collection[str]) -> str:
        value = query.get(name, "")
        return value if value in allowed else ""

    return Filter(
        show=one_of("show", shows) or shows[0],
        kind=one_of("kind", Kind.values),
        state=one_of("state", Complaint.State.values),
        agency=query.get("agency", "")[:40],
        due=one_of("due", DUES),
        mine=one_of("mine", ("1",)),
        text=query.get("q", "").strip()[:LONGEST],
    )


def narrowed(found: QuerySet[Complaint], wanted: Filter, actor: Actor, now: datetime) -> QuerySet[Complaint]:
    """Without the text, which is looked for in more than one way (see `complaints.finding`)."""
    if wanted.show != ALL:
        found = found.filter(ended__isnull=wanted.show == OPEN)
    same = {"kind": wanted.kind, "state": wanted.state, "agency": wanted.agency}
    found = found.filter(**{name: value for name, value in same.items() if value})
    if wanted.due:
        found = found.filter(_due(wanted.due, now))
    return found.filter(assignee=actor.user) if wanted.mine else found


def _due(due: str, now: datetime) -> Q:
    if due == OVERDUE:
        return Q(next_due__lt=now)
    if due == SOON:
        return Q(next_due__gte=now, due_soon__lte=now)
    return Q(next_due__isnull=True)
