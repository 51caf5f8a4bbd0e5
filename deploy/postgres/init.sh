#!/bin/bash
# Runs once, when the database container starts on an empty volume: creates the roles in the portal's database.
set -euo pipefail
owner_password=$(cat "${PORTAL_OWNER_PASSWORD_FILE:?}")
app_password=$(cat "${PORTAL_APP_PASSWORD_FILE:?}")
{
    # The passwords travel on standard input, where no process list shows them.
    printf "SELECT set_config('portal.owner_password', '%s', false), set_config('portal.app_password', '%s', false);\n" \
        "${owner_password//\'/\'\'}" "${app_password//\'/\'\'}"
    cat "${PORTAL_ROLES_SCRIPT:-/deploy/roles.sql}"
} | psql --quiet --no-psqlrc --output /dev/null -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:?}" --dbname "${POSTGRES_DB:?}"
