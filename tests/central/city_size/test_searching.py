"""However a search goes about it, it finds what reading everything would find."""

from operator import attrgetter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from central.accounts.roles import Actor, Role
from central.complaints.access import parts_visible_to, visible_to
from central.complaints.finding import Point, near
from central.complaints.models import Complaint
from central.desks import searching
from central.desks.filters import BY_DUE, LAST_ENDED, NEWEST
from central.desks.paging import Order, ordered
from scripts.city_data.lives import NOTES
from scripts.city_data.plan import Plan

OPERATOR = Actor(Role.OPERATOR, "operator-1")
OFFICER = Actor(Role.OFFICER, "dishub-2", "dishub")
LISTS: dict[str, tuple[Actor, Order, dict[str, bool]]] = {
    "all": (OPERATOR, NEWEST, {}),
    "an agency's ended": (OFFICER, LAST_ENDED, {"ended__isnull": False}),
    "an agency's open": (OFFICER, BY_DUE, {"ended__isnull": True}),
}
SOUGHT = [
    *{tuple(note.lower().split()[:2]) for note in NOTES},
    ("barat",),
    ("xiv",),
    ("sudirman",),
    ("nobody", "wrote"),
]


@pytest.mark.parametrize("newest", [20, 400, 5000], ids=["few are new", "many are new", "all are new"])
@pytest.mark.parametrize("shown", LISTS)
def test_the_same_page_as_by_reading_everything(
    shown: str, newest: int, big_city: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "NEWEST", newest)
    actor, order, shows = LISTS[shown]
    parts = [part.filter(**shows) for part in parts_visible_to(actor)]
    for words in SOUGHT:
        found = searching.with_words(parts, words, order, "", 5, are_few="open" in shown)
        expected = ordered(visible_to(actor).filter(**shows, text__words=words), order)
        assert list(found.rows) == list(expected[:5]), words
        assert bool(found.after) == (expected.count() > 5), words


def test_a_frequent_word_is_found_among_the_newest(big_city: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "NEWEST", 300)
    with CaptureQueriesContext(connection) as queries:
        found = searching.with_words([Complaint.objects.all()], ("barat",), NEWEST, "", 10, are_few=False)
    assert found.after
    assert len(queries) == 2, "since when, and what is there"
    assert '"opened" >= ' in queries[-1]["sql"]


@pytest.mark.parametrize("size", [1, 3, 50])
def test_the_nearest_of_all_however_far_is_looked_first(size: int, big_city: Plan) -> None:
    for near_to in Complaint.objects.filter(lat__isnull=False)[:40:4]:
        point = Point(near_to.lat, near_to.lon, 3000)
        found = searching.nearest(parts_visible_to(OFFICER), point, size)
        assert list(found.rows) == sorted(near(visible_to(OFFICER), point), key=attrgetter("square_m"))[:size]
