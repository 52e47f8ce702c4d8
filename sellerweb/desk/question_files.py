"""A channel's file of questions, taken in: the upload, and what became of each. Rules: `shop.question_import`."""

from typing import Any

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from sellerweb.channels import own_table, questions
from sellerweb.channels.sentence import ROW_WHY
from sellerweb.desk import door, drawing, labels
from sellerweb.desk.imports import ImportForm
from sellerweb.desk.thread_drawing import inbox_url
from sellerweb.shop import question_import
from sellerweb.shop.db import forget
from sellerweb.shop.inbox import Filter
from sellerweb.shop.incoming import FileError

bp = Blueprint("question_files", __name__)


class QuestionsForm(ImportForm):
    channel = SelectField(_l("Whose file it is"), choices=[SelectChoice(c, word) for c, word in labels.CHANNEL.items()])
    anew = None


@bp.get("/threads/import")
def ask() -> Response:
    return _page(QuestionsForm(formdata=None))


@bp.post("/threads/import", endpoint="take")
def take() -> Response:
    """Read the file, let its questions in, and say what became of them."""
    form = QuestionsForm()
    if not form.validate():
        return _page(form, 422)
    channel = form.channel.data
    try:
        table = own_table.read(form.file.data.read(), form.password.data, form.encoding.data)
    except FileError as no:
        form.show(no)
        return _page(form, 422)
    if "words" not in questions.columns(table.header):
        form.file.errors = [_("No column of this file is named like questions (%(names)s). Nothing was taken in. Name the column so, and send the file again.", names="문의내용, 内容, content")]  # fmt: skip
        return _page(form, 422)
    asked, rejected = questions.questions(table, channel, drawing.zone())
    forget()
    became, new = question_import.sort(asked)
    became.update(question_import.take(door.actor(), channel, one) for one in new[: question_import.MOST])
    left = max(len(new) - question_import.MOST, 0)
    return _page(form, became=became, rejected=rejected, left=left)


def _page(form: QuestionsForm, status: int = 200, **more: Any) -> Response:
    return drawing.htmx_or_page(
        "desk/threads/import.html", status, form=form, inbox_url=inbox_url, why=ROW_WHY, everything=Filter(), **more
    )
