"""Citizens and cameras tell of the same flood at the same moment."""

from datetime import datetime
from functools import partial

import pytest

from central.incidents.models import Incident
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.reports.models import Report
from central.reports.taking import Taken, take
from central.routing.seeding import seed
from contract.kinds import IncidentKind
from tests.central.fakebox import episode
from tests.central.moments import NOON, at
from tests.central.reports.test_taking import HERE, sent
from tests.central.test_races import apply_all, at_once, boxes

pytestmark = pytest.mark.django_db(transaction=True)


def told_by(sender: str, north_m: float, now: datetime) -> Taken:
    return take(sent(sender=sender, north_m=north_m), now)


def test_many_citizens_and_a_camera_open_one_incident() -> None:
    seed()
    [box] = boxes(1)
    commit_events([box.opened(episode(), kind=IncidentKind.FLOOD, location=HERE)], NOON)
    jobs = [partial(told_by, f"phone:{number}", 8.0 * number, at(1)) for number in range(7)]
    results = at_once(*jobs, partial(apply_pending, at(1)))
    apply_all(at(2))
    assert not [result for result in results[:7] if isinstance(result, Exception)]
    assert Incident.objects.count() == 1
    assert Report.objects.count() == 7


def test_one_citizen_who_presses_twice_sent_one_report() -> None:
    seed()
    results = at_once(*[partial(told_by, "phone:1", float(number), NOON) for number in range(6)])
    assert not [result for result in results if isinstance(result, Exception)]
    assert Report.objects.get().times == 6
