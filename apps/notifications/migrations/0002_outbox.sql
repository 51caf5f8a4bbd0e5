-- The outbox, the clocks of what waits, and who may touch what is told. Functions marked SECURITY DEFINER belong to
-- portal_door. The relay, the clocks and the senders act for nobody; whoever acts gets nothing from them.

-- ---------------------------------------------------------------- the outbox: what is not told yet
-- A row is of an event; of a person and a topic; or of a record whose clocks are to be set anew, when it is of neither.
CREATE TABLE notifications_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id bigint UNIQUE REFERENCES records_event (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    record_id bigint REFERENCES records_record (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    mission_id bigint NOT NULL, person_id integer, topic varchar(30) NOT NULL DEFAULT '', subject uuid,
    waits varchar(80) NOT NULL DEFAULT '', level smallint NOT NULL DEFAULT 0,
    urgency smallint NOT NULL DEFAULT 0, at timestamptz NOT NULL, next_at timestamptz NOT NULL,
    attempts smallint NOT NULL DEFAULT 0
);
CREATE INDEX notifications_outbox_next ON notifications_outbox (urgency DESC, id);
CREATE INDEX notifications_outbox_record ON notifications_outbox (record_id);
ALTER TABLE notifications_outbox OWNER TO portal_door;
REVOKE ALL ON notifications_outbox FROM PUBLIC, portal_app, portal_owner;

-- ---------------------------------------------------------------- clocks: what waits for whom, and until when
-- COMPUTED DATA, of the record's state and what is open beside it. `moments`: the reminder, the due moment, then one
-- for each level of the chain of command (none without a due moment); `level`: how many of them have been told.
-- `positions` are awaited; `told` are those of them that have been told that they are.
CREATE TABLE notifications_waits (
    record_id bigint NOT NULL REFERENCES records_record (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    key varchar(80) NOT NULL, since timestamptz NOT NULL, due_at timestamptz, moments timestamptz[] NOT NULL,
    positions bigint[] NOT NULL, told bigint[] NOT NULL DEFAULT '{}', level smallint NOT NULL DEFAULT 0, next_at timestamptz,
    PRIMARY KEY (record_id, key)
);
CREATE INDEX notifications_waits_next ON notifications_waits (next_at) WHERE next_at IS NOT NULL;
ALTER TABLE notifications_waits OWNER TO portal_door;
REVOKE ALL ON notifications_waits FROM PUBLIC, portal_app, portal_owner;

CREATE FUNCTION notifications_by_nobody() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: the background work acts for nobody; a person's request is refused here.
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        RAISE EXCEPTION 'somebody is acting' USING ERRCODE = 'CP005';
    END IF;
END $$;

-- ---------------------------------------------------------------- what is written into the outbox, with its cause
CREATE FUNCTION notifications_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A draft that was begun is nobody's news. What is shared by the thousand is told once, by the first of it, and
    -- waits behind what is not; only webhooks are called for each.
    INSERT INTO notifications_outbox (event_id, record_id, mission_id, waits, urgency, at, next_at)
    SELECT n.id, r.id, r.mission_id, CASE WHEN n.verb = 'record.grant_many' AND n.id > first.id THEN 'calls' ELSE '' END,
           CASE WHEN n.verb = 'record.emergency' THEN 2
                WHEN n.verb IN ('record.grant', 'record.grant_many', 'record.revoke') THEN 0 ELSE 1 END,
           n.at, clock_timestamp()
      FROM n JOIN records_record r ON r.id = n.record_id CROSS JOIN (SELECT min(n.id) AS id FROM n) first
     WHERE n.verb NOT LIKE '%.file'
       AND (n.verb <> 'record.grant_many' OR n.id = first.id
            OR EXISTS (SELECT 1 FROM notifications_webhook w WHERE w.mission_id = r.mission_id AND w.is_active));
    RETURN NULL;
END $$;
CREATE TRIGGER notifications_noted AFTER INSERT ON records_event
    REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION notifications_noted();

CREATE FUNCTION notifications_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: the asker hears only of what was given: a refusal, and a reference that names nothing, stay silent.
    -- Of full access the grant tells.
    IF NEW.given IN ('existence', 'summary') AND OLD.given = '' THEN
        INSERT INTO notifications_outbox (mission_id, person_id, topic, subject, urgency, at, next_at)
        VALUES (NEW.mission_id, NEW.asker_id, 'access_answered', NEW.uuid, 1, records_clock(), clock_timestamp());
    END IF;
    INSERT INTO notifications_outbox (record_id, mission_id, at, next_at)
    SELECT t.record_id, NEW.mission_id, records_clock(), clock_timestamp()
      FROM need_to_know_accessrequesttarget t WHERE t.request_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER notifications_answered AFTER UPDATE OF given, withdrawn_at ON need_to_know_accessrequest
    FOR EACH ROW EXECUTE FUNCTION notifications_answered();

CREATE FUNCTION notifications_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO notifications_outbox (record_id, mission_id, at, next_at)
    SELECT r.id, r.mission_id, records_clock(), clock_timestamp() FROM records_record r WHERE r.id = NEW.record_id;
    RETURN NULL;
END $$;
CREATE TRIGGER notifications_decided AFTER UPDATE OF decided_at ON need_to_know_accessrequesttarget
    FOR EACH ROW EXECUTE FUNCTION notifications_decided();

CREATE FUNCTION notifications_reviewed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO notifications_outbox (mission_id, person_id, topic, subject, urgency, at, next_at)
    VALUES (NEW.mission_id, NEW.person_id, 'emergency_reviewed', NEW.uuid, 1, records_clock(), clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER notifications_reviewed AFTER UPDATE OF verdict ON need_to_know_emergencyaccess
    FOR EACH ROW WHEN (OLD.verdict = '' AND NEW.verdict <> '') EXECUTE FUNCTION notifications_reviewed();

CREATE FUNCTION notifications_handed_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A handover that is planned is told when it takes place; one that is cancelled, never.
    IF NEW.cancelled_at IS NOT NULL THEN
        DELETE FROM notifications_outbox WHERE topic = 'handover' AND subject = NEW.uuid;
    ELSE
        INSERT INTO notifications_outbox (mission_id, person_id, topic, subject, urgency, at, next_at)
        SELECT p.mission_id, NEW.successor_id, 'handover', NEW.uuid, 1, NEW.at, NEW.at
          FROM mission_position p WHERE p.id = NEW.position_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER notifications_handed_over AFTER INSERT ON mission_handover
    FOR EACH ROW EXECUTE FUNCTION notifications_handed_over();
CREATE TRIGGER notifications_handover_cancelled AFTER UPDATE OF cancelled_at ON mission_handover
    FOR EACH ROW WHEN (OLD.cancelled_at IS NULL AND NEW.cancelled_at IS NOT NULL)
    EXECUTE FUNCTION notifications_handed_over();

-- ---------------------------------------------------------------- the herald: takes one row out and reads its record
CREATE FUNCTION notifications_take()
RETURNS TABLE (id bigint, event_id bigint, record_id bigint, mission_id bigint, person_id integer, topic varchar,
               subject uuid, waits varchar, level smallint, at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE o notifications_outbox;
BEGIN
    PERFORM notifications_by_nobody();
    SELECT * INTO o FROM notifications_outbox x WHERE x.next_at <= clock_timestamp()
     ORDER BY x.urgency DESC, x.id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF o.id IS NULL THEN RETURN; END IF;
    -- WHY: two events of one record are told one after the other, so that its clocks are set from what came last.
    PERFORM pg_advisory_xact_lock(x'4e4f5445'::integer, (o.record_id % 2147483647)::integer) WHERE o.record_id IS NOT NULL;
    -- SECURITY: the herald reads that one record, to know whom it concerns, and is nobody.
    PERFORM set_config('app.actor', 'clock', true), set_config('app.mission', o.mission_id::text, true),
            set_config('app.principals', '{}', true), set_config('app.clearance', '0', true),
            set_config('app.compartments', '{}', true), set_config('app.positions', '{}', true),
            set_config('app.lent', CASE WHEN o.record_id IS NULL THEN '{}' ELSE ARRAY[o.record_id]::text END, true),
            set_config('app.lent_edit', '{}', true), set_config('app.barred', '{}', true),
            set_config('app.audits', 'false', true), set_config('app.herald', o.id::text, true);
    RETURN QUERY SELECT o.id, o.event_id, o.record_id, o.mission_id, o.person_id, o.topic, o.subject, o.waits, o.level, o.at;
END $$;

CREATE FUNCTION notifications_herald() RETURNS notifications_outbox
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE o notifications_outbox;
BEGIN
    -- SECURITY: what is asked below is asked of the row that was taken in this transaction, never of an argument.
    IF coalesce(current_setting('app.herald', true), '') = '' OR current_setting('app.actor') <> 'clock' THEN
        RAISE EXCEPTION 'nothing was taken' USING ERRCODE = 'CP006';
    END IF;
    SELECT * INTO o FROM notifications_outbox x WHERE x.id = current_setting('app.herald')::bigint;
    RETURN o;
END $$;

CREATE FUNCTION notifications_put_off(of_id bigint) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE tried smallint;
BEGIN
    -- After a failure: later each time, up to an hour; after twelve it lies still until an operator looks at it.
    PERFORM notifications_by_nobody();
    UPDATE notifications_outbox o
       SET attempts = o.attempts + 1,
           next_at = CASE WHEN o.attempts >= 11 THEN 'infinity'
                     ELSE clock_timestamp() + make_interval(secs => least(5 * power(2, o.attempts), 3600)) END
     WHERE o.id = of_id RETURNING attempts INTO tried;
    RETURN tried;
END $$;

-- ---------------------------------------------------------------- whom it concerns
CREATE FUNCTION notifications_areas(of_area bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT a.id, a.parent_id FROM mission_area a WHERE a.id = of_area
        UNION SELECT a.id, a.parent_id FROM mission_area a JOIN above b ON a.id = b.parent_id)
    SELECT coalesce(array_agg(id), '{}') FROM above
$$;

CREATE FUNCTION notifications_subscribed() RETURNS TABLE (person_id integer, muted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Who follows or mutes the record that was taken, its type, its area or one around it, or who filed it. What
    -- somebody chose for the very record goes before the rest; of the rest, muting does.
    SELECT s.person_id::integer, coalesce(bool_or(s.muted) FILTER (WHERE s.record_id IS NOT NULL), bool_or(s.muted))
      FROM notifications_herald() o JOIN records_record r ON r.id = o.record_id
      JOIN mission_organisation f ON f.id = r.originator_id
      JOIN notifications_subscription s ON s.mission_id = r.mission_id
           AND (s.record_id = r.id OR s.record_type = r.type OR s.area_id = ANY (notifications_areas(r.area_id))
                OR s.group_id = f.group_id)
     GROUP BY s.person_id
$$;

CREATE FUNCTION notifications_readers(people integer[]) RETURNS TABLE (person_id integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE o notifications_outbox := notifications_herald(); r records_record; named integer[];
BEGIN
    -- Of these people (NULL: of all), those who read the record now; an emergency access makes nobody a recipient.
    SELECT * INTO r FROM records_record x WHERE x.id = o.record_id;
    named := r.audience || ARRAY(
        SELECT g.group_id FROM need_to_know_recordgroupobjectpermission g
         WHERE g.content_object_id = r.id AND g.expires_at > records_clock()
        UNION ALL SELECT -g.user_id::integer FROM need_to_know_recorduserobjectpermission g
         WHERE g.content_object_id = r.id AND g.expires_at > records_clock());
    RETURN QUERY SELECT k.person_id::integer FROM need_to_know_person k
     WHERE k.mission_id = r.mission_id AND (people IS NULL OR k.person_id = ANY (people))
       AND k.principals && named AND r.classification <= k.clearance AND r.compartments <@ k.compartments
       AND NOT k.barred && r.data_types;
END $$;

CREATE FUNCTION notifications_beside() RETURNS TABLE (key text, since timestamptz, due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- What waits for the originator beside the workflow: requests for access, emergency accesses to be reviewed.
    SELECT 'access:' || q.uuid, q.asked_at, q.lapses_at
      FROM notifications_herald() o JOIN need_to_know_accessrequesttarget t ON t.record_id = o.record_id
      JOIN need_to_know_accessrequest q ON q.id = t.request_id
     WHERE t.decided_at IS NULL AND q.withdrawn_at IS NULL AND q.lapses_at > records_clock()
    UNION ALL
    SELECT 'review:' || e.uuid, e.at, e.review_due_at
      FROM notifications_herald() o JOIN need_to_know_emergencyaccess e ON e.record_id = o.record_id
     WHERE e.verdict = ''
$$;

-- ---------------------------------------------------------------- telling
CREATE FUNCTION notifications_tell(people integer[], reasons text[], mail_at timestamptz[], push_at timestamptz[], digests text[])
RETURNS TABLE (person_id integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE o notifications_outbox := notifications_herald(); e records_event; r records_record; allowed integer[];
BEGIN
    -- SECURITY: whatever the caller thinks, nobody is told of a record that they do not read at this moment. What was
    -- told already is not told again: the row leaves the outbox in the same transaction.
    SELECT * INTO e FROM records_event x WHERE x.id = o.event_id;
    SELECT * INTO r FROM records_record x WHERE x.id = o.record_id;
    IF o.event_id IS NULL THEN
        allowed := ARRAY(SELECT p FROM unnest(people) p WHERE p = o.person_id);
    ELSE
        allowed := ARRAY(SELECT k.person_id FROM notifications_readers(people) k
                          WHERE k.person_id IS DISTINCT FROM e.actor_id);
    END IF;
    RETURN QUERY
    WITH telling AS MATERIALIZED (
        SELECT t.* FROM unnest(people, reasons, mail_at, push_at, digests) t(person_id, reason, mail_at, push_at, digest)
         WHERE t.person_id = ANY (allowed)),
    told AS (
        INSERT INTO notifications_notification (uuid, mission_id, person_id, record_id, event_id, topic, subject, reason, at,
                                                digest_in)
        SELECT gen_random_uuid(), o.mission_id, t.person_id, CASE WHEN o.event_id IS NULL THEN NULL ELSE o.record_id END,
               o.event_id, o.topic, o.subject, t.reason, o.at, coalesce(t.digest, '')
          FROM telling t
            ON CONFLICT DO NOTHING
        RETURNING notifications_notification.id, notifications_notification.person_id, notifications_notification.reason),
    sent AS (
        INSERT INTO notifications_message (uuid, mission_id, person_id, notification_id, channel, state, urgency, attempts,
                                           next_at, code)
        SELECT gen_random_uuid(), o.mission_id, n.person_id, n.id, c.channel, 'queued',
               CASE n.reason WHEN 'emergency' THEN 2 WHEN 'needs_me' THEN 1 ELSE 0 END, 0, c.at, ''
          FROM told n JOIN telling t ON t.person_id = n.person_id
          CROSS JOIN LATERAL (VALUES ('email', t.mail_at), ('push', t.push_at)) c(channel, at)
         WHERE c.at IS NOT NULL)
    SELECT n.person_id::integer FROM told n;
    IF o.event_id IS NOT NULL THEN
        INSERT INTO notifications_call (uuid, webhook_id, mission_id, record_id, event_id, state, attempts, code)
        SELECT gen_random_uuid(), w.id, o.mission_id, o.record_id, o.event_id, 'queued', 0, ''
          FROM notifications_webhook w
         WHERE w.mission_id = o.mission_id AND w.is_active AND w.account_id IS DISTINCT FROM e.actor_id
           AND (w.record_types = '[]'::jsonb OR w.record_types ? r.type)
           AND w.account_id IN (SELECT k.person_id FROM notifications_readers(ARRAY[w.account_id::integer]) k)
            ON CONFLICT DO NOTHING;
    END IF;
    DELETE FROM notifications_outbox x WHERE x.id = o.id;
END $$;

-- ---------------------------------------------------------------- clocks
CREATE FUNCTION notifications_set_clocks(clocks jsonb, tells text[]) RETURNS TABLE (key varchar, gained bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE o notifications_outbox := notifications_herald();
BEGIN
    -- What waits now replaces what waited; a clock that goes on keeps how far it has come. Returned are the positions
    -- that wait anew, of those kinds of waiting that this event tells of.
    DELETE FROM notifications_waits w WHERE w.record_id = o.record_id
       AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset(clocks) c(key text) WHERE c.key = w.key);
    INSERT INTO notifications_waits AS w (record_id, key, since, due_at, moments, positions, next_at)
    SELECT o.record_id, c.key, coalesce(c.since, b.since, o.at), c.due_at, c.moments, c.positions, c.moments[1]
      FROM jsonb_to_recordset(clocks) c(key text, since timestamptz, due_at timestamptz, moments timestamptz[], positions bigint[])
      LEFT JOIN notifications_waits b ON b.record_id = o.record_id AND b.key = c.key
        ON CONFLICT (record_id, key) DO UPDATE
       SET level = CASE WHEN (w.since, w.due_at) IS NOT DISTINCT FROM (excluded.since, excluded.due_at) THEN w.level ELSE 0 END,
           next_at = CASE WHEN (w.since, w.due_at) IS NOT DISTINCT FROM (excluded.since, excluded.due_at)
                          THEN excluded.moments[w.level + 1] ELSE excluded.moments[1] END,
           told = CASE WHEN w.since = excluded.since THEN w.told ELSE '{}' END,
           since = excluded.since, due_at = excluded.due_at, moments = excluded.moments, positions = excluded.positions;
    RETURN QUERY
    UPDATE notifications_waits w SET told = w.positions FROM notifications_waits b
     WHERE w.record_id = o.record_id AND b.record_id = w.record_id AND b.key = w.key
       AND split_part(w.key, ':', 1) = ANY (tells) AND NOT w.positions <@ w.told
    RETURNING w.key, ARRAY(SELECT p FROM unnest(b.positions) p WHERE p <> ALL (b.told));
    DELETE FROM notifications_outbox x WHERE x.id = o.id AND o.event_id IS NULL AND o.topic = '';
END $$;

CREATE FUNCTION notifications_of_groups(groups integer[]) RETURNS TABLE (person_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- People of the mission of what was taken who have one of these principals now.
    SELECT k.person_id::integer FROM notifications_herald() o
      JOIN need_to_know_person k ON k.mission_id = o.mission_id AND k.principals && groups
$$;

CREATE FUNCTION notifications_tick(most integer) RETURNS integer
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
        UPDATE notifications_outbox SET waits = w.key, level = reached WHERE event_id = made;
        UPDATE notifications_waits x SET level = reached, next_at = x.moments[reached + 1]
         WHERE x.record_id = w.record_id AND x.key = w.key;
        told := told + 1;
    END LOOP;
    PERFORM set_config('app.actor', '', true);
    RETURN told;
END $$;

CREATE FUNCTION notifications_refresh(of_mission bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Set the clocks of all that waits anew (NULL: in every mission): after a rule was changed, and after an upgrade.
    -- SECURITY: how many that are is not told: it would count what the caller may not know of.
    INSERT INTO notifications_outbox (record_id, mission_id, at, next_at)
    SELECT r.id, r.mission_id, records_clock(), clock_timestamp() FROM records_record r
     WHERE (of_mission IS NULL OR r.mission_id = of_mission)
       AND (r.due_at IS NOT NULL OR EXISTS (SELECT 1 FROM notifications_waits w WHERE w.record_id = r.id));
END $$;

CREATE FUNCTION notifications_differences() RETURNS TABLE (kind text, record_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: ids alone. What is due and has no clock, though nothing of it waits in the outbox; and the reverse.
    SELECT 'clock', r.id FROM records_record r
     WHERE r.due_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM notifications_waits w
                                                 WHERE w.record_id = r.id AND w.due_at = r.due_at)
       AND NOT EXISTS (SELECT 1 FROM notifications_outbox o WHERE o.record_id = r.id)
    UNION
    SELECT 'clock', w.record_id FROM notifications_waits w JOIN records_record r ON r.id = w.record_id
     WHERE w.key LIKE 'state:%' AND (w.since, w.due_at) IS DISTINCT FROM (r.state_since, r.due_at)
       AND NOT EXISTS (SELECT 1 FROM notifications_outbox o WHERE o.record_id = r.id)
$$;

CREATE FUNCTION notifications_forget(older_than interval) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE told bigint[]; mailed bigint[]; called integer;
BEGIN
    -- What people were told long ago, with its messages; digests; calls of webhooks. A part of it at a time.
    PERFORM notifications_by_nobody();
    told := ARRAY(SELECT n.id FROM notifications_notification n WHERE n.at < records_clock() - older_than LIMIT 20000);
    DELETE FROM notifications_message m WHERE m.notification_id = ANY (told);
    DELETE FROM notifications_notification n WHERE n.id = ANY (told);
    mailed := ARRAY(SELECT d.id FROM notifications_digest d WHERE d.at < records_clock() - older_than
                       AND NOT EXISTS (SELECT 1 FROM notifications_notification n WHERE n.digested_id = d.id) LIMIT 20000);
    DELETE FROM notifications_message m WHERE m.digest_id = ANY (mailed);
    DELETE FROM notifications_digest d WHERE d.id = ANY (mailed);
    DELETE FROM notifications_call c USING (
        SELECT x.id FROM notifications_call x WHERE x.done_at < records_clock() - older_than LIMIT 20000) old
     WHERE c.id = old.id;
    GET DIAGNOSTICS called = ROW_COUNT;
    RETURN cardinality(told) + cardinality(mailed) + called;
END $$;

-- ---------------------------------------------------------------- sending
CREATE FUNCTION notifications_next(of_channel text)
RETURNS TABLE (id bigint, person_id integer, mission_id bigint, attempts smallint, uuid uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The most urgent message whose time has come, locked until the transaction that sends it has ended.
    PERFORM notifications_by_nobody();
    RETURN QUERY SELECT m.id, m.person_id::integer, m.mission_id, m.attempts, m.uuid FROM notifications_message m
     WHERE m.channel = of_channel AND m.state = 'queued' AND m.next_at <= clock_timestamp()
     ORDER BY m.urgency DESC, m.next_at, m.id LIMIT 1 FOR UPDATE SKIP LOCKED;
END $$;

CREATE FUNCTION notifications_settle(of_message bigint, of_state text, of_code text, again_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What became of a message: by the sender as its reader, or by nobody after a failure. What is done stays done.
    UPDATE notifications_message m
       SET state = of_state, code = of_code, attempts = m.attempts + 1, next_at = coalesce(again_at, m.next_at),
           done_at = CASE WHEN of_state = 'queued' THEN NULL ELSE clock_timestamp() END
     WHERE m.id = of_message AND m.state = 'queued' AND of_state IN ('queued', 'sent', 'dropped', 'dead')
       AND CASE WHEN coalesce(current_setting('app.actor', true), '') = '' THEN true
                ELSE m.person_id = need_to_know_actor() END;
    RETURN FOUND;
END $$;

CREATE FUNCTION notifications_sent(of_message uuid, to_address text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the portal has mailed that message, to a person with that address; asked when mail comes back.
    SELECT EXISTS (SELECT 1 FROM notifications_message m JOIN accounts_user u ON u.id = m.person_id
                    WHERE m.uuid = of_message AND m.channel = 'email' AND m.state = 'sent' AND lower(u.email) = lower(to_address)
                      AND coalesce(current_setting('app.actor', true), '') = '')
$$;

CREATE FUNCTION notifications_next_call()
RETURNS TABLE (id bigint, account_id integer, mission_id bigint, attempts smallint, uuid uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM notifications_by_nobody();
    RETURN QUERY SELECT c.id, w.account_id::integer, c.mission_id, c.attempts, c.uuid
      FROM notifications_call c JOIN notifications_webhook w ON w.id = c.webhook_id
     WHERE c.state = 'queued' AND c.next_at <= clock_timestamp()
     ORDER BY c.next_at, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED;
END $$;

CREATE FUNCTION notifications_settle_call(of_call bigint, of_state text, of_code text, again_at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE notifications_call c
       SET state = of_state, code = of_code, attempts = c.attempts + 1, next_at = coalesce(again_at, c.next_at),
           done_at = CASE WHEN of_state = 'queued' THEN NULL ELSE clock_timestamp() END
     WHERE c.id = of_call AND c.state = 'queued' AND of_state IN ('queued', 'sent', 'dropped', 'dead')
       AND CASE WHEN coalesce(current_setting('app.actor', true), '') = '' THEN true
                ELSE need_to_know_actor() = (SELECT w.account_id FROM notifications_webhook w WHERE w.id = c.webhook_id) END;
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- digests
CREATE FUNCTION notifications_digests_wanted()
RETURNS TABLE (person_id integer, mission_id bigint, frequency varchar, since timestamptz, last_day date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Who has something unread that was put off to a digest, since when, and the day of their last one. When each is due
    -- is asked of their own clock.
    PERFORM notifications_by_nobody();
    RETURN QUERY
    SELECT w.person_id::integer, w.mission_id, w.digest_in, w.since,
           (SELECT max(d.day) FROM notifications_digest d
             WHERE d.person_id = w.person_id AND d.mission_id = w.mission_id AND d.frequency = w.digest_in)
      FROM (SELECT n.person_id, n.mission_id, n.digest_in, min(n.at) AS since FROM notifications_notification n
             WHERE n.digest_in <> '' AND n.digested_id IS NULL AND n.read_at IS NULL GROUP BY 1, 2, 3) w;
END $$;

CREATE FUNCTION notifications_digest_open(of_person integer, of_mission bigint, of_frequency text, of_day date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made bigint;
BEGIN
    -- Once for each of the person's days, however often it is asked.
    PERFORM notifications_by_nobody();
    INSERT INTO notifications_digest (uuid, mission_id, person_id, frequency, day)
    VALUES (gen_random_uuid(), of_mission, of_person, of_frequency, of_day) ON CONFLICT DO NOTHING RETURNING id INTO made;
    IF made IS NULL THEN RETURN false; END IF;
    INSERT INTO notifications_message (uuid, mission_id, person_id, digest_id, channel, state, urgency, attempts, code)
    VALUES (gen_random_uuid(), of_mission, of_person, made, 'email', 'queued', 0, 0, '');
    RETURN true;
END $$;

-- ---------------------------------------------------------------- what operators see: numbers, addresses, no content
CREATE FUNCTION notifications_operates() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mission_positionrole q
                    WHERE q.role = 'ADM' AND q.position_id = ANY (current_setting('app.positions')::bigint[]))
$$;

CREATE FUNCTION notifications_health() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: numbers and ages of the whole portal; nothing of any record, person or mission.
    SELECT jsonb_build_object(
        'outbox', (SELECT count(*) FROM notifications_outbox WHERE next_at < 'infinity' AND at <= clock_timestamp()),
        'outbox_dead', (SELECT count(*) FROM notifications_outbox WHERE next_at = 'infinity'),
        'oldest_seconds', (SELECT extract(epoch FROM clock_timestamp() - min(next_at)) FROM notifications_outbox
                            WHERE next_at <= clock_timestamp()),
        'clocks_late', (SELECT count(*) FROM notifications_waits WHERE next_at <= clock_timestamp() - interval '2 minutes'),
        'email_queued', (SELECT count(*) FROM notifications_message WHERE channel = 'email' AND state = 'queued'),
        'push_queued', (SELECT count(*) FROM notifications_message WHERE channel = 'push' AND state = 'queued'),
        'calls_queued', (SELECT count(*) FROM notifications_call WHERE state = 'queued'),
        'message_oldest_seconds', (SELECT extract(epoch FROM clock_timestamp() - min(next_at)) FROM notifications_message
                                    WHERE state = 'queued' AND next_at <= clock_timestamp()),
        'messages_dead', (SELECT count(*) FROM notifications_message WHERE state = 'dead'),
        'calls_dead', (SELECT count(*) FROM notifications_call WHERE state = 'dead'),
        'bounced', (SELECT count(*) FROM notifications_bouncedaddress b JOIN accounts_user u ON u.id = b.person_id
                     WHERE u.email = b.email))
$$;

CREATE FUNCTION notifications_oldest() RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Seconds for which the event that has waited longest could have been told; NULL when none waits.
    SELECT extract(epoch FROM clock_timestamp() - min(next_at))::double precision FROM notifications_outbox
     WHERE next_at <= clock_timestamp()
$$;

CREATE FUNCTION notifications_dead(most integer)
RETURNS TABLE (kind text, uuid uuid, channel text, person_id integer, webhook_id bigint, code text, attempts integer, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: to administrators of the mission: which way to whom failed, and by what code; never about what.
    SELECT * FROM (
        SELECT 'message', m.uuid, m.channel::text, m.person_id::integer, NULL::bigint, m.code::text, m.attempts::integer, m.done_at
          FROM notifications_message m WHERE m.state = 'dead' AND m.mission_id = current_setting('app.mission')::bigint
        UNION ALL
        SELECT 'call', c.uuid, 'webhook', NULL, c.webhook_id, c.code, c.attempts, c.done_at
          FROM notifications_call c WHERE c.state = 'dead' AND c.mission_id = current_setting('app.mission')::bigint
        UNION ALL
        SELECT 'event', e.uuid, 'outbox', NULL, NULL, 'broken', o.attempts, o.at
          FROM notifications_outbox o JOIN records_event e ON e.id = o.event_id
         WHERE o.next_at = 'infinity' AND o.mission_id = current_setting('app.mission')::bigint) dead
     WHERE notifications_operates() ORDER BY 8 DESC LIMIT most
$$;

CREATE FUNCTION notifications_replay(of_uuid uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE m bigint := current_setting('app.mission')::bigint; again integer; more integer;
BEGIN
    -- What failed is tried again from the beginning: one by its UUID, or all of the mission (NULL).
    IF NOT notifications_operates() THEN RETURN 0; END IF;
    UPDATE notifications_message x SET state = 'queued', attempts = 0, code = '', done_at = NULL, next_at = clock_timestamp()
     WHERE x.state = 'dead' AND x.mission_id = m AND (of_uuid IS NULL OR x.uuid = of_uuid);
    GET DIAGNOSTICS again = ROW_COUNT;
    UPDATE notifications_call x SET state = 'queued', attempts = 0, code = '', done_at = NULL, next_at = clock_timestamp()
     WHERE x.state = 'dead' AND x.mission_id = m AND (of_uuid IS NULL OR x.uuid = of_uuid);
    GET DIAGNOSTICS more = ROW_COUNT; again := again + more;
    UPDATE notifications_outbox o SET attempts = 0, next_at = clock_timestamp()
      FROM records_event e WHERE e.id = o.event_id AND o.next_at = 'infinity' AND o.mission_id = m
       AND (of_uuid IS NULL OR e.uuid = of_uuid);
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN again + more;
END $$;

-- ---------------------------------------------------------------- one's own, and nobody else's
DO $$
DECLARE tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['notifications_notification', 'notifications_message', 'notifications_digest',
                               'notifications_subscription', 'notifications_call'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tab);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab);
        -- SECURITY: a chosen id would meet that of a hidden row, and a sequence tells how many there are.
        EXECUTE format('ALTER TABLE %I ALTER COLUMN id SET GENERATED ALWAYS', tab);
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM portal_app', pg_get_serial_sequence(tab, 'id'));
        IF tab <> 'notifications_call' THEN
            EXECUTE format('CREATE POLICY readable ON %I FOR SELECT USING (person_id = need_to_know_actor()
                            AND mission_id = current_setting(''app.mission'')::bigint)', tab);
        END IF;
    END LOOP;
END $$;
CREATE POLICY readable ON notifications_call FOR SELECT USING (
    mission_id = current_setting('app.mission')::bigint
    AND need_to_know_actor() = (SELECT w.account_id FROM notifications_webhook w WHERE w.id = webhook_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id));
CREATE POLICY marked ON notifications_notification FOR UPDATE USING (person_id = need_to_know_actor()
    AND mission_id = current_setting('app.mission')::bigint);
CREATE POLICY chosen ON notifications_subscription FOR INSERT WITH CHECK (person_id = need_to_know_actor()
    AND mission_id = current_setting('app.mission')::bigint
    AND (record_id IS NULL OR EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id)));
CREATE POLICY changed ON notifications_subscription FOR UPDATE USING (person_id = need_to_know_actor()
    AND mission_id = current_setting('app.mission')::bigint);
CREATE POLICY ended ON notifications_subscription FOR DELETE USING (person_id = need_to_know_actor()
    AND mission_id = current_setting('app.mission')::bigint);
REVOKE INSERT, UPDATE, DELETE ON notifications_notification, notifications_message, notifications_digest, notifications_call
    FROM portal_app;
GRANT UPDATE (read_at, digested_id) ON notifications_notification TO portal_app;
REVOKE UPDATE ON notifications_subscription FROM portal_app;
GRANT UPDATE (muted) ON notifications_subscription TO portal_app;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'notifications\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
    -- Triggers run without the right to call their functions; what the herald asks inside is not for others.
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'notifications\_%' AND p.prorettype <> 'trigger'::regtype
                AND p.proname NOT IN ('notifications_herald', 'notifications_areas') LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f);
    END LOOP;
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.prosecdef AND p.proname LIKE 'notifications\_%' LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f);
    END LOOP;
END $$;

-- What waits already gets its clocks with the first run of the relay.
SELECT notifications_refresh(NULL);
