"""The desk's words about letters: by what they leave, and why one did not. The letters' own words: `shop.letters`."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

MEDIUM = {"email": _l("e-mail"), "sms": _l("text message")}
SWITCH = {"mail": _l("E-mail"), "sms": _l("Text messages")}
LANGUAGE = {"ko": "한국어", "ja": "日本語", "en": "English"}
NOT_SET_UP = {
    "mail": _l("Not set up yet: the server needs SELLERWEB_SMTP_URL."),
    "sms": _l("Not set up yet: the server needs SELLERWEB_SOLAPI_KEY, its secret and the sender's number."),
}
# By the code in `notice.why`. What stays open says what to do.
WHY = {
    "broke": _l("Our own program stumbled over it. Tell whoever looks after it, and send it again later."),
    "dropped": _l("Somebody decided not to send it."),
    "login": _l("The mail server did not take our password. Mend the setting; the letter waits for it."),
    "no_address": _l("This is not one mail address. Ask the customer for the right one."),
    "no_library": _l("The provider's library is not installed on the server."),
    "no_phone": _l("This is not a phone number. Ask the customer for the right one."),
    "no_recipient": _l("There is nobody to send it to any more."),
    "not_shipped": _l("The parcel that it announces is not on its way."),
    "off": _l("This medium was switched off or not set up."),
    "phone_abroad": _l("Text messages reach Korean numbers only."),
    "tls": _l("The mail server could not prove who it is, so nothing was said to it. Mend the setting."),
    "too_long": _l("It is too long for a text message."),
    "too_many": _l("Twenty letters have left for this order within a day. Something is wrong; look at its history."),
    "too_old": _l("It could not leave for three days, and would come too late now."),
    "unwelcome": _l("The customer has asked for something since, so nobody asks whether all is well."),
    "undone": _l("What it tells of was taken back."),
    "unsafe_words": _l("Something in its words could not be said safely in a mail."),
    "worker_died": _l("The program was stopped just as it handed the letter over. It may have arrived."),
}
UNKNOWN_ADDRESS = ("smtp_550", "smtp_551", "smtp_553")


def why(notice: Any) -> str:
    """Why a notice is not sent, as a sentence; "" where there is nothing to say."""
    code, _colon, name = notice.why.partition(":")
    if code == "empty_placeholder":
        return _("[%(name)s] would have stayed empty, so it was not sent. Change the words or the order.", name=name)
    if code == "no_answer" and notice.state == "unsure":
        return _("It was handed over, and no answer came back. It may have arrived.")
    if code == "no_answer":
        return _("Nobody answered at the other end.")
    if code in UNKNOWN_ADDRESS:
        return _("The mail server does not take letters for this address (%(code)s).", code=code[-3:])
    if code.startswith(("smtp_", "sms_")):
        return _("The other end said no (%(code)s).", code=code.partition("_")[2])
    return str(WHY.get(code, code))
