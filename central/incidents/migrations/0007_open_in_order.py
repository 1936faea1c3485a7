from django.db import migrations, models

OPEN = models.Q(("state__in", ["candidate", "active", "suppressed", "clearing", "unknown"]))


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_permits")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(condition=OPEN, fields=["-began", "id", "state"], name="incident_open_newest"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(condition=OPEN, fields=["-severity", "-began", "id"], name="incident_open_worst"),
        ),
    ]
