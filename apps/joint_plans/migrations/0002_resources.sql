-- Resources, what is promised of them, what is raised from a part, and whom to ask where two plans meet.
-- @LEARNS@ is who learns of a resource `s`: stated once in the migration.

-- ---------------------------------------------------------------- resources: those to whom they open
ALTER TABLE joint_plans_resource ENABLE ROW LEVEL SECURITY;
ALTER TABLE joint_plans_resource FORCE ROW LEVEL SECURITY;
ALTER TABLE joint_plans_resource ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE joint_plans_resource_id_seq FROM portal_app;
REVOKE DELETE ON joint_plans_resource FROM portal_app;
CREATE FUNCTION joint_plans_own(of_organisation bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mission_organisation o WHERE o.id = of_organisation
                      AND o.group_id = ANY (current_setting('app.principals')::integer[]))
$$;
CREATE FUNCTION joint_plans_in_mission(of_mission bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mission_mission m WHERE m.id = of_mission
                      AND m.group_id = ANY (current_setting('app.principals')::integer[]))
$$;
CREATE POLICY readable ON joint_plans_resource FOR SELECT USING (@LEARNS_HERE@);
CREATE POLICY added ON joint_plans_resource FOR INSERT WITH CHECK (
    mission_id = current_setting('app.mission')::bigint AND joint_plans_own(organisation_id));
CREATE POLICY edited ON joint_plans_resource FOR UPDATE
    USING (mission_id = current_setting('app.mission')::bigint AND joint_plans_own(organisation_id))
    WITH CHECK (mission_id = current_setting('app.mission')::bigint AND joint_plans_own(organisation_id));
CREATE FUNCTION joint_plans_resource_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.uuid, NEW.mission_id, NEW.organisation_id) IS DISTINCT FROM (OLD.uuid, OLD.mission_id, OLD.organisation_id) THEN
            RAISE EXCEPTION 'it stays what it is' USING ERRCODE = 'CP006';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM mission_position p WHERE p.id = NEW.keeper_id AND p.mission_id = NEW.mission_id
                      AND p.organisation_id = NEW.organisation_id)
       OR EXISTS (SELECT 1 FROM unnest(NEW.readers) x WHERE NOT EXISTS (
                      SELECT 1 FROM mission_organisation o WHERE o.mission_id = NEW.mission_id AND o.group_id = x)) THEN
        RAISE EXCEPTION 'positions and organisations of the mission' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_resource_check BEFORE INSERT OR UPDATE ON joint_plans_resource
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_resource_check();

-- ---------------------------------------------------------------- promises: who reads the activity, and who keeps the resource
CREATE FUNCTION joint_plans_gives(of_resource bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether a position of the actor promises it.
    SELECT EXISTS (SELECT 1 FROM joint_plans_resource s WHERE s.id = of_resource
                      AND s.mission_id = current_setting('app.mission')::bigint
                      AND s.keeper_id = ANY (current_setting('app.positions')::bigint[]))
$$;
ALTER TABLE joint_plans_promise ADD CONSTRAINT joint_plans_promise_span CHECK (starts <= ends);
ALTER TABLE joint_plans_promise ADD CONSTRAINT joint_plans_promise_once EXCLUDE USING gist (
    int8range(resource_id, resource_id, '[]') WITH &&, tstzrange(starts, ends) WITH &&) WHERE (state = 'promised');
ALTER TABLE joint_plans_promise ENABLE ROW LEVEL SECURITY;
ALTER TABLE joint_plans_promise FORCE ROW LEVEL SECURITY;
ALTER TABLE joint_plans_promise ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE joint_plans_promise_id_seq FROM portal_app;
REVOKE DELETE ON joint_plans_promise FROM portal_app;
CREATE POLICY readable ON joint_plans_promise FOR SELECT USING (
    joint_plans_gives(resource_id)
    OR EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
       AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = part_id)
       AND (joint_plans_keeps(plan_id) OR EXISTS (SELECT 1 FROM joint_plans_resource s WHERE s.id = resource_id)));
