"""The shapes of what staff type in a thread. Truth is the shop's business: `shop.threads`, `shop.messages`."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from sellerweb.desk import thread_words
from sellerweb.desk.forms import AnswerForm, MoveForm, cleaned, key_of
from sellerweb.desk.reply_words import KIND
from sellerweb.shop.messages import LONGEST
from sellerweb.shop.talk import Seen
from sellerweb.shop.threads import BY_HAND


class ThreadForm(MoveForm):
    """What every form of a thread carries: the versions of thread and order that its page was drawn from."""

    order_version = HiddenField(validators=[Optional()])

    def seen(self) -> Seen:
        return Seen(self.drawn() or 0, key_of(self.order_version.data) or 0)

    def fresh_of(self, thread: int, order: int) -> "ThreadForm":
        self.fresh(thread)
        self.order_version.data, self.order_version.raw_data = str(order or ""), None
        return self


class ReplyForm(ThreadForm, AnswerForm):
    """An answer in a thread; `solve`: nothing more is to be done after it."""

    solve = BooleanField()

    def typed(self) -> dict[str, object]:
        return {name: value for name, value in super().typed().items() if name != "order_version"}


class NoteForm(MoveForm):
    note = TextAreaField(
        _l("Note, for staff alone"),
        filters=[cleaned],
        validators=[DataRequired(_l("Write something first.")), Length(max=LONGEST)],
    )


class SortForm(ThreadForm):
    kind = SelectField(_l("Kind of question"), choices=[SelectChoice(k, w) for k, w in KIND.items()], validate_choice=False)  # fmt: skip


class AssignForm(ThreadForm):
    staff = SelectField(_l("Who takes care of it"), validate_choice=False)


class SnoozeForm(ThreadForm):
    until = StringField(filters=[cleaned])

    def moment(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Until when; None where that is none of ours."""
        said = self.until.data
        if said in ("1", "3"):
            return now + timedelta(hours=int(said))
        if said not in thread_words.SNOOZE:
            return None
        today = now.astimezone(zone).date()
        days = 1 if said == "tomorrow" else 7 - today.weekday()
        return datetime.combine(today + timedelta(days=days), time(9), zone)


class TieForm(ThreadForm):
    order = StringField(_l("Order number"), filters=[cleaned], validators=[Length(max=64)])
    words = HiddenField()


class JoinForm(ThreadForm):
    other = SelectField(_l("The other conversation"), validate_choice=False)
    words = HiddenField()


class NewThreadForm(MoveForm):
    """A question that came by phone or TalkTalk."""

    source = RadioField(_l("Where it was asked"), choices=[SelectChoice(s, thread_words.SOURCE[s]) for s in BY_HAND], default="talktalk")  # fmt: skip
    words = TextAreaField(
        _l("What they asked"),
        filters=[cleaned],
        validators=[DataRequired(_l("Write something first.")), Length(max=LONGEST)],
    )
    order = StringField(_l("Order number (optional)"), filters=[cleaned], validators=[Length(max=64)])
    name = StringField(_l("Who asked (optional)"), filters=[cleaned], validators=[Length(max=200)])
    contact = StringField(_l("Phone or name in TalkTalk (optional)"), filters=[cleaned], validators=[Length(max=254)])
    kind = SelectField(_l("Kind of question"), choices=[SelectChoice("", _l("by its words")), *(SelectChoice(k, w) for k, w in KIND.items())])  # fmt: skip
