"""Which roles set up groups and meetings is a setting of the mission."""

import django.contrib.postgres.fields
from django.db import migrations, models

import apps.mission.models.structure


class Migration(migrations.Migration):
    """One column."""

    dependencies = [
        ("mission", "0007_register_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="mission",
            name="group_roles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("REQ", "Requesting organisation's focal point"),
                        ("CLU", "Cluster coordinator"),
                        ("CMC", "CMCoord officer"),
                        ("CIM", "CIMIC officer"),
                        ("JOC", "JOC duty officer"),
                        ("SEC", "Security adviser"),
                        ("DEC", "Decision authority"),
                        ("UNIT", "Executing unit"),
                        ("REL", "Release authority"),
                        ("AUD", "Auditor"),
                        ("ADM", "Administrator of structure"),
                    ],
                    max_length=4,
                ),
                blank=True,
                default=apps.mission.models.structure.groups_by,
                size=None,
                verbose_name="roles that set up groups and meetings",
            ),
        ),
    ]
