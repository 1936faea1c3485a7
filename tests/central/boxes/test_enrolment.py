"""A box becomes known."""

import pytest
from django.core.management import CommandError, call_command

from central.boxes.enrolment import EnrolmentError, enrol
from central.boxes.models import Box
from tests.central.fakebox import FakeBox
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def test_twice_is_once() -> None:
    box = FakeBox("b1")
    assert enrol(box.id, box.public_key, NOON, site="Pangkalpinang")
    assert not enrol(box.id, f" {box.public_key}\n", at(5), site="Pangkalpinang")
    assert Box.objects.get().enrolled == NOON


def test_another_key_needs_renew() -> None:
    enrol("b1", FakeBox("b1").public_key, NOON)
    new = FakeBox("b1").public_key
    with pytest.raises(EnrolmentError, match="--renew"):
        enrol("b1", new, at(5))
    assert enrol("b1", new, at(5), renew=True)
    assert (Box.objects.get().public_key, Box.objects.get().key_renewed) == (new, at(5))


@pytest.mark.parametrize("name", ["a box", "a.box", "Box", "", "-a", "x" * 41])
def test_names_a_broker_would_break_on_are_refused(name: str) -> None:
    with pytest.raises(EnrolmentError, match="a to z"):
        enrol(name, FakeBox("b1").public_key, NOON)


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    key = FakeBox("b1").public_key
    call_command("enrol", "b1", key, "--site", "Pasar")
    call_command("enrol", "b1", key)
    assert capsys.readouterr().out.splitlines() == ["b1: enrolled", "b1: already enrolled"]
    with pytest.raises(CommandError, match="base64 of 32 bytes"):
        call_command("enrol", "b2", "nonsense")
