"""The made-up city is one that the product could have made."""

from collections import Counter
from dataclasses import replace

import pytest

from central.complaints import deadlines
from central.complaints.chain import faults_of
from central.complaints.models import Complaint, History, NumberRange
from central.complaints.transitions import TRANSITIONS
from central.incidents.models import Incident
from scripts.city_data import making
from scripts.city_data.building import NotThisCity, build, founded
from scripts.city_data.plan import Plan
from tests.central.moments import NOON


def test_as_many_as_wanted(big_city: Plan) -> None:
    assert Complaint.objects.count() == Incident.objects.count() == 600
    assert Complaint.objects.filter(ended=None).count() == 180
    assert Incident.objects.filter(state__in=Incident.OPEN_STATES).count() == 180
    assert abs(History.objects.count() - 1800) <= 10


def test_every_chain_is_whole_and_ends_in_the_state(big_city: Plan) -> None:
    assert [fault for each in Complaint.objects.all()[::9] for fault in faults_of(each)] == []


def test_only_steps_the_workflow_knows(big_city: Plan) -> None:
    for row in History.objects.exclude(action="open").order_by("?")[:300]:
        transition = TRANSITIONS[row.action]
        assert row.before in transition.sources, row
        assert row.after == (transition.target or row.before), row
    assert not Complaint.objects.exclude(ended=None).filter(state_since__gt=NOON).exists()
    assert not History.objects.filter(time__gt=NOON).exists()


def test_deadlines_are_those_the_product_reckons(big_city: Plan) -> None:
    for complaint in Complaint.objects.order_by("-pk").select_related("service")[:180:4]:
        before = [getattr(complaint, field) for field in deadlines.FIELDS]
        deadlines.reckon(complaint, NOON)
        assert [getattr(complaint, field) for field in deadlines.FIELDS] == before, complaint


def test_numbers_follow_the_openings_without_a_gap(big_city: Plan) -> None:
    numbers = list(Complaint.objects.order_by("opened").values_list("number", flat=True))
    assert numbers == sorted(numbers)
    years = Counter(number.split("-")[1] for number in numbers)
    assert {str(row.year): row.last for row in NumberRange.objects.all()} == years
    assert all(numbers[-1].endswith(f"{last:06d}") for last in [years["2026"]])


def test_the_same_seed_makes_the_same_city(big_city: Plan) -> None:
    city = founded(big_city)
    again, other = making.piece(city, 1), making.piece(replace(city, plan=replace(big_city, seed=8)), 1)
    assert again == making.piece(city, 1)
    assert again["complaint"] != other["complaint"]
    assert Complaint.objects.get(pk=550).tracking == again["complaint"][49]["tracking"]


def test_a_city_that_is_whole_stays_as_it_is(big_city: Plan) -> None:
    assert list(build(big_city)) == []
    assert Complaint.objects.count() == 600


@pytest.mark.parametrize("change", [{"seed": 8}, {"complaints": 550}], ids=["another seed", "fewer complaints"])
def test_another_city_is_not_mixed_in(big_city: Plan, change: dict[str, int]) -> None:
    with pytest.raises(NotThisCity):
        list(build(replace(big_city, **change)))


def test_no_more_open_ones_than_can_be() -> None:
    with pytest.raises(ValueError, match="at most 33"):
        Plan(seed=1, complaints=100, open_count=34, until=NOON)
