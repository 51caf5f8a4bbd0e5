-- Trust: ceilings, originator control by the release authority, requests for access, emergency access, the log of
-- reads. Functions marked SECURITY DEFINER belong to portal_door and read the reader from the session settings.

-- ---------------------------------------------------------------- who releases; whom a label lets in
CREATE FUNCTION need_to_know_releases(of_originator bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- A release authority of the originating organisation; where that names none, the position that filed the record.
    SELECT EXISTS (SELECT 1 FROM mission_position p JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                    WHERE p.organisation_id = of_originator AND p.is_active
                      AND p.id = ANY (current_setting('app.positions')::bigint[]))
        OR of_position = ANY (current_setting('app.positions')::bigint[])
           AND NOT EXISTS (SELECT 1 FROM mission_position p
                             JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                            WHERE p.organisation_id = of_originator AND p.is_active)
$$;

CREATE FUNCTION need_to_know_clears(of_position bigint, of_classification integer, of_compartments integer[],
                                    of_data_types integer[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether a position by itself may read what is labelled so.
    SELECT EXISTS (SELECT 1 FROM mission_position p JOIN mission_organisation o ON o.id = p.organisation_id
                    WHERE p.id = of_position AND p.clearance >= of_classification
                      AND of_compartments <@ ARRAY(SELECT c.compartment_id::integer FROM mission_position_compartments c
                                                    WHERE c.position_id = p.id)
                      AND NOT EXISTS (SELECT 1 FROM mission_datatype d
                                       WHERE d.id = ANY (of_data_types) AND (o.side = ANY (d.barred_sides)
                                             OR o.side = 'mission_military' AND d.code IN ('beneficiary', 'staff', 'source'))))
$$;

CREATE OR REPLACE FUNCTION records_record_before() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF current_user <> 'portal_door' THEN
            IF NOT EXISTS (SELECT 1 FROM records_workflowedge e
                            WHERE e.type = NEW.type AND e.from_state = '' AND e.to_state = NEW.state) THEN
                RAISE EXCEPTION 'illegal initial state' USING ERRCODE = 'CP002';
            END IF;
            -- SECURITY: identity is drawn here, so that no unique constraint can tell of a hidden record.
            NEW.uuid := gen_random_uuid();
            NEW.reference := records_reference(split_part(NEW.reference, '-', 1));
            NEW.originator_id := (SELECT p.organisation_id FROM mission_position p WHERE p.id = NEW.author_position_id);
            NEW.created_at := records_clock(); NEW.updated_at := NEW.created_at; NEW.state_since := NEW.created_at;
            NEW.version := 1; NEW.due_at := NULL; NEW.auto_at := NULL; NEW.auto_step := '';
        END IF;
        NEW.audience := ARRAY(
            SELECT DISTINCT x FROM (
                SELECT p.group_id FROM mission_position p WHERE p.id = NEW.author_position_id
                UNION SELECT o.group_id FROM mission_organisation o
                       WHERE o.id = NEW.originator_id AND NEW.scope IN ('organisation', 'mission')
                UNION SELECT m.group_id FROM mission_mission m WHERE m.id = NEW.mission_id AND NEW.scope = 'mission'
            ) base(x) ORDER BY x);
        NEW.editors := ARRAY(SELECT p.group_id FROM mission_position p WHERE p.id = NEW.author_position_id);
        RETURN NEW;
    END IF;
    IF current_user = 'portal_door' THEN
        RETURN NEW;
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        RAISE EXCEPTION 'a state changes only by a workflow step' USING ERRCODE = 'CP002';
    END IF;
    IF (NEW.id, NEW.uuid, NEW.mission_id, NEW.type, NEW.reference, NEW.author_id, NEW.originator_id, NEW.author_position_id)
       IS DISTINCT FROM (OLD.id, OLD.uuid, OLD.mission_id, OLD.type, OLD.reference, OLD.author_id, OLD.originator_id,
                         OLD.author_position_id) THEN
        RAISE EXCEPTION 'a record keeps its identity' USING ERRCODE = 'CP004';
    END IF;
    -- SECURITY: originator control: a right to change does not include the right to widen. A draft is its author's.
    IF (NEW.classification < OLD.classification OR NEW.sensitivity < OLD.sensitivity
        OR NOT OLD.compartments <@ NEW.compartments OR NOT OLD.data_types <@ NEW.data_types
        OR array_position(ARRAY['private', 'organisation', 'mission'], NEW.scope::text)
           > array_position(ARRAY['private', 'organisation', 'mission'], OLD.scope::text))
       AND NOT need_to_know_releases(OLD.originator_id, OLD.author_position_id)
       AND NOT (OLD.author_position_id = ANY (current_setting('app.positions')::bigint[])
                AND EXISTS (SELECT 1 FROM records_workflowedge e
                             WHERE e.type = OLD.type AND e.from_state = '' AND e.to_state = OLD.state)) THEN
        RAISE EXCEPTION 'only the originator widens' USING ERRCODE = 'CP006';
    END IF;
    -- SECURITY: whoever filed the record is not locked out of it by a higher label.
    IF (NEW.classification, NEW.compartments, NEW.data_types)
       IS DISTINCT FROM (OLD.classification, OLD.compartments, OLD.data_types)
       AND need_to_know_clears(OLD.author_position_id, OLD.classification, OLD.compartments, OLD.data_types)
       AND NOT need_to_know_clears(OLD.author_position_id, NEW.classification, NEW.compartments, NEW.data_types) THEN
        RAISE EXCEPTION 'the author would be locked out' USING ERRCODE = 'CP008';
    END IF;
    NEW.audience := OLD.audience; NEW.editors := OLD.editors;
    NEW.state_since := OLD.state_since; NEW.due_at := OLD.due_at;
    NEW.auto_at := OLD.auto_at; NEW.auto_step := OLD.auto_step; NEW.created_at := OLD.created_at;
    NEW.version := OLD.version + 1; NEW.updated_at := records_clock();
    RETURN NEW;
END $$;

-- ---------------------------------------------------------------- feed
ALTER TABLE need_to_know_feed ADD COLUMN data_types integer[] NOT NULL DEFAULT '{}';
CREATE OR REPLACE FUNCTION need_to_know_feed_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO need_to_know_feed (principal, type, created_at, record_id, mission_id, classification, compartments, data_types)
    SELECT x, n.type, n.created_at, n.id, n.mission_id, n.classification, n.compartments, n.data_types
      FROM n CROSS JOIN LATERAL unnest(n.audience) x ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION need_to_know_feed_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM n JOIN o USING (id)
                    WHERE (n.audience, n.classification, n.compartments, n.data_types, n.created_at)
                          IS DISTINCT FROM (o.audience, o.classification, o.compartments, o.data_types, o.created_at)) THEN
        RETURN NULL;
    END IF;
    DELETE FROM need_to_know_feed f USING n, o
     WHERE f.record_id = n.id AND n.id = o.id
       AND (n.audience, n.classification, n.compartments, n.data_types, n.created_at)
           IS DISTINCT FROM (o.audience, o.classification, o.compartments, o.data_types, o.created_at);
    -- WHY: the rows as they stand, not as this statement left them: a trigger of each row may have projected since.
    INSERT INTO need_to_know_feed (principal, type, created_at, record_id, mission_id, classification, compartments, data_types)
    SELECT x, r.type, r.created_at, r.id, r.mission_id, r.classification, r.compartments, r.data_types
      FROM n JOIN records_record r ON r.id = n.id CROSS JOIN LATERAL unnest(r.audience) x
     ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION need_to_know_newest(of_type text, before_at timestamptz, before_id bigint, most integer)
RETURNS TABLE (created_at timestamptz, record_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
    -- WHY: each principal's newest come from the feed's index in order, never from a sort of all that there are.
    -- WHY: literals, not parameters: a generic plan makes narrow readers hundreds of times slower.
    RETURN QUERY EXECUTE format($sql$
        SELECT DISTINCT x.created_at, x.record_id FROM (
            SELECT t.created_at, t.record_id FROM unnest(%1$L::int[]) p(p) CROSS JOIN LATERAL (
                SELECT f.created_at, f.record_id FROM need_to_know_feed f
                 WHERE f.principal = p.p AND f.type = %2$L AND f.mission_id = %3$s
                   AND f.classification <= %4$s AND (f.compartments = '{}' OR f.compartments <@ %5$L::int[])
                   AND (f.data_types = '{}' OR NOT f.data_types && %10$L::int[])
                   AND (f.created_at, f.record_id) < (%6$L::timestamptz, %7$s)
                 ORDER BY f.created_at DESC, f.record_id DESC LIMIT %8$s) t
            UNION ALL
            SELECT r.created_at, r.id FROM records_record r
             WHERE r.id = ANY (%9$L::bigint[]) AND r.type = %2$L AND r.mission_id = %3$s
               AND (r.data_types = '{}' OR NOT r.data_types && %10$L::int[])
               AND (r.created_at, r.id) < (%6$L::timestamptz, %7$s)) x
        ORDER BY x.created_at DESC, x.record_id DESC LIMIT %8$s $sql$,
        current_setting('app.principals'), of_type, current_setting('app.mission')::bigint,
        current_setting('app.clearance')::int, current_setting('app.compartments'),
        coalesce(before_at, 'infinity'::timestamptz), coalesce(before_id, 9223372036854775807), most,
        current_setting('app.lent'), current_setting('app.barred'));
END $$;
CREATE OR REPLACE FUNCTION need_to_know_differences() RETURNS TABLE (kind text, record_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: ids and kinds alone; nothing of what a record says.
    WITH projected AS (
        SELECT s.record_id, array_agg(DISTINCT s.principal ORDER BY s.principal) AS audience,
               coalesce(array_agg(DISTINCT s.principal ORDER BY s.principal) FILTER (WHERE s.edits), '{}') AS editors
          FROM need_to_know_source s GROUP BY s.record_id),
    wanted AS (
        SELECT x AS principal, r.type, r.created_at, r.id AS record_id, r.mission_id, r.classification, r.compartments,
               r.data_types
          FROM records_record r CROSS JOIN LATERAL unnest(r.audience) x)
    SELECT 'audience', r.id FROM records_record r LEFT JOIN projected p ON p.record_id = r.id
     WHERE r.audience IS DISTINCT FROM p.audience
    UNION ALL
    SELECT 'editors', r.id FROM records_record r LEFT JOIN projected p ON p.record_id = r.id
     WHERE r.editors IS DISTINCT FROM p.editors
    UNION ALL
    SELECT DISTINCT 'feed', d.record_id FROM (
        (SELECT * FROM wanted EXCEPT SELECT principal, type, created_at, record_id, mission_id, classification,
                                            compartments, data_types FROM need_to_know_feed)
        UNION ALL
        (SELECT principal, type, created_at, record_id, mission_id, classification, compartments,
                data_types FROM need_to_know_feed
         EXCEPT SELECT * FROM wanted)) d
$$;

-- ---------------------------------------------------------------- acting
CREATE OR REPLACE VIEW need_to_know_person AS
    WITH held AS (
        SELECT DISTINCT h.person_id, p.mission_id, p.id, p.group_id, p.clearance,
               o.group_id AS organisation_group, m.group_id AS mission_group,
               EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id AND r.role NOT IN ('ADM', 'AUD'))
               OR NOT EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id) AS reads,
               EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id AND r.role = 'AUD') AS audits, o.side
          FROM mission_holding h
          JOIN mission_position p ON p.id = h.position_id AND p.is_active
          JOIN mission_organisation o ON o.id = p.organisation_id
          JOIN mission_mission m ON m.id = p.mission_id
          JOIN accounts_user u ON u.id = h.person_id AND u.is_active
         WHERE h.starts <= records_clock() AND (h.until IS NULL OR h.until > records_clock()))
    SELECT held.person_id, held.mission_id,
           coalesce(array_agg(DISTINCT x.principal ORDER BY x.principal) FILTER (WHERE held.reads), '{}') AS principals,
           coalesce(max(held.clearance) FILTER (WHERE held.reads), 0)::integer AS clearance,
           coalesce(array_agg(DISTINCT c.compartment_id::integer ORDER BY c.compartment_id::integer)
                    FILTER (WHERE held.reads AND c.compartment_id IS NOT NULL), '{}') AS compartments,
           array_agg(DISTINCT held.id ORDER BY held.id) AS positions,
           coalesce(array_agg(DISTINCT d.id::integer ORDER BY d.id::integer) FILTER (WHERE d.id IS NOT NULL), '{}') AS barred,
           bool_or(held.audits) AS audits
      FROM held
      CROSS JOIN LATERAL (VALUES (held.group_id), (held.organisation_group), (held.mission_group), (-held.person_id::integer))
                 x(principal)
      LEFT JOIN mission_position_compartments c ON c.position_id = held.id
      -- SECURITY: what the field protects from the military side is barred to it, whatever the mission sets.
      LEFT JOIN mission_datatype d ON d.mission_id = held.mission_id AND (held.side = ANY (d.barred_sides)
           OR held.side = 'mission_military' AND d.code IN ('beneficiary', 'staff', 'source'))
     GROUP BY held.person_id, held.mission_id;


DROP FUNCTION need_to_know_begin(integer, bigint);
CREATE FUNCTION need_to_know_begin(of_user integer, of_mission bigint)
RETURNS TABLE (principals integer[], clearance integer, compartments integer[], positions bigint[], barred integer[], audits boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE k record; lent bigint[]; lent_edit bigint[];
BEGIN
    -- SECURITY: nobody becomes somebody else half-way through a transaction.
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        RAISE EXCEPTION 'somebody is acting already' USING ERRCODE = 'CP005';
    END IF;
    SELECT * INTO k FROM (
        SELECT p.principals, p.clearance, p.compartments, p.positions, p.barred, p.audits FROM need_to_know_person p
         WHERE p.person_id = of_user AND p.mission_id = of_mission
        UNION ALL SELECT '{}', 0, '{}', '{}', '{}', false) known LIMIT 1;
    -- Time-boxed grants are read by the clock, under the same label terms.
    SELECT coalesce(array_agg(DISTINCT g.id), '{}'), coalesce(array_agg(DISTINCT g.id) FILTER (WHERE g.edits), '{}')
      INTO lent, lent_edit
      FROM (SELECT r.id, q.codename IN ('change_record', 'manage_record') AS edits
              FROM need_to_know_recordgroupobjectpermission g
              JOIN auth_permission q ON q.id = g.permission_id JOIN records_record r ON r.id = g.content_object_id
             WHERE g.expires_at > records_clock() AND g.group_id = ANY (k.principals) AND r.mission_id = of_mission
               AND r.classification <= k.clearance AND r.compartments <@ k.compartments
            UNION ALL
            SELECT r.id, q.codename IN ('change_record', 'manage_record')
              FROM need_to_know_recorduserobjectpermission g
              JOIN auth_permission q ON q.id = g.permission_id JOIN records_record r ON r.id = g.content_object_id
             WHERE g.expires_at > records_clock() AND -g.user_id = ANY (k.principals) AND r.mission_id = of_mission
               AND r.classification <= k.clearance AND r.compartments <@ k.compartments
            UNION ALL
            -- An emergency access passes the label; never the ceiling, which the row rule adds to everything.
            SELECT e.record_id, false FROM need_to_know_emergencyaccess e
             WHERE e.person_id = of_user AND e.mission_id = of_mission AND e.expires_at > records_clock()
               AND e.position_id = ANY (k.positions)) g;
    PERFORM set_config('app.actor', of_user::text, true), set_config('app.mission', of_mission::text, true),
            set_config('app.principals', k.principals::text, true), set_config('app.clearance', k.clearance::text, true),
            set_config('app.compartments', k.compartments::text, true), set_config('app.positions', k.positions::text, true),
            set_config('app.lent', lent::text, true), set_config('app.lent_edit', lent_edit::text, true),
            set_config('app.barred', k.barred::text, true), set_config('app.audits', k.audits::text, true);
    RETURN QUERY SELECT k.principals, k.clearance, k.compartments, k.positions, k.barred, k.audits;
END $$;

CREATE OR REPLACE FUNCTION need_to_know_begin_clock(of_record bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE m bigint;
BEGIN
    -- SECURITY: the clock borrows one record, and only one whose time has come.
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        RAISE EXCEPTION 'somebody is acting already' USING ERRCODE = 'CP005';
    END IF;
    SELECT mission_id INTO m FROM records_record WHERE id = of_record AND auto_at <= records_clock();
    IF m IS NULL THEN RAISE EXCEPTION 'nothing is due' USING ERRCODE = 'CP007'; END IF;
    PERFORM set_config('app.actor', 'clock', true), set_config('app.mission', m::text, true),
            set_config('app.principals', '{}', true), set_config('app.clearance', '0', true),
            set_config('app.compartments', '{}', true), set_config('app.positions', '{}', true),
            set_config('app.lent', ARRAY[of_record]::text, true), set_config('app.lent_edit', '{}', true),
            set_config('app.barred', '{}', true), set_config('app.audits', 'false', true);
    RETURN m;
END $$;

-- ---------------------------------------------------------------- policies
ALTER POLICY readable ON records_record USING (@READABLE@);
ALTER POLICY filed ON records_record WITH CHECK (
    author_id = need_to_know_actor() AND author_position_id = ANY (current_setting('app.positions')::bigint[])
    AND (@READABLE@));
ALTER POLICY edited ON records_record USING (@EDITABLE@) WITH CHECK (@EDITABLE@);
-- A file may hold protected data that its record does not.
ALTER POLICY readable ON records_attachment USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id) AND @CEILING@);
ALTER POLICY added ON records_attachment WITH CHECK (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id) AND @CEILING@);
CREATE OR REPLACE FUNCTION records_lock(of_record bigint) RETURNS TABLE (state varchar, version integer)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.state, r.version FROM records_record r WHERE r.id = of_record AND (@READABLE_R@) FOR NO KEY UPDATE
$$;
CREATE OR REPLACE FUNCTION records_step_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE r records_record; e records_workflowedge;
BEGIN
    -- SECURITY: a hidden record answers as a missing one does, whatever its state.
    SELECT * INTO r FROM records_record WHERE id = NEW.record_id AND (@READABLE@) FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'stale state' USING ERRCODE = 'CP001';
    END IF;
    NEW.actor_id := need_to_know_actor();
    NEW.at := records_clock();
    IF NEW.actor_id IS NULL THEN
        NEW.position_id := NULL;
    ELSIF NEW.position_id IS NULL OR NOT NEW.position_id = ANY (current_setting('app.positions')::bigint[]) THEN
        RAISE EXCEPTION 'not the position of the actor' USING ERRCODE = 'CP006';
    END IF;
    IF NEW.from_state = '' THEN
        IF EXISTS (SELECT 1 FROM records_step s WHERE s.record_id = NEW.record_id) OR r.state <> NEW.to_state THEN
            RAISE EXCEPTION 'stale state' USING ERRCODE = 'CP001';
        END IF;
    ELSIF r.state IS DISTINCT FROM NEW.from_state THEN
        RAISE EXCEPTION 'stale state' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO e FROM records_workflowedge w
     WHERE w.type = r.type AND w.name = NEW.name AND w.from_state = NEW.from_state AND w.to_state = NEW.to_state;
    IF NOT FOUND OR e.by_clock <> (NEW.actor_id IS NULL) THEN
        RAISE EXCEPTION 'no such step' USING ERRCODE = 'CP002';
    END IF;
    NEW.duty := e.duty;
    IF e.duty <> '' AND (
        EXISTS (SELECT 1 FROM records_step s WHERE s.record_id = NEW.record_id AND s.actor_id = NEW.actor_id
                   AND s.duty <> '' AND s.duty <> e.duty)
        OR (e.duty <> 'requester' AND r.author_id = NEW.actor_id)) THEN
        RAISE EXCEPTION 'duties are separate' USING ERRCODE = 'CP003';
    END IF;
    IF NEW.auto_at IS NOT NULL AND NEW.auto_step = '' THEN
        RAISE EXCEPTION 'a moment without a step' USING ERRCODE = 'CP002';
    END IF;
    UPDATE records_record
       SET state = NEW.to_state, due_at = NEW.due_at, auto_at = NEW.auto_at, auto_step = NEW.auto_step,
           state_since = CASE WHEN NEW.from_state = NEW.to_state THEN state_since ELSE NEW.at END,
           version = version + 1, updated_at = NEW.at
     WHERE id = NEW.record_id;
    RETURN NEW;
