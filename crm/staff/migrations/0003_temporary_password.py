from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="temporary_password",
            field=models.BooleanField(
                default=False,
                help_text="It opens nothing but the page where another is chosen.",
                verbose_name="temporary password",
            ),
        ),
    ]
