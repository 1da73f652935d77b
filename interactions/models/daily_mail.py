"""The mail of the morning: who does not want it, and who has had it."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class MailChoice(models.Model):
    """What a person chose about the mail of the morning. Without a row they get it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice")
    wanted = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()


class DailyMail(models.Model):
    """The mail of one day to one person: the row is committed before it is sent, so that none goes out twice.

    sent_at None: somebody is sending it, or died doing so, and whether it went out nobody knows.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    claimed_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_mail_a_day")]
        indexes = [models.Index(fields=["day"], name="mail_of_day")]
