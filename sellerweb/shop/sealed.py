"""What must not lie about readable: bank accounts, encrypted under the program's secret key. Knows no orders."""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def seal(words: str) -> str:
    return _keys().encrypt(words.encode()).decode() if words else ""


def unseal(sealed: str) -> str:
    """The words again; "" where nothing was sealed, or under a key that we no longer have."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def mark(words: str) -> str:
    """A mark that tells these words from others and gives none of them away: who reads it cannot try out accounts."""
    return hmac.new(current_app.config["SECRET_KEY"].encode(), words.encode(), "sha256").hexdigest()


def _keys() -> MultiFernet:
    """The newest key seals; older ones (SECRET_KEY_FALLBACKS) still open."""
    config = current_app.config
    return MultiFernet([_key(secret) for secret in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])])


def _key(secret: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"sellerweb bank account").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
