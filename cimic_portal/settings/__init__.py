"""The portal's settings, read from the environment.

PORTAL_MODE decides what may be left out: `production` (the default) wants all that has no safe default;
`demo` is what `manage.py up` runs, on this machine only; `test` is what the tests run.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cimic_portal.settings.environment import Environment
from cimic_portal.settings.installed import *
from cimic_portal.settings.jobs import *
from cimic_portal.settings.mail import mail_settings
from cimic_portal.settings.outward import outward_settings

env = Environment()
MODE = env.choice("PORTAL_MODE", "production", {"production", "demo", "test"})
PRODUCTION = MODE == "production"
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.text("PORTAL_DATA", str(BASE_DIR / "var"))).resolve()

# Security
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY", why="a long random text, the same for every process of the portal")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", [])
if PRODUCTION and 0 < len(SECRET_KEY) < 50:
    env.problems.append("SECRET_KEY must have at least 50 characters")
ALLOWED_HOSTS = env.names(
    "ALLOWED_HOSTS",
    None if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"],
    why="the names under which people reach the portal, separated by commas",
)
HTTPS = env.flag("PORTAL_HTTPS", PRODUCTION)
# Where people reach the portal; links in mail that no request has asked for begin with it.
PORTAL_ADDRESS = env.text(
    "PORTAL_ADDRESS",
    f"https://{ALLOWED_HOSTS[0].lstrip('.*')}"
    if HTTPS and ALLOWED_HOSTS
    else f"http://127.0.0.1:{env.text('PORT', '8000')}",
).rstrip("/")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.whole("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# WHY: the container's own health probes come without TLS, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.flag("PORTAL_BEHIND_PROXY", False)
if BEHIND_PROXY:
    # SECURITY: only for a proxy that sets these headers itself and drops the visitor's, as deploy/ does.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# WHY: cookies know no ports, so two portals on one machine need two names.
SESSION_COOKIE_NAME = env.text("SESSION_COOKIE_NAME", "__Host-session" if HTTPS else "cimic_session")
CSRF_COOKIE_NAME = env.text("CSRF_COOKIE_NAME", "__Host-csrf" if HTTPS else "cimic_csrf")
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_IDLE = timedelta(minutes=env.whole("SESSION_IDLE_MINUTES", 480, least=5))
SESSION_ABSOLUTE = timedelta(minutes=env.whole("SESSION_ABSOLUTE_MINUTES", 1440, least=5))
SESSION_COOKIE_AGE = int(SESSION_IDLE.total_seconds())
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Apps
ROOT_URLCONF = "cimic_portal.urls"
WSGI_APPLICATION = "cimic_portal.wsgi.application"
ASGI_APPLICATION = "cimic_portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.pages.context.portal",
            ],
        },
    }
]

# People
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
# SECURITY: an address without an account gets no mail, so that nobody can use the portal to send any.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# WHY: a whole base shares one address, so the account is the key and the address has a high ceiling only.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "300/m/ip,5/300s/key",
    "reset_password": "120/m/ip,5/m/key",
    "reset_password_from_key": "120/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "CIMIC Portal"
MFA_ALLOW_UNVERIFIED_EMAIL = True

# API
# What the portal's own endpoints use besides stands in apps.api.views.base.
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": False,
}
API_READS_PER_MINUTE = env.whole("API_READS_PER_MINUTE", 100_000 if MODE == "test" else 600, least=1)
API_WRITES_PER_MINUTE = env.whole("API_WRITES_PER_MINUTE", 100_000 if MODE == "test" else 120, least=1)
CALENDAR_READS_PER_MINUTE = env.whole("CALENDAR_READS_PER_MINUTE", 100_000 if MODE == "test" else 10, least=1)
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "CIMIC Portal",
    "DESCRIPTION": "Requests, plans and contacts of a mission, each shown to those who need to know of it.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    # Choices that several fields share have one name in the OpenAPI document.
    "ENUM_NAME_OVERRIDES": {
        "Classification": "apps.mission.vocabulary.Classification",
        "Priority": "apps.mission.vocabulary.Priority",
        "AnnouncementKind": "apps.announcements.vocabulary.Kind",
        "RequestKind": "apps.mission.vocabulary.RequestKind",
        "Frequency": "apps.notifications.vocabulary.Frequency",
        "OrganisationType": "apps.mission.vocabulary.OrganisationType",
        "EngagementStance": "apps.mission.vocabulary.EngagementStance",
        "GroupStanding": "apps.working_groups.vocabulary.Standing",
        "PlanStanding": "apps.joint_plans.vocabulary.Standing",
        "Side": "apps.mission.vocabulary.Side",
        "PlanAnswer": "apps.joint_plans.vocabulary.Answer",
        "PlanPartKind": "apps.joint_plans.vocabulary.PartKind",
        "PlanOpensTo": "apps.joint_plans.vocabulary.OpensTo",
        "ResourceOffersTo": "apps.joint_plans.vocabulary.OffersTo",
        "ResourcePromised": "apps.joint_plans.vocabulary.Promised",
    },
}
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# Servers
_why = "the address of the PostgreSQL database, as portal_app"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.whole("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        **env.database("DATABASE_URL", why=_why),
    }
}
# WHY: the portal's queries take milliseconds; compiling their plans first took some of them a hundred more.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
# Migrations alone sign in with this one; web and worker are better started without it.
DATABASE_OWNER = env.database("DATABASE_OWNER_URL", "")
REDIS_URL = env.redis("REDIS_URL", why="the address of the Redis server, such as redis://redis:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cimic",
    }
}
# Open pages that hear at once when something changed: at most so many in each web process, each looked at so often.
LIVE_CONNECTIONS = env.whole("LIVE_CONNECTIONS", 500, least=1)
LIVE_CHECK_SECONDS = env.whole("LIVE_CHECK_SECONDS", 30, least=1, most=300)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("PORTAL_STATIC", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.text("PORTAL_MEDIA", str(DATA_DIR / "attachments")))
_static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
if MODE == "test":
    _static = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# Mail, what else leaves the portal, and logs
# Replies go nowhere: what is to be said is said in the portal. Empty: no-reply at the sender's own domain.
EMAIL_NO_REPLY = env.text("EMAIL_NO_REPLY", "")
# Where mail comes back to, with “+” and the message's id before the “@”; empty: to the sender.
EMAIL_BOUNCES = env.text("EMAIL_BOUNCES", "")
NOTIFICATIONS_KEPT_DAYS = env.whole("NOTIFICATIONS_KEPT_DAYS", 365, least=7)
globals().update(mail_settings(env, production=PRODUCTION, data=DATA_DIR))
OUTWARD_NETWORKS, OUTWARD_PORTS, OUTWARD_CA_FILE, VAPID_PRIVATE_KEY = outward_settings(env)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "cimic_portal.logs.JsonFormatter"}},
    "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stream"], "level": env.text("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "portal": {"level": "INFO"},
    },
}

if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]

env.refuse_if_wrong()
