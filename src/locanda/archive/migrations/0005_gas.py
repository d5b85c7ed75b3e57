"""Whether a home let to tourists has gas or a source of carbon monoxide."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0004_explained"),
    ]

    operations = [
        migrations.AddField(
            model_name="property",
            name="gas",
            field=models.CharField(blank=True, default="", max_length=8),
        ),
    ]
