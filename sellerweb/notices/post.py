"""One notice on its way: claimed, written, handed over, marked. The worker calls it in a loop; several may. No words, no rules."""

import logging
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from sellerweb.notices import letter, mail, sms
from sellerweb.notices.outcomes import Later, Never, Unsure
from sellerweb.shop import outbox

log = logging.getLogger("sellerweb.post")
SEND = {"email": mail.send, "sms": sms.send}
# Seconds between tries to mark what became of a letter. It is out of our hands: a database that is busy for a moment
# must not make it look unsure.
PAUSES = (0.2, 1.0, 5.0)


def deliver_one() -> bool:
    """Hand over the next letter whose time has come; False: there is none."""
    notice = outbox.claim()
    if notice is None:
        return False
    try:
        draft = letter.write(notice)
        kept = {"subject": draft.shown.subject[:300], "body": (draft.shown.body or draft.shown.sms)[:8000]}
        SEND[notice.medium](notice, draft.words, partial(outbox.handing, notice, **kept))
    except Later as no:
        _mark(outbox.retry, notice, no.why)
    except Never as no:
        _mark(outbox.failed, notice, no.why)
    except Unsure as no:
        _mark(outbox.unsure, notice, no.why)
    except outbox.Lost:
        pass
    except SQLAlchemyError:
        raise  # its lease runs out, and then it is seen how far it came
    except Exception as bug:
        # Where it happened, without the message: that may name people.
        log.error("notice %s: %s\n%s", notice.id, type(bug).__name__, "".join(traceback.format_tb(bug.__traceback__)))
        _mark(outbox.broke, notice)
    else:
        _mark(outbox.sent, notice)
    return True


def _mark(mark: Callable[..., None], notice: Any, *why: str) -> None:
    for pause in PAUSES:
        try:
            return mark(notice, *why)
        except SQLAlchemyError:
            time.sleep(pause)
    return mark(notice, *why)
