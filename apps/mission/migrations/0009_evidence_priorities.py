"""Which action points are done with evidence."""

import django.contrib.postgres.fields
from django.db import migrations, models

import apps.mission.models.structure


class Migration(migrations.Migration):
    """One column."""

    dependencies = [
        ("mission", "0008_group_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="mission",
            name="evidence_priorities",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(
                    choices=[
                        (1, "P1 – life-saving, within 24 hours"),
                        (2, "P2 – urgent"),
                        (3, "P3 – routine"),
                    ]
                ),
                blank=True,
                default=apps.mission.models.structure.evidence_for,
                size=None,
                verbose_name="action points that need evidence",
            ),
        ),
    ]
