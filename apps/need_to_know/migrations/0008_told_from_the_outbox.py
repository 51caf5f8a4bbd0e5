"""Emergencies are told from the outbox, as everything else is: the door that named recipients goes."""

from django.db import migrations


class Migration(migrations.Migration):
    """One function less that looks past the row rule."""

    dependencies = [("need_to_know", "0007_speed")]

    operations = [
        migrations.RunSQL("DROP FUNCTION need_to_know_emergency_told(uuid)", migrations.RunSQL.noop)
    ]
