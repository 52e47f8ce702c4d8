"""Reads the environment, once. Every setting of the program stands here; the shop's own settings are data."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(ValueError):
    """A setting in the environment that cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the environment says. `undo_seconds` is how long a ship can be taken back before its letter leaves."""

    database_url: str
    data_dir: Path
    files_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    base_url: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int
    timezone: str
    language: str
    shop_name: str
    shop_logo: str
    country: str
    undo_seconds: int
    redis_url: str
    smtp_url: str
    smtp_timeout: int
    imap_url: str
    mail_from: str
    solapi_key: str
    solapi_secret: str
    solapi_sender: str

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")


def read(env: Mapping[str, str] = os.environ) -> Config:
    """The configuration in `env` (SELLERWEB_…; …_FILE names a file that holds a secret). Raises BadSetting."""
    data_dir = Path(_get(env, "DATA_DIR", "data")).resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting(f"SELLERWEB_DATA_DIR cannot be used: {error.strerror}") from error
    base_url = _get(env, "BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise BadSetting("SELLERWEB_BASE_URL must begin with http:// or https://")
    return Config(
        database_url=_database_url(_get(env, "DATABASE_URL", f"sqlite:///{data_dir / 'sellerweb.db'}")),
        data_dir=data_dir,
        files_url=_files_url(_get(env, "FILES_URL", str(data_dir / "files"))),
        secret_key=_get(env, "SECRET_KEY", "") or _kept_key(data_dir / "secret_key"),
        secret_key_fallbacks=tuple(_get(env, "SECRET_KEY_FALLBACKS", "").split()),
        base_url=base_url,
        trusted_hosts=tuple(_get(env, "TRUSTED_HOSTS", "").split()),
        trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
        timezone=_zone(_get(env, "TIMEZONE", "Asia/Seoul")),
        language=_one_of(env, "LANGUAGE", ("ko", "ja", "en")),
        shop_name=_get(env, "SHOP_NAME", "sellerweb"),
        shop_logo=_get(env, "SHOP_LOGO", ""),
        country=_one_of(env, "COUNTRY", ("KR", "JP")),
        undo_seconds=_number(env, "UNDO_SECONDS", 30),
        redis_url=_get(env, "REDIS_URL", ""),
        smtp_url=_smtp_url(_get(env, "SMTP_URL", "")),
        smtp_timeout=_number(env, "SMTP_TIMEOUT", 20, least=1),
        imap_url=_imap_url(_get(env, "IMAP_URL", "")),
        mail_from=_mail_from(_get(env, "MAIL_FROM", ""), base_url),
        **_solapi(env),
    )


def _get(env: Mapping[str, str], name: str, default: str) -> str:
    file = env.get(f"SELLERWEB_{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"SELLERWEB_{name}_FILE cannot be read: {error.strerror}") from error
    return env.get(f"SELLERWEB_{name}", default)


def _number(env: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    text = _get(env, name, str(default))
    if not text.isdigit() or int(text) < least:
        raise BadSetting(f"SELLERWEB_{name} must be a whole number of at least {least}, not {text!r}")
    return int(text)


def _one_of(env: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    text = _get(env, name, known[0])
    if text not in known:
        raise BadSetting(f"SELLERWEB_{name} must be one of {', '.join(known)}, not {text!r}")
    return text


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSetting(f"SELLERWEB_TIMEZONE {name!r} is not a time zone such as Asia/Seoul") from error


def _database_url(url: str) -> str:
    # What hosting services hand out says postgres:// or postgresql://; our driver is psycopg 3.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting("SELLERWEB_DATABASE_URL must begin with sqlite:/// or postgresql://")
    return url


def _files_url(url: str) -> str:
    # A folder, or one of the stores that keep what they are given; others that fsspec knows only read, or are this machine's.
    scheme, mark, rest = url.partition("://")
    if (mark and (scheme not in ("file", "s3", "memory") or not rest.strip("/"))) or not url.strip("/"):
        raise BadSetting("SELLERWEB_FILES_URL must be a folder or s3://bucket/prefix")
    return url


def _smtp_url(url: str) -> str:
    # The address holds a password: no sentence repeats it.
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("smtp", "smtps", "smtp+starttls") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if url and not usable:
        raise BadSetting(
            "SELLERWEB_SMTP_URL must look like smtp+starttls://user:password@host:port (or smtp://, smtps://)"
        )
    return url


def _imap_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme in ("imap", "imaps", "imap+starttls") and parts.hostname and parts.username and parts.port != 0
        )
    except ValueError:
        usable = False
    if url and not usable:
        raise BadSetting(
            "SELLERWEB_IMAP_URL must look like imaps://user:password@host/INBOX (or imap+starttls://, imap://)"
        )
    return url


def _mail_from(sender: str, base_url: str) -> str:
    if not sender:
        host = urlsplit(base_url).hostname or ""
        return f"orders@{'localhost' if re.fullmatch(r'[0-9.]*|.*:.*', host) else host}"
    address = parseaddr(sender)[1]
    if not sender.isprintable() or not re.fullmatch(r"[!-?A-~]+@[0-9A-Za-z.-]+", address):
        raise BadSetting("SELLERWEB_MAIL_FROM must be an address such as orders@shop.kr, or Shop <orders@shop.kr>")
    return sender


def _solapi(env: Mapping[str, str]) -> dict[str, str]:
    said = {f"solapi_{part}": _get(env, f"SOLAPI_{part.upper()}", "") for part in ("key", "secret", "sender")}
    lacking = [name.upper() for name, value in said.items() if not value]
    if 0 < len(lacking) < len(said):
        raise BadSetting(f"SELLERWEB_{lacking[0]} is missing: text messages need key, secret and sender together")
    return said


def _kept_key(path: Path) -> str:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()
