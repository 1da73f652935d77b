"""The first version of each privacy notice, so that a bank can record consents from its first day."""

from datetime import UTC, datetime

from django.db import migrations

PUBLISHED = datetime(2000, 1, 1, tzinfo=UTC)  # before any consent that a bank takes over
NOTICES = [
    ("profiling", ["transactions", "app use", "profile"],
     "我们用您的资料、交易和 App 使用情况了解您可能的需要，并据此给出建议。您可随时关闭，不影响办理业务。",
     "We use your profile, transactions and use of the app to understand what may help you. You can switch this off at "
     "any time; every service stays open to you."),
    ("marketing", ["name", "contact details"],
     "我们通过您选择的渠道告诉您产品和活动。每个渠道可单独、随时拒绝。",
     "We tell you of products and events by the channels you choose. You can refuse each of them at any time."),
    ("sensitive", ["health", "religion"],
     "仅在您告诉我们时记录，只用于照顾您的需要，不用于销售。",
     "Recorded only when you tell us, used only to take care of you, never to sell."),
    ("sharing", ["name", "contact details"],
     "只把您同意的资料交给您同意的公司，用于您同意的目的。",
     "Only the data you agree to, to the company you agree to, for the purpose you agree to."),
    ("child", ["name", "birth date"],
     "未满十四周岁的孩子，由监护人同意后才记录其资料。",
     "Data of a child under fourteen are recorded only once its guardian agrees."),
]  # fmt: skip


def publish(apps, schema_editor):
    notice = apps.get_model("customers", "PrivacyNotice")
    notice.objects.using(schema_editor.connection.alias).bulk_create(
        notice(purpose=purpose, version=1, published_at=PUBLISHED, legal_basis="consent", data_kinds=kinds,
               text_zh=chinese, text_en=english)
        for purpose, kinds, chinese, english in NOTICES
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
