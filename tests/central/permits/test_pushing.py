"""Boxes hear of the permits around their cameras, and only of those."""

from datetime import date, timedelta

import pytest

from central.accounts.roles import Actor, Role
from central.boxes.desired.composing import compose
from central.boxes.desired.publishing import desired_due
from central.boxes.models import Box, DesiredVersion
from central.cameras.importing import take_in
from central.intake.handling import handle_reports
from central.intake.subscription import Message
from central.permits.changing import keep, remove
from central.permits.models import Permit
from central.permits.pushing import REACH_M
from contract.events import Location
from contract.reports import BoxInfo, CameraInfo
from contract.topics import InfoTopic
from tests.central.fakebox import FakeBox
from tests.central.moments import NOON, at
from tests.central.permits.places import outline, permit, spot

pytestmark = pytest.mark.django_db

ADI = Actor(Role.ADMIN, "adi")


def stands(box: FakeBox, east_m: float | None, seconds: float = 0) -> None:
    """The box tells where its camera is."""
    where = None if east_m is None else Location(lon=spot(east_m).lon, lat=spot(east_m).lat)
    info = BoxInfo(site="", software="1", models={}, cameras=(CameraInfo(id="simpang", name="S", location=where),))
    handle_reports([Message(InfoTopic(box.id).path, info.to_bytes())], at(seconds))


def sent(seconds: float) -> list[list[str]]:
    """What goes out now: the SK numbers of each document."""
    return [[one.sk for one in due.desired.permits] for due in desired_due(at(seconds))]


def unsaved(**other: object) -> Permit:
    made = permit(**other)
    Permit.objects.filter(pk=made.pk).delete()
    made.pk = None
    made._state.adding = True
    return made


def test_a_permit_goes_to_the_boxes_near_it(box: FakeBox) -> None:
    stands(box, 100)
    keep([unsaved(time_zone="Asia/Makassar")], ADI, at(1))
    (due,) = desired_due(at(2))
    (told,) = due.desired.permits
    assert (told.sk, told.capacity, told.hours.text) == ("SK 12/2026", 2, "06:00-22:00")
    assert [list(corner) for corner in told.lonlat or ()] == outline()
    assert str(told.time_zone) == "Asia/Makassar"
    assert due.desired.cameras == {}, "its cameras are looked at as its own file says"


def test_changed_and_removed_permits_are_told_too(box: FakeBox) -> None:
    stands(box, 100)
    held = unsaved()
    keep([held], ADI, at(1))
    assert sent(2) == [["SK 12/2026"]]
    held.ring = outline(west_m=5000)  # away: the box that had it must hear that it has gone
    keep([held], ADI, at(3))
    assert sent(4) == [[]]
    held.ring = outline()
    keep([held], ADI, at(5))
    assert sent(6) == [["SK 12/2026"]]
    remove(held, ADI, at(7))
    assert sent(8) == [[]]


def test_far_boxes_hear_nothing(box: FakeBox) -> None:
    stands(box, REACH_M + 30)
    keep([unsaved()], ADI, at(1))
    assert not DesiredVersion.objects.exists()


def test_many_permits_are_one_version(box: FakeBox) -> None:
    stands(box, 0)
    keep([unsaved(sk=f"SK {number}") for number in range(9)], ADI, at(1))
    assert DesiredVersion.objects.count() == 1


def test_a_new_box_and_a_moved_camera_get_what_is_near(box: FakeBox) -> None:
    permit()
    stands(box, 5000)
    assert sent(1) == []
    stands(box, 0, 2)
    assert sent(3) == [["SK 12/2026"]]
    stands(box, 0, 4)
    assert sent(5) == [], "nothing new"
    stands(box, None, 6)
    assert sent(7) == [], "a place that the box does not know stays as it was"
    stands(box, 5000, 8)
    assert sent(9) == [[]]


def test_what_has_expired_is_not_sent(box: FakeBox) -> None:
    stands(box, 0)
    old = unsaved(sk="SK 1", valid_to=NOON.date() - timedelta(days=2))
    keep([old, unsaved(sk="SK 2", valid_from=date(2026, 5, 1))], ADI, at(1))
    document = compose(Box.objects.get())
    assert document is not None
    assert [each.sk for each in document.permits] == ["SK 2"], "one that is to come is"


def test_a_table_of_cameras_moves_them_too(box: FakeBox) -> None:
    permit(valid_to=date(2099, 12, 31))
    stands(box, 5000)
    here = spot(0)
    take_in(f"box,camera,name,lat,lon\n{box.id},simpang,Simpang,{here.lat},{here.lon}\n", ADI)
    assert sent(1) == [["SK 12/2026"]]
