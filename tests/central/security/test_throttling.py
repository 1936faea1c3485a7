"""Guessing passwords is slow, and locks nobody else out."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Role
from central.security.throttling import ADDRESS_FACTOR
from tests.central.desks.conftest import staff

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "203.0.113.9", "203.0.113.10"


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    staff("oki", Role.OPERATOR)
    staff("adi", Role.ADMIN)


def log_in(name: str, password: str = "", address: str = HERE) -> HttpResponse:
    form = {"username": name, "password": password or f"{name} has a password", "next": "/operator/complaints/"}
    return Client(REMOTE_ADDR=address, headers={"User-Agent": f"agent of {password}"}).post("/login/", form)


def fail(name: str, times: int, address: str = HERE) -> HttpResponse:
    for number in range(times):
        answer = log_in(name, f"wrong {number}", address)
    return answer


def test_the_fifth_wrong_password_locks_this_name_at_this_address() -> None:
    assert fail("oki", 4).status_code == 200
    locked = fail("oki", 1)
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    page = locked.content.decode()
    assert "Coba lagi dalam 15 mnt" in page
    assert 'value="/operator/complaints/"' in page
    assert log_in("oki").status_code == 429  # the right password, too: no way to find it out meanwhile
    assert log_in("oki", address=ELSEWHERE).status_code == 302  # nobody can lock somebody else out
    assert log_in("adi").status_code == 302


def test_the_lock_ends_when_it_said_it_would() -> None:
    fail("oki", 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10))
    still = fail("oki", 3)
    assert "Coba lagi dalam 5 mnt" in still.content.decode()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert log_in("oki").status_code == 302


def test_a_list_of_names_with_one_password_each_locks_the_address() -> None:
    for number in range(5 * ADDRESS_FACTOR - 1):
        assert log_in(f"name{number}", "sandi123").status_code == 200
    assert log_in("oki").status_code == 302  # whose good login must not forgive the other names
    assert log_in("one more", "sandi123").status_code == 429
    assert log_in("oki").status_code == 429
    assert log_in("oki", address=ELSEWHERE).status_code == 302


def test_no_password_is_kept() -> None:
    log_in("oki", "rahasia sekali")
    attempt = AccessAttempt.objects.get()
    assert "rahasia" not in attempt.post_data + attempt.get_data
    assert log_in("oki").status_code == 302
    assert not AccessAttempt.objects.exists()