CREATE POLICY added ON joint_plans_promise FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND joint_plans_keeps(plan_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id
                   AND r.state::text <> ALL ('{completed,archived,withdrawn}'::text[]))
    AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = part_id AND p.plan_id = joint_plans_promise.plan_id
                   AND p.kind = 'activity' AND NOT p.is_removed)
    AND EXISTS (SELECT 1 FROM joint_plans_resource s WHERE s.id = resource_id AND s.is_active));
CREATE POLICY edited ON joint_plans_promise FOR UPDATE
    USING (joint_plans_gives(resource_id) OR joint_plans_keeps(plan_id)
           AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
           AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = part_id))
    WITH CHECK (joint_plans_gives(resource_id) OR joint_plans_keeps(plan_id)
           AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
           AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = part_id));
CREATE FUNCTION joint_plans_promise_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE kept text[] := ARRAY['state', 'reason', 'settled_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.state := 'asked'; NEW.reason := ''; NEW.settled_at := NULL;
        IF NEW.starts >= NEW.ends THEN RAISE EXCEPTION 'no time' USING ERRCODE = 'CP006'; END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept OR NOT (
           joint_plans_gives(OLD.resource_id) AND (OLD.state, NEW.state) IN (
               ('asked', 'promised'), ('asked', 'declined'), ('promised', 'released'))
           OR joint_plans_keeps(OLD.plan_id) AND OLD.state IN ('asked', 'promised') AND NEW.state = 'released') THEN
        RAISE EXCEPTION 'no such step' USING ERRCODE = 'CP006';
    END IF;
    IF NEW.state = 'promised' THEN
        -- WHY: two that promise one resource would wait for each other at the exclusion constraint, and one end in a deadlock.
        PERFORM pg_advisory_xact_lock(x'504c4e52'::integer, (NEW.resource_id % 2147483647)::integer);
    END IF;
    NEW.settled_at := records_clock();
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_promise_check BEFORE INSERT OR UPDATE ON joint_plans_promise
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_promise_check();
CREATE FUNCTION joint_plans_plan_over() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A plan that is over needs nothing any more; whoever ends it may not read all that was asked for.
    UPDATE joint_plans_promise SET state = 'released', settled_at = records_clock()
     WHERE plan_id = NEW.id AND state IN ('asked', 'promised');
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_plan_over AFTER UPDATE OF state ON records_record
    FOR EACH ROW WHEN (NEW.type = 'joint_plan' AND OLD.state IS DISTINCT FROM NEW.state
                       AND NEW.state::text = ANY ('{completed,archived,withdrawn}'::text[]))
    EXECUTE FUNCTION joint_plans_plan_over();
CREATE FUNCTION joint_plans_part_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM joint_plans_promise WHERE part_id = OLD.id;
        DELETE FROM joint_plans_partlink WHERE part_id = OLD.id;
        RETURN OLD;
    END IF;
    UPDATE joint_plans_promise SET state = 'released', settled_at = records_clock()
     WHERE part_id = NEW.id AND state IN ('asked', 'promised');
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_part_gone BEFORE DELETE ON joint_plans_part
    FOR EACH ROW EXECUTE FUNCTION joint_plans_part_gone();
CREATE TRIGGER joint_plans_part_out AFTER UPDATE OF is_removed ON joint_plans_part
    FOR EACH ROW WHEN (NEW.is_removed AND OLD.is_removed IS DISTINCT FROM NEW.is_removed)
    EXECUTE FUNCTION joint_plans_part_gone();
CREATE FUNCTION joint_plans_taken(of_resource bigint, since timestamptz, until timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: whether it is promised then, for whoever learns of it; nothing of to whom, or for what.
    SELECT since < until AND EXISTS (
        SELECT 1 FROM joint_plans_resource s JOIN joint_plans_promise q ON q.resource_id = s.id AND q.state = 'promised'
         WHERE s.id = of_resource AND (@LEARNS@) AND tstzrange(q.starts, q.ends) && tstzrange(since, until))
$$;

-- ---------------------------------------------------------------- what was raised from a part: both ends, and the part between
ALTER TABLE joint_plans_partlink ENABLE ROW LEVEL SECURITY;
ALTER TABLE joint_plans_partlink FORCE ROW LEVEL SECURITY;
ALTER TABLE joint_plans_partlink ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE joint_plans_partlink_id_seq FROM portal_app;
REVOKE UPDATE, DELETE ON joint_plans_partlink FROM portal_app;
CREATE POLICY both_ends ON joint_plans_partlink FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id)
    AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = part_id));
