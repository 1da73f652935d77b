"""What customers decide about contact by themselves: their link, the code that opens what was closed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class PreferenceLink(models.Model):
    """A customer's way to the preference centre. token_hash: of the link's random id, which is kept nowhere."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="preference_links")
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer"], name="one_live_preference_link", condition=Q(revoked_at=None))
        ]


class PreferenceCode(models.Model):
    """Six digits sent to the customer before anything is opened. wishes: what is opened once they are typed.

    code_hash: keyed, so that the table alone does not tell. tries: wrong ones so far.
    """

    link = models.ForeignKey(PreferenceLink, models.CASCADE, related_name="codes")
    code_hash = models.BinaryField()
    wishes: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["link", "-sent_at"], name="preference_code_link")]
