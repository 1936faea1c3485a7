"""A city where things have happened: one complaint of every kind, staff, quarantine, an offline box."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from central.accounts.models import Membership
from central.accounts.roles import Actor, Role
from central.boxes.enrolment import enrol
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.complaints.numbers import new_tracking
from central.complaints.workflow import act
from central.evidence.store import store
from central.incidents.models import Incident, Policy
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.intake.handling import handle_evidence
from central.permits.models import Permit
from central.reports.models import Report
from central.routing.models import Rule
from contract.kinds import EvidenceRole, IncidentKind
from tests.central.fakebox import JPEG, FakeBox, episode
from tests.central.moments import NOON, at
from tests.central.permits.places import permit

LONG_AGO = date(2020, 1, 1)
VENDING_AT = (-2.13124, 106.11018)


@dataclass
class City:
    """Complaints by kind, and hands to change them."""

    box: FakeBox
    jam: Complaint
    flood: Complaint
    vending: Complaint
    parking: Complaint
    candidate: Incident
    episodes: dict[str, UUID]
    still: str
    flood_still: str
    permit: Permit

    def settle(self, now: datetime) -> None:
        while apply_pending(now):
            pass
        tick(now)

    def end(self, kind: str, seconds: float) -> None:
        """The camera sees it gone, and the hold passes."""
        more: dict[str, Any] = {
            "kind": IncidentKind(kind),
            "reason": "nothing left to see",
            "place": f"jl-{kind}:utara",
        }
        commit_events([self.box.closed(self.episodes[kind], seconds, **more)], at(seconds))
        self.settle(at(seconds))
        self.settle(at(seconds + 4000))


@pytest.fixture
def city(box: FakeBox, seeded: None) -> City:
    """An hour of a bad day."""
    Rule.objects.filter(kind="parking").update(active=False)
    Policy.objects.filter(kind="camera_fault").update(mode=Policy.Mode.REVIEW)
    episodes = {kind: episode() for kind in ("jam", "flood", "vending", "parking", "camera_fault")}
    stills = {}
    for number, (kind, known_as) in enumerate(episodes.items()):
        box.camera = "gudang" if kind == "camera_fault" else "simpang"  # a blind camera would close nothing
        picture = JPEG[:-2] + bytes([number]) + JPEG[-2:]
        signed, message = box.still(picture, EvidenceRole.OPENED)
        stills[kind] = signed.manifest.sha256
        opened = box.opened(
            known_as,
            kind=IncidentKind(kind),
            zone=None if kind == "camera_fault" else "utara",
            place=None if kind == "camera_fault" else f"jl-{kind}:utara",
            location=VENDING_AT if kind == "vending" else (-2.5, 106.5),
            reason=f"{kind} seen by the box",
            evidence=(signed,),
        )
        commit_events([opened], NOON)
        handle_evidence([message], NOON, store())
    box.camera = "simpang"
    commit_events([box.raw(b'{"no": "event"}')], NOON)
    enrol("old-02", FakeBox("old-02").public_key, NOON, site="Gudang")
    while apply_pending(NOON):
        pass
    tick(at(120))
    of = {complaint.kind: complaint for complaint in Complaint.objects.all()}
    return City(
        box,
        of["jam"],
        of["flood"],
        of["vending"],
        of["parking"],
        Incident.objects.get(kind="camera_fault"),
        episodes,
        stills["jam"],
        stills["flood"],
        permit(valid_from=LONG_AGO, valid_to=date.today() + timedelta(days=20), holder="Paguyuban Merdeka"),
    )


def staff(name: str, role: Role | None, agency: str = "") -> User:
    """A user with a role."""
    user = User.objects.create_user(name, password=f"{name} has a password")
    if role is not None:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    if agency:
        Membership.objects.create(user=user, agency_id=agency)
    return user


def client_of(user: User | None) -> Client:
    """A browser in which this user is logged in."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """A good hash takes half a second, and these tests make hundreds of users."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clients(city: City) -> dict[str, Client]:
    """One for each kind of visitor: `dishub` holds the jam, `bpbd` hears of the flood, `satpol` has the vending."""
    return {
        "public": client_of(None),
        "roleless": client_of(staff("tamu", None)),
        "operator": client_of(staff("oki", Role.OPERATOR)),
        "dishub": client_of(staff("dewi", Role.OFFICER, "dishub")),
        "bpbd": client_of(staff("bayu", Role.OFFICER, "bpbd")),
        "satpol": client_of(staff("sari", Role.OFFICER, "satpol-pp")),
        "admin": client_of(staff("adi", Role.ADMIN)),
        "head": client_of(staff("hadi", Role.HEAD, "dishub")),
        "auditor": client_of(staff("aini", Role.AUDITOR)),
    }


def report_about(complaint: Complaint, **more: Any) -> Report:
    """A citizen's report of what the complaint is about; nothing of it but kind and place is anybody's to read."""
    values = {"description": "rahasia petugas", "sender": "device:rahasia", "contact": {"email": "ani@example.org"}}
    return Report.objects.create(
        tracking=new_tracking(),
        incident=complaint.incident,
        first=False,
        kind=complaint.kind,
        address="Jl. Rahasia",
        lat=complaint.lat,
        lon=complaint.lon,
        channel=Report.Channel.WEB,
        received=at(150),
        last_received=at(150),
        **values | more,
    )


def work(complaint: Complaint, *actions: str, seconds: float = 200, note: str = "rahasia petugas") -> None:
    """An officer's steps."""
    actor = Actor(role=Role.ADMIN, name="adi", user=User.objects.filter(username="adi").first())
    for step, action in enumerate(actions):
        act(complaint.pk, action, actor, at(seconds + step), note=note)
