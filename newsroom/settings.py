"""Settings, read from top to bottom. The environment is read here and nowhere else.

An unset variable means production on one machine: no debugging, SQLite, local files.
docs/configuration.md explains each variable to those who run a newsroom.
"""

import os
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from newsroom import env
from newsroom.state import State

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The installation -------------------------------------------------------------------------

STATE = State(env.path("NEWSROOM_STATE", default=BASE_DIR / "var"))
PORT = env.number("PORT", default=8000, at_least=1, at_most=65535)
HOST = env.address("HOST", default="127.0.0.1")
# Server processes. On two processors one sends more stored pages than two, which stand in each
# other's way (docs/bench.md); where there are more, the second one draws while the first does.
WORKERS = env.number(
    "WORKERS", default=2 if (os.cpu_count() or 1) > 2 else 1, at_least=1, at_most=256
)
DEBUG = env.flag("NEWSROOM_DEBUG", default=False)
LOAD_DEMO = env.flag("NEWSROOM_DEMO", default=True)
SECRET_KEY = env.text("SECRET_KEY") or STATE.secret_key()

# --- Where the site is reached ----------------------------------------------------------------

_site = env.site_url("SITE_URL", default=f"http://localhost:{PORT}")
SITE_URL = f"{_site.scheme}://{_site.netloc}"
HTTPS = _site.scheme == "https"
IS_LOOPBACK = _site.hostname in {"localhost", "127.0.0.1", "::1"}
ALLOWED_HOSTS = (
    ["localhost", "127.0.0.1", "[::1]"] if IS_LOOPBACK and not HTTPS else [str(_site.hostname)]
)
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
RSGI_APPLICATION = "newsroom.rsgi.application"
# Told of new and changed pieces (articles/websub.py); empty: feed readers ask by themselves.
WEBSUB_HUB = env.web_address("WEBSUB_HUB")
# Stands in /.well-known/security.txt; empty: the front page, whose foot names the contact.
SECURITY_CONTACT = env.contact("SECURITY_CONTACT")

# Networks that feeds and pictures may be fetched from though they are not public
# (newsroom/fetching.py): an agency's server that stands in the house.
FETCH_ALSO_FROM = env.networks("FETCH_ALSO_FROM")

# A network of caches in front of the newsroom (newsroom/cdn.py): where it is told what to forget,
# and the header that proves that it may; empty: there is none.
CDN_PURGE_URL = env.web_address("CDN_PURGE_URL")
CDN_PURGE_HEADER = env.header("CDN_PURGE_HEADER")

# --- Parts ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "newsroom",
    "articles",
    "comments",
    "newsroom.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "django_prose_editor",
    "newsroom.apps.TasksConfig",
]

MIDDLEWARE = [
    "newsroom.proxies.TrustedProxiesMiddleware",
    "newsroom.security_headers.SecurityHeadersMiddleware",
    "newsroom.compression.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "newsroom.security_headers.AdminPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.maintenance.MaintenanceMiddleware",
    "newsroom.same_origin.SameOriginMiddleware",
    "newsroom.utf8_forms.Utf8FormsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "newsroom.site.SiteMiddleware",
    "articles.old_site.middleware.OldSiteMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.site.site",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ("newsroom",)
CRISPY_TEMPLATE_PACK = "newsroom"
CRISPY_FAIL_SILENTLY = False

# --- Data -------------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", sqlite_file=STATE.database)}
# Shared by several machines, it keeps finished pages (newsroom/page_store/) and what proves them
# fresh; empty: both lie in var/pages.
REDIS_URL = env.redis("REDIS_URL")
# What those pages may take, in megabytes: in the memory of each server process, in var/pages, and
# in Redis.
PAGES_IN_MEMORY = env.number("PAGES_IN_MEMORY", default=16, at_least=1) * 1_000_000
PAGES_ON_DISK = env.number("PAGES_ON_DISK", default=512, at_least=1) * 1_000_000
PAGES_IN_REDIS = env.number("PAGES_IN_REDIS", default=512, at_least=1) * 1_000_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = STATE.media
MEDIA_URL = "/media/"
STATIC_ROOT = STATE.static
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "newsroom.static_files.StaticFiles"},
}
# Hashed names never change their content, so browsers may keep them for good.
WHITENOISE_MAX_AGE = 3600
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Pictures and fonts are compressed as they are. Only a developer's tools ask for source maps, and
# the largest of them takes longer than all else.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["avif", "ico", "jpg", "map", "png", "webp", "woff2"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- Work outside requests --------------------------------------------------------------------

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "mail"],
    }
}
# What is enqueued again and again, and how often (newsroom/periodic.py); a time of day is one of
# the site's clock.
PERIODIC_JOBS: dict[str, timedelta | time] = {
    "newsroom.tasks.give_sign_of_life": timedelta(minutes=1),
    **({"newsroom.tasks.purge_cdn_again": timedelta(minutes=1)} if CDN_PURGE_URL else {}),
    "articles.tasks.look_at_wires": timedelta(minutes=1),
    "articles.tasks.forget_wires": time(3, 40),
    "comments.tasks.look_at_keys": timedelta(minutes=1),
    "comments.tasks.erase_due": time(3, 20),
    "comments.tasks.learn_when_due": time(3, 50),
    "comments.tasks.predict_waiting": timedelta(minutes=1),
    "comments.tasks.reject_blocked": timedelta(minutes=30),
    "comments.tasks.keep_figures": timedelta(minutes=10),
    # Each mail has a task that wakes the worker; this is for one that was killed over it.
    "comments.tasks.send_due_mail": timedelta(minutes=5),
    "comments.tasks.mail_moderators": timedelta(minutes=1),
    "comments.tasks.read_bounces": timedelta(minutes=10),
    # Each batch has a task of its own; this is for one whose worker was killed.
    "comments.tasks.take_up_batches": timedelta(minutes=1),
}
# How long the text of a wire is kept that nobody took (articles/wire/forgetting.py).
WIRE_DAYS = env.number("WIRE_DAYS", default=90, at_least=1, at_most=36_500)
# What /readyz asks (newsroom/health.py).
HEALTH_CHECKS = (
    "newsroom.health.database",
    "newsroom.page_store.health.store_of_pages",
    "newsroom.health.worker",
    "newsroom.health.waiting_tasks",
    *(["newsroom.health.cdn_purges"] if CDN_PURGE_URL else []),
    "comments.health.keys",
    "comments.health.mail",
)
# Whoever sends it reads the details of /readyz; empty: nobody but this machine itself.
OPERATOR_TOKEN = env.secret("OPERATOR_TOKEN")

