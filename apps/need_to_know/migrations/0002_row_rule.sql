-- The row rule, and what keeps its computed data. Runs as the owner; functions marked SECURITY DEFINER belong to
-- portal_door, read the reader from the session settings and never from an argument.

-- ---------------------------------------------------------------- time and reader
CREATE FUNCTION records_clock() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- SECURITY: only a session that logged in as the owner may tell another time (the demo mission's past).
    SELECT CASE WHEN session_user = 'portal_owner'
                THEN coalesce(nullif(current_setting('app.clock', true), '')::timestamptz, clock_timestamp())
                ELSE clock_timestamp() END
$$;

CREATE FUNCTION need_to_know_actor() RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- NULL is the portal's clock; no actor at all is an error.
    SELECT CASE current_setting('app.actor') WHEN 'clock' THEN NULL ELSE current_setting('app.actor')::integer END
$$;

CREATE FUNCTION need_to_know_originates(of_originator bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The originator's own word: the position that filed the record, or a release authority of the originator.
    SELECT of_position = ANY (current_setting('app.positions')::bigint[])
        OR EXISTS (SELECT 1 FROM mission_position p JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                    WHERE p.organisation_id = of_originator AND p.id = ANY (current_setting('app.positions')::bigint[]))
$$;

-- ---------------------------------------------------------------- sources of every audience, in one place
CREATE VIEW need_to_know_source AS
    SELECT r.id AS record_id, p.group_id AS principal, true AS edits
      FROM records_record r JOIN mission_position p ON p.id = r.author_position_id
    UNION ALL
    SELECT r.id, o.group_id, false
      FROM records_record r JOIN mission_organisation o ON o.id = r.originator_id
     WHERE r.scope IN ('organisation', 'mission')
    UNION ALL
    SELECT r.id, m.group_id, false
      FROM records_record r JOIN mission_mission m ON m.id = r.mission_id
     WHERE r.scope = 'mission'
    UNION ALL
    SELECT a.record_id, p.group_id, false
      FROM records_addressee a JOIN mission_position p ON p.id = a.position_id
    UNION ALL
    SELECT g.content_object_id, g.group_id, q.codename IN ('change_record', 'manage_record')
      FROM need_to_know_recordgroupobjectpermission g JOIN auth_permission q ON q.id = g.permission_id
     WHERE g.expires_at IS NULL
    UNION ALL
    SELECT g.content_object_id, -g.user_id::integer, q.codename IN ('change_record', 'manage_record')
      FROM need_to_know_recorduserobjectpermission g JOIN auth_permission q ON q.id = g.permission_id
     WHERE g.expires_at IS NULL;
ALTER VIEW need_to_know_source OWNER TO portal_door;
REVOKE ALL ON need_to_know_source FROM PUBLIC, portal_app;

CREATE FUNCTION need_to_know_project(ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- WHY: lock first, in one order; the next statement's snapshot then sees what a concurrent writer committed.
    PERFORM 1 FROM records_record WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE records_record r SET audience = p.audience, editors = p.editors
      FROM (SELECT s.record_id,
                   array_agg(DISTINCT s.principal ORDER BY s.principal) AS audience,
                   coalesce(array_agg(DISTINCT s.principal ORDER BY s.principal) FILTER (WHERE s.edits), '{}') AS editors
              FROM need_to_know_source s WHERE s.record_id = ANY (ids) GROUP BY s.record_id) p
     WHERE r.id = p.record_id AND (r.audience, r.editors) IS DISTINCT FROM (p.audience, p.editors);
END $$;

-- ---------------------------------------------------------------- references
CREATE FUNCTION records_reference(prefix text) RETURNS varchar
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE stem text := prefix || '-' || to_char(records_clock(), 'YYYY') || '-'; digits integer := 5; made text;
BEGIN
    -- WHY: drawn by lot, so that a reference says nothing of how many there are or whose.
    FOR attempt IN 1..40 LOOP
        IF attempt % 10 = 0 THEN digits := digits + 1; END IF;
        made := stem || lpad(floor(random() * power(10, digits))::bigint::text, digits, '0');
        IF NOT EXISTS (SELECT 1 FROM records_record WHERE reference = made) THEN RETURN made; END IF;
    END LOOP;
    RAISE EXCEPTION 'no free reference';
END $$;

-- ---------------------------------------------------------------- Record: what the application may not write
CREATE FUNCTION records_record_before() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
    -- SECURITY: originator control: a right to change does not include the right to widen.
    IF (NEW.classification < OLD.classification OR NEW.sensitivity < OLD.sensitivity
        OR NOT OLD.compartments <@ NEW.compartments
        OR array_position(ARRAY['private', 'organisation', 'mission'], NEW.scope::text)
           > array_position(ARRAY['private', 'organisation', 'mission'], OLD.scope::text))
       AND NOT need_to_know_originates(OLD.originator_id, OLD.author_position_id) THEN
        RAISE EXCEPTION 'only the originator widens' USING ERRCODE = 'CP006';
    END IF;
    NEW.audience := OLD.audience; NEW.editors := OLD.editors;
    NEW.state_since := OLD.state_since; NEW.due_at := OLD.due_at;
    NEW.auto_at := OLD.auto_at; NEW.auto_step := OLD.auto_step; NEW.created_at := OLD.created_at;
    NEW.version := OLD.version + 1; NEW.updated_at := records_clock();
    RETURN NEW;
END $$;
CREATE TRIGGER records_record_before BEFORE INSERT OR UPDATE ON records_record
    FOR EACH ROW EXECUTE FUNCTION records_record_before();

CREATE FUNCTION records_record_after() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM need_to_know_project(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER records_record_sources AFTER UPDATE OF scope ON records_record
    FOR EACH ROW WHEN (OLD.scope IS DISTINCT FROM NEW.scope) EXECUTE FUNCTION records_record_after();

CREATE FUNCTION need_to_know_source_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM need_to_know_project(ARRAY(SELECT DISTINCT t.record FROM (SELECT CASE TG_ARGV[0]
        WHEN 'content_object_id' THEN (to_jsonb(changed) ->> 'content_object_id')::bigint
        ELSE (to_jsonb(changed) ->> 'record_id')::bigint END FROM changed) t(record)));
    RETURN NULL;
END $$;
DO $$
DECLARE tab text; col text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['records_addressee', 'need_to_know_recordgroupobjectpermission',
                               'need_to_know_recorduserobjectpermission'] LOOP
        col := CASE tab WHEN 'records_addressee' THEN 'record_id' ELSE 'content_object_id' END;
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
                        EXECUTE FUNCTION need_to_know_source_changed(%L)', tab || '_added', tab, col);
        EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
                        EXECUTE FUNCTION need_to_know_source_changed(%L)', tab || '_changed', tab, col);
        EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
                        EXECUTE FUNCTION need_to_know_source_changed(%L)', tab || '_removed', tab, col);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- feed: each principal's records, newest first
CREATE TABLE need_to_know_feed (
    principal integer NOT NULL, type varchar(40) NOT NULL, created_at timestamptz NOT NULL, record_id bigint NOT NULL
        REFERENCES records_record (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    mission_id bigint NOT NULL, classification smallint NOT NULL, compartments integer[] NOT NULL,
    PRIMARY KEY (principal, type, created_at, record_id)
);
CREATE INDEX need_to_know_feed_record ON need_to_know_feed (record_id);
ALTER TABLE need_to_know_feed OWNER TO portal_door;
REVOKE ALL ON need_to_know_feed FROM PUBLIC, portal_app, portal_owner;

CREATE FUNCTION need_to_know_feed_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO need_to_know_feed
    SELECT x, n.type, n.created_at, n.id, n.mission_id, n.classification, n.compartments
      FROM n CROSS JOIN LATERAL unnest(n.audience) x ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION need_to_know_feed_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM n JOIN o USING (id)
                    WHERE (n.audience, n.classification, n.compartments, n.created_at)
                          IS DISTINCT FROM (o.audience, o.classification, o.compartments, o.created_at)) THEN
        RETURN NULL;
    END IF;
    DELETE FROM need_to_know_feed f USING n, o
     WHERE f.record_id = n.id AND n.id = o.id
       AND (n.audience, n.classification, n.compartments, n.created_at)
           IS DISTINCT FROM (o.audience, o.classification, o.compartments, o.created_at);
    -- WHY: the rows as they stand, not as this statement left them: a trigger of each row may have projected since.
    INSERT INTO need_to_know_feed
    SELECT x, r.type, r.created_at, r.id, r.mission_id, r.classification, r.compartments
      FROM n JOIN records_record r ON r.id = n.id CROSS JOIN LATERAL unnest(r.audience) x
     ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER need_to_know_feed_added AFTER INSERT ON records_record
    REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION need_to_know_feed_added();
CREATE TRIGGER need_to_know_feed_changed AFTER UPDATE ON records_record
    REFERENCING NEW TABLE AS n OLD TABLE AS o FOR EACH STATEMENT EXECUTE FUNCTION need_to_know_feed_changed();

-- ---------------------------------------------------------------- the newest readable records, through the feed
CREATE FUNCTION need_to_know_newest(of_type text, before_at timestamptz, before_id bigint, most integer)
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
                   AND (f.created_at, f.record_id) < (%6$L::timestamptz, %7$s)
                 ORDER BY f.created_at DESC, f.record_id DESC LIMIT %8$s) t
            UNION ALL
            SELECT r.created_at, r.id FROM records_record r
             WHERE r.id = ANY (%9$L::bigint[]) AND r.type = %2$L AND r.mission_id = %3$s
               AND (r.created_at, r.id) < (%6$L::timestamptz, %7$s)) x
        ORDER BY x.created_at DESC, x.record_id DESC LIMIT %8$s $sql$,
        current_setting('app.principals'), of_type, current_setting('app.mission')::bigint,
        current_setting('app.clearance')::int, current_setting('app.compartments'),
        coalesce(before_at, 'infinity'::timestamptz), coalesce(before_id, 9223372036854775807), most,
        current_setting('app.lent'));
END $$;

-- ---------------------------------------------------------------- what no longer agrees with its sources
CREATE FUNCTION need_to_know_differences() RETURNS TABLE (kind text, record_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: ids and kinds alone; nothing of what a record says.
    WITH projected AS (
        SELECT s.record_id, array_agg(DISTINCT s.principal ORDER BY s.principal) AS audience,
               coalesce(array_agg(DISTINCT s.principal ORDER BY s.principal) FILTER (WHERE s.edits), '{}') AS editors
          FROM need_to_know_source s GROUP BY s.record_id),
    wanted AS (
        SELECT x AS principal, r.type, r.created_at, r.id AS record_id, r.mission_id, r.classification, r.compartments
          FROM records_record r CROSS JOIN LATERAL unnest(r.audience) x)
    SELECT 'audience', r.id FROM records_record r LEFT JOIN projected p ON p.record_id = r.id
     WHERE r.audience IS DISTINCT FROM p.audience
    UNION ALL
    SELECT 'editors', r.id FROM records_record r LEFT JOIN projected p ON p.record_id = r.id
     WHERE r.editors IS DISTINCT FROM p.editors
    UNION ALL
    SELECT DISTINCT 'feed', d.record_id FROM (
        (SELECT * FROM wanted EXCEPT SELECT principal, type, created_at, record_id, mission_id, classification,
                                            compartments FROM need_to_know_feed)
        UNION ALL
        (SELECT principal, type, created_at, record_id, mission_id, classification, compartments FROM need_to_know_feed
         EXCEPT SELECT * FROM wanted)) d
$$;

-- ---------------------------------------------------------------- acting
-- A person's principals are those of the positions held now. Positions that only administer or audit
-- contribute none: administrators configure the mission and read no content.
CREATE VIEW need_to_know_person AS
    WITH held AS (
        SELECT DISTINCT h.person_id, p.mission_id, p.id, p.group_id, p.clearance,
               o.group_id AS organisation_group, m.group_id AS mission_group,
               EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id AND r.role NOT IN ('ADM', 'AUD'))
               OR NOT EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id) AS reads
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
           array_agg(DISTINCT held.id ORDER BY held.id) AS positions
      FROM held
      CROSS JOIN LATERAL (VALUES (held.group_id), (held.organisation_group), (held.mission_group), (-held.person_id::integer))
                 x(principal)
      LEFT JOIN mission_position_compartments c ON c.position_id = held.id
     GROUP BY held.person_id, held.mission_id;

CREATE FUNCTION need_to_know_begin(of_user integer, of_mission bigint)
RETURNS TABLE (principals integer[], clearance integer, compartments integer[], positions bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE k record; lent bigint[]; lent_edit bigint[];
BEGIN
    -- SECURITY: nobody becomes somebody else half-way through a transaction.
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        RAISE EXCEPTION 'somebody is acting already' USING ERRCODE = 'CP005';
    END IF;
    SELECT * INTO k FROM (
        SELECT p.principals, p.clearance, p.compartments, p.positions FROM need_to_know_person p
         WHERE p.person_id = of_user AND p.mission_id = of_mission
        UNION ALL SELECT '{}', 0, '{}', '{}') known LIMIT 1;
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
               AND r.classification <= k.clearance AND r.compartments <@ k.compartments) g;
    PERFORM set_config('app.actor', of_user::text, true), set_config('app.mission', of_mission::text, true),
            set_config('app.principals', k.principals::text, true), set_config('app.clearance', k.clearance::text, true),
            set_config('app.compartments', k.compartments::text, true), set_config('app.positions', k.positions::text, true),
            set_config('app.lent', lent::text, true), set_config('app.lent_edit', lent_edit::text, true);
    RETURN QUERY SELECT k.principals, k.clearance, k.compartments, k.positions;
END $$;

CREATE FUNCTION need_to_know_begin_clock(of_record bigint) RETURNS bigint
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
            set_config('app.lent', ARRAY[of_record]::text, true), set_config('app.lent_edit', '{}', true);
    RETURN m;
END $$;

CREATE FUNCTION records_due(most integer) RETURNS TABLE (record_id bigint, step varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: for the portal's own clock; whoever acts gets nothing.
    SELECT id, auto_step FROM records_record
     WHERE auto_at <= records_clock() AND coalesce(current_setting('app.actor', true), '') = ''
     ORDER BY auto_at LIMIT most
$$;

-- ---------------------------------------------------------------- policies on Record
ALTER TABLE records_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE records_record FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON records_record FOR SELECT USING (@READABLE@);
CREATE POLICY filed ON records_record FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND author_position_id = ANY (current_setting('app.positions')::bigint[])
    AND (@READABLE@));
CREATE POLICY edited ON records_record FOR UPDATE USING (@EDITABLE@) WITH CHECK (@EDITABLE@);

-- ---------------------------------------------------------------- locking without the right to edit
CREATE FUNCTION records_lock(of_record bigint) RETURNS TABLE (state varchar, version integer)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.state, r.version FROM records_record r WHERE r.id = of_record AND (@READABLE_R@) FOR NO KEY UPDATE
$$;

-- ---------------------------------------------------------------- workflow: a step is the only way to a state
CREATE FUNCTION records_step_apply() RETURNS trigger
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
CREATE TRIGGER records_step_apply BEFORE INSERT ON records_step FOR EACH ROW EXECUTE FUNCTION records_step_apply();

-- ---------------------------------------------------------------- history of fields, by trigger
CREATE FUNCTION records_change_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    whole jsonb := CASE WHEN TG_OP = 'DELETE' THEN before ELSE after END;
    owner bigint := (whole ->> TG_ARGV[0])::bigint;
    difference jsonb;
    at_state text;
BEGIN
    -- History begins when a record leaves its draft: until then nobody else relied on it.
    SELECT state INTO at_state FROM records_record WHERE id = owner;
    IF at_state IS NULL OR at_state = 'draft' THEN RETURN NULL; END IF;
    SELECT jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)) INTO difference
      FROM jsonb_object_keys(before || after) key
     WHERE (before -> key) IS DISTINCT FROM (after -> key)
       AND key <> ALL (ARRAY['id', 'uuid', 'audience', 'editors', 'state', 'state_since', 'due_at', 'auto_at', 'auto_step',
                             'version', 'updated_at', 'created_at', TG_ARGV[0]]);
    IF difference IS NULL THEN RETURN NULL; END IF;
    INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
    VALUES (owner, TG_TABLE_NAME, coalesce(whole ->> 'id', owner::text), lower(TG_OP), difference,
            need_to_know_actor(), pg_current_xact_id()::text::bigint, records_clock());
    IF TG_ARGV[1] = 'touch' THEN
        UPDATE records_record SET version = version + 1, updated_at = records_clock() WHERE id = owner;
    END IF;
    RETURN NULL;