END $$;

-- ---------------------------------------------------------------- grants: who may give which right
CREATE OR REPLACE FUNCTION need_to_know_may_give(of_record bigint, of_permission integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- The originator's release authority gives any right. Among the originator's own people, whoever manages the
    -- record does too, and whoever may share it gives reading and no more. Nobody else passes it on.
    SELECT EXISTS (
        SELECT 1 FROM records_record r WHERE r.id = of_record AND (@READABLE_R@) AND (
            need_to_know_releases(r.originator_id, r.author_position_id)
            OR EXISTS (SELECT 1 FROM mission_position p WHERE p.organisation_id = r.originator_id
                          AND p.id = ANY (current_setting('app.positions')::bigint[]))
           AND EXISTS (
                SELECT 1 FROM (
                    SELECT g.permission_id, g.expires_at FROM need_to_know_recordgroupobjectpermission g
                     WHERE g.content_object_id = r.id AND g.group_id = ANY (current_setting('app.principals')::integer[])
                    UNION ALL
                    SELECT g.permission_id, g.expires_at FROM need_to_know_recorduserobjectpermission g
                     WHERE g.content_object_id = r.id AND -g.user_id = ANY (current_setting('app.principals')::integer[])
                ) held JOIN auth_permission q ON q.id = held.permission_id
                WHERE (held.expires_at IS NULL OR held.expires_at > records_clock())
                  AND (q.codename = 'manage_record' OR q.codename = 'share_record' AND of_permission = (
                       SELECT v.id FROM auth_permission v WHERE v.codename = 'view_record'
                          AND v.content_type_id = q.content_type_id)))))
$$;

CREATE OR REPLACE FUNCTION need_to_know_grant_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_right text; owner bigint;
BEGIN
    IF current_user = 'portal_door' THEN
        RETURN NEW;
    END IF;
    SELECT q.codename INTO of_right FROM auth_permission q WHERE q.id = NEW.permission_id;
    SELECT r.originator_id INTO owner FROM records_record r WHERE r.id = NEW.content_object_id;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.content_object_id, NEW.permission_id, NEW.uuid, to_jsonb(NEW) -> TG_ARGV[0])
           IS DISTINCT FROM (OLD.content_object_id, OLD.permission_id, OLD.uuid, to_jsonb(OLD) -> TG_ARGV[0]) THEN
            RAISE EXCEPTION 'a grant keeps its record, right and reader' USING ERRCODE = 'CP004';
        END IF;
        -- Whoever filed the record may shorten what others gave, never lengthen it.
        IF NOT (NEW.expires_at IS NOT NULL AND (OLD.expires_at IS NULL OR NEW.expires_at <= OLD.expires_at))
           AND NOT need_to_know_may_give(NEW.content_object_id, NEW.permission_id) THEN
            RAISE EXCEPTION 'only the originator widens' USING ERRCODE = 'CP006';
        END IF;
    END IF;
    -- SECURITY: the right to share on stays with the originator's own people.
    IF of_right IN ('share_record', 'manage_record') AND NOT (CASE TG_ARGV[0]
        WHEN 'group_id' THEN EXISTS (
            SELECT 1 FROM mission_organisation o WHERE o.id = owner AND o.group_id = (to_jsonb(NEW) ->> 'group_id')::integer
            UNION ALL SELECT 1 FROM mission_position p
             WHERE p.organisation_id = owner AND p.group_id = (to_jsonb(NEW) ->> 'group_id')::integer)
        ELSE EXISTS (
            SELECT 1 FROM mission_holding h JOIN mission_position p ON p.id = h.position_id
             WHERE p.organisation_id = owner AND h.person_id = (to_jsonb(NEW) ->> 'user_id')::integer
               AND (h.until IS NULL OR h.until > records_clock())) END) THEN
        RAISE EXCEPTION 'sharing on stays with the originator' USING ERRCODE = 'CP010';
    END IF;
    NEW.granted_by_id := need_to_know_actor();
    NEW.granted_at := records_clock();
    RETURN NEW;
