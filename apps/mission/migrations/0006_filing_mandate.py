"""Positions that file for another organisation."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who files for whom, agreed with whom."""

    dependencies = [
        ("mission", "0005_issuing"),
    ]

    operations = [
        migrations.CreateModel(
            name="FilingMandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts", models.DateTimeField(default=django.utils.timezone.now, verbose_name="from")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                (
                    "agreed_with",
                    models.CharField(
                        help_text="Who agreed to it for the organisation, when and how.",
                        max_length=300,
                        verbose_name="agreed with",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filing_mandates",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="What the position files for this organisation is the organisation’s own.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filed_for_by",
                        to="mission.organisation",
                        verbose_name="files for",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files_for",
                        to="mission.position",
                        verbose_name="position",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandate to file for an organisation",
                "verbose_name_plural": "mandates to file for an organisation",
                "ordering": ["position", "organisation", "starts"],
                "indexes": [
                    models.Index(fields=["position", "organisation"], name="mission_filingmandate_pair")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gt", models.F("starts")), _connector="OR"
                        ),
                        name="mission_filingmandate_dates",
                        violation_error_message="The end must lie after the beginning.",
                    )
                ],
            },
        ),
    ]
