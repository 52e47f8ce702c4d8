"""The rooms joined to one app, with what each needs to know of the settings. No routes, no rules."""

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate

from sellerweb import config, desk, errors, headers, health, languages, selfservice
from sellerweb.desk import door
from sellerweb.kit import static, words
from sellerweb.kit.asked import Asked
from sellerweb.shop import db


def app(settings: config.Config | None = None) -> Flask:
    settings = settings or config.read()
    app = Flask("sellerweb", template_folder=str(config.ROOT / "templates"), static_folder=str(config.ROOT / "static"))
    app.request_class = Asked
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=db.options(settings.database_url),
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        BASE_URL=settings.base_url,
        COUNTRY=settings.country,
        FILES_URL=settings.files_url,
        MAIL_FROM=settings.mail_from,
        SHOP_NAME=settings.shop_name,
        SHOP_LOGO=settings.shop_logo,
        IMAP_URL=settings.imap_url,
        SMTP_TIMEOUT=settings.smtp_timeout,
        SMTP_URL=settings.smtp_url,
        SOLAPI_KEY=settings.solapi_key,
        SOLAPI_SECRET=settings.solapi_secret,
        SOLAPI_SENDER=settings.solapi_sender,
        TIMEZONE=settings.timezone,
        UNDO_SECONDS=settings.undo_seconds,
    )
    db.init_app(app)
    Migrate(app, db.db, directory=str(config.ROOT / "migrations"), render_as_batch=True, compare_type=True)
    headers.init_app(app, settings)
    door.init_app(app, secure=settings.secure, redis_url=settings.redis_url)
    languages.init_app(app, settings)
    errors.init_app(app)
    static.init_app(app)
    words.init_app(app, settings.timezone)
    desk.register(app)
    selfservice.register(app)
    health.init_app(app)
    _compress(app)
    return app


def _compress(app: Flask) -> None:
    """Pages shrink to a tenth; the quickest level, for they are made anew each time."""
    app.config.update(
        COMPRESS_ALGORITHM=["zstd", "gzip"], COMPRESS_LEVEL=1, COMPRESS_ZSTD_LEVEL=1, COMPRESS_MIN_SIZE=500
    )
    Compress(app)
