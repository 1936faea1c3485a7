"""Incidents move along the table's edges and no others."""

from itertools import product

import pytest

from central.accounts.roles import Actor, Role
from central.clockwork.tick import tick
from central.incidents.deciding import NotPossible, confirm
from central.incidents.lifecycle import LEGAL, IllegalMove, move
from central.incidents.models import Incident, Policy
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from contract.kinds import Closing, IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

State = Incident.State
RINA = Actor(Role.OPERATOR, "rina")


@pytest.mark.parametrize(("source", "target"), list(product(State, State)))
def test_only_legal_moves(source: State, target: State) -> None:
    incident = Incident(state=source)
    if source == target:
        assert not move(incident, target)
    elif target in LEGAL[source]:
        assert move(incident, target)
        assert incident.state == target
    else:
        with pytest.raises(IllegalMove):
            move(incident, target)


def hear(*messages: object, now: object) -> None:
    commit_events(list(messages), now)
    apply_pending(now)


@pytest.mark.django_db
class TestOneKey:
    """Episodes of one place and kind."""

    def test_two_zones_of_one_place_are_one_incident(self, box: FakeBox, seeded: None) -> None:
        hear(box.opened(episode()), box.opened(episode(), 5, zone="utara-2"), now=at(5))
        assert Incident.objects.get().episodes.count() == 2

    def test_another_kind_or_place_is_another_incident(self, box: FakeBox, seeded: None) -> None:
        hear(
            box.opened(episode()),
            box.opened(episode(), kind=IncidentKind.FLOOD),
            box.opened(episode(), place="jl-sudirman:selatan"),
            now=at(5),
        )
        assert Incident.objects.count() == 3

    def test_new_episode_within_the_hold_brings_it_back(self, box: FakeBox, seeded: None) -> None:
        jam = episode()
        hear(box.opened(jam), box.closed(jam, 100), now=at(100))
        tick(at(500))
        assert Incident.objects.get().state == State.CLEARING
        hear(box.opened(episode(), 600), now=at(600))
        incident = Incident.objects.get()
        assert (incident.state, incident.hold_until) == (State.ACTIVE, None)

    def test_new_episode_after_the_hold_is_a_new_incident_even_if_nobody_looked_at_the_clock(
        self, box: FakeBox, seeded: None
    ) -> None:
        jam = episode()
        hear(box.opened(jam), box.closed(jam, 100), box.opened(episode(), 2000), now=at(2000))
        first, second = Incident.objects.order_by("id")
        assert (first.state, first.cleared, second.state) == (State.CLOSED, at(700), State.ACTIVE)

    def test_blind_camera_never_closes_anything(self, box: FakeBox, seeded: None) -> None:
        jam = episode()
        hear(box.opened(jam), box.closed(jam, 100, Closing.LOST), now=at(100))
        tick(at(7000))
        incident = Incident.objects.get()
        assert (incident.state, incident.blind_since) == (State.ACTIVE, at(100))

    def test_it_clears_once_the_camera_sees_it_gone(self, box: FakeBox, seeded: None) -> None:
        lost, again = episode(), episode()
        hear(box.opened(lost), box.closed(lost, 100, Closing.LOST), now=at(100))
        hear(box.opened(again, 120), box.closed(again, 300), now=at(300))
        incident = Incident.objects.get()
        assert (incident.state, incident.hold_until, incident.blind_since) == (State.CLEARING, at(900), None)

    def test_stricter_policy_does_not_take_back_what_counted(self, box: FakeBox, seeded: None) -> None:
        jam = episode()
        hear(box.opened(jam), now=at(1))
        Policy.objects.filter(kind="jam").update(mode=Policy.Mode.REVIEW)
        hear(box.updated(jam, 5), now=at(5))
        assert Incident.objects.get().state == State.ACTIVE


@pytest.mark.django_db
def test_operator_confirms_a_candidate_once(box: FakeBox, seeded: None) -> None:
    Policy.objects.filter(kind="vending").update(mode=Policy.Mode.REVIEW)
    hear(box.opened(episode(), kind=IncidentKind.VENDING), now=NOON)
    incident = Incident.objects.get()
    assert incident.state == State.CANDIDATE
    confirm(incident.pk, RINA, at(30))
    incident.refresh_from_db()
    assert (incident.state, incident.confirmed_by, incident.complaint_due) == (State.ACTIVE, "rina", at(30))
    with pytest.raises(NotPossible):
        confirm(incident.pk, RINA, at(31))
