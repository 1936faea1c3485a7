"""Whoever rewrites the past is found out."""

import pytest
from django.core.management import CommandError, call_command

from central.accounts.roles import SYSTEM
from central.complaints.chain import faults_of
from central.complaints.models import Complaint, History
from central.complaints.opening import open_for
from central.complaints.workflow import act
from central.incidents.models import Incident
from central.incidents.policies import policy_of
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(box: FakeBox, seeded: None) -> Complaint:
    commit_events([box.opened(episode())], NOON)
    apply_pending(NOON)
    complaint = open_for(Incident.objects.get(), policy_of("jam"), at(60))
    act(complaint.pk, "incident_cleared", SYSTEM, at(70), data={"cleared": "x", "share": 0.1, "n": 3})
    return act(complaint.pk, "incident_cleared", SYSTEM, at(80))


def test_whole_chain(complaint: Complaint, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(faults_of(complaint)) == []
    call_command("verify_history")
    assert "1 complaints, every chain is whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"note": "something else"}, "changed"),
        ({"actor": "budi"}, "changed"),
        ({"time": at(71)}, "changed"),
        ({"data": {"cleared": "y", "share": 0.1, "n": 3}}, "changed"),
        ({"previous": "0" * 64}, "does not follow"),
    ],
)
def test_changed_row(complaint: Complaint, change: dict[str, object], told: str) -> None:
    History.objects.filter(complaint=complaint, step=2).update(**change)
    assert told in " ".join(faults_of(complaint))
    with pytest.raises(CommandError, match="faults"):
        call_command("verify_history")


@pytest.mark.parametrize("step", [1, 2, 3])
def test_missing_row(complaint: Complaint, step: int) -> None:
    History.objects.filter(complaint=complaint, step=step)._raw_delete("default")
    assert list(faults_of(complaint))


def test_state_that_history_does_not_tell(complaint: Complaint) -> None:
    complaint.state = Complaint.State.DONE
    assert "its state is done" in " ".join(faults_of(complaint))
