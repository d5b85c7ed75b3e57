"""Django settings, all from the environment: see docs/operators/settings.md."""

from __future__ import annotations

import os
from pathlib import Path

from locanda.archive.database import database_from
from locanda.archive.keyring import Keyring, home
from locanda.office.mail_server import mail_settings
from locanda.office.public_address import name_of, public_address

BASE_DIR = Path(__file__).resolve().parent
LOCANDA_HOME = home()
DATABASES = {"default": database_from(os.environ.get("LOCANDA_DATABASE_URL"), LOCANDA_HOME)}
KEYRING = Keyring.load(LOCANDA_HOME)

SECRET_KEY = KEYRING.derive("django secret key").hex()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LOCANDA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("LOCANDA_ORIGINS", "").split(",") if origin]
LOCANDA_ADDRESS = public_address(os.environ.get("LOCANDA_ADDRESS"), CSRF_TRUSTED_ORIGINS)
if LOCANDA_ADDRESS:  # what mails and calendars link to is opened
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, name_of(LOCANDA_ADDRESS)]
    CSRF_TRUSTED_ORIGINS = [*CSRF_TRUSTED_ORIGINS, LOCANDA_ADDRESS]
_https = os.environ.get("LOCANDA_HTTPS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.forms",
    "django_htmx",
    "locanda.archive",
    "locanda.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "locanda.web.middleware.OwnLanguage",
    "locanda.web.middleware.OnlyOurs",
    "locanda.web.middleware.NotTooMuch",
    "locanda.web.middleware.NoNull",
    "locanda.web.middleware.NoBlank",
    "locanda.web.once.Once",
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_USER_MODEL = "archive.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "locanda.web.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "locanda.web.accounts.NoSelfSignup"
MFA_ADAPTER = "locanda.web.second_factor.SealedSecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_REDIRECT_URL = "today"
LOGIN_URL = "account_login"
globals().update(mail_settings(os.environ.get("LOCANDA_SMTP_URL"), os.environ.get("LOCANDA_MAIL_FROM")))

ROOT_URLCONF = "locanda.web.urls"
WSGI_APPLICATION = "locanda.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "locanda.web.context.house",
            ],
            "builtins": ["locanda.web.templatetags.words", "locanda.web.templatetags.scans"],
        },
    }
]
FORM_RENDERER = "locanda.web.our_form.OurFields"
STATIC_URL = "/static/"
STATIC_ROOT = None  # served from the package itself
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Rome"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# papers of people are kept encrypted or not at all: an upload must not lie in a temporary file meanwhile
FILE_UPLOAD_HANDLERS = ["locanda.web.uploads.InMemory"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"place_only": {"()": "locanda.web.errors.PlaceOnly"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["place_only"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOCANDA_LOG_LEVEL", "WARNING")},
    # a traceback of Django's own would carry the values of a guest's form: our error view logs the place only
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "locanda.web.errors.NothingPersonal"
