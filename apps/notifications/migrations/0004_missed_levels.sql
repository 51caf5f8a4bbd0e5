-- After a stop, one thing is told of a clock, and to everybody whose turn came meanwhile: nobody in the chain of command
-- is passed over because nothing ran when it was their turn.

-- `missed`: the first moment that this event tells of; `level` is the last.
ALTER TABLE notifications_outbox ADD COLUMN missed smallint NOT NULL DEFAULT 0;

CREATE FUNCTION notifications_missed() RETURNS smallint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Of the row that was taken.
    SELECT o.missed FROM notifications_herald() o
$$;
ALTER FUNCTION notifications_missed() OWNER TO portal_door;
REVOKE ALL ON FUNCTION notifications_missed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notifications_missed() TO portal_app, portal_door;

CREATE OR REPLACE FUNCTION notifications_tick(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE w notifications_waits; reached integer; made bigint; told integer := 0;
BEGIN
    -- What was missed while nothing ran is told once, as far as it has come by now.
    PERFORM notifications_by_nobody();
    PERFORM set_config('app.actor', 'clock', true);
    FOR w IN SELECT * FROM notifications_waits x WHERE x.next_at <= records_clock()
              ORDER BY x.next_at LIMIT most FOR UPDATE SKIP LOCKED LOOP
        reached := (SELECT max(i) FROM generate_subscripts(w.moments, 1) i WHERE w.moments[i] <= records_clock());
        INSERT INTO records_event (uuid, record_id, verb)
        VALUES (gen_random_uuid(), w.record_id,
                CASE reached WHEN 1 THEN 'clock.reminder' WHEN 2 THEN 'clock.overdue' ELSE 'clock.escalated' END)
        RETURNING id INTO made;
        UPDATE notifications_outbox SET waits = w.key, level = reached, missed = w.level + 1 WHERE event_id = made;
        UPDATE notifications_waits x SET level = reached, next_at = x.moments[reached + 1]
         WHERE x.record_id = w.record_id AND x.key = w.key;
        told := told + 1;
    END LOOP;
    PERFORM set_config('app.actor', '', true);
    RETURN told;
END $$;
