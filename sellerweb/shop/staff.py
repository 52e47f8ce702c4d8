"""The people at the desk: who they are, signing in, and what ends a session. No pages; passwords.py knows passwords.

Every try to sign in is counted before it is checked, by name and by address, and taken back when it was right:
so tries made at the same moment are counted too. A locked name answers alike whether anybody bears it or not.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from sellerweb.shop import clock, passwords
from sellerweb.shop.db import read, write
from sellerweb.shop.models import ROLES, SignInFailure, Staff, StaffSession
from sellerweb.shop.refused import Refused

SESSION = timedelta(hours=16)
WINDOW = timedelta(minutes=15)
WRONG_BY_NAME, WRONG_BY_ADDRESS = 5, 20
_COUNTING = 0x5E11  # our name for the lock; any number that nobody else uses


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff, without the password."""

    id: int
    name: str
    role: str
    must_change: bool
    language: str
    sound: bool
    active: bool


_PERSON = (Staff.id, Staff.name, Staff.role, Staff.must_change, Staff.language, Staff.sound, Staff.active)
# Every request asks this: made once, so that its compiled text is found again.
_BY_TOKEN = (
    select(*_PERSON)
    .join(StaffSession, StaffSession.staff_id == Staff.id)
    .where(
        Staff.active,
        StaffSession.key == bindparam("key"),
        StaffSession.expires_at > bindparam("now", type_=StaffSession.__table__.c.expires_at.type),
    )
)


def people() -> list[Person]:
    """Everybody, those at work first."""
    rows = read().execute(select(*_PERSON).order_by(Staff.active.desc(), Staff.name))
    return [Person(*row) for row in rows]


def person(staff_id: int) -> Person | None:
    row = read().execute(select(*_PERSON).where(Staff.id == staff_id)).one_or_none()
    return Person(*row) if row else None


def by_token(token: str) -> Person | None:
    """Whose session this is, while it lasts."""
    row = read().execute(_BY_TOKEN, {"key": _hash(token), "now": clock.now()}).one_or_none()
    return Person(*row) if row else None


def add(name: str, role: str) -> str:
    """A new person; their one-time password, told this once."""
    name = _clean(name)
    if not 1 <= len(name) <= 60:
        raise Refused(_l("Type a name of 60 characters or fewer."), "name")
    _known(role)
    first = passwords.one_time()
    row = {"name": name, "role": role, "password": passwords.keep(first), "created_at": clock.now()}
    try:
        with write() as tx:
            tx.execute(insert(Staff).values(**row, must_change=True, language="", sound=False, active=True))
    except IntegrityError:
        raise Refused(_l("There is a person of this name already. Choose another name."), "name") from None
    return first


def sign_in(name: str, password: str, address: str) -> str:
    """A new session's secret. Refused alike for a wrong name and a wrong password."""
    name = _clean(name)
    tries = _count_try(name, address)
    with write() as tx:  # only a look, but of the newest state
        row = tx.execute(select(Staff.id, Staff.password).where(Staff.name == name, Staff.active)).one_or_none()
    # Outside a transaction: this takes long on purpose.
    if not passwords.matches(row.password if row else None, password) or row is None:
        raise Refused(_l("Name or password is wrong."), "password")
    token, now = secrets.token_urlsafe(24), clock.now()
    with write() as tx:
        _forgive(tx, name, tries)
        tx.execute(delete(StaffSession).where(StaffSession.expires_at <= now))
        tx.execute(delete(SignInFailure).where(SignInFailure.at < now - timedelta(days=1)))
        if passwords.is_old(row.password):
            _set(tx, row.id, password=passwords.keep(password))
        fresh = {"key": _hash(token), "staff_id": row.id, "created_at": now, "expires_at": now + SESSION}
        tx.execute(insert(StaffSession).values(fresh))
    return token


def end_session(token: str) -> None:
    with write() as tx:
        tx.execute(delete(StaffSession).where(StaffSession.key == _hash(token)))


def change_password(
    staff_id: int, old: str | None, new: str, *, token: str = "", address: str = "", words: Iterable[str] = ()
) -> None:
    """One's own password; signs other browsers out. `old` is None only for who must change a one-time one."""
    with write() as tx:
        row = tx.execute(select(Staff.name, Staff.password, Staff.must_change).where(Staff.id == staff_id)).one()
    if not (old is None and row.must_change):
        tries = _count_try(row.name, address)
        if not passwords.matches(row.password, old or ""):
            raise Refused(_l("This is not your present password."), "old")
        with write() as tx:
            _forgive(tx, row.name, tries)
    passwords.accept(new, (row.name, *words))
    if passwords.matches(row.password, new):
        raise Refused(_l("This is your present password. Choose a new one."), "new")
    kept = passwords.keep(new)
    with write() as tx:
        _set(tx, staff_id, password=kept, must_change=False)
        _sign_out_everywhere(tx, staff_id, but=token)


