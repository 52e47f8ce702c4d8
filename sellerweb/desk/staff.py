"""The people at the desk, for the owner: add, role, a new one-time password, stop. No own password (sign_in.py)."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from sellerweb.desk import door
from sellerweb.desk.forms import DeskForm
from sellerweb.desk.staff_forms import ROLE_WORDS, AddForm, RoleForm
from sellerweb.shop import staff
from sellerweb.shop.refused import Refused

bp = Blueprint("staff", __name__, url_prefix="/staff")


@bp.get("")
@door.role_required("owner")
def people() -> ResponseReturnValue:
    return _people(AddForm(formdata=None))


@bp.post("")
@door.role_required("owner")
def add() -> ResponseReturnValue:
    form = AddForm()
    if form.validate_on_submit():
        try:
            first = staff.add(form.name.data, form.role.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _once(form.name.data.strip(), first)
    return _people(form, 422)


@bp.route("/<int:staff_id>", methods=["GET", "POST"])
@door.role_required("owner")
def role(staff_id: int) -> ResponseReturnValue:
    person = _person(staff_id)
    form = RoleForm(obj=person)
    if form.validate_on_submit():
        try:
            staff.set_role(staff_id, form.role.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("%(name)s is now: %(role)s.", name=person.name, role=ROLE_WORDS[form.role.data]))
            return redirect(url_for("desk.staff.people"), 303)
    return _one(person, form, 422 if form.is_submitted() else 200)


@bp.post("/<int:staff_id>/password")
@door.role_required("owner")
def reset(staff_id: int) -> ResponseReturnValue:
    person = _person(staff_id)
    if person.id == current_user.id:
        return redirect(url_for("desk.sign_in.password"), 303)
    return _once(person.name, staff.reset_password(staff_id))


@bp.post("/<int:staff_id>/stop")
@door.role_required("owner")
def stop(staff_id: int) -> ResponseReturnValue:
    person = _person(staff_id)
    try:
        staff.deactivate(staff_id)
    except Refused as refused:
        form = RoleForm(formdata=None, obj=person)
        form.refuse(refused)
        return _one(person, form, 409)
    flash(_("%(name)s can no longer sign in.", name=person.name))
    return redirect(url_for("desk.staff.people"), 303)


def _person(staff_id: int) -> staff.Person:
    return (staff.person(staff_id) if staff_id < 2**31 else None) or abort(404)


def _people(form: AddForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("desk/staff/people.html", people=staff.people(), form=form, roles=ROLE_WORDS)
    return make_response(page, status)


def _one(person: staff.Person, form: DeskForm, status: int) -> ResponseReturnValue:
    return make_response(render_template("desk/staff/person.html", person=person, form=form, roles=ROLE_WORDS), status)


def _once(name: str, first: str) -> ResponseReturnValue:
    # Shown as the answer to the POST, not after a redirect: so it stands in no address, cookie or log.
    return make_response(render_template("desk/staff/once.html", name=name, first=first))
