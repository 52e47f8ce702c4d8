"""Why a file or a row did not come in, in words for the person who dropped it. Decides nothing.

Each says what happened, what was kept, and what to do next. The Korean and the Japanese are in the
catalogues.
"""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from sellerweb.shop.incoming import FileError

CHANNEL = {"smartstore": _l("SmartStore"), "qoo10": _l("Qoo10 Japan"), "shopify": _l("Shopify")}

FILE_WHY: dict[str, LazyString] = {
    "password_needed": _l(
        "This file has a password. Nothing was imported. "
        "Type the password you chose when downloading it, and send it again."
    ),
    "wrong_password": _l(
        "The password does not open this file. Nothing was imported. Type the password you chose when downloading it."
    ),
    "corrupt_file": _l(
        "This file is damaged and cannot be read to its end. Nothing was imported. "
        "Download it again and send the new one."
    ),
    "not_spreadsheet": _l(
        "This is not an Excel workbook (.xlsx) or a CSV file. Nothing was imported. "
        "If it opens in Excel, save it there as .xlsx and send that file."
    ),
    "no_header": _l(
        "No sheet of this file has the header row of an order list in its first 30 rows. "
        "Nothing was imported. "
        "Check that the right channel is chosen, and keep the header row as it was downloaded."
    ),
    "other_channel": _l(
        "This is a file of %(channel)s, by its columns. Nothing was imported. "
        "Choose that channel, or let it be recognised from the file."
    ),
    "unsure_encoding": _l(
        "The letters of this file can be read in more than one way. Nothing was imported. "
        "Choose the one that makes sense, and send the file again."
    ),
    "columns_unknown": _l(
        "Whose file this is cannot be told from its columns, and nobody has matched them yet. Nothing was imported. "
        "Send it once on the Import page and say which column is which; after that it comes in by itself."
    ),
    "too_large": _l(
        "This file unpacks to more than can be read safely. Nothing was imported. "
        "Download fewer days at a time, or copy the rows into a new workbook."
    ),
}

ROW_WHY: dict[str, LazyString] = {
    "bad_stars": _l(
        "The stars are not a number from 1 to 5. This row was left out. Mend them, and take the file in again."
    ),
    "missing_item_no": _l("The item number is empty. This row was left out. Fill it in, and import the file again."),
    "bad_item_no": _l(
        "The item number is not a number. This row was left out. Copy it again from the channel, as text."
    ),
    "item_no_scientific": _l(
        "The spreadsheet shortened the item number and its last digits are lost. This row was left out. "
        "Download the file again and do not save it from the spreadsheet."
    ),
    "missing_order_no": _l("The order number is empty. This row was left out. Fill it in, and import the file again."),
    "bad_order_no": _l(
        "The order number is not a number. This row was left out. Copy it again from the channel, as text."
    ),
    "order_no_scientific": _l(
        "The spreadsheet shortened the order number and its last digits are lost. This row was left out. "
        "Download the file again and do not save it from the spreadsheet."
    ),
    "missing_product": _l("The product is empty. This row was left out. Fill it in, and import the file again."),
    "bad_quantity": _l(
        "The quantity is not a whole number of at least 1. This row was left out. "
        "Correct it, and import the file again."
    ),
    "bad_amount": _l(
        "An amount cannot be read as money. This row was left out. Correct it, and import the file again."
    ),
    "bad_currency": _l(
        "The currency is not a code such as KRW, JPY or USD. This row was left out. "
        "Correct it, and import the file again."
    ),
    "bad_date": _l(
        "A date cannot be read for sure. This row was left out. Write it as year-month-day, and import the file again."
    ),
    "formula_in_number": _l(
        "A number or a date is a formula, and formulas are not calculated here. This row was left out. "
        "Put the value in its place, and import the file again."
    ),
    "too_long": _l(
        "A text is far longer than the channel allows. This row was left out. Shorten it, and import the file again."
    ),
    "duplicate_row": _l("The same row stands in the file twice. It was imported once; there is nothing to do."),
    "duplicate_conflict": _l(
        "This item number came before with other content. The first row was kept and this one left out. "
        "Look at the channel which one is right."
    ),
    "other_address": _l(
        "This row goes to another address than the rest of its order. "
        "The first address was kept and this row left out. Look at the channel, and ship this item apart."
    ),
    "other_currency": _l(
        "This row is in another currency than the rest of its order. "
        "The first currency was kept and this row left out. Look at the channel which one is right."
    ),
    "orphan_line": _l(
        "The first row of this order is not in the file, and it alone has the address. This row was left out. "
        "Export the order whole, and import that file."
    ),
    "too_many_lines": _l(
        "This order has more than 500 lines, and this row is beyond them. It was left out. "
        "Look at the channel, and put what is missing into an order of its own."
    ),
    "bad_columns": _l(
        "This row has more or fewer cells than the header. It was left out. "
        "Check its commas and quotation marks, and import the file again."
    ),
    "broken_text": _l(
        "Some letters of this row cannot be read. It was left out. Download the file again, or save it as CSV UTF-8."
    ),
}


def why(error: FileError) -> str:
    """What the refusal of a file says, in the language of whoever reads it."""
    sentence = str(FILE_WHY[error.code])
    return sentence % {"channel": CHANNEL[error.about["channel"]]} if "channel" in error.about else sentence
