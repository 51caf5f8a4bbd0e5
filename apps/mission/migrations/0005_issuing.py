"""Who announces what in a mission, and how long an emergency broadcast may hold."""

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

import apps.mission.models.structure


class Migration(migrations.Migration):
    dependencies = [
        ("mission", "0004_handover_cancelled"),
    ]

    operations = [
        migrations.AddField(
            model_name="mission",
            name="broadcast_hours",
            field=models.PositiveSmallIntegerField(
                default=72,
                help_text="At the latest. Whoever issues one says an earlier moment; a new edition can extend it.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(168),
                ],
                verbose_name="hours after which an emergency broadcast is over",
            ),
        ),
        migrations.AddField(
            model_name="mission",
            name="broadcast_roles",
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
                default=apps.mission.models.structure.emergencies_by,
                size=None,
                verbose_name="roles that issue emergency broadcasts",
            ),
        ),
        migrations.AddField(
            model_name="mission",
            name="notice_roles",
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
                default=apps.mission.models.structure.notices_by,
                size=None,
                verbose_name="roles that issue notices",
            ),
        ),
    ]
