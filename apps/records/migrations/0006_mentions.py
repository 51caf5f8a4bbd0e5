"""Positions whose attention a comment draws."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [
        ("records", "0005_fewer_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="mentions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, editable=False, size=None
            ),
        ),
    ]
