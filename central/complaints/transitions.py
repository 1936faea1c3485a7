"""What may happen to a complaint, by whom, in which state: the whole workflow as one table."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from central.accounts.roles import Actor, Role
from central.complaints.models import Complaint

State = Complaint.State
Guard = Callable[[Complaint, Actor], str]
"""Returns why not, as a sentence for the actor; empty when nothing speaks against it."""

OPEN = frozenset({State.WAITING, State.COORDINATION, State.DISPOSITION, State.IN_PROGRESS, State.VERIFICATION})


@dataclass(frozen=True, slots=True)
class Transition:
    """One edge (or several with one meaning). `target` None: the state stays, something is written down."""

    action: str
    label: Promise
    sources: frozenset[str]
    target: State | None
    roles: frozenset[Role]
    guard: Guard
    needs_note: bool = False


def anybody(_complaint: Complaint, _actor: Actor) -> str:
    """No condition beyond role and state."""
    return ""


def holds_it(complaint: Complaint, actor: Actor) -> str:
    """An officer acts on complaints of the own agency only; operators and administrators on all."""
    if actor.role is Role.OFFICER and actor.agency != complaint.agency_id:
        return _("This complaint belongs to another agency.")
    return ""


def untouched(complaint: Complaint, _actor: Actor) -> str:
    """Nobody of the staff has done anything with it yet."""
    if complaint.history.filter(user__isnull=False).exists():
        return _("Somebody has already worked on this complaint.")
    return ""


_DESK = frozenset({Role.OFFICER, Role.OPERATOR, Role.ADMIN})
_AGENCY = frozenset({Role.OFFICER, Role.ADMIN})
_OPERATOR = frozenset({Role.OPERATOR, Role.ADMIN})
_SYSTEM = frozenset({Role.SYSTEM})

_TABLE = (
    # Follow-up in the city's own order; an agency may skip a step, because small ones have nobody to coordinate with.
    Transition(
        "coordinate", gettext_lazy("Coordinate"), frozenset({State.WAITING}), State.COORDINATION, _DESK, holds_it
    ),
    Transition(
        "assign",
        gettext_lazy("Assign"),
        frozenset({State.WAITING, State.COORDINATION}),
        State.DISPOSITION,
        _AGENCY,
        holds_it,
    ),
    Transition(
        "start",
        gettext_lazy("Start work"),
        frozenset({State.WAITING, State.COORDINATION, State.DISPOSITION}),
        State.IN_PROGRESS,
        _AGENCY,
        holds_it,
    ),
    # "Done" is a claim: somebody who is not the agency looks before the complaint turns green.
    Transition(
        "report_done",
        gettext_lazy("Report as done"),
        frozenset({State.IN_PROGRESS}),
        State.VERIFICATION,
        _AGENCY,
        holds_it,
        needs_note=True,
    ),
    Transition("accept", gettext_lazy("Accept"), frozenset({State.VERIFICATION}), State.DONE, _OPERATOR, anybody),
    Transition(
        "send_back",
        gettext_lazy("Send back"),
        frozenset({State.VERIFICATION}),
        State.IN_PROGRESS,
        _OPERATOR,
        anybody,
        needs_note=True,
    ),
    # The camera decides where it can see.
    Transition(
        "camera_confirms", gettext_lazy("Accept"), frozenset({State.VERIFICATION}), State.DONE, _SYSTEM, anybody
    ),
    Transition(
        "camera_refutes",
        gettext_lazy("Send back"),
        frozenset({State.VERIFICATION}),
        State.IN_PROGRESS,
        _SYSTEM,
        anybody,
    ),
    Transition(
        "camera_cannot_tell", gettext_lazy("Look yourself"), frozenset({State.VERIFICATION}), None, _SYSTEM, anybody
    ),
    Transition("note", gettext_lazy("Add a note"), OPEN, None, _DESK, holds_it, needs_note=True),
    # Credited to nobody: the problem went away before anyone touched the complaint.
    Transition("vanish", gettext_lazy("Gone by itself"), frozenset({State.WAITING}), State.GONE, _SYSTEM, untouched),
    Transition("incident_cleared", gettext_lazy("Camera sees it gone"), OPEN, None, _SYSTEM, anybody),
)

TRANSITIONS: dict[str, Transition] = {transition.action: transition for transition in _TABLE}
