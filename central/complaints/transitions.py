"""What may happen to a complaint, by whom, in which state: the whole workflow as one table."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from central.accounts.roles import Role
from central.complaints import effects, guards
from central.complaints.effects import Effect
from central.complaints.guards import Guard, anybody, holds_it
from central.complaints.models import Complaint

State = Complaint.State

OPEN = frozenset({State.WAITING, State.COORDINATION, State.DISPOSITION, State.IN_PROGRESS, State.VERIFICATION})
AT_AGENCY = OPEN - {State.VERIFICATION}


@dataclass(frozen=True, slots=True)
class Transition:
    """One edge (or several with one meaning)."""

    action: str
    label: Promise
    sources: frozenset[str]
    target: State | None
    """None: the state stays, something is written down."""
    roles: frozenset[Role]
    guard: Guard = anybody
    needs_note: bool = False
    effect: Effect = effects.none
    asks: str = ""
    """The one field that a form shows for it: `agency`, `assignee`, `until` or `into`."""
    goes_back: bool = False
    """The target is the state before the last change instead."""
    in_bulk: bool = False
    """Can be done to many at once, and taken back: what it changes is the state alone."""


_DESK = frozenset({Role.OFFICER, Role.HEAD, Role.OPERATOR, Role.ADMIN})
_AGENCY = frozenset({Role.OFFICER, Role.HEAD, Role.ADMIN})
_HEAD = frozenset({Role.HEAD, Role.ADMIN})
_OPERATOR = frozenset({Role.OPERATOR, Role.ADMIN})
_SYSTEM = frozenset({Role.SYSTEM})

_TABLE = (
    # Follow-up in the city's own order; an agency may skip a step, because small ones have nobody to coordinate with.
    Transition(
        "coordinate",
        gettext_lazy("Coordinate"),
        frozenset({State.WAITING}),
        State.COORDINATION,
        _DESK,
        holds_it,
        in_bulk=True,
    ),
    Transition(
        "assign",
        gettext_lazy("Assign"),
        frozenset({State.WAITING, State.COORDINATION}),
        State.DISPOSITION,
        _AGENCY,
        holds_it,
        effect=effects.hand_over,
        asks="assignee",
    ),
    Transition(
        "start",
        gettext_lazy("Start work"),
        frozenset({State.WAITING, State.COORDINATION, State.DISPOSITION}),
        State.IN_PROGRESS,
        _AGENCY,
        holds_it,
        in_bulk=True,
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
        in_bulk=True,
    ),
    Transition("accept", gettext_lazy("Accept"), frozenset({State.VERIFICATION}), State.DONE, _OPERATOR, in_bulk=True),
    Transition(
        "send_back",
        gettext_lazy("Send back"),
        frozenset({State.VERIFICATION}),
        State.IN_PROGRESS,
        _OPERATOR,
        needs_note=True,
        in_bulk=True,
    ),
    Transition(
        "reassign",
        gettext_lazy("Hand to somebody else"),
        frozenset({State.DISPOSITION, State.IN_PROGRESS}),
        None,
        _AGENCY,
        holds_it,
        effect=effects.hand_over,
        asks="assignee",
    ),
    # EWS: citizens are promised a day only once the agency's head stands by it.
    Transition(
        "estimate",
        gettext_lazy("Propose a completion time"),
        AT_AGENCY,
        None,
        _AGENCY,
        holds_it,
        effect=effects.propose_estimate,
        asks="until",
    ),
    Transition(
        "approve_estimate",
        gettext_lazy("Approve the completion time"),
        AT_AGENCY,
        None,
        _HEAD,
        guards.estimate_waits,
        effect=effects.approve_estimate,
    ),
    Transition(
        "decline_estimate",
        gettext_lazy("Decline the completion time"),
        AT_AGENCY,
        None,
        _HEAD,
        guards.estimate_waits,
        needs_note=True,
        effect=effects.decline_estimate,
    ),
    # What was sent to the wrong agency must not stay red there; but neither may it go round for ever.
    Transition(
        "wrong_agency",
        gettext_lazy("Not ours: pass on"),
        AT_AGENCY,
        State.WAITING,
        _AGENCY,
        guards.not_passed_on_too_often,
        needs_note=True,
        effect=effects.pass_on,
        asks="agency",
    ),
    Transition(
        "reroute",
        gettext_lazy("Send to another agency"),
        AT_AGENCY,
        State.WAITING,
        _OPERATOR,
        needs_note=True,
        effect=effects.send_to_agency,
        asks="agency",
    ),
    Transition(
        "reject",
        gettext_lazy("Reject"),
        AT_AGENCY,
        State.REJECTED,
        _AGENCY,
        holds_it,
        needs_note=True,
        in_bulk=True,
    ),
    Transition("void", gettext_lazy("Not real"), OPEN, State.REJECTED, _OPERATOR, needs_note=True, in_bulk=True),
    Transition(
        "reopen",
        gettext_lazy("Reopen"),
        frozenset({State.DONE, State.GONE, State.REJECTED}),
        State.WAITING,
        _OPERATOR,
        needs_note=True,
    ),
    # Twenty reports are one duty: the time of a merged complaint is counted once, in the one that stands for it.
    Transition(
        "merge",
        gettext_lazy("Merge into another"),
        OPEN,
        State.MERGED,
        _OPERATOR,
        needs_note=True,
        effect=effects.merge_into,
        asks="into",
    ),
    Transition(
        "unmerge",
        gettext_lazy("Take apart again"),
        frozenset({State.MERGED}),
        None,
        _OPERATOR,
        needs_note=True,
        effect=effects.take_apart,
        goes_back=True,
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
    Transition(
        "vanish", gettext_lazy("Gone by itself"), frozenset({State.WAITING}), State.GONE, _SYSTEM, guards.untouched
    ),
    Transition("incident_cleared", gettext_lazy("Camera sees it gone"), OPEN, None, _SYSTEM),
    Transition(
        "recur",
        gettext_lazy("Camera sees it again"),
        frozenset({State.DONE, State.GONE}),
        State.WAITING,
        _SYSTEM,
    ),
)

TRANSITIONS: dict[str, Transition] = {transition.action: transition for transition in _TABLE}

UNDO = Transition("undo", gettext_lazy("Undo"), frozenset(State), None, _DESK, goes_back=True)
"""Takes back one step of a bulk action; only `complaints.bulk` does it."""
