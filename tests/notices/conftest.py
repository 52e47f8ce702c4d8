"""`shop`, and a mail server that its letters go to."""

from datetime import timedelta

import pytest
import time_machine
from bare_shop import Shop
from flask import Flask
from flask_babel import force_locale
from mail_server import MailServer

from sellerweb.notices import post
from sellerweb.shop import clock


@pytest.fixture
def shop(context, database):
    with force_locale("en"):
        yield Shop(context, database)


@pytest.fixture
def settings_alone():
    """What sending needs without a shop: settings, in an app that has nothing else."""
    app = Flask(__name__)
    app.config.update(SHOP_NAME="달빛문구", MAIL_FROM="orders@shop.test", SMTP_TIMEOUT=2)
    with app.app_context():
        yield app.config


@pytest.fixture
def mailbox(context):
    """A mail server, and a shop that sends through it."""
    box = MailServer()
    context.config.update(SMTP_URL=box.url, MAIL_FROM="orders@shop.test", SMTP_TIMEOUT=1)
    yield box
    box.close()


@pytest.fixture
def later():
    """later(minutes=2): the clock goes on by so much, and stays there until the test is over."""
    travelled = []

    def go(**span):
        travelled.append(time_machine.travel(clock.now() + timedelta(**span)))
        travelled[-1].start()

    yield go
    for travel in reversed(travelled):
        travel.stop()


@pytest.fixture
def deliver():
    """deliver(): everything that may leave now; how many were tried."""

    def all_() -> int:
        tried = 0
        while post.deliver_one():
            tried += 1
        return tried

    return all_