def reset_password(staff_id: int) -> str:
    """A new one-time password, told this once; also lets a person who was stopped come back."""
    first = passwords.one_time()
    kept = passwords.keep(first)
    with write() as tx:
        name = _set(tx, staff_id, password=kept, must_change=True, active=True)
        _sign_out_everywhere(tx, staff_id)
        tx.execute(delete(SignInFailure).where(SignInFailure.key == _name_key(name)))
    return first


def set_role(staff_id: int, role: str) -> None:
    _known(role)
    with write() as tx:
        if role != "owner":
            _keep_an_owner(tx, staff_id)
        _set(tx, staff_id, role=role)
        _sign_out_everywhere(tx, staff_id)


def deactivate(staff_id: int) -> None:
    """The person can no longer sign in; what they did keeps their name."""
    with write() as tx:
        _keep_an_owner(tx, staff_id)
        _set(tx, staff_id, active=False)
        _sign_out_everywhere(tx, staff_id)


def set_language(staff_id: int, language: str) -> None:
    with write() as tx:
        _set(tx, staff_id, language=language)


def set_sound(staff_id: int, on: bool) -> None:
    with write() as tx:
        _set(tx, staff_id, sound=on)


def _set(tx: Connection, staff_id: int, **values: Any) -> str:
    row = tx.execute(update(Staff).where(Staff.id == staff_id).values(values).returning(Staff.name)).one_or_none()
    if row is None:
        raise Refused(_l("This person is no longer here."))
    return str(row.name)


def _sign_out_everywhere(tx: Connection, staff_id: int, but: str = "") -> None:
    tx.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.key != _hash(but)))


def _keep_an_owner(tx: Connection, staff_id: int) -> None:
    # Locked, so that two owners cannot each remove the other at the same moment.
    owners = select(Staff.id).where(Staff.role == "owner", Staff.active).order_by(Staff.id).with_for_update()
    if tx.scalars(owners).all() == [staff_id]:
        raise Refused(_l("This is the only owner. Make somebody else an owner first."), "role")


def _count_try(name: str, address: str) -> Sequence[int]:
    """Counts this try as a wrong one, unless too many were: then says how long to wait."""
    now = clock.now()
    keys = ((_name_key(name), WRONG_BY_NAME), (_hash(f"address:{address}"), WRONG_BY_ADDRESS))
    with write() as tx:
        _one_at_a_time(tx)
        for key, limit in keys:
            wait = _wait(_wrong(tx, key, limit, now), limit, now)
            if wait:
                raise Throttled(wait)
        made = insert(SignInFailure).returning(SignInFailure.id)
        return [tx.execute(made.values(key=key, at=now)).scalar_one() for key, _ in keys]


def _one_at_a_time(tx: Connection) -> None:
    # SQLite's writers queue anyway; on PostgreSQL tries of the same moment must not all see the same count.
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_COUNTING)))


def _wrong(tx: Connection, key: str, limit: int, now: datetime) -> Sequence[datetime]:
    recent = select(SignInFailure.at).where(SignInFailure.key == key, SignInFailure.at > now - WINDOW)
    return tx.scalars(recent.order_by(SignInFailure.at.desc()).limit(limit)).all()


def _wait(wrong: Sequence[datetime], limit: int, now: datetime) -> timedelta | None:
    return wrong[-1] + WINDOW - now if len(wrong) == limit else None


class Throttled(Refused):
    """Too many wrong tries; `wait` says how long this lasts."""

    def __init__(self, wait: timedelta) -> None:
        minutes = -(-wait // timedelta(minutes=1))
        super().__init__(_l("Too many wrong tries. Please wait %(minutes)s minutes.", minutes=minutes), "password")
        self.wait = wait


def _forgive(tx: Connection, name: str, tries: Sequence[int]) -> None:
    # The name starts afresh; the address only gets this try back, or one good password would buy any number of guesses.
    tx.execute(delete(SignInFailure).where(SignInFailure.key == _name_key(name)))
    tx.execute(delete(SignInFailure).where(SignInFailure.id.in_(tries)))


def _known(role: str) -> None:
    if role not in ROLES:
        raise Refused(_l("Choose a role from the list."), "role")


def _clean(name: str) -> str:
    # Whatever keyboard composed it, a name is spelled one way; PostgreSQL takes no NUL.
    return unicodedata.normalize("NFC", name).replace("\0", "").strip()


def _name_key(name: str) -> str:
    return _hash(f"name:{name}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
