"""A record may be a branch of another, or its sequel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [
        ("records", "0007_arose_from"),
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
                    ("branch_of", "is a branch of"),
                    ("sequel_to", "is a sequel to"),
                ],
                default="related",
                max_length=12,
                verbose_name="relation",
            ),
        ),
    ]
