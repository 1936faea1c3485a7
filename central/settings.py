"""Django settings. Everything a site decides comes from the environment (SIGAP_…); the defaults are the safe ones.

| variable | meaning | default |
|---|---|---|
| SIGAP_DATA | folder of database, evidence and secrets | ./var |
| SIGAP_DATABASE | postgresql://USER@HOST/NAME; password in SIGAP_DATABASE_PASSWORD, …_FILE | SQLite in SIGAP_DATA |
| SIGAP_SECRET_KEY, …_FILE | signs sessions | made once, in SIGAP_DATA/secret_key |
| SIGAP_HOSTS | host names the pages answer to, separated by commas | loopback |
| SIGAP_TLS | `1`: pages are reached over https (own certificate or proxy) | off |
| SIGAP_TRUSTED_PROXY | address of the proxy that ends TLS in front of us | none |
| SIGAP_MQTT_URL and others | see central.intake.broker | mqtt://127.0.0.1:1883 |
| SIGAP_SMTP_URL and others | see central.outbox.mail | no e-mail |
| SIGAP_IMAP_URL and others | see central.channels.mailbox | no mailbox |
| SIGAP_KEEP_CONTACTS_DAYS | a citizen's address and photos are kept so long after the end | 30 |
| SIGAP_REOPEN_DAYS | so long after the end a citizen may ask to open a complaint again | 14 |
| SIGAP_WEBHOOK_SECRET, …_FILE | makes every webhook receiver's key | made once, in SIGAP_DATA/webhook_secret |
| SIGAP_WEBHOOK_NETWORKS | networks inside the city that programs may subscribe webhooks to, with commas | none |
| SIGAP_RED_PERCENT | share of missed deadlines that makes an agency's mark red | 10 |
| SIGAP_TILES | the city's tile server, https://HOST/{z}/{x}/{y}.png, for the map | a plain background |
| SIGAP_TILES_CREDIT | whose map that is, shown below it | none |
| SIGAP_URL | address of these pages, for links in what leaves | http://127.0.0.1:8080 |
| SIGAP_JURISDICTION | this city's jurisdiction_id in Open311 | none: requests must not name one |
| SIGAP_CRM_…, …_FILE | api_key of a CRM that complaints go on to; `manage crm` names the variable | none |
| SIGAP_API_PER_MINUTE | requests a minute from one address without a token, in each web process | 300 |
| SIGAP_TIME_ZONE | Asia/Jakarta, Asia/Makassar or Asia/Jayapura | Asia/Jakarta |
| SIGAP_IDLE_MINUTES | a login in which nothing is done ends after so long | 60 |
| SIGAP_LOGIN_HOURS | every login ends after so long | 12 |
| SIGAP_EVIDENCE_DAYS | so long after its end a case is still its workers' own; then its pictures take a reason | 7 |
| SIGAP_SECOND_FACTOR | roles whose login needs a second step, separated by commas, or none | admin |
"""

import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from central import database, tiles
from central.security import required, secrets

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("SIGAP_DATA", "var")).resolve()
TLS = os.environ.get("SIGAP_TLS", "") == "1"
TRUSTED_PROXY = os.environ.get("SIGAP_TRUSTED_PROXY", "")

SECRET_KEY = secrets.from_environment("SIGAP_SECRET_KEY") or secrets.kept_in(DATA / "secret_key")
WEBHOOK_SECRET = secrets.from_environment("SIGAP_WEBHOOK_SECRET") or secrets.kept_in(DATA / "webhook_secret")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS += [host.strip() for host in os.environ.get("SIGAP_HOSTS", "").split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS[3:]] if TLS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_htmx",
    "leaflet",
    "central.feed",
    "central.boxes",
    "central.incidents",
    "central.silences",
    "central.permits",
    "central.evidence",
    "central.routing",
    "central.service",
    "central.accounts",
    "central.complaints",
    "central.outbox",
    "central.verification",
    "central.stills",
    "central.intake",
    "central.reports",
    "central.following",
    "central.channels",
    "central.open311",
    "central.viewing",
    "central.administration",
    "central.api",
    "central.forwarding",
    "central.hooks",
    "central.cameras",
    "central.desks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "central.security.headers.SecurityHeaders",
    "central.desks.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "central.desks.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "central.accounts.authentication.StaffAuthentication",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "central.urls"
ASGI_APPLICATION = "central.asgi.application"
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
                "central.desks.context.visitor",
            ]
        },
    }
]

DATABASES = {
    "default": database.configured(
        os.environ.get("SIGAP_DATABASE"), secrets.from_environment("SIGAP_DATABASE_PASSWORD"), DATA
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "central.security.throttling.LoginThrottle"
AXES_CLIENT_IP_CALLABLE = "central.security.clients.client_address"
AXES_LOCKOUT_CALLABLE = "central.desks.sign_in.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# What the page says, "again in 15 minutes", stays true whoever goes on trying.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # accounts.Login says more
AXES_VERBOSE = False
PASSWORD_RESET_TIMEOUT = 24 * 3600
SECOND_FACTOR_ROLES = required.roles_from(os.environ.get("SIGAP_SECOND_FACTOR", "admin"))
OTP_TOTP_ISSUER = "Sigap"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
LOGIN_RESTS = timedelta(minutes=float(os.environ.get("SIGAP_IDLE_MINUTES", "60")))
LOGIN_LASTS = timedelta(hours=float(os.environ.get("SIGAP_LOGIN_HOURS", "12")))
SESSION_COOKIE_AGE = int(LOGIN_LASTS.total_seconds())
SECURE_SSL_REDIRECT = TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# An upload is a photo from an officer's phone; the rest are short forms.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
TIME_ZONE = os.environ.get("SIGAP_TIME_ZONE", "Asia/Jakarta")
USE_TZ = True

STATIC_URL = "static/"
# Served from the packages that carry them: nothing is collected, nothing third-party is copied.
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EVIDENCE_WORK_LASTS = timedelta(days=float(os.environ.get("SIGAP_EVIDENCE_DAYS", "7")))
EVIDENCE_FOLDER = DATA / "evidence"
RED_FROM = float(os.environ.get("SIGAP_RED_PERCENT", "10")) / 100
JURISDICTION = os.environ.get("SIGAP_JURISDICTION", "")
TILES = tiles.checked(os.environ.get("SIGAP_TILES", ""))
TILES_CREDIT = os.environ.get("SIGAP_TILES_CREDIT", "")
WEBHOOK_NETWORKS = [
    ip_network(part.strip()) for part in os.environ.get("SIGAP_WEBHOOK_NETWORKS", "").split(",") if part.strip()
]
API_PER_MINUTE = int(os.environ.get("SIGAP_API_PER_MINUTE", "300"))
SENDS_MAIL = bool(os.environ.get("SIGAP_SMTP_URL"))
PAGES_URL = os.environ.get("SIGAP_URL", "http://127.0.0.1:8080").rstrip("/")

LOGGING_CONFIG = None  # structlog, set up by the commands of central.cli