END $$;

-- ---------------------------------------------------------------- stamping times the application may not choose
CREATE FUNCTION records_stamp_actor() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.at := records_clock();
    NEW.actor_id := need_to_know_actor();
    RETURN NEW;
END $$;
CREATE FUNCTION records_stamp_author() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.at := records_clock();
    NEW.author_id := need_to_know_actor();
    -- A position that is not the actor's own says nothing; tables without one have no such key.
    IF (to_jsonb(NEW) ->> 'position_id')::bigint <> ALL (current_setting('app.positions')::bigint[]) THEN
        NEW := jsonb_populate_record(NEW, '{"position_id": null}');
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION records_addressee_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Who can be drawn in: a position of this mission that has the role, or decides, or filed the record.
    NEW.since := records_clock();
    IF NOT EXISTS (SELECT 1 FROM mission_position p
                    WHERE p.id = NEW.position_id AND p.mission_id = current_setting('app.mission')::bigint AND (
                          EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role = NEW.role)
                          OR EXISTS (SELECT 1 FROM mission_decisionauthority d WHERE d.position_id = p.id)
                          OR EXISTS (SELECT 1 FROM records_record r
                                      WHERE r.id = NEW.record_id AND r.author_position_id = p.id))) THEN
        RAISE EXCEPTION 'no such addressee' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER records_addressee_check BEFORE INSERT ON records_addressee
    FOR EACH ROW EXECUTE FUNCTION records_addressee_check();
