"""Where mail goes, from EMAIL_URL. What is written in it is the apps' matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cimic_portal.settings.environment import Environment


def mail_settings(env: Environment, *, production: bool, data: Path) -> dict[str, Any]:
    """Django's mail settings. Without EMAIL_URL the demo writes mail to files; production must have one."""
    why = "smtp://user:password@host:587 (with STARTTLS), smtps://… (TLS from the start)"
    url = env.text("EMAIL_URL", None if production else "", why=why)
    sender = env.text("EMAIL_FROM", None if production else "portal@localhost", why="the sender of mail")
    settings: dict[str, Any] = {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender, "EMAIL_TIMEOUT": 20}
    if not url:
        folder = data / "mail"
        return settings | {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(folder),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+plain"} or not parts.hostname:
        # SECURITY: the address may hold a password, so the message does not repeat it.
        env.problems.append(f"EMAIL_URL must read {why}, or smtp+plain://host:25 inside a trusted network")
        return settings
    return settings | {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
    }
