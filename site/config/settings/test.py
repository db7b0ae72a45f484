"""Settings for the tests: nothing leaves the process, nothing is slower than it must be."""

from .base import *

ENVIRONMENT = "test"
SECRET_KEY = "for tests only " * 4
ROLL_SECRET = "for tests only " * 4
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
TELL_COUNTS = False  # tests that want the answers ask for them; at once they would take minutes
MEDIA_ROOT = BASE_DIR / "var" / "test-media"
BOX_KEYS_DIR = str(BASE_DIR / "var" / "test-box-keys")
DEVELOPMENT_SIGN_IN = True  # journeys play its people; what it opens is tested like the rest
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

# Only here: the site itself does not need it. `make check` runs it with these settings.
INSTALLED_APPS += ["django_migration_linter"]
MIGRATION_LINTER_OPTIONS = {
    "sql_analyser": "postgresql",
    # Written before the first release: they ran on empty databases only.
    "ignore_name": [
        "0001_initial",
        "0003_box_rules",
        "0004_results_and_delivery",
        "0005_signed_and_held",
        "0006_roll_imports",
        "0009_no_blank_by_channel",
        "0015_records_and_signed_publication",
        "0019_one_count_at_a_time_and_areas",
        "0024_elections_shown_once",
    ],
}
