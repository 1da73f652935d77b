"""A report as an Excel file, one sheet a table."""

from crm.dashboards.reports.content import Report
from crm.lib import sheets


def excel(report: Report, mark: str) -> bytes:
    """`report` as .xlsx, `mark` (who took it, when, why) on every page."""
    mark = f"{report.title} · {report.about} · {mark}"
    tables = [(one.title, one.headings, [*one.rows, one.foot] if one.foot else one.rows) for one in report.tables]
    return sheets.sheets(mark, tables)
