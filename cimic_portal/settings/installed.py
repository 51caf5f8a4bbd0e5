"""Which apps and middleware the portal consists of, in order. Values they are tuned by are elsewhere."""

from __future__ import annotations

INSTALLED_APPS = [
    "cimic_portal",
    # WHY: without autodiscovery no app can put a record on the set-up pages.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "django_filters",
    "csp",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "apps.accounts",
    "apps.mission",
    "apps.records",
    "apps.need_to_know",
    "apps.pages",
    "apps.releases",
    "apps.stakeholders",
    "apps.liaison_offices",
    "apps.joc_products",
    "apps.announcements",
    "apps.aid_requests",
    "apps.information_requests",
    "apps.access",
    "apps.notifications",
    "apps.desk",
    "apps.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cimic_portal.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cimic_portal.middleware.SessionLifetimeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.TokenMiddleware",
    "apps.accounts.middleware.PreferencesMiddleware",
    "apps.need_to_know.middleware.ActingMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
