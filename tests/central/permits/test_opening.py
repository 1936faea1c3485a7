"""What permits do to incidents: lawful selling is hidden, ambiguous selling waits for a person, the rest is filed."""

from datetime import date, timedelta
from typing import Any

import pytest

from central.accounts.roles import Actor, Role
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.incidents.deciding import confirm
from central.incidents.models import Incident, Policy
from central.incidents.policies import kinds_that_ask, waiting_for_a_person
from central.permits.changing import keep, remove
from central.permits.models import Permit
from contract.events import Location, Measures
from contract.kinds import IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.incidents.hearing import hear, the_incident
from tests.central.moments import NOON, at
from tests.central.permits.places import permit, spot

pytestmark = pytest.mark.django_db

ADI = Actor(Role.ADMIN, "adi")
HOUR = 3600.0


def stall(east_m: float = 10, units: int = 1, within_m: float | None = 0.5, **more: Any) -> dict[str, Any]:
    """What the box says of one."""
    where = spot(east_m)
    return {
        "kind": IncidentKind.VENDING,
        "zone": "trotoar",
        "place": None,
        "location": Location(lat=where.lat, lon=where.lon, within_m=within_m),
        "measures": Measures(dwell_s=700, units=units),
    } | more


def seen(box: FakeBox, seconds: float = 0, **stalls: Any) -> Incident:
    """A box sends an episode, and the clock comes round."""
    hear(box.opened(episode(), seconds, **stall(**stalls)), now=at(seconds))
    tick(at(seconds))
    return the_incident()


def is_waiting() -> bool:
    return Incident.objects.filter(waiting_for_a_person(kinds_that_ask())).exists()


def test_lawful_selling_is_hidden_until_the_hours_end(box: FakeBox, seeded: None) -> None:
    permit()
    incident = seen(box)
    assert (incident.state, incident.ruling, incident.ruling_reason["sk"]) == ("suppressed", "yes", "SK 12/2026")
    assert incident.silenced_until == at(10 * HOUR)  # 22:00
    tick(at(10 * HOUR))
    assert (the_incident().state, the_incident().ruling) == ("candidate", "ambiguous")
    assert is_waiting()
    assert not Complaint.objects.exists()
    tick(at(10 * HOUR + 600))  # ten minutes later it is as forbidden as anywhere
    assert (the_incident().state, the_incident().ruling) == ("active", "no")
    assert Complaint.objects.count() == 1


def test_what_is_over_while_it_was_lawful_is_never_filed(box: FakeBox, seeded: None) -> None:
    permit()
    known_as = episode()
    hear(box.opened(known_as, **stall()), box.closed(known_as, HOUR, **stall()), now=at(HOUR))
    tick(at(24 * HOUR))
    assert the_incident().state in {"cleared", "closed"}
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("stalls", "why"),
    [
        ({"east_m": 20.5}, "border"),
        ({"units": 3}, "capacity"),
        ({"within_m": None}, "nearby"),
        ({"doubt": "permit SK 9 allows 1 unit, 2 stand there", "east_m": 500, "confidence": 0.9}, "box"),
    ],
)
def test_ambiguous_selling_waits_for_an_operator(box: FakeBox, seeded: None, stalls: dict[str, Any], why: str) -> None:
    permit()
    Policy.objects.filter(kind="vending").update(asks_in_doubt=False)  # the permits ask, whatever the policy does
    incident = seen(box, **stalls)
    assert (incident.state, incident.ruling, incident.ruling_reason["why"]) == ("candidate", "ambiguous", why)
    assert is_waiting()
    tick(at(HOUR))
    assert not Complaint.objects.exists()
    confirm(incident.pk, ADI, at(HOUR))
    tick(at(HOUR + 1))
    assert Complaint.objects.count() == 1


def test_far_from_every_permit_nothing_changes(box: FakeBox, seeded: None) -> None:
    permit()
    assert seen(box, east_m=500).state == "active"
    assert Complaint.objects.count() == 1


def test_other_kinds_have_nothing_to_do_with_permits(box: FakeBox, seeded: None) -> None:
    permit()
    incident = seen(box, kind=IncidentKind.PARKING)
    assert (incident.state, incident.ruling) == ("active", "")


def test_an_expired_sk_flips_that_very_day(box: FakeBox, seeded: None) -> None:
    permit(valid_to=NOON.date(), hours="00:00-24:00")
    assert seen(box).silenced_until == at(12 * HOUR)  # midnight in Jakarta
    tick(at(12 * HOUR - 1))
    assert the_incident().state == "suppressed"
    tick(at(12 * HOUR))
    assert (the_incident().state, the_incident().ruling_reason["why"]) == ("active", "expired")
    assert Complaint.objects.count() == 1


def test_hours_that_begin_hide_what_is_not_filed_yet(box: FakeBox, seeded: None) -> None:
    permit(hours="12:05-13:00")
    assert seen(box).ruling == "ambiguous"
    tick(at(300))
    assert (the_incident().state, the_incident().ruling) == ("suppressed", "yes")


def test_a_complaint_that_was_filed_stays(box: FakeBox, seeded: None) -> None:
    permit(hours="14:00-15:00")
    assert seen(box).state == "active"
    tick(at(2.5 * HOUR))
    assert the_incident().state == "active"
    assert Complaint.objects.filter(ended__isnull=True).count() == 1


def test_a_permit_that_is_written_down_or_removed_counts_at_once(box: FakeBox, seeded: None) -> None:
    held = permit(hours="11:55-12:20")
    Permit.objects.all().delete()
    Policy.objects.filter(kind="vending").update(active_for_s=3600)
    assert seen(box).state == "active"
    keep([held], ADI, at(60))
    assert the_incident().state == "suppressed"
    assert (held.changed, held.changed_by) == (at(60), "adi")
    remove(held, ADI, at(120))
    assert (the_incident().state, the_incident().ruling) == ("active", "no")


def test_a_silence_and_a_permit_hide_one_after_the_other(box: FakeBox, seeded: None) -> None:
    from central.silences.changing import silence

    permit(hours="06:00-13:00")
    silence(ADI, NOON, kind="vending", begins=NOON, ends=at(1.5 * HOUR), reason="market day")
    assert seen(box).silenced_until == at(1.5 * HOUR)
    tick(at(1.5 * HOUR))
    assert the_incident().state == "active"
    filed = Complaint.objects.get()
    assert filed.opened == at(1.5 * HOUR)


def test_the_wall_and_the_incident_say_why(box: FakeBox, seeded: None, client: Any) -> None:
    from tests.central.desks.conftest import client_of, staff

    permit(valid_to=date(2027, 1, 1))
    incident = seen(box, units=3)
    operator = client_of(staff("oki", Role.OPERATOR))
    said = "Izin SK 12/2026 mengizinkan 2 unit; ada 3 di sana."
    assert said in operator.get(f"/operator/incidents/{incident.pk}/").content.decode()
    assert said in operator.get("/operator/").content.decode()
    assert timedelta(0) < incident.ruling_until - NOON
