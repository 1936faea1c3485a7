"""Who is told, and when, that a permit ends."""

from datetime import timedelta

import pytest

from central.clockwork.chores import chores
from central.evidence.store import FolderStore
from central.outbox.models import Contact, Outgoing
from central.permits.warning import expiring, warn
from tests.central.moments import NOON
from tests.central.permits.places import permit

pytestmark = pytest.mark.django_db


@pytest.fixture
def contacts(seeded: None) -> None:
    Contact.objects.create(agency_id="satpol-pp", channel="email", address="satpol@kota.example")
    Contact.objects.create(agency_id="dishub", channel="email", address="dishub@kota.example")
    Contact.objects.create(channel="webhook", address="https://kota.example/hook")


def test_thirty_seven_and_one_days_ahead_each_once(contacts: None, folder_store: FolderStore) -> None:
    ends = permit().valid_to
    told = []
    for days_left in (40, 31, 30, 29, 8, 7, 2, 1, 0, -1):
        now = NOON + timedelta(days=(ends - NOON.date()).days - days_left)
        for _ in range(3):
            chores(now, folder_store)
        told.append((days_left, Outgoing.objects.filter(channel="email").count()))
    assert told == [(40, 0), (31, 0), (30, 1), (29, 1), (8, 1), (7, 2), (2, 2), (1, 3), (0, 3), (-1, 3)]


def test_what_it_says(contacts: None) -> None:
    ending = permit(valid_to=NOON.date() + timedelta(days=5))
    assert warn(NOON) == 1
    letter, event = Outgoing.objects.order_by("channel")
    assert letter.address == "satpol@kota.example"
    assert letter.content["subject"] == "Izin PKL SK 12/2026 (Loksem Jl. Merdeka) berakhir pada 7 Mar 2026"
    assert "sisa 5 hari" in letter.content["text"]
    assert f"/atur/izin/{ending.pk}/" in letter.content["text"]
    assert event.content["data"] == {
        "sk": "SK 12/2026",
        "name": "Loksem Jl. Merdeka",
        "valid_to": "2026-03-07",
        "days_left": 5,
        "url": f"http://127.0.0.1:8080/atur/izin/{ending.pk}/",
    }


def test_a_permit_that_was_prolonged_is_told_of_again(contacts: None) -> None:
    ending = permit(valid_to=NOON.date() + timedelta(days=1))
    warn(NOON)
    ending.valid_to += timedelta(days=365)
    ending.save()
    assert list(expiring(NOON)) == []
    warn(NOON + timedelta(days=365))
    assert Outgoing.objects.filter(channel="email").count() == 2
