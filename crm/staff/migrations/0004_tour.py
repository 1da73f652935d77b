from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0003_temporary_password"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="tour",
            field=models.CharField(
                choices=[("new", "not seen yet"), ("on", "on it"), ("left", "left"), ("done", "done")],
                default="new",
                editable=False,
                max_length=4,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="tour_step",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
    ]
