"""People and a complaint of Dishub's."""

import pytest
from django.contrib.auth.models import Group, User

from central.accounts.models import Membership
from central.accounts.roles import NOBODY, SYSTEM, Actor, actor_of
from central.complaints.models import Complaint
from central.complaints.opening import open_for
from central.incidents.models import Incident
from central.incidents.policies import policy_of
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at


def staff(name: str, role: str, agency: str | None = None) -> Actor:
    """A user with a role."""
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    if agency:
        Membership.objects.create(user=user, agency_id=agency)
    return actor_of(user)


def another(box: FakeBox, number: int, seconds: float = 60) -> Complaint:
    """A jam's complaint at a place of its own."""
    commit_events([box.opened(episode(), place=f"jl-{number}:utara")], NOON)
    apply_pending(NOON)
    return open_for(Incident.objects.latest("pk"), policy_of("jam"), at(seconds))


@pytest.fixture
def complaint(box: FakeBox, seeded: None) -> Complaint:
    commit_events([box.opened(episode())], NOON)
    apply_pending(NOON)
    return open_for(Incident.objects.get(), policy_of("jam"), at(60))


@pytest.fixture
def people(seeded: None) -> dict[str, Actor]:
    return {
        "officer": staff("budi", "officer", "dishub"),
        "head": staff("dian", "head", "dishub"),
        "stranger": staff("sari", "officer", "sda"),
        "operator": staff("rina", "operator"),
        "admin": staff("agus", "admin"),
        "system": SYSTEM,
        "nobody": NOBODY,
    }
