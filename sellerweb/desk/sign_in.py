"""Signing in and out, one's own password, language and sound. No other people (staff.py)."""

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from sellerweb.desk import door, kept
from sellerweb.desk.staff_forms import FirstPasswordForm, PasswordForm, SignInForm
from sellerweb.kit.words import LANGUAGES
from sellerweb.shop import staff
from sellerweb.shop.refused import Refused

bp = Blueprint("sign_in", __name__)


@bp.get("/")
def start() -> ResponseReturnValue:
    return _on()


@bp.route("/sign-in", methods=["GET", "POST"])
@door.limiter.limit("30 per minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            token = staff.sign_in(form.name.data, form.password.data, request.remote_addr or "")
        except Refused as refused:
            form.refuse(refused)
        else:
            door.enter(token)
            return _once_more(form.kept.data) or _on()
    if request.method == "GET" and current_user.is_authenticated:
        return _on()
    status = 422 if form.is_submitted() else 200
    return make_response(render_template("desk/sign_in/sign_in.html", form=form, next=_next()), status)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    door.leave()
    return redirect(url_for("desk.sign_in.sign_in"), 303)


@bp.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    form = FirstPasswordForm() if current_user.must_change else PasswordForm()
    if form.validate_on_submit():
        try:
            staff.change_password(
                current_user.id,
                form.old.data if "old" in form else None,
                form.new.data,
                token=current_user.token,
                address=request.remote_addr or "",
                words=(current_app.config["SHOP_NAME"],),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Your password was changed. Other browsers were signed out."))
            return _on()
    status = 422 if form.is_submitted() else 200
    return make_response(render_template("desk/sign_in/password.html", form=form, next=_next()), status)


@bp.post("/language")
def language() -> ResponseReturnValue:
    code = request.form.get("language", "")
    response = _on()
    if code in LANGUAGES:
        response.set_cookie("lang", code, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure)
        if current_user.is_authenticated:
            staff.set_language(current_user.id, code)
    return response


@bp.post("/sound")
def sound() -> ResponseReturnValue:
    staff.set_sound(current_user.id, request.form.get("on") == "1")
    return _on()


def _once_more(said: str | None) -> Response | None:
    """What was typed before the sign-in was lost, to be looked at and sent; None: nothing was."""
    typed = kept.read(said or "")
    if typed is None or not door.own_path(typed.path):
        return None
    return make_response(render_template("desk/sign_in/once_more.html", kept=typed, next=_next()))


def _next() -> str:
    return door.own_path(request.values.get("next"))


def _on() -> Response:
    """To where the person came from, or to the orders."""
    return redirect(_next() or url_for("desk.orders.queue"), 303)  # type: ignore[return-value]
