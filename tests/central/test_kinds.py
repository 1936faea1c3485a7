"""Every kind goes the whole way: event, incident, complaint, what people read of it, gone by itself."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from central.desks.sentences import sentence, when_filed
from central.incidents.models import Incident
from central.incidents.policies import policy_of
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from contract.events import Measures
from contract.kinds import IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db

WHERE = (-2.13124, 106.11018)


@dataclass(frozen=True, slots=True)
class Case:
    """What a box reports, and what must come of it."""

    kind: IncidentKind
    measures: dict[str, Any]
    key: str
    agency: str
    informed: frozenset[str]
    indonesian: str
    english: str
    public_place: str

    @property
    def event(self) -> dict[str, Any]:
        is_fault = self.kind is IncidentKind.CAMERA_FAULT
        return {
            "kind": self.kind,
            "zone": None if is_fault else "z1",
            "place": None if is_fault else "jl-merdeka:utara",
            "location": WHERE,
            "measures": Measures.model_validate(self.measures),
            "reason": "the box’s own words",
        }


ROAD, CAMERA = "Jl. Merdeka, arah utara", "simpang"
CASES = [
    Case(
        IncidentKind.JAM,
        {"speed_kmh": 4.2, "occupancy": 0.46},
        "jam@place:jl-merdeka:utara",
        "dishub",
        frozenset(),
        "Lalu lintas merayap 4,2 km/jam, dan 46% badan jalan terisi kendaraan.",
        "Traffic creeps at 4.2 km/h, and 46% of the road is taken by vehicles.",
        ROAD,
    ),
    Case(
        IncidentKind.FLOOD,
        {"water_share": 0.52, "depth_class": "30-70"},
        "flood@place:jl-merdeka:utara",
        "sda",
        frozenset({"bpbd", "dishub"}),
        "Air menutupi 52% badan jalan, sedalam 30–70 cm. Mobil tidak bisa lewat.",
        "Water covers 52% of the road, 30–70 cm deep. Cars cannot pass.",
        ROAD,
    ),
    Case(
        IncidentKind.VENDING,
        {"dwell_s": 660},
        "vending@place:jl-merdeka:utara",
        "satpol-pp",
        frozenset({"ppkukm"}),
        "Seseorang berjualan di satu tempat selama 11 mnt, padahal berjualan di sana dilarang.",
        "Somebody has been selling at one spot for 11 min where selling is forbidden.",
        "Jl. Merdeka",
    ),
    Case(
        IncidentKind.PARKING,
        {"dwell_s": 720, "vehicles": 3},
        "parking@place:jl-merdeka:utara",
        "dishub",
        frozenset(),
        "3 kendaraan diam di tempat dilarang berhenti, salah satunya selama 12 mnt.",
        "3 vehicles stand where none may stop, one of them for 12 min.",
        ROAD,
    ),
    Case(
        IncidentKind.CAMERA_FAULT,
        {"fault": "covered", "duration_s": 300},
        "camera_fault@camera:pgk-01/simpang",
        "diskominfo",
        frozenset(),
        "Pandangan kamera tertutup sesuatu. Sudah berlangsung 5 mnt.",
        "Something covers the camera’s view. For 5 min so far.",
        CAMERA,
    ),
]


def test_no_kind_is_forgotten() -> None:
    assert [case.kind for case in CASES] == list(IncidentKind)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind.value)
def test_from_the_event_to_gone_by_itself(case: Case, box: FakeBox, seeded: None) -> None:
    known_as = episode()
    policy = policy_of(case.kind.value)
    commit_events([box.opened(known_as, **case.event)], NOON)
    apply_pending(NOON)
    incident = Incident.objects.get()
    assert (incident.key, incident.state) == (case.key, "active")

    tick(at(policy.active_for_s - 1))
    assert not Complaint.objects.exists() or policy.active_for_s == 0
    tick(at(policy.active_for_s))
    complaint = Complaint.objects.get()
    assert (complaint.agency_id, complaint.state) == (case.agency, "waiting")
    assert {agency.code for agency in complaint.also_inform.all()} == case.informed
    assert "warning" not in complaint.decision

    over = policy.active_for_s + 100
    commit_events([box.closed(known_as, over, **case.event)], at(over))
    apply_pending(at(over))
    tick(at(over + policy.hold_s))
    complaint.refresh_from_db()
    incident.refresh_from_db()
    assert (complaint.state, incident.state) == ("gone", "closed")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind.value)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_citizens_read(case: Case, language: str, box: FakeBox, seeded: None) -> None:
    commit_events([box.opened(episode(), **case.event)], NOON)
    apply_pending(NOON)
    tick(at(300))
    complaint = Complaint.objects.get()
    with translation.override(language):
        told = sentence(complaint.kind, when_filed(complaint.history.all()), "")
    assert told == (case.indonesian if language == "id" else case.english)
    client = Client()
    client.cookies["django_language"] = language
    page = client.get(f"/c/{grouped(complaint.tracking)}/").content.decode()
    assert told in page
    assert f'#{case.kind.value}"' in page, "its icon"
    shown = client.get("/api/v1/complaints").json()["items"][0]
    assert shown["kind"] == case.kind.value
    if language == "id":
        assert shown["place"] == case.public_place
        assert case.public_place in page
    finely = "106.11018" in page
    assert finely == (case.kind is not IncidentKind.VENDING), "a vendor’s exact spot is nobody’s business"


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        ({"water_share": 0.4}, "Water covers 40% of the road."),
        ({"depth_class": ">150 cm"}, "Water stands on the road, over 150 cm deep. Cars cannot pass."),
        (
            {"water_share": 0.4, "depth_class": "10-30 cm"},
            "Water covers 40% of the road, 10–30 cm deep. Pass with care.",
        ),
        ({"water_share": 0.4, "depth_class": "0-10"}, "Water covers 40% of the road, 0–10 cm deep."),
        ({"water_share": 0.4, "depth_class": "ankle"}, "Water covers 40% of the road, ankle deep."),
    ],
)
def test_how_deep(measures: dict[str, Any], told: str) -> None:
    with translation.override("en"):
        assert sentence("flood", measures, "") == told


@pytest.mark.parametrize("fault", ["dark", "frozen", "defocused", "covered", "moved", "offline"])
def test_every_fault_has_its_own_sentence(fault: str) -> None:
    told = {}
    for language in ("id", "en"):
        with translation.override(language):
            told[language] = sentence("camera_fault", {"fault": fault}, "")
    assert told["id"]
    assert told["id"] != told["en"]


def test_a_fault_nobody_knows_yet_is_told_in_the_box_s_words() -> None:
    assert sentence("camera_fault", {"fault": "haunted"}, "it whispers") == "it whispers"
