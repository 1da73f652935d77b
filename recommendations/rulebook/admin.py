"""Rules in the admin: written by one person, tried, and approved by another; every version stays readable."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.pagination import CappedPaginator
from crm.staff.access import signed_in
from customers.rule_typing import RuleHelp
from recommendations import gate
from recommendations.dry_run import MOST_TRIED, DryRun, Trial, dry_run
from recommendations.models import APPROVED, Rule, RuleVersion, VersionState
from recommendations.rulebook import versions
from recommendations.rulebook.comparing import compared
from recommendations.rulebook.forms import DecisionForm, RuleForm, TrialForm, posted, problems


class KeptForEver(admin.ModelAdmin[Any]):
    """Suggestions and answers name it: it is taken out of use, never deleted."""

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


PREFIX = "recommendations_rule"
VERSION = f"admin:{PREFIX}_version"


class ToApprove(admin.SimpleListFilter):
    title = gettext_lazy("approval")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("draft", _("a draft waits")), ("aside", _("set aside by the night"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Rule]) -> QuerySet[Rule]:
        if self.value() == "draft":
            return queryset.filter(versions__state=VersionState.DRAFT)
        return queryset.filter(aside_since__isnull=False) if self.value() == "aside" else queryset


@admin.register(Rule)
class RuleAdmin(RuleHelp, KeptForEver):
    """Saving writes a draft; approved by somebody else it is in force from the next night on."""

    form = RuleForm
    list_display = [
        "order", "code", "named", "need", "answered_by", "active", "now", "waits", "aside", "answerable",
    ]  # fmt: skip
    list_display_links = ["code"]
    list_filter = ["active", ToApprove, "need", "family"]
    list_select_related = ["product", "owner"]
    search_fields = ["code__istartswith", "name_zh", "name_en__icontains", "condition"]
    search_help_text = gettext_lazy("Start of a code, a part of a name or of the condition")
    autocomplete_fields = ["product", "owner"]
    rule_field = "condition"
    rule_address = "recommendations_rule_condition"
    rule_hint = gettext_lazy("The gate leaves fewer: try it below.")
    change_form_template = "admin/recommendations/rule/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        standing = RuleVersion.objects.filter(state__in=(VersionState.DRAFT, VersionState.IN_FORCE))
        return super().get_queryset(request).prefetch_related(Prefetch("versions", standing, to_attr="standing"))

    @admin.display(description=gettext_lazy("rule"))
    def named(self, rule: Rule) -> str:
        return rule.name

    @admin.display(description=gettext_lazy("answered by"))
    def answered_by(self, rule: Rule) -> str:
        return rule.product.name if rule.product else rule.get_family_display()

    @admin.display(description=gettext_lazy("in force"))
    def now(self, rule: Rule) -> str:
        return _standing(rule, VersionState.IN_FORCE) or "—"

    @admin.display(description=gettext_lazy("to be approved"))
    def waits(self, rule: Rule) -> str:
        return _standing(rule, VersionState.DRAFT)

    @admin.display(description=gettext_lazy("set aside"))
    def aside(self, rule: Rule) -> str:
        return rule.aside_reason

    @admin.display(description=gettext_lazy("Answerable for the rule"), ordering="owner")
    def answerable(self, rule: Rule) -> str:
        return str(rule.owner or "")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("recommendations.approve_rule"))

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("try/", self.try_rule, "try"),
            ("version/<int:pk>/", self.version, "version"),
            ("version/<int:pk>/try/", self.try_version, "version_try"),
            ("version/<int:pk>/decide/", self.decide, "decide"),
        ]
        return [
            *(path(at, self.admin_site.admin_view(view), name=f"{PREFIX}_{name}") for at, view, name in own),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """With the versions of the rule below its form."""
        context = {"versions": [], **(extra_context or {})}
        if object_id.isdecimal():
            context["versions"] = RuleVersion.objects.filter(rule=int(object_id)).select_related("author", "decided_by")
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        """A draft; who is answerable for the rule is the one thing that changes at once."""
        by = signed_in(request)
        if change:
            Rule.objects.filter(pk=obj.pk).update(owner=obj.owner)
            version = versions.write(obj, form.content(), by=by)
        else:
            obj.active = False
            super().save_model(request, obj, form, change)
            version = versions.begin(obj, form.content(), by=by)
        if version is not None:
            link = format_html('<a href="{}">{}</a>', reverse(VERSION, args=[version.pk]), version)
            words = _("The draft %(version)s was written. Try it; then somebody else has to approve it.")
            self.message_user(request, format_html(words.replace("%(version)s", "{}"), link))

    def try_rule(self, request: HttpRequest) -> HttpResponse:
        """What the rule, as it is typed now, would find; nothing is kept. Looks at customers are audited."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = TrialForm(request.GET)
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            own = request.GET.get("rule", "")
            context |= _tried(request, form.trial(int(own) if own.isdecimal() else None))[1]
        return render(request, "admin/recommendations/rule/_trial.html", context)

    def version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A version beside another, `with`, its dry run, and what can be decided about it."""
        return self._page(request, self._version(request, pk))

    def _version(self, request: HttpRequest, pk: int) -> RuleVersion:
        if not self.has_view_permission(request):
            raise PermissionDenied
        related = ("rule", "author", "decided_by", "ended_by")
        return get_object_or_404(RuleVersion.objects.select_related(*related), pk=pk)

    def _page(
        self, request: HttpRequest, version: RuleVersion, form: DecisionForm | None = None, status: int = 200
    ) -> HttpResponse:
        others = [one for one in version.rule.versions.all() if one.pk != version.pk]
        beside = _beside(version, others, request.GET.get("with", ""))
        context = {
            **self.admin_site.each_context(request), "title": str(version), "opts": self.model._meta,
            "version": version, "others": others, "beside": beside, "form": form or DecisionForm(),
            "lines": compared(beside.content if beside else None, version.content),
            "may_decide": self.has_approve_permission(request), "may_write": self.has_change_permission(request),
            "own": version.author_id == request.user.pk, "kept": kept_figures(version),
            "waits": version.state == VersionState.DRAFT, "in_force": version.state == VersionState.IN_FORCE,
        }  # fmt: skip
        return render(request, "admin/recommendations/rule/version.html", context, status=status)

    def try_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try a version and keep the figures beside it."""
        version = self._version(request, pk)
        allowed = self.has_change_permission(request) or self.has_approve_permission(request)
        if request.method != "POST" or not allowed:
            raise PermissionDenied
        form = TrialForm(posted(version))
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            result, shown = _tried(request, form.trial(version.rule_id))
            versions.keep_trial(version, result, bank_day())
            context |= shown
        return render(request, "admin/recommendations/rule/_trial.html", context)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve, reject or take out of use, with a comment; or begin a draft that says what the version says."""
        version, form = self._version(request, pk), DecisionForm(request.POST)
        what = request.POST.get("what", "")
        if request.method != "POST" or not self._may(request, what, version):
            raise PermissionDenied
        by = signed_in(request)
        if what == "bring_back":
            draft = versions.bring_back(version, by=by)
            return HttpResponseRedirect(reverse(VERSION, args=[draft.pk]))
        if not form.is_valid():
            return self._page(request, version, form, 422)
        for problem in problems(version) if what == "approve" else []:
            form.add_error(None, problem)
        if not form.errors:
            try:
                _DECISIONS[what](version, form.cleaned_data["comment"], by=by)
            except versions.NotPossibleError as error:
                form.add_error(None, str(_REFUSED[type(error)]))
        if form.errors:
            return self._page(request, self._version(request, pk), form, 422)
        self.message_user(request, _("Decided: %(version)s.") % {"version": version}, messages.SUCCESS)
        return HttpResponseRedirect(reverse(VERSION, args=[version.pk]))

    def _may(self, request: HttpRequest, what: str, version: RuleVersion) -> bool:
        if what in ("bring_back", "retire"):
            return self.has_change_permission(request)
        own = what == "reject" and version.author_id == request.user.pk
        return what in _DECISIONS and (own or self.has_approve_permission(request))


_DECISIONS: dict[str, Callable[..., None]] = {
    "approve": versions.approve, "reject": versions.reject, "retire": versions.retire,
}  # fmt: skip
_REFUSED = {
    versions.OwnVersionError: gettext_lazy("Nobody approves what they wrote themselves."),
    versions.NotTriedError: gettext_lazy("Try it first: who approves a rule has seen whom it would find."),
    versions.DecidedAlreadyError: gettext_lazy("It was decided already, or written over by a later draft."),
}


def _standing(rule: Any, state: VersionState) -> str:
    return next((f"v{one.number}" for one in rule.standing if one.state == state), "")


def _tried(request: HttpRequest, trial: Trial) -> tuple[DryRun, dict[str, Any]]:
    """The dry run and what a page says of it; the customers it names count as looked at."""
    result = dry_run(trial, bank_day())
    look(
        Action.LIST, by=request.user, object_type="customer", object_ids=result.example_ids,
        detail={"tried": trial.condition[:200]},
    )  # fmt: skip
    removed = [(rule.label, count) for rule, count in result.removed.most_common()]
    return result, {"result": result, "removed": removed, "overlap": result.overlap, "most": MOST_TRIED}


def _beside(version: RuleVersion, others: list[RuleVersion], number: str) -> RuleVersion | None:
    """What `version` is read beside: the one asked for; of a draft the one in force, else what was in force before."""
    if number.isdecimal():
        return next((one for one in others if one.number == int(number)), None)
    if version.state not in APPROVED:
        now = next((one for one in others if one.state == VersionState.IN_FORCE), None)
        if now is not None:
            return now
    return next((one for one in others if one.number < version.number and one.state in APPROVED), None)


def kept_figures(version: RuleVersion) -> dict[str, Any] | None:
    """The kept dry run as a page says it, in the shape of a fresh one; None before there was one."""
    if version.trial is None:
        return None
    names = dict(gate.Rule.choices)
    codes = [code for code, _count in version.trial["overlap"]]
    rules = {rule.code: rule.name for rule in Rule.objects.filter(code__in=codes)}
    return {
        "result": version.trial, "day": date.fromisoformat(version.trial["day"]), "most": MOST_TRIED,
        "removed": [(names.get(code, code), count) for code, count in version.trial["removed"]],
        "overlap": [
            {"code": code, "name": rules.get(code, ""), "found_too": count} for code, count in version.trial["overlap"]
        ],
    }  # fmt: skip
