"""Rules from before there were versions become the first one."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from central.routing.decisions import Subject, decide
from central.routing.models import RuleSet


@pytest.mark.django_db(transaction=True)
def test_rules_that_stood_are_in_force() -> None:
    before = MigrationExecutor(connection)
    latest = before.loader.graph.leaf_nodes()
    before.migrate([("routing", "0001_initial")])
    try:
        old = before.loader.project_state([("routing", "0001_initial")]).apps
        old.get_model("routing", "Agency").objects.create(code="dishub", name="Dinas Perhubungan", short="Dishub")
        rule = old.get_model("routing", "Rule").objects.create(order=10, kind="jam", agency_id="dishub")
        rule.also_inform.set(["dishub"])
    finally:
        MigrationExecutor(connection).migrate(latest)
    decided = decide(Subject("jam"))
    assert (decided.agency.code, decided.trace["version"]) == ("dishub", 1)
    assert RuleSet.objects.get().state == "active"
