"""The servers that the portal brings along: PostgreSQL and Valkey, started from their wheels.

Here: starting, watching and stopping them, and creating roles and databases in any PostgreSQL.
Not here: Django, the web process, the worker. Those are started by `cimic_portal.supervisor`.
"""
