"""The shapes of what people type about themselves and each other. Truth is the shop's business."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from sellerweb.desk.forms import DeskForm

ROLE_WORDS = {"packer": _l("Packer"), "manager": _l("Manager"), "owner": _l("Owner")}


class SignInForm(DeskForm):
    # 60 letters is a name; more is let through to be refused like any wrong name.
    name = StringField(_l("Name"), [InputRequired(_l("Type your name.")), Length(max=200)])
    kept = HiddenField()
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password."))])


class FirstPasswordForm(DeskForm):
    new = PasswordField(_l("New password"), [InputRequired(_l("Type a new password."))])
    again = PasswordField(_l("New password again"), [EqualTo("new", _l("This is not the same. Type it once more."))])


class PasswordForm(FirstPasswordForm):
    old = PasswordField(_l("Present password"), [InputRequired(_l("Type your present password."))])


class RoleForm(DeskForm):
    role = RadioField(
        _l("Role"),
        [InputRequired(_l("Choose a role."))],
        choices=[SelectChoice(role, word) for role, word in ROLE_WORDS.items()],
    )


class AddForm(RoleForm):
    name = StringField(_l("Name"), [InputRequired(_l("Type a name.")), Length(max=60)])
