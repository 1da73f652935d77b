"""Insurance paid year by year has an age limit of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]
    operations = [
        migrations.AddField(
            "product", "regular_premium", models.BooleanField(default=False, verbose_name="regular premium")
        )
    ]