END $$;

CREATE FUNCTION need_to_know_originates_record(of_record bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether a readable record is the actor's own: filed in their position, or theirs to release.
    SELECT EXISTS (SELECT 1 FROM records_record r
                    WHERE r.id = of_record AND need_to_know_originates(r.originator_id, r.author_position_id))
$$;

-- Whoever filed a record shows it to the release authority of their own organisation: that is no release.
CREATE FUNCTION need_to_know_is_release_authority(of_record bigint, of_group integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM records_record r
                     JOIN mission_position p ON p.organisation_id = r.originator_id AND p.group_id = of_group AND p.is_active
                     JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                    WHERE r.id = of_record)
$$;
ALTER POLICY added ON need_to_know_recordgroupobjectpermission WITH CHECK (
    need_to_know_may_give(content_object_id, permission_id)
    OR need_to_know_originates_record(content_object_id) AND need_to_know_is_release_authority(content_object_id, group_id)
       AND permission_id = (SELECT q.id FROM auth_permission q JOIN django_content_type c ON c.id = q.content_type_id
                             WHERE q.codename = 'view_record' AND c.app_label = 'records' AND c.model = 'record'));
DROP POLICY edited ON need_to_know_recordgroupobjectpermission;
DROP POLICY removed ON need_to_know_recordgroupobjectpermission;
DROP POLICY edited ON need_to_know_recorduserobjectpermission;
DROP POLICY removed ON need_to_know_recorduserobjectpermission;
CREATE POLICY edited ON need_to_know_recordgroupobjectpermission FOR UPDATE
    USING (need_to_know_may_give(content_object_id, permission_id) OR need_to_know_originates_record(content_object_id));
CREATE POLICY edited ON need_to_know_recorduserobjectpermission FOR UPDATE
    USING (need_to_know_may_give(content_object_id, permission_id) OR need_to_know_originates_record(content_object_id));
-- Taking back: whoever gives, the position that filed, and readers what was given to themselves.
CREATE POLICY removed ON need_to_know_recordgroupobjectpermission FOR DELETE
    USING (need_to_know_may_give(content_object_id, permission_id) OR need_to_know_originates_record(content_object_id)
           OR group_id IN (SELECT p.group_id FROM mission_position p
                            WHERE p.id = ANY (current_setting('app.positions')::bigint[])));
CREATE POLICY removed ON need_to_know_recorduserobjectpermission FOR DELETE
    USING (need_to_know_may_give(content_object_id, permission_id) OR need_to_know_originates_record(content_object_id)
           OR user_id = need_to_know_actor());

-- ---------------------------------------------------------------- every record keeps somebody who manages it
CREATE FUNCTION need_to_know_unmanaged(of_organisation bigint) RETURNS TABLE (record_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: ids alone. NULL asks for all organisations.
    SELECT r.id FROM records_record r
     WHERE (of_organisation IS NULL OR r.originator_id = of_organisation)
       AND NOT EXISTS (SELECT 1 FROM mission_position p WHERE p.id = r.author_position_id AND p.is_active)
       AND NOT EXISTS (SELECT 1 FROM mission_position p
                         JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                        WHERE p.organisation_id = r.originator_id AND p.is_active)
       AND NOT EXISTS (SELECT 1 FROM need_to_know_recordgroupobjectpermission g
                         JOIN auth_permission q ON q.id = g.permission_id AND q.codename = 'manage_record'
                         JOIN mission_position p ON p.group_id = g.group_id AND p.is_active
                        WHERE g.content_object_id = r.id AND g.expires_at IS NULL)
$$;
CREATE FUNCTION need_to_know_manager_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE owner bigint;
BEGIN
    IF TG_TABLE_NAME = 'mission_position' THEN
        owner := OLD.organisation_id;
    ELSE
        owner := (SELECT p.organisation_id FROM mission_position p WHERE p.id = OLD.position_id);
    END IF;
    IF EXISTS (SELECT 1 FROM need_to_know_unmanaged(owner)) THEN
        RAISE EXCEPTION 'records would be left without anybody who manages them' USING ERRCODE = 'CP011';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER need_to_know_manager_kept AFTER UPDATE OF is_active, organisation_id ON mission_position
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active OR OLD.organisation_id <> NEW.organisation_id) EXECUTE FUNCTION need_to_know_manager_kept();
CREATE TRIGGER need_to_know_manager_kept AFTER DELETE OR UPDATE OF role, position_id ON mission_positionrole
    FOR EACH ROW WHEN (OLD.role = 'REL') EXECUTE FUNCTION need_to_know_manager_kept();

-- ---------------------------------------------------------------- handover: what was given to the leaver in person ends
CREATE FUNCTION need_to_know_handed_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Grants to the leaver in person, given since they took the position. Those to the position stay with it.
    IF NEW.at <= records_clock() THEN
        DELETE FROM need_to_know_recorduserobjectpermission g USING records_record r, mission_position p
         WHERE r.id = g.content_object_id AND p.id = NEW.position_id AND r.mission_id = p.mission_id
           AND g.user_id = NEW.leaver_id
           AND g.granted_at >= (SELECT min(h.starts) FROM mission_holding h
                                 WHERE h.position_id = NEW.position_id AND h.person_id = NEW.leaver_id);
    ELSE
        UPDATE need_to_know_recorduserobjectpermission g SET expires_at = least(coalesce(g.expires_at, 'infinity'), NEW.at)
          FROM records_record r, mission_position p
         WHERE r.id = g.content_object_id AND p.id = NEW.position_id AND r.mission_id = p.mission_id
           AND g.user_id = NEW.leaver_id
           AND g.granted_at >= (SELECT min(h.starts) FROM mission_holding h
                                 WHERE h.position_id = NEW.position_id AND h.person_id = NEW.leaver_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER need_to_know_handed_over AFTER INSERT ON mission_handover
    FOR EACH ROW EXECUTE FUNCTION need_to_know_handed_over();

-- ---------------------------------------------------------------- requests for access
CREATE FUNCTION need_to_know_decides(of_record bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT need_to_know_may_give(of_record, (
        SELECT q.id FROM auth_permission q JOIN django_content_type c ON c.id = q.content_type_id
         WHERE q.codename = 'view_record' AND c.app_label = 'records' AND c.model = 'record'))
$$;

ALTER TABLE need_to_know_accessrequesttarget ENABLE ROW LEVEL SECURITY;
ALTER TABLE need_to_know_accessrequesttarget FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON need_to_know_accessrequesttarget FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id) AND need_to_know_decides(record_id));

ALTER TABLE need_to_know_accessrequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE need_to_know_accessrequest FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON need_to_know_accessrequest FOR SELECT USING (
    mission_id = current_setting('app.mission')::bigint AND (
        asker_id = need_to_know_actor() OR reader_id = ANY (current_setting('app.positions')::bigint[])
        OR current_setting('app.audits')::boolean
        OR EXISTS (SELECT 1 FROM need_to_know_accessrequesttarget t
                    WHERE t.request_id = need_to_know_accessrequest.id)));
CREATE POLICY asked ON need_to_know_accessrequest FOR INSERT WITH CHECK (
    mission_id = current_setting('app.mission')::bigint AND asker_id = need_to_know_actor()
    AND position_id = ANY (current_setting('app.positions')::bigint[]));

CREATE FUNCTION need_to_know_request_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.asked_at := records_clock();
    NEW.lapses_at := NEW.asked_at + make_interval(days => coalesce((SELECT p.request_days FROM mission_sharingprotocol p
                                                  WHERE p.mission_id = NEW.mission_id AND p.state = 'in_force'), 14));
    NEW.uuid := gen_random_uuid(); NEW.reference := upper(btrim(NEW.reference));
    NEW.withdrawn_at := NULL; NEW.given := ''; NEW.answer := ''; NEW.answered_at := NULL;
    IF NOT EXISTS (SELECT 1 FROM mission_position p WHERE p.id = NEW.reader_id AND p.mission_id = NEW.mission_id) THEN
        RAISE EXCEPTION 'no such reader' USING ERRCODE = 'CP006';
    END IF;
    -- SECURITY: whoever tries references one after another is stopped, met or not.
    IF (SELECT count(*) FROM need_to_know_accessrequest a
         WHERE a.asker_id = NEW.asker_id AND a.mission_id = NEW.mission_id AND a.given = '' AND a.withdrawn_at IS NULL
           AND a.lapses_at > records_clock()) >= 20 THEN
        RAISE EXCEPTION 'too many open requests' USING ERRCODE = 'CP012';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER need_to_know_request_stamp BEFORE INSERT ON need_to_know_accessrequest
    FOR EACH ROW EXECUTE FUNCTION need_to_know_request_stamp();

CREATE FUNCTION need_to_know_request_meets() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO need_to_know_accessrequesttarget (request_id, record_id, refused, remark)
    SELECT NEW.id, r.id, false, '' FROM records_record r
     WHERE r.reference = NEW.reference AND r.mission_id = NEW.mission_id;
    IF FOUND THEN
        INSERT INTO records_event (uuid, record_id, verb, actor_id)
        SELECT gen_random_uuid(), t.record_id, 'record.access_asked', NEW.asker_id
          FROM need_to_know_accessrequesttarget t WHERE t.request_id = NEW.id;
        -- Whoever has to decide reads it: the release authority of the originator, from its private records too.
        INSERT INTO need_to_know_recordgroupobjectpermission (uuid, group_id, permission_id, content_object_id, granted_at,
                                                              reason)
        SELECT DISTINCT ON (p.group_id) gen_random_uuid(), p.group_id, v.id, r.id, records_clock(), ''
          FROM need_to_know_accessrequesttarget t JOIN records_record r ON r.id = t.record_id
          JOIN mission_position p ON p.organisation_id = r.originator_id AND p.is_active
          JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
          JOIN mission_organisation o ON o.id = p.organisation_id
          JOIN auth_permission v ON v.codename = 'view_record'
          JOIN django_content_type c ON c.id = v.content_type_id AND c.app_label = 'records' AND c.model = 'record'
         WHERE t.request_id = NEW.id AND NOT r.audience && ARRAY[p.group_id, o.group_id]
            ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER need_to_know_request_meets AFTER INSERT ON need_to_know_accessrequest
    FOR EACH ROW EXECUTE FUNCTION need_to_know_request_meets();

CREATE FUNCTION need_to_know_request_decide(of_request uuid, what text, said text, of_remark text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE q need_to_know_accessrequest; t need_to_know_accessrequesttarget;
BEGIN
    -- Once, before it lapses, by whoever may give. A refusal is kept beside the record, where the asker cannot look.
    SELECT * INTO q FROM need_to_know_accessrequest a
     WHERE a.uuid = of_request AND a.mission_id = current_setting('app.mission')::bigint FOR UPDATE;
    SELECT * INTO t FROM need_to_know_accessrequesttarget x WHERE x.request_id = q.id FOR UPDATE;
    IF t.id IS NULL OR NOT need_to_know_decides(t.record_id) THEN RETURN false; END IF;
    IF t.decided_at IS NOT NULL OR q.withdrawn_at IS NOT NULL OR q.lapses_at <= records_clock() THEN
        RAISE EXCEPTION 'stale state' USING ERRCODE = 'CP001';
    END IF;
    UPDATE need_to_know_accessrequesttarget
       SET decided_by_id = need_to_know_actor(), decided_at = records_clock(), refused = (what = ''), remark = of_remark,
           decided_position_id = (SELECT p.id FROM mission_position p JOIN records_record r ON r.id = t.record_id
                                   WHERE p.id = ANY (current_setting('app.positions')::bigint[])
                                   ORDER BY p.organisation_id = r.originator_id DESC, p.id LIMIT 1)
     WHERE id = t.id;
    IF what <> '' THEN
        UPDATE need_to_know_accessrequest SET given = what, answer = said, answered_at = records_clock() WHERE id = q.id;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION need_to_know_request_withdraw(of_request uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE need_to_know_accessrequest SET withdrawn_at = records_clock()
     WHERE uuid = of_request AND asker_id = need_to_know_actor() AND withdrawn_at IS NULL AND given = '';
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- emergency access
ALTER TABLE need_to_know_emergencyaccess ENABLE ROW LEVEL SECURITY;
ALTER TABLE need_to_know_emergencyaccess FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON need_to_know_emergencyaccess FOR SELECT USING (
    mission_id = current_setting('app.mission')::bigint AND (
        person_id = need_to_know_actor() OR current_setting('app.audits')::boolean
        OR need_to_know_originates_record(record_id)));

CREATE FUNCTION need_to_know_break_glass(of_reference text, of_position bigint, why text, minutes integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE r records_record; m bigint := current_setting('app.mission')::bigint; most integer; days integer; made uuid;
    moment timestamptz := records_clock();
BEGIN
    -- SECURITY: named positions alone, one record, three hours at most, never past a ceiling.
    IF need_to_know_actor() IS NULL OR NOT of_position = ANY (current_setting('app.positions')::bigint[])
       OR NOT EXISTS (SELECT 1 FROM mission_position p WHERE p.id = of_position AND p.breaks_glass AND p.is_active) THEN
        RAISE EXCEPTION 'no emergency role' USING ERRCODE = 'CP006';
    END IF;
    SELECT p.break_glass_minutes, p.review_days INTO most, days FROM mission_sharingprotocol p
     WHERE p.mission_id = m AND p.state = 'in_force';
    IF coalesce(length(btrim(why)), 0) < 10 OR minutes IS NULL OR minutes < 1 OR minutes > least(coalesce(most, 180), 180) THEN
        RAISE EXCEPTION 'no reason, or too long' USING ERRCODE = 'CP006';
    END IF;
    -- WHY: one person's emergencies wait for each other, so that two at once cannot both be the first.
    PERFORM 1 FROM accounts_user u WHERE u.id = need_to_know_actor() FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM need_to_know_emergencyaccess e WHERE e.person_id = need_to_know_actor() AND e.verdict = '') THEN
        RAISE EXCEPTION 'an earlier emergency access is not reviewed' USING ERRCODE = 'CP009';
    END IF;
    SELECT * INTO r FROM records_record x WHERE x.reference = upper(btrim(of_reference)) AND x.mission_id = m;
    IF r.id IS NULL OR r.data_types && current_setting('app.barred')::integer[] THEN RETURN NULL; END IF;
    INSERT INTO need_to_know_emergencyaccess (uuid, mission_id, record_id, reference, person_id, position_id, reason, at,
                                              expires_at, review_due_at, verdict, review_note)
    VALUES (gen_random_uuid(), m, r.id, r.reference, need_to_know_actor(), of_position, btrim(why), moment,
            moment + make_interval(mins => minutes), moment + make_interval(days => least(coalesce(days, 7), 7)), '', '')
    RETURNING uuid INTO made;
    INSERT INTO records_event (uuid, record_id, verb, actor_id)
    VALUES (gen_random_uuid(), r.id, 'record.emergency', need_to_know_actor());
    PERFORM set_config('app.lent', array_append(current_setting('app.lent')::bigint[], r.id)::text, true);
    RETURN made;
END $$;

CREATE FUNCTION need_to_know_emergency_people(of_record bigint) RETURNS TABLE (person_id integer, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Who has a readable record open by an emergency access now.
    SELECT e.person_id::integer, e.expires_at FROM need_to_know_emergencyaccess e JOIN records_record r ON r.id = e.record_id
     WHERE r.id = of_record AND (@READABLE_R@) AND e.expires_at > records_clock()
       AND EXISTS (SELECT 1 FROM need_to_know_person k WHERE k.person_id = e.person_id AND k.mission_id = r.mission_id
                      AND e.position_id = ANY (k.positions))
$$;

CREATE FUNCTION need_to_know_emergency_review(of_use uuid, justified boolean, note text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE e need_to_know_emergencyaccess; r records_record;
BEGIN
    -- By the originator's own word, never by whoever invoked it, once.
    SELECT * INTO e FROM need_to_know_emergencyaccess x
     WHERE x.uuid = of_use AND x.mission_id = current_setting('app.mission')::bigint FOR UPDATE;
    SELECT * INTO r FROM records_record x WHERE x.id = e.record_id;
    IF r.id IS NULL OR NOT need_to_know_originates(r.originator_id, r.author_position_id) THEN RETURN false; END IF;
    IF e.person_id = need_to_know_actor() THEN
        RAISE EXCEPTION 'nobody reviews themselves' USING ERRCODE = 'CP003';
    END IF;
    IF e.verdict <> '' THEN RAISE EXCEPTION 'stale state' USING ERRCODE = 'CP001'; END IF;
    UPDATE need_to_know_emergencyaccess
       SET verdict = CASE WHEN justified THEN 'justified' ELSE 'unjustified' END, review_note = btrim(note),
           reviewer_id = need_to_know_actor(), reviewed_at = records_clock(),
           reviewer_position_id = (SELECT p.id FROM mission_position p
                                    WHERE p.id = ANY (current_setting('app.positions')::bigint[])
                                    ORDER BY p.organisation_id = r.originator_id DESC, p.id LIMIT 1)
     WHERE id = e.id;
    INSERT INTO records_event (uuid, record_id, verb, actor_id)
    VALUES (gen_random_uuid(), r.id, 'record.emergency_reviewed', need_to_know_actor());
    RETURN true;
END $$;

-- ---------------------------------------------------------------- the log of reads
ALTER TABLE need_to_know_readlog ENABLE ROW LEVEL SECURITY;
ALTER TABLE need_to_know_readlog FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON need_to_know_readlog FOR SELECT USING (
    mission_id = current_setting('app.mission')::bigint AND (
        current_setting('app.audits')::boolean OR need_to_know_originates_record(record_id)));
ALTER TABLE need_to_know_readhead ENABLE ROW LEVEL SECURITY;
ALTER TABLE need_to_know_readhead FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON need_to_know_readhead FOR SELECT USING (need_to_know_originates_record(record_id));

CREATE FUNCTION need_to_know_log(ids bigint[], of_channel text, of_surface text, of_purpose text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE written integer;
BEGIN
    -- SECURITY: only what the actor may read, and only what is restricted; who and when are not arguments.
    IF need_to_know_actor() IS NULL THEN RETURN 0; END IF;
    INSERT INTO need_to_know_readlog (record_id, mission_id, reference, person_id, position_id, channel, surface, purpose,
                                      via, at, previous_hash, hash)
    SELECT r.id, r.mission_id, r.reference, need_to_know_actor(),
           (SELECT p.id FROM mission_position p WHERE p.id = ANY (current_setting('app.positions')::bigint[])
             ORDER BY p.group_id = ANY (r.audience) DESC, p.id LIMIT 1),
           of_channel, left(of_surface, 80),
           left(coalesce(nullif(of_purpose, ''), (
               SELECT e.reason FROM need_to_know_emergencyaccess e
                WHERE e.record_id = r.id AND e.person_id = need_to_know_actor() AND e.expires_at > records_clock()
                ORDER BY e.at DESC LIMIT 1), ''), 500),
           CASE WHEN r.audience && current_setting('app.principals')::integer[]
                     AND r.classification <= current_setting('app.clearance')::integer
                     AND r.compartments <@ current_setting('app.compartments')::integer[] THEN 'audience'
                WHEN EXISTS (SELECT 1 FROM need_to_know_emergencyaccess e
                              WHERE e.record_id = r.id AND e.person_id = need_to_know_actor()
                                AND e.expires_at > records_clock()) THEN 'emergency'
                ELSE 'lent' END,
           records_clock(), '', ''
      FROM records_record r
     WHERE r.id = ANY (ids) AND (r.classification >= 1 OR r.sensitivity >= 2) AND (@READABLE_R@)
       -- Looking through the same list again within ten minutes is one look.
       AND NOT (of_channel IN ('list', 'search', 'desk') AND EXISTS (
            SELECT 1 FROM need_to_know_readlog l
             WHERE l.person_id = need_to_know_actor() AND l.record_id = r.id AND l.channel = of_channel
               AND l.at > records_clock() - interval '10 minutes'))
     ORDER BY r.id;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;

CREATE FUNCTION need_to_know_read_hash(l need_to_know_readlog, before text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT encode(sha256(convert_to(before || json_build_array(
        l.record_id, l.mission_id, l.reference, l.number, l.person_id, l.position_id, l.channel, l.surface, l.purpose,
        l.via, (extract(epoch FROM l.at) * 1000000)::bigint)::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION need_to_know_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE h need_to_know_readhead;
BEGIN
    -- WHY: at the commit, not at the read: the end of the chain is locked for a moment and not for a whole request.
    INSERT INTO need_to_know_readhead (record_id, number, hash) VALUES (NEW.record_id, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO h FROM need_to_know_readhead x WHERE x.record_id = NEW.record_id FOR UPDATE;
    NEW.number := h.number + 1;
    NEW.hash := need_to_know_read_hash(NEW, h.hash);
    UPDATE need_to_know_readlog SET number = NEW.number, previous_hash = h.hash, hash = NEW.hash WHERE id = NEW.id;
    UPDATE need_to_know_readhead SET number = NEW.number, hash = NEW.hash WHERE record_id = NEW.record_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER need_to_know_chain AFTER INSERT ON need_to_know_readlog
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION need_to_know_chain();

CREATE FUNCTION need_to_know_chain_problems() RETURNS TABLE (record_id bigint, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: where a chain is broken, and nothing of what was read.
    SELECT c.record_id, coalesce(c.number, 0) FROM (
        SELECT l.record_id, l.number, l.previous_hash, l.hash, need_to_know_read_hash(l, l.previous_hash) AS computed,
               coalesce(lag(l.hash) OVER w, '') AS before, row_number() OVER w AS expected
          FROM need_to_know_readlog l WINDOW w AS (PARTITION BY l.record_id ORDER BY l.number, l.id)) c
     WHERE c.number IS DISTINCT FROM c.expected OR c.previous_hash <> c.before OR c.hash <> c.computed
    UNION ALL
    SELECT h.record_id, h.number FROM need_to_know_readhead h LEFT JOIN need_to_know_readlog l
           ON l.record_id = h.record_id AND l.number = h.number
     WHERE l.hash IS DISTINCT FROM h.hash
        OR EXISTS (SELECT 1 FROM need_to_know_readlog x WHERE x.record_id = h.record_id AND x.number > h.number)
    UNION ALL
    SELECT DISTINCT l.record_id, 0::bigint FROM need_to_know_readlog l
     WHERE NOT EXISTS (SELECT 1 FROM need_to_know_readhead h WHERE h.record_id = l.record_id)
$$;

CREATE FUNCTION need_to_know_chain_digest() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- One number for all chains: kept elsewhere, it shows later that none of them was rewritten as a whole.
    SELECT encode(sha256(convert_to(coalesce(string_agg(h.record_id || ':' || h.number || ':' || h.hash, ',' ORDER BY h.record_id),
                                             ''), 'UTF8')), 'hex') FROM need_to_know_readhead h
$$;

-- ---------------------------------------------------------------- who may touch what
REVOKE UPDATE, DELETE ON need_to_know_accessrequest FROM portal_app;
REVOKE INSERT, UPDATE, DELETE ON need_to_know_accessrequesttarget, need_to_know_emergencyaccess, need_to_know_readlog,
       need_to_know_readhead FROM portal_app;
DO $$
DECLARE tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['need_to_know_accessrequest', 'need_to_know_accessrequesttarget',
                               'need_to_know_emergencyaccess', 'need_to_know_readlog'] LOOP
        -- SECURITY: a chosen id would meet that of a hidden row, and a sequence tells how many there are.
        EXECUTE format('ALTER TABLE %I ALTER COLUMN id SET GENERATED ALWAYS', tab);
        EXECUTE format('REVOKE ALL ON SEQUENCE %s FROM portal_app', pg_get_serial_sequence(tab, 'id'));
    END LOOP;
END $$;
DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND (p.proname LIKE 'records\_%' OR p.proname LIKE 'need\_to\_know\_%') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
    -- Triggers run without the right to call their functions, and projecting is theirs alone.
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND (p.proname LIKE 'records\_%' OR p.proname LIKE 'need\_to\_know\_%')
                AND p.prorettype <> 'trigger'::regtype AND p.proname <> 'need_to_know_project' LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f);
    END LOOP;
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.prosecdef
                AND (p.proname LIKE 'records\_%' OR p.proname LIKE 'need\_to\_know\_%') LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f);
    END LOOP;
END $$;
