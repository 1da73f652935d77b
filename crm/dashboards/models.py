"""The measures the night stores, so that a dashboard adds up rows of managers instead of reading customers."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Measured(models.TextChoices):
    """What is measured. Each row is `part` of `whole`: shares and averages add up over managers and branches.

    The statements are in crm/dashboards/sql, by name; all leave out customers who are not in service, but that closed
    accounts count as lost.
    """

    CSAT = "csat", _("satisfied customers")  # answers of 4 or 5 / answers, 90 days
    NPS = "nps", _("would recommend")  # answers of 9 or 10 less those of 0 to 6 / answers, 90 days
    NPS_SPREAD = (
        "nps_spread",
        _("decided about recommending"),
    )  # answers 9, 10 and 0 to 6 / answers: its interval
    CES = "ces", _("effort")  # sum of 1 to 7 / answers, 90 days
    CES_SQUARES = "ces_squares", _("effort squared")  # sum of squares / answers: its interval
    COMPLAINTS_OPEN = "complaints_open", _("complaints open")  # past their day / open
    COMPLAINT_DAYS = "complaint_days", _("age of open complaints")  # sum of days / open
    ACTIVE = "active", _("active customers")  # customer-initiated movement or event in 90 days / customers
    CONTACTED = "contacted", _("contacted this month by their manager")  # had a conversation / customers owned
    CARED = "cared", _("spoken to in 90 days by their manager")  # had a conversation / customers owned, 90 days
    ON_TIME = "on_time", _("follow-ups on time")  # done on their day or before / due in 30 days
    LATE = "late", _("follow-ups late")  # open and past / open
    WELCOMED = "welcomed", _("suggestions welcomed")  # interested / offered, 90 days
    REFUSED = "refused", _("suggestions refused")  # not interested or wrong / offered, 90 days
    PRODUCTS = "products", _("products per customer")  # product families / customers with one
    USED_DAY = "used_day", _("used on the day")  # 1 or 0 / 1 if a working day: what USED adds up
    USED = "used", _("days of use")  # working days with an audited act / working days, 30 days
    RETENTION = "retention", _("kept at maturity")  # stayed / matured, minor units; 30 days
    CHURN_WARNED = "churn_warned", _("about to leave")  # at the end of the day / customers
    CHURN_RESCUED = "churn_rescued", _("stayed after all")  # stayed / stayed or lost, 90 days
    CHURN_LOST = "churn_lost", _("lost")  # lost / stayed or lost, 90 days
    NOTES = "notes", _("notes per customer met")  # conversations with words noted / conversations, 30 days
    SETTLED_DAYS = "settled_days", _("days to settle a complaint")  # sum of days / settled in 90 days
    KEPT_DAY = "kept_day", _("complaints settled by their day")  # in time / settled in 90 days
    MONTHLY = "monthly", _("used a channel in 30 days")  # with an event / customers
    ENGAGED = "engaged", _("took part in something")  # with an engagement in 90 days / customers
    TOUCH = "touch", _("out of touch")  # longer than their interval / owned customers with an interval
    KNOWN = "known", _("facts known")  # facts known or declined / facts asked
    NO_PHONE = "no_phone", _("without a phone number")  # without / customers
    NO_BIRTH = "no_birth", _("without a date of birth")  # without / customers
    RISK_OLD = "risk_old", _("risk assessment run out")  # run out / customers with one
    UNVERIFIED = "unverified", _("channel names not made sure of")  # not verified / names
    DOUBLES = "doubles", _("perhaps known twice")  # in an open pair / customers
    AUM = "aum", _("assets")  # minor units / customers whose assets are known


class Parted(models.TextChoices):
    """What is counted by a key. The statements are in crm/dashboards/sql/parted, by name."""

    SETTLED = "settled", _("complaints by the days they took")  # key: days; whole: complaints settled in 90 days
    CHANNEL = "channel", _("customers by channel")  # key: EventChannel; part: customers, 30 days
    FLOW = "flow", _("money in and out by tier")  # key: code of the tier; part: in, whole: out, this month
    MOVED = "moved", _("moves between segments")  # key: "from>to" by code; part: customers, 90 days


class Measure(models.Model):
    """One measure of a bank day, of one manager's customers (manager empty: the branch's pool)."""

    day = models.DateField(_("day"))
    measured = models.CharField(_("measure"), max_length=16, choices=Measured)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    part = models.BigIntegerField()
    whole = models.BigIntegerField()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["day", "measured", "branch", "manager"], name="one_measure_a_day", nulls_distinct=False
            )
        ]


class BranchMeasure(models.Model):
    """The sums of a branch's measures, pool included: twelve months of a bank of 5,000 managers are 30,000 rows here,
    800,000 of managers."""

    day = models.DateField(_("day"))
    measured = models.CharField(_("measure"), max_length=16, choices=Measured)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    part = models.BigIntegerField()
    whole = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["day", "measured", "branch"], name="one_branch_measure_a_day"),
        ]


class PartedMeasure(models.Model):
    """A count by a key, of one manager's customers (manager empty: the branch's pool).

    Kept are the newest day and the last of each month: lines are drawn of those, and 5,000 managers by channel, tier
    and move are 100,000 rows a day.
    """

    day = models.DateField(_("day"))
    parted = models.CharField(_("measure"), max_length=8, choices=Parted)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    key = models.CharField(max_length=32, blank=True, db_collation="C")
    part = models.BigIntegerField()
    whole = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["day", "parted", "branch", "manager", "key"],
                name="one_parted_measure_a_day",
                nulls_distinct=False,
            ),
        ]


class SegmentMeasure(models.Model):
    """The sums of a branch's measures by segment (empty: customers in none yet), kept as `PartedMeasure` is.

    Not by manager: of 40 customers in five segments there would be small samples alone, of five times the rows.
    """

    day = models.DateField(_("day"))
    measured = models.CharField(_("measure"), max_length=16, choices=Measured)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="+")
    segment = models.ForeignKey("customers.Segment", models.CASCADE, null=True, related_name="+")
    part = models.BigIntegerField()
    whole = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["day", "measured", "branch", "segment"], name="one_segment_measure_a_day", nulls_distinct=False
            ),
        ]


class Dimension(models.TextChoices):
    """By what people are grouped when the bank asks itself whether it treats them alike."""

    GENDER = "gender", _("sex")
    AGE = "age", _("age")
    DISTRICT = "district", _("district")


class Treated(models.TextChoices):
    """What may befall a customer. Each count is `part` of `whole`, as of the last night of its month."""

    SUGGESTED = "suggested", _("something is suggested")  # with a live suggestion / agreed to personal suggestions
    BLOCKED = "blocked", _("need seen, nothing may be offered")  # without a suggestion / with a need the night sees
    WELCOME = "welcome", _("welcome")  # interested / answered in 90 days
    REFUSED = "refused", _("not wanted")  # not interested or wrong / answered in 90 days


class FairnessCount(models.Model):
    """How many of a group something befell, in one month. group: "" where the customer's is not known."""

    month = models.DateField(_("month"))
    dimension = models.CharField(max_length=8, choices=Dimension)
    treated = models.CharField(max_length=10, choices=Treated)
    group = models.CharField(max_length=60, blank=True)
    part = models.PositiveIntegerField()
    whole = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["month", "dimension", "treated", "group"], name="one_fairness_count_a_month_and_group"
            )
        ]


