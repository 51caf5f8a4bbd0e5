"""The portal as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from cimic_portal.checks import refuse_unbound_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings")

application = get_wsgi_application()

# SECURITY: serve no page in a role that row-level security does not bind.
refuse_unbound_role()
