"""Whoever keeps a resource, and whoever asks for it, is told."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """Four topics and two triggers."""

    dependencies = [("notifications", "0006_exercises"), ("joint_plans", "0005_following")]

    operations = [
        migrations.AlterField(
            model_name="notification",
            name="topic",
            field=models.CharField(
                blank=True,
                choices=[
                    ("access_answered", "Your request for access was answered"),
                    ("emergency_reviewed", "Your emergency access was reviewed"),
                    ("handover", "You took over a position"),
                    ("resource_asked", "A resource is asked of you"),
                    ("resource_promised", "A resource that you asked for is promised"),
                    ("resource_declined", "A resource that you asked for is declined"),
                    ("resource_released", "A resource is released"),
                ],
                default="",
                max_length=30,
            ),
        ),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
