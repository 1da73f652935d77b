"""The night's second step: one row of features a customer, from the monthly summaries and what customers have."""

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy

from crm.lib.night import Night, NightPublication, NightStep, Part
from customers.models import Features
from customers.models.features import FeatureColumns
from customers.night import definitions, rows

COLUMNS = tuple(str(field.column) for field in FeatureColumns._meta.concrete_fields)


class FeatureRows(NightStep):
    """Stages the features of all customers in service, in an incremental night too.

    Only the summaries are incremental: a day's end moves the average of everybody's month, and working the features out
    for all of them costs less than finding out whose would have changed.
    """

    name = "features"
    label = gettext_lazy("Features")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        given = {**definitions.parameters(night.day), "run": night.run, "first": part.first, "last": part.last}
        names = ", ".join(COLUMNS)
        cursor.execute(
            f"INSERT INTO customers_stagedfeatures (run, customer_id, {names})"
            f" SELECT %(run)s, f.customer_id, {', '.join(f'f.{name}' for name in COLUMNS)}"
            f" FROM ({definitions.bound(definitions.in_postgres(definitions.features()))}) AS f",
            given,
        )
        return int(cursor.rowcount)


class PublishFeatures(NightPublication):
    """Makes the staged features live. Who is in service no longer has none (PIPL Art. 47)."""

    name = "features"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        count = rows.publish(
            cursor, live=Features._meta.db_table, staged="customers_stagedfeatures", key="customer_id",
            columns=COLUMNS, run=night.run,
        )  # fmt: skip
        cursor.execute(
            "DELETE FROM customers_features f USING customers_customer c"
            " WHERE c.id = f.customer_id AND c.status <> 'active'"
        )
        return int(count + cursor.rowcount)


FEATURES = FeatureRows()
PUBLISH_FEATURES = PublishFeatures()
