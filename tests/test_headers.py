"""What every answer tells the browser."""

from dataclasses import replace

import pytest

from sellerweb import create_app
from sellerweb.headers import CSP


@pytest.fixture
def answers(desk):
    """One of each kind: a page, a refusal, a missing page, a broken form, a static file, a redirect."""
    return [
        desk.client.get("/moves"),
        desk.client.get("/nothing-here"),
        desk.client.post("/moves", data={"csrf_token": desk.token()}),
        desk.client.post("/sound"),
        desk.client.get("/static/base.css"),
        desk.client.get("/"),
    ]


def test_every_answer_carries_the_policy(answers):
    assert [a.status_code for a in answers] == [200, 404, 405, 400, 200, 303]
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in answer.headers
        answer.close()


def test_the_policy_lets_nothing_in_but_our_own():
    rules = dict(rule.split(" ", 1) for rule in CSP.split("; "))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("frame-ancestors") == "'none'"
    assert rules.pop("img-src") == "'self' data:"
    assert set(rules.values()) == {"'self'"}


def test_nothing_but_static_files_is_kept(answers):
    kept = [a.headers["Cache-Control"] for a in answers]
    assert kept == ["no-store"] * 4 + ["no-cache", "no-store"]
    for answer in answers:
        answer.close()


def test_a_static_file_under_its_hash_is_kept_for_ever(desk):
    for link in [*desk.open("/moves").all("link"), *desk.open("/moves").all("script")]:
        address = link.get("href") or link.get("src")
        answer = desk.client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        answer.close()


def test_the_cookie_is_for_the_server_alone(client):
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("sellerweb=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_on_https_the_cookie_is_secure_and_the_browser_stays_on_https(settings):
    client = create_app(replace(settings, base_url="https://desk.example.kr")).test_client()
    answer = client.get("/sign-in", base_url="https://desk.example.kr")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sellerweb=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_only_trusted_hosts_are_answered(settings):
    client = create_app(replace(settings, trusted_hosts=("desk.example.kr",))).test_client()
    assert client.get("/sign-in", base_url="http://desk.example.kr").status_code == 200
    answer = client.get("/sign-in", base_url="http://evil.example")
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert answer.headers["Content-Security-Policy"] == CSP


def test_forwarded_addresses_count_only_behind_a_trusted_proxy(settings):
    def address(app):
        app.add_url_rule("/who", view_func=lambda: __import__("flask").request.remote_addr)
        return app.test_client().get("/who", headers={"X-Forwarded-For": "203.0.113.9"}).text

    assert address(create_app(settings)) == "127.0.0.1"
    assert address(create_app(replace(settings, trusted_proxies=1))) == "203.0.113.9"


def test_a_form_beyond_all_measure_is_refused(client):
    assert client.post("/sign-in", data={"name": "x" * 1_100_000}).status_code == 413
    parts = {f"f{i}": "" for i in range(1_002)}
    assert client.post("/sign-in", data=parts, content_type="multipart/form-data").status_code == 413


def test_a_body_of_more_than_32_mb_is_refused_before_it_is_read(client):
    answer = client.post("/sign-in", environ_overrides={"CONTENT_LENGTH": str(33 * 1024 * 1024)})
    assert answer.status_code == 413
