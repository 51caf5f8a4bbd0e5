"""Indexes of records that another one begins with are dropped: each makes every write slower."""

import django.db.models.deletion
from django.db import migrations, models

# WHY: Django would make the foreign key anew, and that reads records under their row rule.
DROP = """
    DO $$
    DECLARE index_name text;
    BEGIN
        FOR index_name IN SELECT i.indexrelid::regclass::text FROM pg_index i
                            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                           WHERE i.indrelid = 'records_record'::regclass AND i.indnatts = 1 AND a.attname = 'mission_id'
        LOOP
            EXECUTE 'DROP INDEX ' || index_name;
        END LOOP;
    END $$
"""


class Migration(migrations.Migration):
    """Leave out two indexes."""

    dependencies = [("mission", "0004_handover_cancelled"), ("records", "0004_withheld")]

    operations = [
        migrations.RemoveIndex(model_name="record", name="records_record_originator"),
        migrations.RunSQL(
            DROP,
            "CREATE INDEX records_record_mission_id ON records_record (mission_id)",
            state_operations=[
                migrations.AlterField(
                    model_name="record",
                    name="mission",
                    field=models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.mission",
                    ),
                )
            ],
        ),
    ]
