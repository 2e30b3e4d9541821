"""Settings, all from the environment (docs/ARCHITECTURE.md lists the variables).

`DESK_ENV` is demo, test or production; production is the default and refuses to start with demo secrets.
"""

import json
import os
import sys
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = os.environ.get("DESK_ENV", "production")
if ENV not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"DESK_ENV is {ENV!r}; use demo, test or production.")
IS_PRODUCTION = ENV == "production"
DEMO_SECRET = "demo-secret-not-for-production-0123456789abcdef"  # noqa: S105


def _required(name: str, fallback: str) -> str:
    """Return the variable; outside production a missing one takes `fallback`."""
    value = os.environ.get(name, "")
    if value or not IS_PRODUCTION:
        return value or fallback
    raise ImproperlyConfigured(f"{name} is not set. Run `make secrets`, or set it in the environment.")


SECRET_KEY = _required("DESK_SECRET_KEY", DEMO_SECRET)
if IS_PRODUCTION and (SECRET_KEY == DEMO_SECRET or len(SECRET_KEY) < 32):
    raise ImproperlyConfigured("DESK_SECRET_KEY is the demo key or shorter than 32 characters. Run `make secrets`.")

DEBUG = False
BASE_URL = _required("DESK_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [h for h in os.environ.get("DESK_ALLOWED_HOSTS", "").split(",") if h]
if not IS_PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "testserver", "[::1]"]
DATA_DIR = Path(os.environ.get("DESK_DATA_DIR", BASE_DIR / "var"))
OPERATOR_NAME = os.environ.get("DESK_OPERATOR", "Halden Networks")
OPERATOR_PHONE = os.environ.get("DESK_OPERATOR_PHONE", "+61 3 5550 0100")

INSTALLED_APPS = [
    "ledger",
    "accounts",
    "catalogue",
    "tickets",
    "escalation",
    "channels",
    "quality",
    "servicedesk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "rest_framework",
    "knox",
    "drf_spectacular",
]

MIDDLEWARE = [
    "servicedesk.web.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "servicedesk.web.middleware.BodyGuardMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "servicedesk.web.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "servicedesk.urls"
ASGI_APPLICATION = "servicedesk.asgi.application"
WSGI_APPLICATION = "servicedesk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "servicedesk.web.context.shell",
            ],
            "builtins": ["servicedesk.web.templatetags.components", "django.templatetags.i18n"],
        },
    }
]

# --- Database: the app role serves, the owner role migrates (decisions 4) ---------------------------------------
OWNER_COMMANDS = {"migrate", "grants", "prepare", "flush", "makemigrations", "sqlmigrate"}
AS_OWNER = os.environ.get("DESK_DB_ROLE") == "owner" or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)
_app_url = _required("DATABASE_URL", "postgres://desk@127.0.0.1:5432/desk")
_url = os.environ.get("DATABASE_OWNER_URL", _app_url) if AS_OWNER else _app_url
# Pages read a few rows by index: pages in memory cost alike, and no page is worth a second process or a compiler.
PLANNER = "-c random_page_cost=1.1 -c max_parallel_workers_per_gather=0 -c jit=off"
DB_OPTIONS = (
    f"{PLANNER} -c idle_in_transaction_session_timeout=30s -c lock_timeout=5s "
    f"-c statement_timeout={os.environ.get('DESK_STATEMENT_TIMEOUT', '0' if AS_OWNER else '30s')} -c timezone=UTC"
)
if ENV == "test":
    DB_OPTIONS = f"{PLANNER} -c lock_timeout=2s -c timezone=UTC"