CREATE FUNCTION need_to_know_grant_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF current_user = 'portal_door' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.content_object_id, NEW.permission_id, to_jsonb(NEW) -> TG_ARGV[0])
                            IS DISTINCT FROM (OLD.content_object_id, OLD.permission_id, to_jsonb(OLD) -> TG_ARGV[0]) THEN
        RAISE EXCEPTION 'a grant keeps its record, right and reader' USING ERRCODE = 'CP004';
    END IF;
    NEW.granted_by_id := need_to_know_actor();
    NEW.granted_at := records_clock();
    RETURN NEW;
END $$;
CREATE TRIGGER need_to_know_user_stamp BEFORE INSERT OR UPDATE ON need_to_know_recorduserobjectpermission
    FOR EACH ROW EXECUTE FUNCTION need_to_know_grant_stamp('user_id');
CREATE TRIGGER need_to_know_group_stamp BEFORE INSERT OR UPDATE ON need_to_know_recordgroupobjectpermission
    FOR EACH ROW EXECUTE FUNCTION need_to_know_grant_stamp('group_id');
CREATE TRIGGER records_event_stamp BEFORE INSERT ON records_event FOR EACH ROW EXECUTE FUNCTION records_stamp_actor();
CREATE TRIGGER records_comment_stamp BEFORE INSERT ON records_comment
    FOR EACH ROW EXECUTE FUNCTION records_stamp_author();
