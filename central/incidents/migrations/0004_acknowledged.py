from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_by_kind")]
    operations = [
        migrations.AlterField(
            model_name="decision",
            name="action",
            field=models.CharField(
                choices=[
                    ("acknowledge", "Acknowledged"),
                    ("confirm", "Confirmed"),
                    ("reject", "Rejected: not real"),
                    ("merge", "Merged"),
                    ("unmerge", "Taken apart again"),
                    ("still_there", "Found still there"),
                    ("gone", "Found gone"),
                ],
                max_length=12,
            ),
        ),
    ]
