"""Indexes of two orders of the customer list: not spoken to for longest, and by the next follow-up."""

from django.db import migrations, models
from django.db.models.functions import Coalesce, Greatest


class Migration(migrations.Migration):
    dependencies = [
        ("interactions", "0002_night"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lastcontact",
            index=models.Index(fields=["at", "customer"], name="last_contact_at"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                Greatest("due", Coalesce("snoozed_until", "due")),
                models.F("customer"),
                condition=models.Q(("kind__in", ["follow_up", "promise"]), ("state", "open")),
                name="reminder_next",
            ),
        ),
    ]
