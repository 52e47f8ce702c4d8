"""Taking the password off a workbook. Knows nothing of what is inside."""

import io

import msoffcrypto
from msoffcrypto.exceptions import FileFormatError, InvalidKeyError

from sellerweb.channels.strange import strange_bytes
from sellerweb.shop.incoming import FileError


def unlocked(data: bytes, password: str) -> bytes:
    """The zip inside an OLE2 container.

    FileError: password_needed, wrong_password, corrupt_file; not_spreadsheet for an OLE2 file that holds
    something else. The old .xls is one of those: calamine could read it, but nothing would tell its formulas
    from values, so it has to be saved again as .xlsx.
    """
    with strange_bytes():
        try:
            book = msoffcrypto.OfficeFile(io.BytesIO(data))
        except FileFormatError:
            raise FileError("not_spreadsheet") from None
        if book.format != "ooxml":
            raise FileError("not_spreadsheet")
        if not password:
            raise FileError("password_needed")
        try:
            book.load_key(password=password, verify_password=True)
        except InvalidKeyError:
            raise FileError("wrong_password") from None
        plain = io.BytesIO()
        book.decrypt(plain)
    return plain.getvalue()
