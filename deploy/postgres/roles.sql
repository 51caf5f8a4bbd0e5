-- The three database roles and what each may do. Run as a superuser (or a role that may create roles with
-- BYPASSRLS) inside the portal's database. Safe to run again. The same script serves the embedded server,
-- the containers and the tests.
--
-- Before it, in the same session, where the roles are to have passwords:
--   SELECT set_config('portal.owner_password', '…', false), set_config('portal.app_password', '…', false);
--
-- portal_owner  owns the database and everything in it; migrations only
-- portal_app    web, worker, beat and tests: never a superuser, never exempt from row-level security
-- portal_door   nobody signs in as it; owns the few SECURITY DEFINER functions that look past row-level security

DO $roles$
DECLARE
    owner_password text := nullif(current_setting('portal.owner_password', true), '');
    app_password   text := nullif(current_setting('portal.app_password', true), '');
    name text;
    bypasses boolean;
BEGIN
    -- Roles belong to the whole server: two set-ups at once take turns.
    PERFORM pg_advisory_xact_lock(hashtext('portal roles'));
    FOREACH name IN ARRAY ARRAY['portal_owner', 'portal_app', 'portal_door'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
    SELECT rolsuper INTO bypasses FROM pg_roles WHERE rolname = current_user;
    IF bypasses THEN
        ALTER ROLE portal_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
        ALTER ROLE portal_app   LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
        ALTER ROLE portal_door  NOLOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
    ELSE
        ALTER ROLE portal_owner LOGIN;
        ALTER ROLE portal_app   LOGIN NOBYPASSRLS;
        ALTER ROLE portal_door  NOLOGIN BYPASSRLS;
        EXECUTE format('GRANT portal_owner TO %I WITH INHERIT TRUE, SET TRUE', current_user);
    END IF;
    IF owner_password IS NOT NULL THEN
        EXECUTE format('ALTER ROLE portal_owner PASSWORD %L', owner_password);
    END IF;
    IF app_password IS NOT NULL THEN
        EXECUTE format('ALTER ROLE portal_app PASSWORD %L', app_password);
    END IF;
    GRANT portal_door TO portal_owner WITH INHERIT TRUE, SET TRUE;
    -- The demo mission's past is told by a session of the owner that works under row-level security.
    GRANT portal_app TO portal_owner WITH INHERIT FALSE, SET TRUE;

    EXECUTE format('ALTER DATABASE %I OWNER TO portal_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portal_app', current_database());
END
$roles$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app;
-- A function can be handed to portal_door only if that role may create in the function's schema.
GRANT USAGE, CREATE ON SCHEMA public TO portal_door;

ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app, portal_door;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO portal_app, portal_door;
-- Nobody may call a function unless its migration says so.
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