CREATE TRIGGER records_attachment_stamp BEFORE INSERT ON records_attachment
    FOR EACH ROW EXECUTE FUNCTION records_stamp_author();
CREATE TRIGGER records_recordlink_stamp BEFORE INSERT ON records_recordlink
    FOR EACH ROW EXECUTE FUNCTION records_stamp_author();
CREATE TRIGGER records_record_history AFTER UPDATE ON records_record
    FOR EACH ROW EXECUTE FUNCTION records_change_note('id', '');
CREATE TRIGGER need_to_know_user_history AFTER INSERT OR UPDATE OR DELETE ON need_to_know_recorduserobjectpermission
    FOR EACH ROW EXECUTE FUNCTION records_change_note('content_object_id', '');
CREATE TRIGGER need_to_know_group_history AFTER INSERT OR UPDATE OR DELETE ON need_to_know_recordgroupobjectpermission
    FOR EACH ROW EXECUTE FUNCTION records_change_note('content_object_id', '');

-- ---------------------------------------------------------------- links: visible if both ends are
ALTER TABLE records_recordlink ENABLE ROW LEVEL SECURITY;
ALTER TABLE records_recordlink FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends ON records_recordlink FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = target_id));
CREATE POLICY linked ON records_recordlink FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = target_id));
CREATE POLICY unlinked ON records_recordlink FOR DELETE USING (
    author_id = need_to_know_actor() AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = target_id));

-- ---------------------------------------------------------------- grants: who may give which right
CREATE FUNCTION need_to_know_may_give(of_record bigint, of_permission integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- The originator and whoever manages the record give any right; whoever may share gives reading and no more.
    SELECT EXISTS (
        SELECT 1 FROM records_record r WHERE r.id = of_record AND (@READABLE_R@) AND (
            need_to_know_originates(r.originator_id, r.author_position_id)
            OR EXISTS (
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

-- ---------------------------------------------------------------- who may touch what
REVOKE INSERT, UPDATE, DELETE ON records_workflowedge, records_change FROM portal_app;
REVOKE DELETE ON records_record FROM portal_app;
ALTER TABLE records_record ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE records_record_id_seq, records_recordlink_id_seq FROM portal_app;
ALTER TABLE records_recordlink ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE UPDATE, DELETE ON records_step, records_event, records_comment, records_attachment, records_addressee FROM portal_app;
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
