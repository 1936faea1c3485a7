"""Areas, and versions of the rules: what stood becomes version 1, in force since it was migrated."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def put_into_a_version(apps, _schema):
    Rule, RuleSet = apps.get_model("routing", "Rule"), apps.get_model("routing", "RuleSet")
    if Rule.objects.exists():
        now = timezone.now()
        first = RuleSet.objects.create(
            version=1, state="active", created=now, created_by="migration", activated=now, activated_by="migration"
        )
        Rule.objects.update(ruleset=first)
    apps.get_model("routing", "Stamp").objects.get_or_create(name="routing")


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("code", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("city", "city or regency"),
                            ("district", "district (kecamatan)"),
                            ("ward", "ward (kelurahan)"),
                            ("own", "own area"),
                        ],
                        max_length=8,
                    ),
                ),
                ("polygon", models.JSONField(blank=True, default=dict)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("approximate", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed", models.DateTimeField()),
            ],
            options={"ordering": ["level", "name"]},
        ),
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("name", models.CharField(default="routing", max_length=12, primary_key=True, serialize=False)),
                ("value", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("active", "in force"), ("retired", "no longer in force")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("created", models.DateTimeField()),
                ("created_by", models.CharField(max_length=160)),
                ("activated", models.DateTimeField(blank=True, null=True)),
                ("activated_by", models.CharField(blank=True, max_length=160)),
            ],
            options={
                "ordering": ["-version"],
                "constraints": [
                    models.UniqueConstraint(fields=["state"], condition=Q(state="active"), name="rule_set_one_active"),
                    models.UniqueConstraint(fields=["state"], condition=Q(state="draft"), name="rule_set_one_draft"),
                ],
            },
        ),
        migrations.AddField(
            model_name="rule",
            name="ruleset",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="routing.ruleset"
            ),
        ),
        migrations.RunPython(put_into_a_version, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="rule",
            name="ruleset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="routing.ruleset"
            ),
        ),
        migrations.AlterField(model_name="rule", name="order", field=models.PositiveIntegerField()),
        migrations.AddField(
            model_name="rule",
            name="areas",
            field=models.ManyToManyField(blank=True, related_name="rules", to="routing.area"),
        ),
        migrations.AddField(model_name="rule", name="week", field=models.JSONField(blank=True, default=dict)),
        migrations.AddField(model_name="rule", name="zone", field=models.CharField(blank=True, max_length=40)),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.UniqueConstraint(fields=["ruleset", "order"], name="rule_order_in_set"),
        ),
    ]
