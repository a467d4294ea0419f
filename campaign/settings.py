"""Settings, from environment variables only (table in README.md)."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from campaign import environment, languages

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What the operator sets -------------------------------------------------------------------

DEBUG = environment.flag("DEBUG", False)
SECRET_KEY = environment.text("SECRET_KEY", "development-only" if DEBUG else None)
# Keys of before: what they have signed stays valid until they are taken out.
SECRET_KEY_FALLBACKS = environment.listed("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost" if DEBUG else None)
SITE_URL = environment.address("SITE_URL", "http://127.0.0.1:8000" if DEBUG else None)
DATABASES = {
    "default": environment.database(
        "DATABASE_URL",
        f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}" if DEBUG else None,
        # A developer's disk may be slow: making the database of the tests is one statement.
        environment.number("DATABASE_TIMEOUT", 60 if DEBUG else 10, least=1),
    )
}
HTTPS = environment.flag("HTTPS", not DEBUG)
HSTS_PRELOAD = environment.flag("HSTS_PRELOAD", False)
ADMIN_PATH = environment.text("ADMIN_PATH", "admin").strip("/") + "/"
STAFF_MFA = environment.flag("STAFF_MFA", not DEBUG)
PROXIES = environment.number("PROXIES", 0)
EXIT_URL, EXIT_URLS = environment.addresses("EXIT_URL", "https://www.wikipedia.org")
OPERATOR_CONTACT = environment.contact("OPERATOR_CONTACT")
SECURITY_CONTACT = environment.contact("SECURITY_CONTACT")
CHECK_DUE_DAYS = environment.number("CHECK_DUE_DAYS", 180, least=1)
CHECK_EXPIRES_DAYS = environment.number("CHECK_EXPIRES_DAYS", 365, least=1)
CONTACTS_MAIL = environment.text("CONTACTS_MAIL", "")
LINK_CHECK_AGENT = environment.text("LINK_CHECK_AGENT", f"SayNo-LinkCheck/1 (+{SITE_URL})")
STATIC_ROOT = environment.text("STATIC_ROOT", str(BASE_DIR / "var" / "static"))
BAKED_ROOT = environment.text("BAKED_ROOT", str(BASE_DIR / "var" / "baked"))
BAKED_CACHE_MB = environment.number("BAKED_CACHE_MB", 8)

# --- The application --------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before admin, as its documentation asks
    "campaign.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_prose_editor",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "campaign.staff",
    "content",
]

MIDDLEWARE = [
    # Around everything: pages leave compressed, with an ETag, and unchanged ones as 304.
    "django.middleware.gzip.GZipMiddleware",
    "campaign.headers.ConditionalGetMiddleware",
    # Then these, so that every answer carries the headers: static files and errors too.
    "campaign.headers.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anything that reads cookies: files need neither session nor user.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "campaign.headers.RefusalsMiddleware",
    "django.middleware.common.CommonMiddleware",
    # The rest acts for the staff area only; a public page never touches the session.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "campaign.staff.sessions.LimitsMiddleware",
]

ROOT_URLCONF = "campaign.urls"
WSGI_APPLICATION = "campaign.wsgi.application"

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
            ],
        },
    },
]

# --- Languages --------------------------------------------------------------------------------

languages.register_missing()
USE_I18N = True
LANGUAGE_CODE = languages.SOURCE
LANGUAGES = languages.CHOICES
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = languages.SOURCE
MODELTRANSLATION_LANGUAGES = tuple(languages.BY_CODE)
# A fallback here would show English inside an Arabic page without a word about it.
MODELTRANSLATION_ENABLE_FALLBACKS = False

USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Files are for this site alone, as the header middleware says; WhiteNoise would allow any origin.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Mail -------------------------------------------------------------------------------------

# To staff only; readers are never written to.
globals().update(environment.mail("EMAIL_URL"))
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", CONTACTS_MAIL or "webmaster@localhost")

# Links may lead to this very machine: only tests ever set this.
LINK_CHECK_LOOPBACK = False

# --- Sign-in ----------------------------------------------------------------------------------

# Failures are counted for all workers and nodes together (campaign/staff/adapters.py). More entries
# than anybody can make in a quarter of an hour: a full cache would forget whom it has locked out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "staff_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_ADAPTER = "campaign.staff.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "100/15m/ip",
    "login_failed": "5/15m/key",
    "account_here": "1/15m/key",
    "accounts_from_here": "5/15m/ip",
}
MFA_ADAPTER = "campaign.staff.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# --- Security ---------------------------------------------------------------------------------

# The headers that these two look for come from campaign.headers, on files and errors too.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002"]

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "content.views.errors.refused"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# The policy of whatever is no page: files, redirects, refusals. A page adds the hashes of its own
# style and script (content/views/common.py).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "form-action": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# The staff area: Django's admin and the rich text editor, with a nonce for the import map.
STAFF_CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],  # the editor's icons
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Logs -------------------------------------------------------------------------------------

# One line an event, with no address, user agent, referrer or query string (campaign/logs.py).
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "campaign.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Django's own handlers would mail or print the whole request, with address and headers.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
