"""/healthz and /readyz: what a proxy or a container asks before it sends people."""

from sqlalchemy import text

from sellerweb.shop.db import write


def test_healthz_answers_without_signing_in_or_a_database(client):
    assert client.get("/healthz").text == "ok\n"


def test_readyz_is_ready_on_the_newest_schema(client):
    assert client.get("/readyz").status_code == 200


def test_readyz_refuses_another_schema(app, client):
    with app.app_context(), write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = client.get("/readyz")
    assert (answer.status_code, "migrate" in answer.text) == (503, True)


def test_a_page_is_sent_compressed(desk):
    page = desk.client.get("/orders", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