CREATE POLICY added ON joint_plans_partlink FOR INSERT WITH CHECK (
    author_id = need_to_know_actor()
    AND (joint_plans_keeps(plan_id) OR joint_plans_contributes(plan_id))
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id AND r.id <> plan_id)
    AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = part_id AND p.plan_id = joint_plans_partlink.plan_id
                   AND NOT p.is_removed));
DO $$
DECLARE tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['joint_plans_promise', 'joint_plans_partlink'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW WHEN (current_user <> ''portal_door'')
                        EXECUTE FUNCTION records_stamp_author()', tab || '_stamp', tab);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- where a plan meets what its planner cannot read: whom to ask
CREATE FUNCTION joint_plans_contact(of_position bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The position, unless nobody is to know its organisation by name: then nobody, and its reader asks CMCoord officers.
    SELECT p.id FROM mission_position p JOIN mission_organisation o ON o.id = p.organisation_id
     WHERE p.id = of_position AND p.is_active AND (
           o.engagement_stance <> 'unlisted' OR o.group_id = ANY (current_setting('app.principals')::integer[])
           OR EXISTS (SELECT 1 FROM mission_positionrole q
                       WHERE q.position_id = ANY (current_setting('app.positions')::bigint[]) AND q.role = 'CMC'))
$$;
-- WHY: the planner takes spans of days for rare and would compare every row with every other.
CREATE FUNCTION joint_plans_hints(of_plan bigint) RETURNS TABLE (activity_id bigint, position_id bigint, meets text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_nestloop = off AS $$
    -- SECURITY: of a plan that circulates and that the actor keeps, or of its activities that they lead, as they
    -- circulated: which position to ask. Neither plan nor title, number or day of what is met; of drafts nothing.
    -- WHY: functions are asked once for a plan or a position, and for narrow parts; each call costs more than its row.
    WITH RECURSIVE own_plan AS MATERIALIZED (
        SELECT r.id, r.mission_id, r.kind = 'exercise' AS is_exercise, joint_plans_keeps(r.id) AS keeps
          FROM records_record r WHERE r.id = of_plan AND r.type = 'joint_plan' AND (@READABLE_R@)
           AND r.state NOT IN ('draft', 'completed', 'archived', 'withdrawn')),
    mine AS MATERIALIZED (
        SELECT a.part_ptr_id AS id, a.area_id, a.starts_on, a.ends_on, r.mission_id, r.is_exercise
          FROM own_plan r JOIN joint_plans_part p ON p.plan_id = r.id JOIN joint_plans_activity a ON a.part_ptr_id = p.id
         WHERE NOT p.is_removed AND NOT p.is_changed AND a.progress NOT IN ('done', 'dropped')
           AND (p.opens_to = 'all' AND p.classification = 0
                OR joint_plans_admits(p.plan_id, p.opens_to, p.readers, p.classification))
           AND (r.keeps OR joint_plans_leads(a.lead_id))),
    up (own, at) AS (
        SELECT DISTINCT area_id, area_id FROM mine WHERE area_id IS NOT NULL
        UNION SELECT u.own, x.parent_id FROM up u JOIN mission_area x ON x.id = u.at WHERE x.parent_id IS NOT NULL),
    down (own, at) AS (
        SELECT DISTINCT area_id, area_id FROM mine WHERE area_id IS NOT NULL
        UNION SELECT d.own, x.id FROM down d JOIN mission_area x ON x.parent_id = d.at),
    near AS MATERIALIZED (SELECT own, at FROM up UNION SELECT own, at FROM down),
    others AS MATERIALIZED (
        SELECT x.id, (@READABLE_X@) AS is_read, j.coordinator_id, x.author_position_id
          FROM own_plan o JOIN records_record x ON x.mission_id = o.mission_id AND x.id <> o.id
                                               AND (x.kind = 'exercise') = o.is_exercise
          JOIN joint_plans_jointplan j ON j.record_ptr_id = x.id
         WHERE x.type = 'joint_plan' AND x.state NOT IN ('draft', 'completed', 'archived', 'withdrawn')),
    contact AS MATERIALIZED (
        SELECT n.coordinator_id, n.author_position_id,
               coalesce(joint_plans_contact(n.coordinator_id), joint_plans_contact(n.author_position_id)) AS id
          FROM (SELECT DISTINCT coordinator_id, author_position_id FROM others) n),
    hidden AS MATERIALIZED (
        SELECT DISTINCT a.area_id, a.starts_on, a.ends_on, c.id AS contact
          FROM joint_plans_activity a JOIN joint_plans_part p ON p.id = a.part_ptr_id JOIN others x ON x.id = p.plan_id
          JOIN contact c ON c.coordinator_id IS NOT DISTINCT FROM x.coordinator_id
                        AND c.author_position_id = x.author_position_id
         WHERE a.may_hint AND a.area_id IN (SELECT n.at FROM near n) AND NOT p.is_removed
           AND a.ends_on >= (SELECT min(m.starts_on) FROM mine m) AND a.starts_on <= (SELECT max(m.ends_on) FROM mine m)
           AND a.progress NOT IN ('done', 'dropped')
           AND NOT (x.is_read AND (p.opens_to = 'all' AND p.classification = 0
                                   OR joint_plans_admits(p.plan_id, p.opens_to, p.readers, p.classification))))
    SELECT DISTINCT m.id, h.contact, 'place' FROM mine m JOIN near n ON n.own = m.area_id
      JOIN hidden h ON h.area_id = n.at AND h.starts_on <= m.ends_on AND m.starts_on <= h.ends_on
    UNION
    SELECT m.id, joint_plans_contact(s.keeper_id), 'resource' FROM mine m
      JOIN joint_plans_promise own ON own.part_id = m.id AND own.state IN ('asked', 'promised')
      JOIN joint_plans_resource s ON s.id = own.resource_id AND (@LEARNS@)
      JOIN joint_plans_promise q ON q.resource_id = s.id AND q.id <> own.id AND q.state = 'promised' AND q.plan_id <> of_plan
                                AND tstzrange(q.starts, q.ends) && tstzrange(own.starts, own.ends)
      JOIN joint_plans_part p ON p.id = q.part_id JOIN records_record x ON x.id = q.plan_id
     WHERE NOT joint_plans_gives(s.id)
       AND NOT ((@READABLE_X@) AND joint_plans_admits(p.plan_id, p.opens_to, p.readers, p.classification))
$$;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.proname FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname IN (
                  'joint_plans_own', 'joint_plans_in_mission', 'joint_plans_resource_check', 'joint_plans_gives',
                  'joint_plans_promise_check', 'joint_plans_plan_over', 'joint_plans_part_gone', 'joint_plans_taken',
                  'joint_plans_contact', 'joint_plans_hints') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
        IF f.proname IN ('joint_plans_own', 'joint_plans_in_mission', 'joint_plans_gives', 'joint_plans_taken',
                         'joint_plans_hints') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f.name);
        END IF;
    END LOOP;
END $$;
