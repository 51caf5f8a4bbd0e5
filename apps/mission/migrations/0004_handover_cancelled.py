"""A planned handover can be cancelled; it remembers until when the leaver held the position before it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mission", "0003_ask_purpose")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="leaver_until",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="end of the leaver's time before that"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="cancelled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="cancelled"),
        ),
    ]
