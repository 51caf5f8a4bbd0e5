-- Speed at a million records: the same answers, found in another way. Nothing here decides who reads what.

-- ---------------------------------------------------------------- acting
CREATE OR REPLACE FUNCTION need_to_know_begin(of_user integer, of_mission bigint)
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
            -- WHY: the person's own principal is -of_user; said so, the index finds their grants among all others.
            SELECT r.id, q.codename IN ('change_record', 'manage_record')
              FROM need_to_know_recorduserobjectpermission g
              JOIN auth_permission q ON q.id = g.permission_id JOIN records_record r ON r.id = g.content_object_id
             WHERE g.expires_at > records_clock() AND g.user_id = of_user AND -of_user = ANY (k.principals)
               AND r.mission_id = of_mission
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

-- ---------------------------------------------------------------- feed: what was gained and lost, and nothing else
CREATE OR REPLACE FUNCTION need_to_know_feed_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE lost bigint[];
BEGIN
    -- WHY: the rows as they stand, not as this statement left them: a trigger of each row may have projected since.
    -- WHY: each by a sub-query with its key, never by a join of the two tables: a session keeps the plan of the first
    -- statement, made for one row, and a join would take the square of ten thousand.
    lost := ARRAY(SELECT o.id FROM o WHERE (
        SELECT o.audience <@ r.audience
               AND (o.type, o.created_at, o.mission_id, o.classification, o.compartments, o.data_types)
                   IS NOT DISTINCT FROM
                   (r.type, r.created_at, r.mission_id, r.classification, r.compartments, r.data_types)
          FROM records_record r WHERE r.id = o.id) IS NOT TRUE);
    IF lost <> '{}' THEN
        DELETE FROM need_to_know_feed f USING records_record r
         WHERE f.record_id = ANY (lost) AND r.id = f.record_id
           AND (f.principal <> ALL (r.audience)
                OR (f.type, f.created_at, f.mission_id, f.classification, f.compartments, f.data_types)
                   IS DISTINCT FROM
                   (r.type, r.created_at, r.mission_id, r.classification, r.compartments, r.data_types));
        INSERT INTO need_to_know_feed (principal, type, created_at, record_id, mission_id, classification, compartments, data_types)
        SELECT x, r.type, r.created_at, r.id, r.mission_id, r.classification, r.compartments, r.data_types
          FROM records_record r CROSS JOIN LATERAL unnest(r.audience) x
         WHERE r.id = ANY (lost) ON CONFLICT DO NOTHING;
    END IF;
    INSERT INTO need_to_know_feed (principal, type, created_at, record_id, mission_id, classification, compartments, data_types)
    SELECT x, r.type, r.created_at, r.id, r.mission_id, r.classification, r.compartments, r.data_types
      FROM o
     CROSS JOIN LATERAL (SELECT * FROM records_record s WHERE s.id = o.id OFFSET 0) r
     CROSS JOIN LATERAL unnest(r.audience) x
     WHERE x <> ALL (o.audience) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- ---------------------------------------------------------------- many grants at once
