"""Django's settings, made from Gloed's own (see `configuration`)."""

from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url

from gloed.project import configuration

GLOED = configuration.load()
DATA = GLOED["GLOED_DATA"]

SECRET_KEY = GLOED["GLOED_SECRET_KEY"] or configuration.secret_key(DATA)
DEBUG = GLOED["GLOED_DEBUG"]
BASE_URL = GLOED["GLOED_BASE_URL"]
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname, "localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS += GLOED["GLOED_ALLOWED_HOSTS"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ANALYSIS_URL = GLOED["ANALYSIS_URL"]
PROJECTION = DATA / "projection"
SPILL = DATA / "spill"
UPLOADS = DATA / "uploads"
UPLOAD_LIMIT_BYTES = GLOED["GLOED_UPLOAD_MEGABYTES"] * 1_000_000

INSTALLED_APPS = [
    "gloed.project",
    "gloed.web",
    "gloed.integrations.api",
    "gloed.integrations.calendar",
    "gloed.integrations.connectors",
    "gloed.integrations.delighted",
    "gloed.integrations.exports",
    "gloed.integrations.webhooks",
    "gloed.channels.email",
    "gloed.channels.letters",
    "gloed.channels.alarm_mail",
    "gloed.channels.link",
    "gloed.channels.own_page",
    "gloed.channels.sms",
    "gloed.channels.phone",
    "gloed.channels.event_file",
    "gloed.channels.file_import",
    "gloed.channels.file_report",
    "gloed.channels.poster",
    "gloed.channels.kiosk",
    "gloed.channels.ways",
    "gloed.channels.widget",
    "gloed.channels.told_back",
    "gloed.channels.referral",
    "gloed.channels.wall",
    "gloed.channels.sample",
    "gloed.analysis.drivers",
    "gloed.analysis.coverage",
    "gloed.analysis.goals",
    "gloed.analysis.teams",
    "gloed.analysis.themes",
    "gloed.analysis.benchmarks",
    "gloed.analysis.briefs",
    "gloed.analysis.customers",
    "gloed.analysis.monitors",
    "gloed.analysis.effects",
    "gloed.analysis.passives",
    "gloed.analysis",
    "gloed.loop.leaks",
    "gloed.loop.promoters",
    "gloed.loop.letters",
    "gloed.loop.cases",
    "gloed.loop.improvements",
    "gloed.loop.testimonials",
    "gloed.coding",
    "gloed.responses",
    "gloed.fieldwork.notices",
    "gloed.fieldwork",
    "gloed.surveys",
    "gloed.people",
    "gloed.base.sso",
    "gloed.base",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "lucide",
    "template_partials",
]
MIDDLEWARE = [
    "gloed.base.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gloed.base.middleware.staff_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "gloed.project.urls"
WSGI_APPLICATION = "gloed.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gloed.web.context.frame",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite as safe as it can be (WAL, every commit on disk), or the PostgreSQL that was named."""
    url = GLOED["DATABASE_URL"] or f"sqlite:///{DATA / 'gloed.sqlite3'}"
    database: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600))
    if database["ENGINE"].endswith("sqlite3"):
        database["ENGINE"] = "gloed.base.sqlite"
        database["CONN_MAX_AGE"] = None
        database["OPTIONS"] = {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192; PRAGMA mmap_size=268435456;"
                "PRAGMA wal_autocheckpoint=4000"
            ),
        }
        database["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    else:
        # nothing is prepared by itself, only what asks for it: see base.prepared
        database["OPTIONS"] = {**database.get("OPTIONS", {}), "prepare_threshold": 1_000_000}
    return database


DATABASES = {"default": _database()}
CACHES = {  # in the database, so that log-in limits hold over all web processes
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # nobody flushes a limit by trying many addresses
    }
}

AUTH_USER_MODEL = "base.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "gloed.base.accounts.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "gloed.base.account_forms.LoginForm",
    "reauthenticate": "gloed.base.account_forms.ReauthenticateForm",
    "change_password": "gloed.base.account_forms.ChangePasswordForm",
    "reset_password": "gloed.base.account_forms.ResetPasswordForm",
    "reset_password_from_key": "gloed.base.account_forms.ResetPasswordKeyForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if GLOED["GLOED_TRUST_PROXY"] else 0
MFA_ADAPTER = "gloed.base.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Gloed"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "gloed.base.account_forms.SecondFactorForm",
    "reauthenticate": "gloed.base.account_forms.SecondFactorReauthenticateForm",
    "activate_totp": "gloed.base.account_forms.ActivateSecondFactorForm",
}
SOCIALACCOUNT_ADAPTER = "gloed.base.sso.adapter.LogInAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4

LANGUAGE_CODE = GLOED["GLOED_LANGUAGE"]
LANGUAGES = [("en", "English"), ("nl", "Nederlands")]
TIME_ZONE = GLOED["GLOED_TIME_ZONE"]
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600


def _mail() -> dict[str, Any]:
    url = urlsplit(GLOED["EMAIL_URL"])
    if not url.scheme:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(DATA / "mail"),
        }
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or {"smtps": 465, "smtp+plain": 25}.get(url.scheme, 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp",
        "EMAIL_TIMEOUT": 20,
    }


globals().update(_mail())
DEFAULT_FROM_EMAIL = SERVER_EMAIL = GLOED["GLOED_MAIL_FROM"]
EMAIL_SUBJECT_PREFIX = ""
MAIL_PER_MINUTE = GLOED["GLOED_MAIL_PER_MINUTE"]
OUTWARD_HOSTS = GLOED["GLOED_OUTWARD_HOSTS"]
LANGUAGE_MODEL_URL = GLOED["GLOED_LANGUAGE_MODEL_URL"]
LANGUAGE_MODEL = GLOED["GLOED_LANGUAGE_MODEL"]
LANGUAGE_MODEL_KEY = GLOED["GLOED_LANGUAGE_MODEL_KEY"]
LANGUAGE_MODEL_SECONDS = GLOED["GLOED_LANGUAGE_MODEL_SECONDS"]
MAIL_PROVIDER = GLOED["GLOED_MAIL_PROVIDER"]
ANYMAIL = (
    {f"{MAIL_PROVIDER.upper()}_WEBHOOK_{_key}": GLOED["GLOED_MAIL_EVENTS_SECRET"]}
    if (_key := {"mailgun": "SIGNING_KEY", "mandrill": "KEY"}.get(MAIL_PROVIDER))
    else {"WEBHOOK_SECRET": GLOED["GLOED_MAIL_EVENTS_SECRET"]}
)

_https = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if GLOED["GLOED_TRUST_PROXY"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_TEMP_DIR = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refusal": {"()": "gloed.project.logs.OneLineRefusal"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusal"]}
    },
    "root": {"handlers": ["console"], "level": GLOED["GLOED_LOG_LEVEL"].upper()},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
