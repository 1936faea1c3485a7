"""The lists' filters and their one search box."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from central.complaints.models import Complaint, NumberRange
from tests.central.desks.conftest import City, work

pytestmark = pytest.mark.django_db


def kinds(client: Client, address: str) -> set[str]:
    page = client.get(address).content.decode()
    return {each.kind for each in Complaint.objects.all() if f'data-key="{each.number}"' in page}


FILTERED = {
    "": {"jam", "flood", "vending", "parking"},
    "kind=flood": {"flood"},
    "kind=earthquake": {"jam", "flood", "vending", "parking"},
    "state=in_progress": {"vending"},
    "agency=dishub": {"jam"},
    "agency=dishub&kind=flood": set(),
    "due=overdue": {"jam"},
    "due=soon": {"flood"},
    "due=stopped": set(),
    "q=jl+park": {"parking"},
    "q=-2.13124,+106.11018": {"vending"},
    "q=park&kind=jam": set(),
    "show=all&state=waiting": {"jam", "flood", "parking"},
}


def test_operators_filter(city: City, clients: dict[str, Client]) -> None:
    work(city.vending, "start")
    now, hour = timezone.now(), timedelta(hours=1)
    Complaint.objects.update(next_due=now + 9 * hour, due_soon=now + 5 * hour)
    Complaint.objects.filter(pk=city.jam.pk).update(next_due=now - hour)
    Complaint.objects.filter(pk=city.flood.pk).update(next_due=now + hour, due_soon=now - hour)
    assert {query: kinds(clients["operator"], f"/operator/complaints/?{query}") for query in FILTERED} == FILTERED


def test_what_was_handed_to_me(city: City, clients: dict[str, Client]) -> None:
    assert kinds(clients["dishub"], "/agency/?mine=1") == set()
    Complaint.objects.filter(pk=city.jam.pk).update(assignee=User.objects.get(username="dewi"))
    assert kinds(clients["dishub"], "/agency/?mine=1") == {"jam"}


def test_a_number_leads_straight_to_its_complaint(city: City, clients: dict[str, Client]) -> None:
    operators = clients["operator"].get("/operator/complaints/", {"q": city.jam.number})
    assert operators.headers["Location"] == f"/operator/complaints/{city.jam.number}/"
    agencys = clients["dishub"].get("/agency/", {"q": city.jam.tracking})
    assert agencys.headers["Location"] == f"/agency/complaints/{city.jam.number}/"
    foreign = clients["satpol"].get("/agency/", {"q": city.jam.number})
    assert foreign.status_code == 200
    assert kinds(clients["satpol"], f"/agency/?q={city.jam.number}") == set()


def test_an_agency_finds_only_its_own(city: City, clients: dict[str, Client]) -> None:
    assert kinds(clients["satpol"], "/agency/?q=utara") == {"vending"}
    assert kinds(clients["dishub"], "/agency/?q=utara") == {"jam", "flood"}
    assert kinds(clients["dishub"], "/agency/?q=-2.13124,106.11018") == set()


def test_all_are_counted_by_the_numbers_given_out(city: City, clients: dict[str, Client]) -> None:
    NumberRange.objects.create(year=2025, last=1234)
    page = clients["operator"].get("/operator/complaints/?show=all").content.decode()
    assert '<span class="count">1238</span>' in page


def test_the_filter_goes_along_to_the_next_page_and_the_file(
    city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.desks.listing.PAGE", 1)
    page = clients["operator"].get("/operator/complaints/?q=utara&state=waiting").content.decode()
    assert 'rel="next" href="?state=waiting&amp;q=utara&amp;from=a' in page
    assert 'href="/operator/export/csv/?state=waiting&amp;q=utara"' in page
    assert '<option value="waiting" selected>' in page
