"""Settings come from the environment, and whatever is wrong with them is named at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cimic_portal.settings.environment import Environment
from cimic_portal.settings.mail import mail_settings

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "a" * 60,
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgresql://portal_app:secret@localhost/portal",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://localhost",
    "EMAIL_FROM": "portal@example.org",
}


def settings_process(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these settings alone."""
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "cimic_portal.settings", **variables}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_everything_missing_is_named_in_one_list() -> None:
    done = settings_process("import cimic_portal.settings")
    assert done.returncode == 1
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "EMAIL_FROM"):
        assert f"- {name} is not set" in done.stderr


def test_production_is_secure_by_default() -> None:
    script = (
        "from django.conf import settings as s\n"
        "assert not s.DEBUG and s.SECURE_SSL_REDIRECT and s.SECURE_HSTS_SECONDS >= 31536000\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SESSION_COOKIE_HTTPONLY\n"
        "assert s.PASSWORD_HASHERS[0].endswith('Argon2PasswordHasher')\n"
        "policy = s.CONTENT_SECURITY_POLICY['DIRECTIVES']\n"
        "assert not any('unsafe' in str(source) for sources in policy.values() for source in sources)\n"
        "assert s.ALLOWED_HOSTS == ['portal.example.org']\n"
        "assert 'Manifest' in s.STORAGES['staticfiles']['BACKEND']\n"
    )
    done = settings_process(script, **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 50 characters"),
        ("PORTAL_MODE", "prod", "PORTAL_MODE must be one of demo, production, test, not 'prod'"),
        ("DATABASE_URL", "mysql://portal_app:hush@localhost/portal", "DATABASE_URL must read postgresql://"),
    ],
)
def test_a_wrong_value_is_named_without_its_secret(name: str, value: str, said: str) -> None:
    done = settings_process("import cimic_portal.settings", **{**PRODUCTION, name: value})
    assert done.returncode == 1
    assert said in done.stderr
    assert "hush" not in done.stderr


def test_reading_single_variables(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    env = Environment(
        {
            "YES": "On",
            "MAYBE": "maybe",
            "COUNT": "12",
            "MANY": "1000",
            "HOSTS": "a.org, b.org,",
            "KEY_FILE": str(secret),
            "GONE_FILE": str(tmp_path / "nowhere"),
            "DB": "postgresql://role:p%40ss@host:5433/name?sslmode=require",
            "SOCKET": "postgresql://role@/name?host=%2Ftmp%2Fhere",
            "APART": "postgresql://role@host/name",
            "APART_PASSWORD_FILE": str(secret),
            "CACHE": "http://host",
        }
    )
    assert env.flag("YES", False) is True
    assert env.flag("MAYBE", True) is True
    assert env.whole("COUNT", 1) == 12
    assert env.whole("MANY", 7, most=100) == 7
    assert env.names("HOSTS") == ["a.org", "b.org"]
    assert env.text("KEY") == "from a file"
    assert env.text("GONE", "kept") == "kept"
    assert env.database("DB") == {
        "NAME": "name",
        "USER": "role",
        "PASSWORD": "p@ss",
        "HOST": "host",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }
    assert env.database("SOCKET")["HOST"] == "/tmp/here"
    assert env.database("APART")["PASSWORD"] == "from a file"
    env.redis("CACHE")
    with pytest.raises(ImproperlyConfigured) as caught:
        env.refuse_if_wrong()
    named = [line.split()[1].rstrip(":") for line in str(caught.value).splitlines()[1:]]
    assert named == ["MAYBE", "MANY", "GONE_FILE", "CACHE"]


@pytest.mark.parametrize(
    ("url", "tls", "starttls", "port"),
    [
        ("smtp://mail.example.org", False, True, 587),
        ("smtps://mail.example.org", True, False, 465),
        ("smtp+plain://mail.example.org:25", False, False, 25),
    ],
)
def test_mail_uses_tls_unless_told_otherwise(
    url: str, tls: bool, starttls: bool, port: int, tmp_path: Path
) -> None:
    env = Environment({"EMAIL_URL": url, "EMAIL_FROM": "portal@example.org"})
    settings = mail_settings(env, production=True, data=tmp_path)
    assert (settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"], settings["EMAIL_PORT"]) == (
        tls,
        starttls,
        port,
    )
    assert env.problems == []
