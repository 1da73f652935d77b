"""The people of the bank and the branches they work in."""

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet


class Role(models.TextChoices):
    """The five roles. Each is a Group of the same name, created by a migration."""

    MANAGER = "relationship manager", _("relationship manager")
    AGENT = "service agent", _("service agent")
    SUPERVISOR = "supervisor", _("supervisor")
    ADMIN = "admin", _("admin")
    COMPLIANCE = "compliance", _("compliance")


# Who serves customers may not administer the system, and the other way round (least privilege, MLPS level 3).
CUSTOMER_ROLES = frozenset({Role.MANAGER, Role.AGENT, Role.SUPERVISOR})
BACK_OFFICE_ROLES = frozenset({Role.ADMIN, Role.COMPLIANCE})


class Branch(TreeNode):  # type: ignore[misc]  # the package has no types
    """A branch or a region above branches. The tree decides what a supervisor sees."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)

    objects = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Tour(models.TextChoices):
    """How far somebody is with the tour of their first day."""

    NEW = "new", _("not seen yet")
    ON = "on", _("on it")
    LEFT = "left", _("left")
    DONE = "done", _("done")


class UserManager(BaseUserManager["User"]):
    def create_user(self, employee_number: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who signs in with `employee_number`; without a password they cannot sign in."""
        user = self.model(employee_number=employee_number, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, employee_number: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person with every admin right. It opens no customer: see crm.staff.scope."""
        return self.create_user(employee_number, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works at the bank."""

    employee_number = models.CharField(_("employee number"), max_length=20, unique=True)
    display_name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"))
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    tour = models.CharField(max_length=4, choices=Tour, default=Tour.NEW, editable=False)
    tour_step = models.PositiveSmallIntegerField(default=0, editable=False)  # from 0
    is_active = models.BooleanField(_("active"), default=True)
    temporary_password = models.BooleanField(
        _("temporary password"), default=False, help_text=_("It opens nothing but the page where another is chosen.")
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "employee_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["employee_number"]
        permissions = [("cover_user", "Can serve this person's customers")]

    def __str__(self) -> str:
        return f"{self.employee_number} {self.display_name}"

    @cached_property
    def roles(self) -> frozenset[str]:
        fetched = getattr(self, "role_list", None)  # see crm.staff.backends
        return frozenset(self.groups.values_list("name", flat=True) if fetched is None else fetched)

    @cached_property
    def role_names(self) -> str:
        """The roles in the reader's language, for the top bar."""
        return gettext(", ").join(str(role.label) for role in Role if role in self.roles)

    @property
    def is_staff(self) -> bool:
        """Whether the admin site opens: it belongs to admins and compliance alone."""
        return self.is_superuser or not BACK_OFFICE_ROLES.isdisjoint(self.roles)

    def get_short_name(self) -> str:
        return self.display_name


class GrantQuerySet(models.QuerySet[Any]):
    def live(self, at: datetime | None = None) -> "GrantQuerySet":
        """Grants that hold at `at` (default now). The minute one expires it is gone from here."""
        moment = at or timezone.now()
        return self.filter(starts_at__lte=moment, expires_at__gt=moment)


class ExpiringGrant(UserObjectPermissionBase):
    """An object permission that ends by itself: who gave it to whom, until when, and why."""

    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("given by"))

    objects: ClassVar[Any] = GrantQuerySet.as_manager()  # type: ignore[assignment]  # guardian types its own manager

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class Cover(ExpiringGrant):
    """`user` serves the customers of the absent `content_object`, including those that come after the grant."""

    content_object = models.ForeignKey(
        User, models.CASCADE, related_name="cover_grants", verbose_name=_("absent colleague")
    )

    class Meta(ExpiringGrant.Meta):
        abstract = False
        verbose_name = _("leave cover")
        verbose_name_plural = _("leave covers")


class Notice(models.Model):
    """A short message from the system to one person, kept as a translatable sentence and its values."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    message = models.CharField(max_length=200)  # an English source string with %(name)s places
    values: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="staff_notice_user_at"),
            models.Index(fields=["user"], name="staff_notice_unread", condition=models.Q(read_at=None)),
        ]

    def text(self) -> str:
        """The message in the reader's language."""
        return str(gettext(self.message) % self.values)
