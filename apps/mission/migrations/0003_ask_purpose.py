"""A mission's protocol may ask what for, before something restricted is printed, exported or downloaded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mission", "0002_information_sharing")]

    operations = [
        migrations.AddField(
            model_name="sharingprotocol",
            name="ask_purpose",
            field=models.BooleanField(
                default=False,
                help_text="Whoever prints, exports or downloads what is confidential, or of high sensitivity, "
                "says what for.",
                verbose_name="ask what for",
            ),
        ),
    ]
