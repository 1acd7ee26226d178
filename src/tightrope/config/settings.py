"""Settings of the one Django project. Everything an administrator may change comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from tightrope.config.database import database_settings

PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("TIGHTROPE_VAR", "var")).resolve()

MODE = os.environ.get("TIGHTROPE_MODE", "development")
DEMO = os.environ.get("TIGHTROPE_DEMO") == "1"
"""Offers one-click sign-in as each role of the demo company. Only `make run` sets it."""

DEBUG = False
SECRET_KEY = os.environ.get("TIGHTROPE_SECRET_KEY", "")
if not SECRET_KEY and MODE != "production":
    SECRET_KEY = "development-only-" + "0" * 48

COMPANY_NAME = os.environ.get(
    "TIGHTROPE_COMPANY", "恒源 Air & Lift" if DEMO or MODE == "test" else "Tightrope"
)
"""How we sign towards customers."""

HOTLINE = os.environ.get("TIGHTROPE_HOTLINE", "400 000 0100" if DEMO or MODE == "test" else "")
"""The number that customers call in an emergency; the portal shows it on every page, letters below their words.
Empty: none is shown."""

PUBLIC_URL = os.environ.get("TIGHTROPE_PUBLIC_URL", "http://localhost:8000").rstrip("/")
"""Every link we send begins with this; the Host header is never trusted for it."""

_public_host = PUBLIC_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
ALLOWED_HOSTS = [host for host in os.environ.get("TIGHTROPE_HOSTS", "").split(",") if host] or [
    _public_host,
    "localhost",
    "127.0.0.1",
    "[::1]",
]
_secure = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tightrope.ui.errors.csrf_failure"

FOUNDATION = ["core", "ui", "people", "timeline", "fields", "files", "search", "channels", "notices"]
CAPABILITIES = [
    *FOUNDATION,
    "customers",
    "calendars",
    "promises",
    "cases",
    "surveys",
    "measures",
    "portal",
]

INSTALLED_APPS = [
    *(f"tightrope.{name}" for name in CAPABILITIES),
    "tightrope.config",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "ninja",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "tightrope.core.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tightrope.core.middleware.Overload",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tightrope.people.middleware.ActorMiddleware",
    "tightrope.portal.middleware.PortalActor",
    "tightrope.people.middleware.PolicyMiddleware",
]

ROOT_URLCONF = "tightrope.config.urls"
ASGI_APPLICATION = "tightrope.config.asgi.application"
WSGI_APPLICATION = "tightrope.config.wsgi.application"
ROUTE_POLICY = "tightrope.config.policy.POLICY"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "tightrope.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tightrope.config.context.shell",
            ],
        },
    }
]

DATABASES = {"default": database_settings(os.environ, conn_health=MODE != "test")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "tightrope.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "tightrope.people.adapters.SocialAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _secure else "http"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key", "login": "60/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "tightrope.people.forms.AddSecurityKeyForm",
    "edit_webauthn": "tightrope.people.forms.RenameSecurityKeyForm",
}
# Nobody signs up by himself: an administrator says whose address it is, so no mail has to prove it before a second
# step of signing in can be set up. Without this nobody could.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _secure
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": []}}
if os.environ.get("TIGHTROPE_OIDC_SERVER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "company",
            "name": os.environ.get("TIGHTROPE_OIDC_NAME", "Company sign-in"),
            "client_id": os.environ.get("TIGHTROPE_OIDC_CLIENT_ID", ""),
            "secret": os.environ.get("TIGHTROPE_OIDC_SECRET", ""),
            "settings": {"server_url": os.environ["TIGHTROPE_OIDC_SERVER"]},
        }
    )

LANGUAGE_CODE = os.environ.get("TIGHTROPE_LANGUAGE", "en")
LANGUAGES = [
    ("en", _("English")),
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIGHTROPE_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
if MODE != "production":
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # its absence would be a warning at each start
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE != "production"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE != "production"
WHITENOISE_AUTOREFRESH = False
EMBED_HOSTS = [host for host in os.environ.get("TIGHTROPE_EMBED_HOSTS", "").split(",") if host]
"""Origins of the company's own sites that may show the report form in a frame."""

FILES_ROOT = VAR / "files"
FILES_SCANNER = os.environ.get("TIGHTROPE_CLAMD", "")
"""Address of a clamd virus scanner (`host:port` or a socket's path); empty means that none is asked."""

FILES_LARGEST_USUAL_BYTES = int(os.environ.get("TIGHTROPE_FILES_USUAL_MB", "25")) * 1024 * 1024
FILES_LARGEST_BYTES = int(os.environ.get("TIGHTROPE_FILES_LARGEST_MB", "200")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Mail. Without a host, outgoing mail is kept and can be read in the interface.
MAIL_OUT_HOST = os.environ.get("TIGHTROPE_SMTP_HOST", "")
MAIL_OUT_PORT = int(os.environ.get("TIGHTROPE_SMTP_PORT", "587"))
MAIL_OUT_USER = os.environ.get("TIGHTROPE_SMTP_USER", "")
MAIL_OUT_PASSWORD = os.environ.get("TIGHTROPE_SMTP_PASSWORD", "")
MAIL_OUT_SECURITY = os.environ.get("TIGHTROPE_SMTP_SECURITY", "starttls")
MAIL_DOMAIN = os.environ.get("TIGHTROPE_MAIL_DOMAIN", "localhost")
MAIL_FROM = os.environ.get("TIGHTROPE_MAIL_FROM", f"service@{MAIL_DOMAIN}")
MAIL_IN_LISTEN = os.environ.get("TIGHTROPE_SMTP_LISTEN", "")
MAIL_IMAP_URL = os.environ.get("TIGHTROPE_IMAP_URL", "")
EMAIL_BACKEND = "tightrope.channels.backend.KeptMail"
DEFAULT_FROM_EMAIL = MAIL_FROM

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = "tightrope.core.jobs.on_ready"

TEST_RUNNER = "django.test.runner.DiscoverRunner"
LOGGING_CONFIG = "tightrope.core.logs.configure"
LOGGING = {"level": os.environ.get("TIGHTROPE_LOG", "INFO")}
REACTIONS = "tightrope.config.reactions.REACTIONS"
SCHEDULE = "tightrope.config.schedule.SCHEDULE"
PANELS = "tightrope.config.panels.PANELS"
ROLE_PRESETS = "tightrope.config.roles.PRESETS"
