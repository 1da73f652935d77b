"""People and branches in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.lib.pagination import CappedPaginator
from crm.staff.models import BACK_OFFICE_ROLES, CUSTOMER_ROLES, Branch, Cover, User


@admin.register(Branch)
class BranchAdmin(admin.ModelAdmin[Branch]):
    list_display = ["code", "name", "parent"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]
    ordering = ["code"]


def check_roles(groups: QuerySet[Group]) -> None:
    """Raise ValidationError for roles that one person may not hold together."""
    names = set(groups.values_list("name", flat=True))
    if names & CUSTOMER_ROLES and names & BACK_OFFICE_ROLES:
        raise ValidationError(
            _("Who serves customers may not administer the system or audit it: choose roles of one side.")
        )


class RolesMixin:
    cleaned_data: dict[str, Any]

    def clean_groups(self) -> QuerySet[Group]:
        groups: QuerySet[Group] = self.cleaned_data["groups"]
        check_roles(groups)
        return groups


class PersonForm(RolesMixin, UserChangeForm[User]):
    """A person as the admin edits them."""


class NewPersonForm(RolesMixin, AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ["employee_number", "display_name", "branch", "groups", "language"]
        widgets = {"groups": forms.CheckboxSelectMultiple}


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    form = PersonForm
    add_form = NewPersonForm
    fieldsets = (
        (None, {"fields": ("employee_number", "password")}),
        (_("Person"), {"fields": ("display_name", "email", "branch", "language")}),
        (_("Roles"), {"fields": ("is_active", "groups")}),
        (_("Seen"), {"fields": ("last_login",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "employee_number",
                    "display_name",
                    "branch",
                    "groups",
                    "language",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )
    readonly_fields = ["last_login"]
    list_display = ["employee_number", "display_name", "branch", "roles_shown", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    list_select_related = ["branch"]
    search_fields = ["employee_number__istartswith", "display_name"]
    ordering = ["employee_number"]
    autocomplete_fields = ["branch"]
    filter_horizontal = ()
    show_full_result_count = False
    paginator = CappedPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people = super().get_queryset(request).prefetch_related("groups")
        # An admin may not lift their own rights: a second admin does that.
        return people if request.user.is_superuser else people.filter(~Q(pk=request.user.pk), is_superuser=False)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People leave by being made inactive: audit rows and grants refer to them."""
        return False

    @admin.display(description=_("roles"))
    def roles_shown(self, obj: User) -> str:
        return "、".join(str(_(group.name)) for group in obj.groups.all())


@admin.register(Cover)
class CoverAdmin(admin.ModelAdmin[Cover]):
    """Covers to look at; supervisors give and end them on their team page."""

    list_display = ["content_object", "user", "starts_at", "expires_at", "reason", "given_by"]
    list_select_related = ["content_object", "user", "given_by"]
    search_fields = ["content_object__employee_number__istartswith", "user__employee_number__istartswith"]
    show_full_result_count = False
    paginator = CappedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.unregister(Group)
