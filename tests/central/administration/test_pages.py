"""The settings' index and their record."""

import pytest
from django.test import Client

from central.accounts.roles import Role
from central.administration.recording import AT_THE_TERMINAL, write_down
from tests.central.desks.conftest import client_of, staff
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def test_the_index_is_in_the_administrators_bar_only(admin: Client) -> None:
    assert 'href="/atur/" aria-current="page"' in admin.get("/atur/").content.decode()
    assert "/atur/" not in client_of(staff("oki", Role.OPERATOR)).get("/operator/").content.decode()


def test_the_record_shows_before_and_after_and_can_be_narrowed_down(admin: Client) -> None:
    write_down(
        AT_THE_TERMINAL,
        NOON,
        topic="agency",
        subject="sda",
        action="change",
        before={"short": "SDA"},
        after={"short": "Air"},
    )
    write_down(AT_THE_TERMINAL, at(1), topic="area", subject="<kota>", action="add", after={"polygon": "x" * 500})
    everything = admin.get("/atur/audit/").content.decode()
    assert "<del>SDA</del>" in everything
    assert "<ins>Air</ins>" in everything
    assert "&lt;kota&gt;" in everything
    assert "x" * 161 not in everything
    agencies = admin.get("/atur/audit/?topic=agency").content.decode()
    assert "&lt;kota&gt;" not in agencies
    assert "sda" in agencies
    assert "sda" not in admin.get("/atur/audit/?subject=%3Ckota%3E").content.decode()
