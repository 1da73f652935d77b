"""Approved templates, one that waits for its approval, and messages in every state to the customers of 林悦 (R1001)."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.staff.models import User
from crm.workspace.demo.stories import CAST_SIZE
from customers.models import Customer
from interactions.messaging.wording import filled, known_values
from interactions.models import (
    AttemptStep,
    Direction,
    Interaction,
    Message,
    MessageAttempt,
    MessageState,
    MessageTemplate,
    Outcome,
    TemplateVersion,
)

# (code, Chinese name, English name, channel, kind, topic, Chinese text, English text)
TEMPLATES = (
    ("birthday", "生日祝福", "Birthday greeting", "sms", "care", "", "{salutation}，今天是您的生日，祝您健康、顺心！{branch} {manager}", "{salutation}, many happy returns of the day! {manager}, {branch}"),
    ("maturity", "到期提醒", "Maturity note", "sms", "service", "deposit", "{salutation}，您的{product}将于{date}到期，到期后如何安排由您决定，需要办理请随时找我。{branch} {manager}", "{salutation}, your {product} falls due on {date}. What happens then is up to you; I am there if you need me. {manager}, {branch}"),
    ("appointment", "预约确认", "Appointment", "wechat", "service", "service", "{salutation}，已为您预约{date} {time}到{place}，到店不用排队。{note} {manager}", "{salutation}, you are expected on {date} at {time}, {place}; no queueing. {note} {manager}"),
    ("survey", "满意度回访", "Survey invitation", "sms", "service", "service", "{salutation}，这次的服务您满意吗？一分钟告诉我们：{survey_link} {branch}", "{salutation}, were you satisfied with us? One minute to tell us: {survey_link} {branch}"),
    ("lecture", "讲座邀请", "Lecture invitation", "wechat", "marketing", "activity", "{salutation}，{date}我行在{place}办防诈骗讲座，茶水已备，欢迎带家人来听。{note} {manager}", "{salutation}, on {date} we hold a talk on fraud protection at {place}; bring your family. {note} {manager}"),
)  # fmt: skip
# (place among the book, template, state, days ago, values, reason)
SENT: tuple[tuple[int, str, MessageState, int, dict[str, str], str], ...] = (
    (0, "birthday", MessageState.DELIVERED, 12, {}, ""),
    (1, "maturity", MessageState.SENT, 2, {"product": "三年期定期存款", "date": "12月3日"}, ""),
    (2, "appointment", MessageState.UNKNOWN, 1, {"date": "11月26日", "time": "10:00", "place": "城南支行二楼", "note": "请带上身份证。"}, "ReadTimeout"),
    (3, "maturity", MessageState.FAILED, 1, {"product": "稳健理财", "date": "12月8日"}, "no_address"),
    (4, "lecture", MessageState.CANCELLED, 5, {"date": "12月12日", "place": "社区活动室"}, "too_late"),
    (5, "appointment", MessageState.HELD, 0, {"date": "12月1日", "time": "14:30", "place": "城南支行", "note": ""}, ""),
    (6, "survey", MessageState.DELIVERED, 20, {"survey_link": "https://bank.example/s/7Q2"}, ""),
    (7, "maturity", MessageState.FAILED, 3, {"product": "大额存单", "date": "12月1日"}, "gave_up"),
)  # fmt: skip


def write_messages(day: date) -> None:
    """Templates written by the admin and approved by compliance, and a few messages of the last weeks."""
    people = User.objects.in_bulk(["R1001", "M9001", "C8001"], field_name="employee_number")
    at = timezone.make_aware(datetime.combine(day - timedelta(days=40), time(10)))
    versions = {}
    for code, name_zh, name_en, channel, kind, topic, text_zh, text_en in TEMPLATES:
        template = MessageTemplate.objects.create(
            code=code, name_zh=name_zh, name_en=name_en, channel=channel, kind=kind, topic=topic
        )
        versions[code] = TemplateVersion.objects.create(
            template=template, number=1, text_zh=text_zh, text_en=text_en, author=people["M9001"], written_at=at,
            approved_by=people["C8001"], approved_at=at + timedelta(days=1),
        )  # fmt: skip
    TemplateVersion.objects.create(
        template=versions["birthday"].template, number=2, text_zh="{salutation}，生日快乐！愿您新的一岁平安喜乐。{branch} {manager}",
        text_en="{salutation}, happy birthday and a peaceful year ahead! {manager}, {branch}", author=people["M9001"],
    )  # fmt: skip
    book = Customer.objects.filter(owner=people["R1001"], status="active").exclude(phone_sealed=None)
    chosen = list(book.select_related("owner", "branch").order_by("number")[CAST_SIZE : CAST_SIZE + 10])
    for place, code, state, ago, values, reason in SENT:
        if place < len(chosen):
            _write(chosen[place], versions[code], state, day - timedelta(days=ago), values, reason)


def _write(
    customer: Customer, version: TemplateVersion, state: MessageState, day: date, values: dict[str, str], reason: str
) -> None:
    at = min(timezone.make_aware(datetime.combine(day, time(10, 20))), timezone.now())
    gone = state in (MessageState.SENT, MessageState.DELIVERED)
    template = version.template
    message = Message.objects.create(
        customer=customer, version=version, channel=template.channel, kind=template.kind, topic=template.topic,
        language="zh", text=filled(version.text_zh, known_values(customer, "zh") | values, "zh"), state=state,
        by=customer.owner, reason=reason, created_at=at, tries=0 if state == MessageState.HELD else 1,
        by_hand=state == MessageState.HELD, sent_at=at if gone else None,
        delivered_at=at + timedelta(minutes=1) if state == MessageState.DELIVERED else None,
    )  # fmt: skip
    if gone:
        message.interaction = Interaction.objects.create(
            customer=customer, channel=template.channel, direction=Direction.OUT, kind=template.kind,
            topics=[template.topic] if template.topic else [], summary=message.text, outcome=Outcome.LEFT_MESSAGE,
            by=customer.owner, at=at, reference=f"message:{message.pk}",
        )  # fmt: skip
        message.save(update_fields=["interaction"])
    if message.tries:
        MessageAttempt.objects.create(message=message, number=1, step=AttemptStep.BEGUN, at=at)
