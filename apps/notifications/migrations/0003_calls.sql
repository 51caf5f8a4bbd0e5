-- Calls to webhooks: one system that does not answer holds up no other, and what administrators see of its calls.

CREATE FUNCTION notifications_hold_calls(of_call bigint, until timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held integer;
BEGIN
    -- The other calls to the same webhook that are due wait, and do not count as tried.
    PERFORM notifications_by_nobody();
    UPDATE notifications_call c SET next_at = until WHERE c.id IN (
        SELECT x.id FROM notifications_call x
         WHERE x.webhook_id = (SELECT y.webhook_id FROM notifications_call y WHERE y.id = of_call)
           AND x.state = 'queued' AND x.next_at < until AND x.id <> of_call FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS held = ROW_COUNT;
    RETURN held;
END $$;

CREATE FUNCTION notifications_calls(of_webhook bigint) RETURNS TABLE (state text, code text, number bigint, latest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: to administrators of the mission: how many of the last hundred went which way; never about what.
    SELECT c.state::text, c.code::text, count(*), max(coalesce(c.done_at, c.created_at))
      FROM (SELECT * FROM notifications_call x
             WHERE x.webhook_id = of_webhook AND x.mission_id = current_setting('app.mission')::bigint
             ORDER BY x.id DESC LIMIT 100) c
     WHERE notifications_operates() GROUP BY 1, 2 ORDER BY 4 DESC
$$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname IN ('notifications_hold_calls', 'notifications_calls') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f);
    END LOOP;
END $$;
