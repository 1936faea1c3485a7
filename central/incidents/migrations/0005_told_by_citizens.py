import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("boxes", "0001_initial"), ("incidents", "0004_acknowledged")]
    operations = [
        migrations.AlterField(
            model_name="incident",
            name="camera",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="incidents",
                to="boxes.camera",
            ),
        ),
    ]