DATABASES = {"default": dj_database_url.parse(_url, conn_max_age=600, conn_health_checks=True)}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {"options": os.environ.get("DESK_DB_OPTIONS", DB_OPTIONS), "application_name": os.environ.get("DESK_APP", "desk")}
)
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("DESK_TEST_DB", "test_desk")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis is a doorbell and a cache, never the truth (security 3) ----------------------------------------------
REDIS_URL = _required("REDIS_URL", "redis://127.0.0.1:6379/0")
_REDIS_TIMEOUTS = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3, "retry_on_timeout": False}
CACHES = {
    "default": {
        "BACKEND": "servicedesk.web.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": dict(_REDIS_TIMEOUTS),
        "KEY_PREFIX": os.environ.get("DESK_CACHE_PREFIX", "desk"),
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CELERY = {
    "broker_url": REDIS_URL,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_default_queue": "celery",
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "broker_transport_options": {"visibility_timeout": 120, "socket_timeout": 5, "socket_connect_timeout": 2},
    "broker_connection_retry_on_startup": True,
    "task_publish_retry": False,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "beat_max_loop_interval": 0.25,
    "timezone": "UTC",
    "task_routes": {
        "escalation.tick": {"queue": "esc"},
        "channels.deliver": {"queue": "mail"},
        "channels.sweep": {"queue": "mail"},
    },
    "beat_schedule": {
        "escalation-tick": {"task": "escalation.tick", "schedule": 1.0, "options": {"expires": 1, "queue": "esc"}},
        "channels-sweep": {"task": "channels.sweep", "schedule": 3.0, "options": {"expires": 3, "queue": "mail"}},
        "ledger-anchor": {"task": "channels.anchor", "schedule": 86400.0, "options": {"queue": "celery"}},
        "housekeeping": {"task": "channels.housekeeping", "schedule": 60.0, "options": {"queue": "celery"}},
        "audit": {"task": "escalation.audit", "schedule": crontab(hour=2, minute=20), "options": {"queue": "celery"}},
        "compare": {"task": "escalation.compare", "schedule": 2.0, "options": {"expires": 2, "queue": "celery"}},
        "simulate": {"task": "escalation.simulate", "schedule": 3.0, "options": {"expires": 3, "queue": "celery"}},
    },
}

# --- People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "servicedesk.web.accounts_adapter.DeskAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/15m/ip,5/15m/key",
    "reset_password": "20/h/ip,3/h/key",
    "reauthenticate": "10/m/user",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = None
PASSWORD_RESET_TIMEOUT = 1800  # 30 minutes (security 1.7)
ACCOUNT_CHANGE_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = OPERATOR_NAME
STAFF_MFA_REQUIRED = ENV == "production" or os.environ.get("DESK_REQUIRE_MFA") == "1"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLED = ENV != "test" or os.environ.get("DESK_TEST_AXES") == "1"
AXES_USERNAME_FORM_FIELD = "login"
AXES_SENSITIVE_PARAMETERS = ["password", "login"]

SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 3600
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
if SESSION_COOKIE_SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-desk", "__Host-csrf"
    SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = 31_536_000, True, True
    SECURE_SSL_REDIRECT = os.environ.get("DESK_TLS_AT_PROXY") == "1"
    if SECURE_SSL_REDIRECT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "servicedesk.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY: dict[str, list[str]] = {"camera": [], "geolocation": [], "microphone": [], "payment": [], "usb": []}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- Words and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "desk_language"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- Files ------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(os.environ.get("DESK_MEDIA_DIR", DATA_DIR / "media"))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT), "file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
    },
    "staticfiles": {
        "BACKEND": "servicedesk.web.storage.DeskStaticStorage"
        if ENV != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENV == "test"
WHITENOISE_MAX_AGE = 31_536_000 if ENV != "test" else 0
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
ATTACHMENT_MAX_BYTES = 25 * 1024 * 1024
ATTACHMENT_MAX_FILES = 10
DATA_UPLOAD_MAX_NUMBER_FILES = 10

DESK_SHELL = {
    name: f"servicedesk.web.shell_facts.{name}"
    for name in ("counts", "duty_manager", "calls_waiting", "engine_warning")
}

# --- Words out --------------------------------------------------------------------------------------------------
OUTBOUND = os.environ.get("DESK_OUTBOUND", "on")  # on | off | record (tests)
EMAIL_URL = os.environ.get("EMAIL_URL", "smtp://127.0.0.1:2525")
DEFAULT_FROM_EMAIL = os.environ.get("DESK_MAIL_FROM", "desk@servicedesk.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
MAIL_PROVIDER = os.environ.get("DESK_MAIL_PROVIDER", "")  # an ESP by anymail ("postmark", "mailgun" …); none = SMTP
ANYMAIL = {"REQUESTS_TIMEOUT": (5, 10), **json.loads(os.environ.get("DESK_MAIL_PROVIDER_OPTIONS") or "{}")}
SMS_URL = os.environ.get("DESK_SMS_URL", "")  # where texts are posted; empty = no SMS
VOICE_URL = os.environ.get("DESK_VOICE_URL", "")  # where calls are asked for; empty = no voice
GATEWAY_KEY = os.environ.get("DESK_GATEWAY_KEY", "")  # sent as bearer to both
GATEWAY_PRIVATE = os.environ.get("DESK_GATEWAY_PRIVATE") == "1"  # the provider stands in our own network
MAIL_HOOK_SECRET = os.environ.get("DESK_MAIL_HOOK_SECRET", "")  # signs replies the mail server hands in; none = refused
GATEWAY_HOOK_SECRET = os.environ.get("DESK_GATEWAY_HOOK_SECRET", "")  # signs the provider's calls to us; none = refused
BREAK_GLASS = [e for e in os.environ.get("DESK_BREAK_GLASS", "").split(",") if e]
SECOND_READER = os.environ.get("DESK_SECOND_READER", "on") != "off"  # before a policy is published
OPERATOR_EMAILS = [e.strip() for e in os.environ.get("DESK_OPERATOR_EMAIL", "").split(",") if e.strip()]
CANARY_EMAIL = os.environ.get("DESK_CANARY_EMAIL", "")  # a mailbox nobody reads; empty = the canary stays in the desk
CANARY_PING_URL = os.environ.get("DESK_CANARY_PING_URL", "")  # asked for each time the canary was heard
LEDGER_WIRING = "servicedesk.wiring"
REPORT_PAPER = "servicedesk.papers.fault_report"
ANCHOR_DIR = Path(os.environ.get("DESK_ANCHOR_DIR", DATA_DIR / "anchors"))

# --- REST -------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "servicedesk.api.auth.TokenAuthentication",
        "servicedesk.api.auth.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["servicedesk.api.auth.HasActor"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["servicedesk.api.parsers.StrictJSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_THROTTLE_CLASSES": ["servicedesk.api.throttles.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": "600/min"},
    "EXCEPTION_HANDLER": "servicedesk.api.errors.problem",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": int(os.environ.get("DESK_PROXIES", "0")),
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Bearer", "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Service desk API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["servicedesk.api.auth.HasActor"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "servicedesk.api.schema.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "TicketKind": "tickets.words.Kind",
        "TicketState": "tickets.words.State",
        "Level": "tickets.words.Level",
        "EscalationRelation": "escalation.models.escalation.Escalation.Relation",
        "ContactChannel": "tickets.words.Channel",
        "NotificationChannel": "escalation.models.notification.Notification.Channel",
        "LayerUnit": "escalation.models.roster.RosterLayer.Unit",
        "HandoverState": "escalation.models.handover.Handover.State",
        "HandoverPart": "escalation.models.handover.Part",
        "RuleUnit": "escalation.models.policy.Rule.Unit",
        "CommitmentKind": "tickets.models.work.Commitment.Kind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "servicedesk.web.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": os.environ.get("DESK_LOG_LEVEL", "INFO" if ENV != "test" else "WARNING"),
    },
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
