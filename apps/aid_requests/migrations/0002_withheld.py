"""The contact on the ground is for the parties; both points are exact for them, rounded for other readers."""

from django.db import migrations

from apps.need_to_know.withholding import Withhold


class Migration(migrations.Migration):
    """Field rules of an aid request."""

    dependencies = [("aid_requests", "0001_initial"), ("need_to_know", "0005_field_rules")]

    operations = [
        Withhold(
            "AidRequest",
            fields={"contact_name": "parties", "contact_phone": "parties", "contact_email": "parties"},
            points=[
                ("origin_latitude", "origin_longitude"),
                ("destination_latitude", "destination_longitude"),
            ],
        ),
    ]
