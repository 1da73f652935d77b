"""A report as a PDF: A4 across, who took it on every page. See docs/adr/014-paper.md."""

import io
from collections.abc import Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Drawn

from crm.dashboards.reports.content import Report, Table

FONT = "STSong-Light"  # of Adobe's Chinese collection: every reader brings a face for it, none has to be shipped
MARGIN = 14 * mm
_INK, _SOFT, _LINE = colors.HexColor("#191d22"), colors.HexColor("#5a626b"), colors.HexColor("#c9c6bf")
_MARK_ROOM = 130  # characters of the mark that fit into the foot of a page


def pdf(report: Report, mark: str) -> bytes:
    """`report` as PDF, `mark` (who took it, when, why) at the foot of every page."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    target = io.BytesIO()
    paper = SimpleDocTemplate(
        target, pagesize=landscape(A4), leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=MARGIN + 4 * mm, title=report.title, author=_("Zhike"),
    )  # fmt: skip
    story: list[Any] = [_text(report.title, 15), _text(report.about, 9, _SOFT), Spacer(0, 4 * mm)]
    for table in report.tables:
        story += _drawn(table, paper.width)
    foot = partial(_foot, mark=mark)
    paper.build(story, onFirstPage=foot, onLaterPages=foot)
    return target.getvalue()


def _text(words: str, size: float, color: Any = _INK, *, right: bool = False) -> Paragraph:
    style = ParagraphStyle(
        "text", fontName=FONT, fontSize=size, leading=size * 1.4, textColor=color, alignment=2 if right else 0,
        wordWrap="CJK",
    )  # fmt: skip
    return Paragraph(escape(words), style)


def _drawn(table: Table, width: float) -> list[Any]:
    """The heading stays with its table; a table longer than a page repeats its headings."""
    words = table.headings, *table.rows, *([table.foot] if table.foot else [])
    to_the_left = len(table.headings) <= 5  # a table of words, not of figures
    cells = [_row(row, to_the_left=to_the_left, head=number == 0) for number, row in enumerate(words)]
    drawn = Drawn(cells, colWidths=_widths(table, width), repeatRows=1)
    drawn.setStyle(TableStyle([
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, _SOFT), ("LINEBELOW", (0, 1), (-1, -1), 0.3, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3), ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]))  # fmt: skip
    heading = [_text(table.title, 11), Spacer(0, 1.5 * mm)]
    if len(table.rows) <= 15:
        return [KeepTogether([*heading, drawn]), Spacer(0, 5 * mm)]
    return [*heading, drawn, Spacer(0, 5 * mm)]


def _row(row: Sequence[str], *, to_the_left: bool, head: bool) -> list[Paragraph]:
    color = _SOFT if head else _INK
    return [_text(words, 8.5, color, right=place > 0 and not to_the_left) for place, words in enumerate(row)]


def _widths(table: Table, width: float) -> list[float]:
    """Names get twice the room of a figure; what a measure consists of gets what is left."""
    shares = [14, 14, 12, 22, 38] if len(table.headings) == 5 else [2] + [1] * (len(table.headings) - 1)
    return [width * share / sum(shares) for share in shares]


def _foot(page: Any, paper: Any, *, mark: str) -> None:
    page.saveState()
    page.setFont(FONT, 8)
    page.setFillColor(_SOFT)
    words = mark if len(mark) <= _MARK_ROOM else mark[:_MARK_ROOM] + "…"
    page.drawString(MARGIN, MARGIN - 2 * mm, words)
    page.drawRightString(paper.pagesize[0] - MARGIN, MARGIN - 2 * mm, str(page.getPageNumber()))
    page.restoreState()
