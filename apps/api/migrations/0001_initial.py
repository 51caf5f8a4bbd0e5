"""Idempotency keys, each readable and writable by its owner alone."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.need_to_know.guarding import ReadAsNobody

_POLICY = """
ALTER TABLE api_idempotencykey ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_idempotencykey FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON api_idempotencykey USING (user_id = need_to_know_actor())
    WITH CHECK (user_id = need_to_know_actor());
"""
_NO_POLICY = """
DROP POLICY own ON api_idempotencykey;
ALTER TABLE api_idempotencykey NO FORCE ROW LEVEL SECURITY;
ALTER TABLE api_idempotencykey DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """The API's own table."""

    initial = True

    dependencies = [
        ("need_to_know", "0002_row_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("subject", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "idempotency key",
                "verbose_name_plural": "idempotency keys",
                "indexes": [models.Index(fields=["user", "created_at"], name="api_idempotencykey_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="api_idempotencykey_once")
                ],
            },
        ),
        migrations.RunSQL(_POLICY, _NO_POLICY),
    ]
