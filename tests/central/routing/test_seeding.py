"""First contents of a database."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from central.incidents.kinds import Kind
from central.incidents.models import Policy
from central.routing.decisions import NoDesk, Subject, decide
from central.routing.models import Agency, Area, Rule, RuleSet
from central.routing.seeding import CITIES, is_seeded, seed, seed_of

pytestmark = pytest.mark.django_db


def test_every_kind_has_a_policy_and_somebody_who_answers() -> None:
    assert not is_seeded()
    assert seed() > 0
    assert is_seeded()
    for kind in Kind.values:
        assert Policy.objects.filter(kind=kind).exists()
        assert "warning" not in decide(Subject(kind)).trace
    assert (Policy.objects.get(kind="flood").hold_s, Policy.objects.get(kind="jam").hold_s) == (1800, 600)


def test_seeding_again_changes_nothing_that_people_changed() -> None:
    seed()
    Policy.objects.filter(kind="jam").update(hold_s=20)
    Rule.objects.filter(kind="jam").update(agency="satpol-pp")
    assert seed() == 0
    assert Policy.objects.get(kind="jam").hold_s == 20
    assert decide(Subject("jam")).agency.code == "satpol-pp"


def test_without_rules_and_desk_the_remedy_is_told() -> None:
    with pytest.raises(NoDesk, match="manage seed"):
        decide(Subject("jam"))


def test_first_rule_wins_and_inactive_agencies_are_passed_over(seeded: None) -> None:
    Rule.objects.create(ruleset=RuleSet.objects.get(), order=1, agency_id="bpbd")
    assert decide(Subject("jam")).agency.code == "bpbd"
    Agency.objects.filter(pk="bpbd").update(active=False)
    decision = decide(Subject("jam"))
    assert decision.agency.code == "dishub"
    assert decision.trace["rules"][0]["why_not"] == "agency"


def test_policy_command(seeded: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("policy", "jam", "--hold", "20", "--active-for", "5")
    assert "active_for_s 5, hold_s 20" in capsys.readouterr().out
    with pytest.raises(CommandError, match="min_confidence"):
        call_command("policy", "jam", "--min-confidence", "1.5")


def test_seed_command_takes_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "city.yaml"
    other.write_text("agencies: [{code: x, short: X, name: X, is_default_desk: true}]\nrules: []\npolicies: []\n")
    call_command("seed", "--file", str(other))
    assert "1 rows added from city.yaml" in capsys.readouterr().out


@pytest.mark.parametrize("city", CITIES)
def test_every_city_begins_with_somebody_for_every_kind_and_twice_adds_nothing(city: str) -> None:
    call_command("seed", city)
    assert Area.objects.filter(approximate=True).count() == Area.objects.count() > 7
    for kind in Kind.values:
        assert "warning" not in decide(Subject(kind)).trace
    assert seed(seed_of(city)) == 0


def test_another_city_adds_its_agencies_but_leaves_the_rules_in_force(seeded: None) -> None:
    assert seed(seed_of("pangkalpinang")) > 0
    assert Agency.objects.filter(is_default_desk=True).get().code == "diskominfo"
    assert RuleSet.objects.get().version == 1
    assert decide(Subject("flood")).agency.code == "sda"


def test_a_file_whose_rules_do_not_compile_adds_nothing(tmp_path: Path) -> None:
    other = tmp_path / "city.yaml"
    other.write_text("agencies: [{code: x, short: X, name: X}]\nrules: [{order: 1, agency: y}]\n")
    with pytest.raises(CommandError, match=r"nothing was added\.\n.*“y”"):
        call_command("seed", "--file", str(other))
    assert not Agency.objects.exists()
