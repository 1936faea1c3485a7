"""Policies that exist get the new fields' values for their kind, as a new database is seeded with."""

from django.db import migrations

BY_KIND = {
    "jam": {"reopen_s": 900, "join_m": 100, "unknown_after_s": 7200},
    "flood": {"reopen_s": 3600, "join_m": 100, "unknown_after_s": 21600},
    "vending": {"reopen_s": 1800, "join_m": 25, "unknown_after_s": 10800, "asks_in_doubt": True},
    "parking": {"reopen_s": 900, "join_m": 25, "unknown_after_s": 10800},
    "camera_fault": {"reopen_s": 1800, "join_m": 0, "unknown_after_s": 86400},
}


def fill_in(apps, schema_editor):
    policies = apps.get_model("incidents", "Policy").objects
    for kind, values in BY_KIND.items():
        policies.filter(kind=kind).update(**values)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_standing")]
    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
