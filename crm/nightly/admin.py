"""Nights in the admin: what ran, how it ended, what was set aside; starting and restarting one."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Model, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.pagination import CappedPaginator
from crm.nightly import starting, tasks
from crm.nightly.models import Chunk, ChunkState, Run, SetAside, Step
from crm.staff.access import signed_in


class ReadOnly:
    """What the night wrote is not for people to edit."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StepInline(ReadOnly, admin.TabularInline[Step, Run]):
    model = Step
    fields = ["name", "state", "chunks_done", "rows", "started_at", "finished_at"]
    readonly_fields = ["name", "state", "chunks_done", "rows", "started_at", "finished_at"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).annotate(
            all=Count("chunks", filter=~Q(chunks__state=ChunkState.SPLIT)),
            finished=Count("chunks", filter=Q(chunks__state=ChunkState.DONE)),
            row_count=Sum("chunks__rows"),
        )  # fmt: skip

    @admin.display(description=gettext_lazy("chunks done"))
    def chunks_done(self, step: Step) -> str:
        url = reverse("admin:nightly_chunk_changelist", query={"step__id__exact": step.pk})
        return format_html('<a href="{}">{} / {}</a>', url, step.finished, step.all)  # type: ignore[attr-defined]  # annotated

    @admin.display(description=gettext_lazy("rows"))
    def rows(self, step: Step) -> int:
        return int(step.row_count or 0)  # type: ignore[attr-defined]  # annotated


@admin.register(Run)
class RunAdmin(ReadOnly, admin.ModelAdmin[Run]):
    list_display = ["day", "attempt", "state", "full", "why_full", "started_at", "took", "written", "aside"]
    list_filter = ["state", "full"]
    date_hierarchy = "day"
    actions = ["restart"]
    inlines = [StepInline]
    change_list_template = "admin/nightly/run/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return super().get_queryset(request).annotate(aside_count=Count("set_aside"))

    @admin.display(description=gettext_lazy("took"))
    def took(self, run: Run) -> str:
        return f"{(run.finished_at - run.started_at).total_seconds():.0f} s" if run.finished_at else "…"

    @admin.display(description=gettext_lazy("rows written"))
    def written(self, run: Run) -> int:
        return sum(run.counts.values())

    @admin.display(description=gettext_lazy("set aside"))
    def aside(self, run: Run) -> int:
        return int(run.aside_count)  # type: ignore[attr-defined]  # annotated

    def has_start_permission(self, request: HttpRequest) -> bool:
        """Whether the person may start nights (of which nobody adds a row by hand)."""
        return bool(request.user.has_perm("nightly.add_run"))

    @admin.action(description=gettext_lazy("Run the night of this day again"), permissions=["start"])
    def restart(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        for run in queryset[:1]:
            self._start(request, run.day)

    def _start(self, request: HttpRequest, day: Any) -> None:
        try:
            run = starting.start(day, by=signed_in(request))
        except starting.NightRefusedError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        transaction.on_commit(lambda: tasks.send_workers(run.pk))
        self.message_user(request, _("The night of %(day)s has begun.") % {"day": run.day})

    def get_urls(self) -> list[URLPattern]:
        own = path("start/", self.admin_site.admin_view(self.start_now), name="nightly_run_start")
        return [own, *super().get_urls()]

    def start_now(self, request: HttpRequest) -> HttpResponse:
        """Start the night that is due."""
        if request.method != "POST" or not self.has_start_permission(request):
            return HttpResponse(status=403)
        self._start(request, starting.usual_day())
        return HttpResponseRedirect(reverse("admin:nightly_run_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = self.has_start_permission(request)
        return super().changelist_view(request, {**(extra_context or {}), "may_start": may})


@admin.register(Chunk)
class ChunkAdmin(ReadOnly, admin.ModelAdmin[Chunk]):
    list_display = ["step", "month", "first", "last", "state", "attempts", "rows", "started_at", "finished_at", "error"]
    list_filter = ["state"]
    list_select_related = ["step"]
    ordering = ["-pk"]
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50


@admin.register(SetAside)
class SetAsideAdmin(ReadOnly, admin.ModelAdmin[SetAside]):
    """By the bank's customer number: no name and nothing else of the customer is here."""

    list_display = ["run", "step", "number", "reason"]
    list_select_related = ["run"]
    paginator = CappedPaginator
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SetAside]:
        return (
            super()
            .get_queryset(request)
            .extra(
                select={"number": "SELECT number FROM customers_customer c WHERE c.id = nightly_setaside.customer_id"}
            )
        )

    @admin.display(description=gettext_lazy("customer number"))
    def number(self, row: Model) -> str:
        return str(getattr(row, "number", ""))
