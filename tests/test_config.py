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
        ("SECRET_KEY_FILE", "/nowhere/key"),
        ("DATA_DIR", "/dev/null/shop"),
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
