"""The environment: what cannot be used is said in a sentence, and what is made is private."""

import stat

import pytest

from sellerweb import config


def read(tmp_path, **env):
    return config.read({"SELLERWEB_DATA_DIR": str(tmp_path), **{f"SELLERWEB_{k}": v for k, v in env.items()}})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "../etc"),
        ("LANGUAGE", "fr"),
        ("COUNTRY", "XX"),
        ("BASE_URL", "ftp://shop"),
        ("DATABASE_URL", "mysql://shop"),
        ("UNDO_SECONDS", "-1"),
        ("SMTP_URL", "mail.shop.kr"),
        ("SMTP_URL", "smtp://:p4ssw0rd@:587"),
        ("SMTP_URL", "smtp://mail:port"),
        ("SMTP_TIMEOUT", "0"),
        ("MAIL_FROM", "orders"),
        ("MAIL_FROM", "a@shop.kr\r\nBcc: b@shop.kr"),
        ("SOLAPI_SECRET_FILE", "/nowhere/secret"),
        ("SECRET_KEY_FILE", "/nowhere/key"),
        ("DATA_DIR", "/dev/null/shop"),
        ("FILES_URL", "ftp://shop"),
        ("FILES_URL", "s3://"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path, name, value):
    with pytest.raises(config.BadSetting, match=f"SELLERWEB_{name}"):
        read(tmp_path, **{name: value})


def test_the_secret_key_is_made_once_and_is_nobody_elses_to_read(tmp_path):
    key = read(tmp_path).secret_key
    assert len(key) == 64
    assert read(tmp_path).secret_key == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_hosting_services_database_address_is_understood(tmp_path):
    assert read(tmp_path, DATABASE_URL="postgres://a@b/c").database_url == "postgresql+psycopg://a@b/c"


def test_text_messages_need_all_three_settings(tmp_path):
    with pytest.raises(config.BadSetting, match="SELLERWEB_SOLAPI_SENDER is missing"):
        read(tmp_path, SOLAPI_KEY="key", SOLAPI_SECRET="secret")


def test_a_mail_servers_password_is_in_no_sentence(tmp_path):
    with pytest.raises(config.BadSetting) as bad:
        read(tmp_path, SMTP_URL="smtpx://kim:p4ssw0rd@mail")
    assert "p4ssw0rd" not in str(bad.value)


@pytest.mark.parametrize(
    ("base_url", "sender"),
    [
        ("https://desk.shop.kr", "orders@desk.shop.kr"),
        ("http://127.0.0.1:8000", "orders@localhost"),
        ("http://[::1]:8000", "orders@localhost"),
    ],
)
def test_a_shop_that_names_no_sender_writes_from_its_own_host(tmp_path, base_url, sender):
    assert read(tmp_path, BASE_URL=base_url).mail_from == sender
    assert read(tmp_path, BASE_URL=base_url, MAIL_FROM="달빛문구 <hi@shop.kr>").mail_from == "달빛문구 <hi@shop.kr>"
