"""The table of withheld values; what guards and fills it comes with `need_to_know`."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Values of fields under a rule."""

    dependencies = [("records", "0002_data_types")]

    operations = [
        migrations.RunSQL(
            # WHY: the check of a new foreign key reads records under their row rule; as nobody, it finds none.
            "SELECT set_config('app.' || name, value, true) FROM (VALUES ('actor', 'clock'), ('mission', '0'),"
            " ('clearance', '0'), ('principals', '{}'), ('compartments', '{}'), ('positions', '{}'), ('lent', '{}'),"
            " ('lent_edit', '{}'), ('barred', '{}'), ('audits', 'false')) settings(name, value)",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="Withheld",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("field", models.CharField(max_length=63)),
                ("rule", models.CharField(max_length=20)),
                ("value", models.JSONField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="withheld",
            constraint=models.UniqueConstraint(fields=("record", "field"), name="records_withheld_once"),
        ),
    ]
