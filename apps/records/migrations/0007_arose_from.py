"""A record may arise from another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [
        ("records", "0006_mentions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recordlink",
            name="relation",
            field=models.CharField(
                choices=[
                    ("related", "is related to"),
                    ("follows", "follows from"),
                    ("replaces", "replaces"),
                    ("arose_from", "arose from"),
                ],
                default="related",
                max_length=12,
                verbose_name="relation",
            ),
        ),
    ]