class ScorePart(models.TextChoices):
    """What a manager's score is made of. How much one sells is none of it; `BUSINESS` is how widely the bank serves."""

    SATISFACTION = "satisfaction", _("satisfaction")
    FOLLOW_UP = "follow_up", _("follow-up")
    ACTIVITY = "activity", _("activity")
    CARE = "care", _("care")
    BUSINESS = "business", _("business")


MOST_BUSINESS = 20  # points: business never decides a score


class ScoreWeights(models.Model):
    """One version of the points each part can give, a hundred in all; the newest is in force. Never edited."""

    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"))
    follow_up = models.PositiveSmallIntegerField(_("follow-up"))
    activity = models.PositiveSmallIntegerField(_("activity"))
    care = models.PositiveSmallIntegerField(_("care"))
    business = models.PositiveSmallIntegerField(_("business"))
    reason = models.CharField(_("why"), max_length=200)
    at = models.DateTimeField(_("in force from"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("weights of the score")
        verbose_name_plural = _("weights of the score")
        default_permissions = ("add", "view")
        constraints = [
            models.CheckConstraint(
                name="score_weights_of_a_hundred",
                condition=models.Q(
                    satisfaction=models.Value(100)
                    - models.F("follow_up")
                    - models.F("activity")
                    - models.F("care")
                    - models.F("business"),
                    business__lte=MOST_BUSINESS,
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class ObjectionState(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class Objection(models.Model):
    """What a manager says against one figure of their score, with the figure as it stood, and what was answered."""

    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    scored = models.CharField(_("part"), max_length=12, choices=ScorePart)
    day = models.DateField()  # of the measure
    part = models.BigIntegerField()
    whole = models.BigIntegerField()
    text = models.CharField(_("what is wrong with it"), max_length=500)
    at = models.DateTimeField(default=timezone.now)
    due = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=ObjectionState, default=ObjectionState.OPEN)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["manager", "-at"], name="objection_manager_at"),
            models.Index(fields=["due"], name="objection_open_due", condition=models.Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["manager", "scored"], condition=models.Q(state="open"), name="one_open_objection_a_part"
            ),
            models.CheckConstraint(
                name="objection_answered_whole",
                condition=models.Q(state="open", answered_at=None)
                | models.Q(~models.Q(state="open"), ~models.Q(answer=""), answered_at__isnull=False),
            ),
        ]
