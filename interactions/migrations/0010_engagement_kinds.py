"""Coupons and learning, among what customers do on the channels."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interactions", "0009_outreach")]
    operations = [
        migrations.AlterField(
            model_name="channelevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("login", "signed in"),
                    ("viewed", "looked at"),
                    ("calculated", "calculated"),
                    ("applied", "applied for"),
                    ("limit_raised", "raised a limit"),
                    ("transaction", "did a transaction"),
                    ("asked", "asked"),
                    ("queued", "waited"),
                    ("joined", "took part in"),
                    ("coupon", "used a coupon"),
                    ("learnt", "learnt"),
                    ("other", "other"),
                ],
                max_length=12,
                verbose_name="what",
            ),
        ),
    ]