MAILERS = {"default": env.mailer("SMTP_URL", folder=STATE.mail)}
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"newsroom@{_site.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mails to readers come back to, and where those are read (comments/notices/bounces.py).
BOUNCE_ADDRESS = env.mail_address("BOUNCE_ADDRESS")
BOUNCE_MAILBOX = env.mailbox("BOUNCE_MAILBOX")
# Ends the address at which a provider of mail tells of bounces; empty: there is none.
BOUNCE_SECRET = env.secret("BOUNCE_SECRET")

# --- Readers' addresses (comments/email_privacy.py) -------------------------------------------

ADDRESS_PUBLIC_KEY_FILE = STATE.keys / "address-public.pem"
ADDRESS_FINGERPRINT_KEY_FILE = STATE.keys / "address-fingerprint.key"
# Only the mail worker is told where the private key is.
ADDRESS_PRIVATE_KEY_FILE = (
    env.path("ADDRESS_PRIVATE_KEY_FILE", default=BASE_DIR)
    if env.text("ADDRESS_PRIVATE_KEY_FILE")
    else None
)

# --- Spam (comments/moderation/spam_service.py) -----------------------------------------------

# A service that speaks Akismet's protocol; empty: none is asked.
AKISMET_URL = env.web_address("AKISMET_URL")
AKISMET_KEY = env.text("AKISMET_KEY")

# --- Staff ------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 12 * 60 * 60
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60

# --- Language and time ------------------------------------------------------------------------

# Those that the interface has a translation for (docs/translating.md), by their own names. Formats
# of dates are those of newsroom/formats/, else Django's own.
LANGUAGES = [("en-gb", "English"), ("ja", "日本語")]
# The site's own. A piece in another of them has its page in that one (newsroom/language.py); what
# a browser prefers plays no part, so that a page is the same for everybody.
LANGUAGE_CODE = env.language("SITE_LANGUAGE", default="en-gb", translated=dict(LANGUAGES))
FORMAT_MODULE_PATH = "newsroom.formats"
USE_TZ = True
# Where the site settings (in the admin) name no other; also the clock of the server's log.
TIME_ZONE = "UTC"

# --- What browsers are told -------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
# The admin's templates print the nonce; its pages are in no cache, where a nonce would be stale.
ADMIN_CSP = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE],
    # The hash is of the one <style> that django-prose-editor 0.28.0 sets up.
    "style-src": [
        CSP.SELF,
        CSP.NONCE,
        "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",
    ],
    "img-src": [CSP.SELF, "data:"],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "newsroom.kept_forms.csrf_failure"
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SILENCED_SYSTEM_CHECKS = [
    # Subdomains and preloading bind the owner's whole domain for years: their decision.
    "security.W005",
    "security.W021",
]

DEFAULT_EXCEPTION_REPORTER_FILTER = "newsroom.error_reports.NothingTyped"

# --- Log --------------------------------------------------------------------------------------

LOG_LEVEL = env.log_level("LOG_LEVEL", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"tokens": {"()": "newsroom.private_pages.WithoutTokens"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "level": LOG_LEVEL,
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Django's own mail handler would mail request data; errors are read in the log instead.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"filters": ["tokens"]},
    },
}
