"""The field of a form by which photos come, with its limits and sentences. What is done with them: nothing, here."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms.validators import StopValidation

from sellerweb.kit import photos
from sellerweb.kit.photos import Photo


class PhotosField(MultipleFileField):  # type: ignore[misc]
    """`photos` are the clean copies once the form was validated; `data` then tells them apart, and holds no file."""

    data: Any
    errors: Any
    photos: tuple[Photo, ...] = ()

    def pre_validate(self, form: Any) -> None:
        files = [(file.filename or "", file.stream) for file in self.data or ()]
        try:
            self.photos = tuple(photos.read(files))
        except photos.NoPhoto as no:
            raise StopValidation(str(no)) from no
        self.data = [photo.sha256 for photo in self.photos]

    def remind(self) -> None:
        """The form comes back, and no browser keeps chosen files: say so, where nothing else is said of them."""
        if self.data and not self.errors:
            self.errors = [str(_l("Please choose the photos again: nothing of them was kept."))]
