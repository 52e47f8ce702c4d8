"""Passwords and letters go to the mail server that was meant, and to no other: certificates are verified."""

import ssl
from datetime import timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from mail_server import MailServer

from sellerweb.notices import mail
from sellerweb.notices.outcomes import Later
from sellerweb.shop import clock
from sellerweb.shop.letters import Words


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that nobody vouches for; its file, with the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture(params=["smtps", "smtp+starttls"])
def box(request, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def knows(server, session, envelope, mechanism, who):
        return AuthResult(success=(who.login, who.password) == (b"kim", b"p@ss/word"), handled=False)

    secured = {"ssl_context": context} if request.param == "smtps" else {"tls_context": context}
    server = MailServer(authenticator=knows, auth_require_tls=request.param != "smtps", **secured)
    server.address = f"{request.param}://kim:{{password}}@127.0.0.1:{server.port}"
    yield server
    server.close()


@pytest.fixture
def send(settings_alone, box):
    """send(password): hands one letter over."""

    def do(password="p%40ss%2Fword"):
        settings_alone["SMTP_URL"] = box.address.format(password=password)
        notice = type("Notice", (), {"id": 1, "recipient": "a@mail.test", "message_id": "", "created_at": clock.now()})
        mail.send(notice, Words("Hello", "World", ""), lambda **kept: None)

    return do


def test_a_certificate_that_somebody_vouches_for_is_trusted_and_the_password_opens(send, box, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    send()
    assert [seen["Subject"] for seen in box.letters] == ["Hello"]
    with pytest.raises(Later, match="login"):
        send("wrong")


def test_a_strangers_certificate_gets_neither_password_nor_letter(send, box):
    with pytest.raises(Later, match="tls"):
        send()
    assert box.letters == []


def test_a_server_without_tls_gets_neither(settings_alone):
    plain = MailServer()
    settings_alone["SMTP_URL"] = f"smtp+starttls://kim:p@127.0.0.1:{plain.port}"
    notice = type("Notice", (), {"id": 1, "recipient": "a@mail.test", "message_id": "", "created_at": clock.now()})
    with pytest.raises(Later, match="tls"):
        mail.send(notice, Words("Hello", "World", ""), lambda **kept: None)
    plain.close()
    assert plain.letters == []
