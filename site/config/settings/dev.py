"""Settings for trying and developing on one's own computer."""

from .base import *

DEBUG = True
MIDDLEWARE += ["home.trying.OwnNotFoundMiddleware"]
SECRET_KEY = SECRET_KEY or "for trying on this computer only, never on a server " * 2
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]
DEVELOPMENT_SIGN_IN = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "var" / "mail"
BOX_KEYS_DIR = BOX_KEYS_DIR or str(BASE_DIR / "var" / "box-keys")
ROLL_SECRET = ROLL_SECRET or "for trying on this computer only, never on a server " * 2
