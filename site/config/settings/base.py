"""Settings that every environment shares."""

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment
from config.database import database_settings, owner_database_settings

BASE_DIR = Path(__file__).resolve().parents[3]
ENVIRONMENT = "development"
DEBUG = False
SECRET_KEY = environment.value("SECRET_KEY")
ALLOWED_HOSTS = environment.value("ALLOWED_HOSTS")

INSTALLED_APPS = [
    "config",
    "proposals",
    "budgeting",
    "stories",
    "residents",
    "commons",
    "home",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "residents.apps.StaffUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks_db",
    "django_htmx",
    "leaflet",
    "captcha",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "home.headers.AdminPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "home.caching.CachingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "home.languages.SiteLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "residents.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "home.still_used.StillUsedMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "home.context_processors.rione",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database
DATABASES = {"default": database_settings()}
if _owner_database := owner_database_settings():
    # Only for commands: sealing and `set_box_grants`.
    DATABASES["owner"] = _owner_database
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People. https://docs.allauth.org/en/latest/account/configuration.html
AUTH_USER_MODEL = "residents.User"
AUTHENTICATION_BACKENDS = ["residents.backends.RightsBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "residents:personal_area"
ACCOUNT_ADAPTER = "residents.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code has shown that the address is theirs
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of changes to the second factor
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8}
ALLAUTH_TRUSTED_PROXY_COUNT = environment.value("TRUSTED_PROXIES")
MFA_ADAPTER = "residents.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "residents.forms.SecondFactorAtSignInForm",
    "reauthenticate": "residents.forms.SecondFactorAgainForm",
    "activate_totp": "residents.forms.SecondFactorSetUpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # half a minute of difference between clocks
SESSION_COOKIE_AGE = 8 * 60 * 60
# The gateway for SPID and CIE
SOCIALACCOUNT_ADAPTER = "residents.gateway.GatewayAdapter"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": environment.value("OIDC_SCOPES"),
        "APPS": [
            {
                "provider_id": "identity",
                "name": environment.value("OIDC_NAME"),
                "client_id": environment.value("OIDC_CLIENT_ID"),
                "secret": environment.value("OIDC_SECRET"),
                "settings": {"server_url": environment.value("OIDC_SERVER_URL")},
            }
        ]
        if environment.value("OIDC_SERVER_URL")
        else [],
    }
}
OIDC_CLAIMS = {
    "fiscal_code": environment.value("OIDC_FISCAL_CODE_CLAIM"),
    "email": environment.value("OIDC_EMAIL_CLAIM"),
    "first_name": environment.value("OIDC_FIRST_NAME_CLAIM"),
    "last_name": environment.value("OIDC_LAST_NAME_CLAIM"),
}

# Languages: Italian first; https://docs.wagtail.org/en/stable/advanced_topics/i18n.html
LANGUAGE_CODE = "it"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("it", _("Italian")), ("en", _("English"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "it"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("it", "en")
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["home.formats"]
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
TIME_ZONE = "Europe/Rome"
COUNTRY = "Italy"  # in English, as published ballots name it (https://pabulib.org/format)
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Static files and uploads
STATIC_URL = "/static/"
STATIC_ROOT = environment.value("STATIC_ROOT") or BASE_DIR / "var" / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap-italia", str(files("bootstrap_italia_template") / "static")),
]
MEDIA_URL = "/media/"
MEDIA_ROOT = environment.value("MEDIA_ROOT") or BASE_DIR / "var" / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_PERMISSIONS = 0o644

# Background work: rows in the same database, done by `manage.py db_worker`
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
# After each count a task works out what would have sufficed for every project, by counting again.
TELL_COUNTS = True

# E-mail
EMAIL_HOST = environment.value("EMAIL_HOST")
EMAIL_PORT = environment.value("EMAIL_PORT")
EMAIL_HOST_USER = environment.value("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.value("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.value("DEFAULT_FROM_EMAIL")

# Wagtail
WAGTAIL_SITE_NAME = "Rione"
WAGTAILADMIN_BASE_URL = environment.value("SITE_URL")
WAGTAIL_ENABLE_UPDATE_CHECK = False  # no request to third parties
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # likewise
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # people sign in by e-mail code
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USER_TIME_ZONES = ["Europe/Rome"]  # the city's, for everybody
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "home.search_backend"}}
WAGTAILIMAGES_IMAGE_MODEL = "home.RioneImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "home.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000  # a decoded pixel takes up to four bytes of memory
WAGTAILDOCS_DOCUMENT_FORM_BASE = "home.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "geojson",
    "json",
    "odp",
    "ods",
    "odt",
    "pb",
    "pdf",
    "pptx",
    "txt",
    "xlsx",
]
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []  # everything is saved, nothing opens in the site
WAGTAILDOCS_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # the server fetches nothing on anybody's behalf
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"

# Rione
DEVELOPMENT_SIGN_IN = environment.value("DEVELOPMENT_SIGN_IN")
BOX_KEYS_DIR = environment.value("BOX_KEYS_DIR")
ROLL_SECRET = environment.value("ROLL_SECRET")
TRUSTED_PROXIES = environment.value("TRUSTED_PROXIES")
SOURCE_CODE_URL = environment.value("SOURCE_CODE_URL")
MAP_TILES_URL = environment.value("MAP_TILES_URL")
MAP_TILES_ATTRIBUTION = environment.value("MAP_TILES_ATTRIBUTION")

# Constraints in SQL are the database's to keep; forms and domain functions explain them before.
SILENCED_SYSTEM_CHECKS = ["models.W045"]

# Headers. https://owasp.org/www-project-secure-headers/
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "home.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF, "data:"],  # Bootstrap Italia's style sheet carries a small font
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
if gateway := environment.value("OIDC_SERVER_URL"):
    # Browsers hold the address that a form redirects to against this as well.
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(
        "{0.scheme}://{0.netloc}".format(urlsplit(gateway))
    )
# Map tiles come from their owner's server; {s} stands for one of several names.
if (tiles := urlsplit(MAP_TILES_URL.replace("{s}", "*"))).netloc:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(f"{tiles.scheme}://{tiles.netloc}")
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in [
        "accelerometer",
        "camera",
        "display-capture",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    ]
}
