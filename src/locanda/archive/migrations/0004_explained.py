"""Receipts that a person explained, or that are not what was asked for; the same nights are registered once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0003_duties"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="unfit",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name="sendingday",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("agrees", "Agrees"),
                    ("differs", "Differs"),
                    ("unread", "Unread"),
                    ("gone", "Gone"),
                    ("explained", "Explained"),
                    ("nothing", "Nothing"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="segment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)), fields=("party", "first_day"), name="one_segment_a_day"
            ),
        ),
    ]