CREATE OR REPLACE FUNCTION need_to_know_source_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_ARGV[0] = 'content_object_id' THEN
        PERFORM need_to_know_project(ARRAY(SELECT DISTINCT changed.content_object_id FROM changed));
    ELSE
        PERFORM need_to_know_project(ARRAY(SELECT DISTINCT changed.record_id FROM changed));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION need_to_know_may_give(of_record bigint, of_permission integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE owner bigint; filed bigint;
BEGIN
    -- The originator's release authority gives any right. Among the originator's own people, whoever manages the
    -- record does too, and whoever may share it gives reading and no more. Nobody else passes it on.
    -- WHY: the first question alone, where it is answered: ten thousand grants ask it ten thousand times.
    SELECT r.originator_id, r.author_position_id INTO owner, filed FROM records_record r
     WHERE r.id = of_record AND (@READABLE_R@);
    IF NOT FOUND THEN RETURN false; END IF;
    IF need_to_know_releases(owner, filed) THEN RETURN true; END IF;
    RETURN EXISTS (SELECT 1 FROM mission_position p WHERE p.organisation_id = owner
                      AND p.id = ANY (current_setting('app.positions')::bigint[]))
       AND EXISTS (
            SELECT 1 FROM (
                SELECT g.permission_id, g.expires_at FROM need_to_know_recordgroupobjectpermission g
                 WHERE g.content_object_id = of_record AND g.group_id = ANY (current_setting('app.principals')::integer[])
                UNION ALL
                SELECT g.permission_id, g.expires_at FROM need_to_know_recorduserobjectpermission g
                 WHERE g.content_object_id = of_record AND -g.user_id = ANY (current_setting('app.principals')::integer[])
            ) held JOIN auth_permission q ON q.id = held.permission_id
            WHERE (held.expires_at IS NULL OR held.expires_at > records_clock())
              AND (q.codename = 'manage_record' OR q.codename = 'share_record' AND of_permission = (
                   SELECT v.id FROM auth_permission v WHERE v.codename = 'view_record'
                      AND v.content_type_id = q.content_type_id)));
END $$;

CREATE OR REPLACE FUNCTION need_to_know_grant_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_right text; owner bigint;
BEGIN
    IF current_user = 'portal_door' THEN
        RETURN NEW;
    END IF;
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
    SELECT q.codename INTO of_right FROM auth_permission q WHERE q.id = NEW.permission_id;
    -- SECURITY: the right to share on stays with the originator's own people.
    IF of_right IN ('share_record', 'manage_record') THEN
        SELECT r.originator_id INTO owner FROM records_record r WHERE r.id = NEW.content_object_id;
        IF NOT (CASE TG_ARGV[0]
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
    END IF;
    NEW.granted_by_id := need_to_know_actor();
    NEW.granted_at := records_clock();
    RETURN NEW;
END $$;

-- The history of new grants: the same rows as records_change_note writes, for a whole statement at once.
CREATE FUNCTION need_to_know_given_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- WHY: the state by a sub-query and not by a join, whose plan a session keeps for one row and for ten thousand.
    INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
    SELECT g.content_object_id, TG_TABLE_NAME, g.id::text, 'insert', f.fields, need_to_know_actor(),
           pg_current_xact_id()::text::bigint, records_clock()
      FROM given g
     CROSS JOIN LATERAL (SELECT jsonb_object_agg(e.key, jsonb_build_array(NULL, e.value)) AS fields
                           FROM jsonb_each(to_jsonb(g)) e WHERE e.key NOT IN ('id', 'uuid', 'content_object_id')) f
     WHERE (SELECT r.state FROM records_record r WHERE r.id = g.content_object_id) <> 'draft';
    RETURN NULL;
END $$;
DO $$
DECLARE kind text; tab text;
BEGIN
    FOREACH kind IN ARRAY ARRAY['group', 'user'] LOOP
        tab := format('need_to_know_record%sobjectpermission', kind);
        EXECUTE format('DROP TRIGGER need_to_know_%s_history ON %I', kind, tab);
        EXECUTE format('CREATE TRIGGER need_to_know_%s_history AFTER UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION records_change_note(''content_object_id'', '''')', kind, tab);
        EXECUTE format('CREATE TRIGGER need_to_know_%s_given AFTER INSERT ON %I REFERENCING NEW TABLE AS given
                        FOR EACH STATEMENT EXECUTE FUNCTION need_to_know_given_note()', kind, tab);
    END LOOP;
END $$;

-- What the projection alone writes (audience and editors, never the version) says nothing in the history and is asked
-- no questions; whoever else changes a record raises its version.
DROP TRIGGER records_record_history ON records_record;
CREATE TRIGGER records_record_history AFTER UPDATE ON records_record FOR EACH ROW
    WHEN (OLD.version <> NEW.version OR (OLD.audience, OLD.editors) IS NOT DISTINCT FROM (NEW.audience, NEW.editors))
    EXECUTE FUNCTION records_change_note('id', '');
DROP TRIGGER records_record_before ON records_record;
CREATE TRIGGER records_record_before BEFORE INSERT ON records_record
    FOR EACH ROW EXECUTE FUNCTION records_record_before();
CREATE TRIGGER records_record_before_update BEFORE UPDATE ON records_record
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_record_before();

-- ---------------------------------------------------------------- the newest readable records, through the feed
CREATE OR REPLACE FUNCTION need_to_know_newest(of_type text, before_at timestamptz, before_id bigint, most integer)
RETURNS TABLE (created_at timestamptz, record_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, public, pg_temp
SET enable_bitmapscan = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    mission bigint := current_setting('app.mission');
    clearance integer := current_setting('app.clearance');
    held integer[] := current_setting('app.compartments');
    barred integer[] := current_setting('app.barred');
    last_at timestamptz := coalesce(before_at, 'infinity');
    last_id bigint := coalesce(before_id, 9223372036854775807);
BEGIN
    -- WHY: each principal's newest come from the feed's index in order, never from a sort of all that there are.
    -- WHY: one plan for all readers, made once in a session: it begins with each principal and depends on none.
    RETURN QUERY
    SELECT DISTINCT x.at, x.id FROM (
        SELECT t.at, t.id FROM unnest(current_setting('app.principals')::integer[]) p(p) CROSS JOIN LATERAL (
            SELECT f.created_at AS at, f.record_id AS id FROM need_to_know_feed f
             WHERE f.principal = p.p AND f.type = of_type AND f.mission_id = mission
               AND f.classification <= clearance AND (f.compartments = '{}' OR f.compartments <@ held)
               AND (f.data_types = '{}' OR NOT f.data_types && barred)
               AND (f.created_at, f.record_id) < (last_at, last_id)
             ORDER BY f.created_at DESC, f.record_id DESC LIMIT most) t
        UNION ALL
        SELECT r.created_at, r.id FROM records_record r
         WHERE r.id = ANY (current_setting('app.lent')::bigint[]) AND r.type = of_type AND r.mission_id = mission
           AND (r.data_types = '{}' OR NOT r.data_types && barred)
           AND (r.created_at, r.id) < (last_at, last_id)) x(at, id)
    ORDER BY x.at DESC, x.id DESC LIMIT most;
END $$;

-- ---------------------------------------------------------------- how many, up to a cap
CREATE FUNCTION need_to_know_count(of_type text, most integer) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE one integer; here integer; found integer;
BEGIN
    -- WHY: a feed that fills the cap by itself answers; only where none does are they merged.
    FOREACH one IN ARRAY current_setting('app.principals')::integer[] LOOP
        SELECT count(*) INTO here FROM (
            SELECT FROM need_to_know_feed f
             WHERE f.principal = one AND f.type = of_type AND f.mission_id = current_setting('app.mission')::bigint
               AND f.classification <= current_setting('app.clearance')::integer
               AND (f.compartments = '{}' OR f.compartments <@ current_setting('app.compartments')::integer[])
               AND (f.data_types = '{}' OR NOT f.data_types && current_setting('app.barred')::integer[])
             LIMIT most) x;
        IF here >= most THEN RETURN most; END IF;
    END LOOP;
    SELECT count(*) INTO found FROM need_to_know_newest(of_type, NULL, NULL, most);
    RETURN found;
END $$;

-- ---------------------------------------------------------------- which way through a list is the shorter
CREATE FUNCTION need_to_know_dense(of_type text, of_order text, before_at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE answer boolean;
BEGIN
    -- Whether at least one in fifty of the records next in an order is readable, so that walking past the others pays;
    -- so it does wherever there are not many. Of an order that no index has, the newest records tell.
    -- SECURITY: of 200 records, whether four are the reader's own reading; nothing of the others.
    EXECUTE format($sql$
        SELECT count(*) < 200 OR count(*) FILTER (WHERE @READABLE_R@) >= 4 FROM (
            SELECT r.* FROM records_record r
             WHERE r.mission_id = %s AND r.type = %L AND r.created_at < %L
             ORDER BY %s LIMIT 200) r $sql$,
        current_setting('app.mission')::bigint, of_type, coalesce(before_at, 'infinity'), CASE of_order
            WHEN 'created_at' THEN 'r.created_at, r.id'
            WHEN 'updated_at' THEN 'r.updated_at, r.id'
            WHEN '-updated_at' THEN 'r.updated_at DESC, r.id DESC'
            WHEN 'needed_by' THEN 'r.needed_by, r.id'
            WHEN 'due_at' THEN 'r.due_at, r.id'
            ELSE 'r.created_at DESC, r.id DESC' END) INTO answer;
    RETURN answer;
END $$;

REVOKE ALL ON FUNCTION need_to_know_given_note(), need_to_know_count(text, integer), need_to_know_dense(text, text, timestamptz)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION need_to_know_count(text, integer), need_to_know_dense(text, text, timestamptz) TO portal_app, portal_door;
ALTER FUNCTION need_to_know_given_note() OWNER TO portal_door;
ALTER FUNCTION need_to_know_count(text, integer) OWNER TO portal_door;
ALTER FUNCTION need_to_know_dense(text, text, timestamptz) OWNER TO portal_door;

-- WHY: what the planner thinks of a page decides how it joins the rest to it.
ALTER FUNCTION need_to_know_search(text, text, timestamptz, bigint, integer) ROWS 50;
