"""The customer: profile, sealed identifiers, owner and branch."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import age_on
from customers import identifiers
from customers.querysets import CustomerQuerySet


class Gender(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class IdKind(models.TextChoices):
    RESIDENT = "resident", _("resident identity card")
    PASSPORT = "passport", _("passport")
    PERMIT = "permit", _("travel or residence permit")
    OTHER = "other", _("other document")


class Channel(models.TextChoices):
    """Ways the bank may reach a customer."""

    PHONE = "phone", _("phone")
    SMS = "sms", _("SMS")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("e-mail")
    APP = "app", _("app message")
    VISIT = "visit", _("visit")


class Status(models.TextChoices):
    """`restricted`: stored and shown as such, in nothing else (PIPL Art. 47)."""

    ACTIVE = "active", _("active")
    RESTRICTED = "restricted", _("restricted")
    DECEASED = "deceased", _("deceased")
    CLOSED = "closed", _("closed")


class IncomeBand(models.TextChoices):
    """Yearly income before tax, CNY."""

    UNDER_60K = "0-60k", _("below 60,000")
    TO_120K = "60-120k", _("60,000 to 120,000")
    TO_300K = "120-300k", _("120,000 to 300,000")
    TO_1M = "300k-1m", _("300,000 to 1 million")
    OVER_1M = "1m+", _("above 1 million")


class Education(models.TextChoices):
    SCHOOL = "school", _("middle school or below")
    HIGH = "high", _("high school or vocational")
    COLLEGE = "college", _("college")
    BACHELOR = "bachelor", _("bachelor")
    GRADUATE = "graduate", _("master or doctor")


class Marital(models.TextChoices):
    SINGLE = "single", _("single")
    MARRIED = "married", _("married")
    DIVORCED = "divorced", _("divorced")
    WIDOWED = "widowed", _("widowed")


# Sort keys for dates that may be unknown: the stand-in puts the unknown last, and keeps the keyset comparable.
SINCE_KEY = Coalesce("since", Value(date(1, 1, 1)), output_field=models.DateField())
BIRTH_KEY = Coalesce("birth_date", Value(date(9999, 12, 31)), output_field=models.DateField())


class Customer(models.Model):
    """A person known to the bank. `number` is the bank's own key and never changes; identifiers are sealed to it."""

    number = models.CharField(_("customer number"), max_length=32, unique=True, db_collation="C")
    name = models.CharField(_("name"), max_length=120)
    pinyin = models.CharField(max_length=160, db_collation="C")
    initials = models.CharField(max_length=40, db_collation="C")
    sort_name = models.CharField(max_length=161, db_collation="C")  # see customers.names.Reading
    # The second reading of the surname, where it has one: 单小明 is found as shan and as dan.
    pinyin_2 = models.CharField(max_length=160, db_collation="C", blank=True, default="")
    initials_2 = models.CharField(max_length=40, db_collation="C", blank=True, default="")
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    id_kind = models.CharField(_("ID document"), max_length=12, choices=IdKind, blank=True)
    id_number_sealed = models.BinaryField(null=True)
    id_number_index = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    phone_tail_index = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    address_sealed = models.BinaryField(null=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    occupation = models.CharField(_("occupation"), max_length=60, blank=True)
    employer = models.CharField(_("employer"), max_length=80, blank=True)
    income_band = models.CharField(_("yearly income"), max_length=12, choices=IncomeBand, blank=True)
    education = models.CharField(_("education"), max_length=12, choices=Education, blank=True)
    marital_status = models.CharField(_("marital status"), max_length=12, choices=Marital, blank=True)
    preferred_channel = models.CharField(_("preferred channel"), max_length=8, choices=Channel, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("owner"),
    )
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="customers", verbose_name=_("branch"))
    since = models.DateField(_("customer since"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    # The customer who took this one's place (customers/merging.py): the number keeps finding that one.
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    # Profile fields the customer declined to tell; nobody is to ask again.
    declined = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [("serve_customer", "Can serve this customer")]
        indexes = [
            # A manager's own book (at most some 1,500 rows) is sorted in memory in any other order.
            models.Index(fields=["owner", "sort_name", "id"], name="customer_owner_name"),
            models.Index(fields=["branch", "sort_name", "id"], name="customer_branch_name"),
            models.Index(fields=["branch", "number", "id"], name="customer_branch_number"),
            models.Index(F("branch"), SINCE_KEY.desc(), F("id"), name="customer_branch_since"),
            models.Index(F("branch"), BIRTH_KEY.asc(), F("id"), name="customer_branch_birth"),
            models.Index(F("branch"), F("updated_at").desc(), F("id"), name="customer_branch_updated"),
            models.Index(fields=["branch", "sort_name", "id"], name="customer_pool", condition=models.Q(owner=None)),
            # The same five without branch, for who sees the whole bank.
            models.Index(fields=["sort_name", "id"], name="customer_name"),
            models.Index(fields=["pinyin", "id"], name="customer_pinyin"),
            models.Index(fields=["initials", "id"], name="customer_initials"),
            models.Index(SINCE_KEY.desc(), F("id"), name="customer_since"),
            models.Index(BIRTH_KEY.asc(), F("id"), name="customer_birth"),
            models.Index(F("updated_at").desc(), F("id"), name="customer_updated"),
            models.Index(fields=["pinyin_2"], name="customer_name_2", condition=~models.Q(pinyin_2="")),
            models.Index(fields=["initials_2"], name="customer_initials_2", condition=~models.Q(pinyin_2="")),
            GinIndex(
                Func(F("name"), function="name_grams", output_field=ArrayField(TextField())),
                name="customer_grams",
            ),
            models.Index(fields=["phone_index"], name="customer_phone"),
            models.Index(fields=["phone_tail_index"], name="customer_phone_tail"),
            models.Index(fields=["id_number_index"], name="customer_id_number"),
            models.Index(fields=["merged_into"], name="customer_merged", condition=models.Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def restricted(self) -> bool:
        """Whether the customer takes part in nothing but storage: no contact, no change, no suggestion."""
        return self.status != Status.ACTIVE

    def age(self, day: date) -> int | None:
        """Completed years on `day`, None when the birth date is unknown."""
        return age_on(self.birth_date, day) if self.birth_date else None

    def identifier(self, name: str) -> str:
        """The plain identifier `name` ("" when unknown). Whoever shows it whole audits that: see customers.reveal."""
        return identifiers.unsealed(name, getattr(self, identifiers.IDENTIFIERS[name].sealed), self.number)

    def masked(self, name: str) -> str:
        """The identifier `name` as it may stand on a screen, "" when unknown."""
        return identifiers.masked(name, getattr(self, identifiers.IDENTIFIERS[name].sealed), self.number)

    @property
    def masked_phone(self) -> str:
        return self.masked("phone")
