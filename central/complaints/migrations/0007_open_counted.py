from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_one_text")]

    operations = [
        migrations.RemoveIndex(model_name="complaint", name="complaint_open_agency"),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("ended__isnull", True)),
                fields=["agency", "-opened", "id", "state"],
                name="complaint_open_counted",
            ),
        ),
    ]
