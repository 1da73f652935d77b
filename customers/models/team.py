"""What supervisors do for their managers: customers who change hands, and words about how one was served."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer

UNDO_FOR = timedelta(days=1)


class Transfer(models.Model):
    """Customers of one branch who got another manager at once. source: from whom, in words; note: what the new managers
    were told. Who of them went from whom to whom is in `rows`."""

    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    source = models.CharField(_("from"), max_length=80)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"), default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("change of manager")
        verbose_name_plural = _("changes of manager")
        default_permissions = ()
        indexes = [models.Index(fields=["branch", "-at", "-id"], name="transfer_branch_at")]

    def __str__(self) -> str:
        return self.source


class Transferred(models.Model):
    """One customer of a transfer: from `before` (None: the pool) to `after`.

    reminders: ids of the open reminders that went along; no foreign keys, they stand in a room above.
    back_at: when an undoing gave the customer back; one whom somebody had served meanwhile stays.
    """

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="rows", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="transfers")
    before = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reminders = ArrayField(models.BigIntegerField(), default=list)
    back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["transfer", "customer"], name="once_in_a_transfer")]
        indexes = [models.Index(fields=["after", "transfer", "customer"], name="transferred_after")]


class CoachingKind(models.TextChoices):
    PRAISE = "praise", _("praise")
    ADVICE = "advice", _("advice")


class Coaching(models.Model):
    """What a supervisor says to a manager about how a customer was served. The two of them read it, nobody else.

    talk: id of the conversation it is about, None: the customer as a whole; no foreign key, it stands in a room above.
    read_at: when the manager had read it: praise stands on their Today until then.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="coachings")
    talk = models.BigIntegerField(null=True)
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=CoachingKind)
    text = models.CharField(_("words"), max_length=500)
    at = models.DateTimeField(_("time"), default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("word of a supervisor")
        verbose_name_plural = _("words of supervisors")
        default_permissions = ()
        indexes = [
            models.Index(fields=["manager", "-at", "-id"], name="coaching_manager"),
            models.Index(fields=["by", "-at", "-id"], name="coaching_by"),
        ]


class CoachingReply(models.Model):
    """An answer of one of the two to the other."""

    coaching = models.ForeignKey(Coaching, models.CASCADE, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.CharField(_("reply"), max_length=500)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        default_permissions = ()
