-- The wall around joint plans: who reads a part, when a plan may be changed, versions that nobody rewrites, answers that
-- hold until something changes, assumptions that reopen their plan. Functions marked SECURITY DEFINER belong to
-- portal_door and read the actor from the session.

-- ---------------------------------------------------------------- who keeps, who contributes
CREATE FUNCTION joint_plans_keeps(of_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the actor may change the plan.
    SELECT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan AND (
        r.editors && current_setting('app.principals')::integer[]
        OR r.id = ANY (current_setting('app.lent_edit')::bigint[])))
$$;
CREATE FUNCTION joint_plans_contributes(of_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: whether the actor's organisation contributes to a plan that the actor reads: one that is informed does
    -- not, and a draft that names it is none.
    SELECT EXISTS (SELECT 1 FROM records_record r JOIN joint_plans_contributor c ON c.plan_id = r.id
                     JOIN mission_organisation o ON o.id = c.organisation_id
                    WHERE r.id = of_plan AND (@READABLE_R@) AND c.standing <> 'informed'
                      AND o.group_id = ANY (current_setting('app.principals')::integer[]))
$$;
CREATE FUNCTION joint_plans_admits(of_plan bigint, opens_to text, readers integer[], of_classification integer)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT of_classification <= current_setting('app.clearance')::integer AND (
        opens_to = 'all'
        OR opens_to = 'contributors' AND joint_plans_contributes(of_plan)
        OR opens_to = 'named' AND readers && current_setting('app.principals')::integer[]
        OR joint_plans_keeps(of_plan))
$$;

-- ---------------------------------------------------------------- parts: those to whom they open, everywhere
DROP POLICY readable ON joint_plans_part;
CREATE POLICY readable ON joint_plans_part FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
    AND joint_plans_admits(plan_id, opens_to, readers, classification));
-- WHY: a part that is taken out stays for the versions that have it, and nobody's deletion tells of what hangs on it.
DROP POLICY removed ON joint_plans_part;
REVOKE DELETE ON joint_plans_part FROM portal_app;
DO $$
DECLARE tab text; has text; keeps text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['activity', 'assumption', 'decisionpoint', 'risk', 'indicator'] LOOP
        has := format('EXISTS (SELECT 1 FROM records_record r JOIN joint_plans_part p ON p.plan_id = r.id
                                WHERE r.id = joint_plans_%1$s.of_plan_id AND p.id = joint_plans_%1$s.part_ptr_id)', tab);
        keeps := has || ' AND joint_plans_keeps(of_plan_id)';
        EXECUTE format('ALTER TABLE joint_plans_%1$s ENABLE ROW LEVEL SECURITY;
            ALTER TABLE joint_plans_%1$s FORCE ROW LEVEL SECURITY;
            CREATE POLICY readable ON joint_plans_%1$s FOR SELECT USING (%2$s);
            CREATE POLICY added ON joint_plans_%1$s FOR INSERT WITH CHECK (%3$s);
            CREATE POLICY edited ON joint_plans_%1$s FOR UPDATE USING (%3$s) WITH CHECK (%3$s);
            REVOKE DELETE ON joint_plans_%1$s FROM portal_app', tab, has, keeps);
    END LOOP;
END $$;
-- Whoever leads an activity says how far it is.
CREATE FUNCTION joint_plans_leads(of_organisation bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mission_organisation o WHERE o.id = of_organisation
                      AND o.group_id = ANY (current_setting('app.principals')::integer[]))
$$;
CREATE POLICY reported ON joint_plans_activity FOR UPDATE
    USING (joint_plans_leads(lead_id) AND EXISTS (
        SELECT 1 FROM records_record r JOIN joint_plans_part p ON p.plan_id = r.id WHERE r.id = of_plan_id AND p.id = part_ptr_id))
    WITH CHECK (joint_plans_leads(lead_id) AND EXISTS (
        SELECT 1 FROM records_record r JOIN joint_plans_part p ON p.plan_id = r.id WHERE r.id = of_plan_id AND p.id = part_ptr_id));

-- ---------------------------------------------------------------- when a plan may be changed
CREATE FUNCTION joint_plans_open(of_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan
                      AND r.state IN ('draft', 'consultation', 'under_review'))
$$;
CREATE FUNCTION joint_plans_runs(of_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan
                      AND r.state IN ('endorsed', 'active', 'under_review', 'completed'))
$$;
CREATE FUNCTION joint_plans_part_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_plan bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.plan_id ELSE OLD.plan_id END;
BEGIN
    IF NOT joint_plans_open(of_plan) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1; NEW.is_changed := true; NEW.code := '';
    ELSE
        IF (NEW.plan_id, NEW.kind, NEW.uuid) IS DISTINCT FROM (OLD.plan_id, OLD.kind, OLD.uuid) THEN
            RAISE EXCEPTION 'it stays what it is' USING ERRCODE = 'CP006';
        END IF;
        NEW.code := OLD.code; NEW.version := OLD.version + 1; NEW.is_changed := OLD.is_changed;
    END IF;
    IF NEW.classification > current_setting('app.clearance')::integer OR EXISTS (
        SELECT 1 FROM unnest(NEW.readers) x WHERE NOT EXISTS (
            SELECT 1 FROM joint_plans_contributor c JOIN mission_organisation o ON o.id = c.organisation_id
             WHERE c.plan_id = NEW.plan_id AND o.group_id = x)) THEN
        RAISE EXCEPTION 'contributing organisations alone' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION joint_plans_part_code() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: by lot, and not by counting: a code tells of no part that its reader has not.
    FOR attempt IN 1..100 LOOP
        NEW.code := CASE NEW.kind WHEN 'assumption' THEN 'S' WHEN 'instruction' THEN 'C' WHEN 'annex' THEN 'X'
                         ELSE upper(left(NEW.kind, 1)) END || '-' || (10000 + floor(random() * 90000))::integer;
        EXIT WHEN NOT EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.plan_id = NEW.plan_id AND p.code = NEW.code);
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_part_code BEFORE INSERT ON joint_plans_part
    FOR EACH ROW WHEN (NEW.code = '') EXECUTE FUNCTION joint_plans_part_code();
CREATE TRIGGER joint_plans_part_check BEFORE INSERT OR UPDATE ON joint_plans_part
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_part_check();

CREATE FUNCTION joint_plans_activity_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_plan bigint := (SELECT p.plan_id FROM joint_plans_part p WHERE p.id = NEW.part_ptr_id);
        is_told boolean := TG_OP = 'UPDATE' AND (NEW.progress, NEW.report) IS DISTINCT FROM (OLD.progress, OLD.report);
        kept text[] := ARRAY['progress', 'report', 'reported_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.progress := 'planned'; NEW.report := ''; NEW.reported_at := NULL;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept
       AND NOT (joint_plans_open(of_plan) AND joint_plans_keeps(of_plan)) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    IF is_told AND NOT joint_plans_runs(of_plan) THEN
        RAISE EXCEPTION 'it does not run yet' USING ERRCODE = 'CP006';
    END IF;
    NEW.reported_at := CASE WHEN is_told THEN records_clock() ELSE OLD.reported_at END;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_activity_check BEFORE INSERT OR UPDATE ON joint_plans_activity
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_activity_check();
CREATE FUNCTION joint_plans_assumption_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_plan bigint := (SELECT p.plan_id FROM joint_plans_part p WHERE p.id = NEW.part_ptr_id);
BEGIN
    IF NOT joint_plans_open(of_plan) OR TG_OP = 'INSERT' AND NEW.assumed <> 'holds' THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    -- SECURITY: whoever ties an assumption to a record reads it, and it is of this mission.
    IF NEW.watched IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.watched IS DISTINCT FROM OLD.watched)
       AND NOT EXISTS (SELECT 1 FROM records_record w JOIN records_record r ON r.id = of_plan
                        WHERE w.uuid = NEW.watched AND w.mission_id = r.mission_id AND w.id <> r.id) THEN
        RAISE EXCEPTION 'no such record' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.tripped_at := NULL;
    ELSIF NEW.assumed = 'tripped' AND OLD.assumed <> 'tripped' THEN
        NEW.tripped_at := records_clock();
    ELSIF NEW.assumed = 'holds' THEN
        NEW.tripped_at := NULL;
    ELSE
        NEW.tripped_at := OLD.tripped_at;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_assumption_check BEFORE INSERT OR UPDATE ON joint_plans_assumption
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_assumption_check();
CREATE FUNCTION joint_plans_decisionpoint_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_plan bigint := (SELECT p.plan_id FROM joint_plans_part p WHERE p.id = NEW.part_ptr_id);
        kept text[] := ARRAY['outcome', 'decided_on'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.outcome := ''; NEW.decided_on := NULL;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - kept IS DISTINCT FROM to_jsonb(OLD) - kept AND NOT joint_plans_open(of_plan)
       OR (NEW.outcome, NEW.decided_on) IS DISTINCT FROM (OLD.outcome, OLD.decided_on) AND NOT joint_plans_runs(of_plan) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_decisionpoint_check BEFORE INSERT OR UPDATE ON joint_plans_decisionpoint
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_decisionpoint_check();
CREATE FUNCTION joint_plans_detail_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT joint_plans_open((SELECT p.plan_id FROM joint_plans_part p WHERE p.id = NEW.part_ptr_id)) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_risk_check BEFORE INSERT OR UPDATE ON joint_plans_risk
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_detail_check();
CREATE TRIGGER joint_plans_indicator_check BEFORE INSERT OR UPDATE ON joint_plans_indicator
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_detail_check();

-- ---------------------------------------------------------------- readings: appended by those who take part
ALTER TABLE joint_plans_reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE joint_plans_reading FORCE ROW LEVEL SECURITY;
CREATE POLICY readable ON joint_plans_reading FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
    AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = indicator_id AND p.plan_id = joint_plans_reading.plan_id));
CREATE POLICY added ON joint_plans_reading FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
    AND joint_plans_runs(plan_id) AND (joint_plans_keeps(plan_id) OR joint_plans_contributes(plan_id))
    AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = indicator_id AND p.plan_id = joint_plans_reading.plan_id));
REVOKE UPDATE, DELETE ON joint_plans_reading FROM portal_app;
ALTER TABLE joint_plans_reading ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE joint_plans_reading_id_seq FROM portal_app;
CREATE TRIGGER joint_plans_reading_stamp BEFORE INSERT ON joint_plans_reading
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_stamp_author();

-- ---------------------------------------------------------------- what a part says, without what is told of it later
CREATE FUNCTION joint_plans_content(of_part bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Under the rule of whoever asks: triggers of the door read every part, a reader what they have.
    SELECT jsonb_build_object('kind', p.kind, 'code', p.code, 'order', p."order", 'title', p.title, 'details', p.details)
        || coalesce((SELECT to_jsonb(a) - ARRAY['part_ptr_id', 'of_plan_id', 'progress', 'report', 'reported_at']
                       FROM joint_plans_activity a WHERE a.part_ptr_id = p.id), '{}')
        || coalesce((SELECT to_jsonb(a) - ARRAY['part_ptr_id', 'of_plan_id', 'watched', 'breaks_in', 'assumed', 'tripped_at']
                       FROM joint_plans_assumption a WHERE a.part_ptr_id = p.id), '{}')
        || coalesce((SELECT to_jsonb(d) - ARRAY['part_ptr_id', 'of_plan_id', 'outcome', 'decided_on']
                       FROM joint_plans_decisionpoint d WHERE d.part_ptr_id = p.id), '{}')
        || coalesce((SELECT to_jsonb(k) - ARRAY['part_ptr_id', 'of_plan_id'] FROM joint_plans_risk k WHERE k.part_ptr_id = p.id), '{}')
        || coalesce((SELECT to_jsonb(i) - ARRAY['part_ptr_id', 'of_plan_id'] FROM joint_plans_indicator i WHERE i.part_ptr_id = p.id), '{}')
      FROM joint_plans_part p WHERE p.id = of_part
$$;
CREATE FUNCTION joint_plans_is_changed(of_part bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: for triggers alone; nobody calls it. A part that never circulated and was taken out has not changed.
    SELECT coalesce((
        SELECT (v.content, v.is_removed, v.opens_to, v.readers, v.classification)
               IS DISTINCT FROM (joint_plans_content(p.id), p.is_removed, p.opens_to, p.readers, p.classification)
          FROM joint_plans_partversion v WHERE v.part_id = p.id ORDER BY v.number DESC LIMIT 1), NOT p.is_removed)
      FROM joint_plans_part p WHERE p.id = of_part
$$;
CREATE FUNCTION joint_plans_part_mark() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_part bigint := ((CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END)
                       ->> CASE TG_TABLE_NAME WHEN 'joint_plans_part' THEN 'id' ELSE 'part_ptr_id' END)::bigint;
    now_changed boolean := joint_plans_is_changed(of_part);
    of_plan bigint; at_state text;
BEGIN
    SELECT p.plan_id INTO of_plan FROM joint_plans_part p WHERE p.id = of_part;
    IF of_plan IS NULL THEN RETURN NULL; END IF;
    UPDATE joint_plans_part SET is_changed = now_changed WHERE id = of_part AND is_changed <> now_changed;
    IF TG_TABLE_NAME = 'joint_plans_assumption' OR TG_TABLE_NAME = 'joint_plans_part' THEN
        PERFORM joint_plans_reckon(of_plan);
    END IF;
    SELECT state INTO at_state FROM records_record WHERE id = of_plan;
    IF at_state = 'draft' THEN RETURN NULL; END IF;
    -- SECURITY: every reader of the record reads its history; it says that the plan changed and nothing of the part.
    IF NOT EXISTS (SELECT 1 FROM records_change c WHERE c.record_id = of_plan AND c."table" = 'joint_plans_part'
                      AND c.transaction = pg_current_xact_id()::text::bigint) THEN
        INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
        VALUES (of_plan, 'joint_plans_part', of_plan::text, 'update', '{"*": [null, null]}', need_to_know_actor(),
                pg_current_xact_id()::text::bigint, records_clock());
        -- WHY: the version of the record stays, so that two who change two parts do not stop each other.
        UPDATE records_record SET updated_at = records_clock() WHERE id = of_plan;
    END IF;
    RETURN NULL;
END $$;

-- ---------------------------------------------------------------- the clock of a plan
CREATE FUNCTION joint_plans_reckon(of_plan bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE zone text; at_state text; moment timestamptz; begins timestamptz;
BEGIN
    -- Runs as the door. When the clock reopens the plan, and what the clock does with it next.
    SELECT m.time_zone, r.state INTO zone, at_state FROM records_record r JOIN mission_mission m ON m.id = r.mission_id
     WHERE r.id = of_plan;
    SELECT least((SELECT min(CASE a.assumed WHEN 'tripped' THEN a.tripped_at
                                  ELSE (a.holds_until + 1)::timestamp AT TIME ZONE zone END)
                    FROM joint_plans_assumption a JOIN joint_plans_part p ON p.id = a.part_ptr_id
                   WHERE p.plan_id = of_plan AND NOT p.is_removed AND a.assumed <> 'dropped'),
                 (SELECT j.review_on::timestamp AT TIME ZONE zone FROM joint_plans_jointplan j WHERE j.record_ptr_id = of_plan)),
           (SELECT j.starts_on::timestamp AT TIME ZONE zone FROM joint_plans_jointplan j WHERE j.record_ptr_id = of_plan)
      INTO moment, begins;
    UPDATE joint_plans_jointplan SET trips_at = moment WHERE record_ptr_id = of_plan AND trips_at IS DISTINCT FROM moment;
    IF at_state = 'endorsed' THEN
        UPDATE records_record SET auto_at = least(moment, begins),
               auto_step = CASE WHEN least(moment, begins) IS NULL THEN '' WHEN moment <= begins OR begins IS NULL
                                THEN 'trip' ELSE 'begin' END
         WHERE id = of_plan AND auto_at IS DISTINCT FROM least(moment, begins);
    ELSIF at_state = 'active' THEN
        UPDATE records_record SET auto_at = moment, auto_step = CASE WHEN moment IS NULL THEN '' ELSE 'trip' END
         WHERE id = of_plan AND auto_at IS DISTINCT FROM moment;
    END IF;
END $$;
CREATE FUNCTION joint_plans_plan_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.edition := 0; NEW.trips_at := NULL;
        RETURN NEW;
    END IF;
    NEW.edition := OLD.edition; NEW.trips_at := OLD.trips_at;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_plan_kept BEFORE INSERT OR UPDATE ON joint_plans_jointplan
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_plan_kept();
CREATE FUNCTION joint_plans_plan_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM joint_plans_reckon(NEW.record_ptr_id);
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_plan_moved AFTER UPDATE ON joint_plans_jointplan FOR EACH ROW
    WHEN (OLD.starts_on IS DISTINCT FROM NEW.starts_on OR OLD.review_on IS DISTINCT FROM NEW.review_on)
    EXECUTE FUNCTION joint_plans_plan_moved();
CREATE TRIGGER joint_plans_plan_made AFTER INSERT ON joint_plans_jointplan FOR EACH ROW
    WHEN (NEW.review_on IS NOT NULL) EXECUTE FUNCTION joint_plans_plan_moved();
-- WHY: edition and clock are computed: they stand in no history.
DROP TRIGGER joint_plans_jointplan_history ON joint_plans_jointplan;
CREATE TRIGGER joint_plans_jointplan_history AFTER INSERT OR UPDATE OR DELETE ON joint_plans_jointplan
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_change_note('record_ptr_id', 'touch');

CREATE FUNCTION joint_plans_watched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE hit record;
BEGIN
    -- SECURITY: whoever moved the record learns nothing of the plans that rest on it.
    FOR hit IN UPDATE joint_plans_assumption a SET assumed = 'tripped', tripped_at = records_clock()
                 FROM joint_plans_part p
                WHERE a.watched = NEW.uuid AND a.assumed = 'holds' AND NEW.state = ANY (a.breaks_in)
                  AND p.id = a.part_ptr_id AND NOT p.is_removed
            RETURNING p.plan_id LOOP
        PERFORM joint_plans_reckon(hit.plan_id);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_watched AFTER UPDATE OF state ON records_record
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION joint_plans_watched();
CREATE FUNCTION joint_plans_plan_stepped() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE zone text := (SELECT m.time_zone FROM mission_mission m WHERE m.id = NEW.mission_id);
BEGIN
    IF NEW.state = 'under_review' THEN
        -- What was assumed until a day that is over is assumed no longer: whoever reviews the plan says what of it.
        UPDATE joint_plans_assumption a SET assumed = 'tripped', tripped_at = records_clock() FROM joint_plans_part p
         WHERE p.id = a.part_ptr_id AND p.plan_id = NEW.id AND NOT p.is_removed AND a.assumed = 'holds'
           AND (a.holds_until + 1)::timestamp AT TIME ZONE zone <= records_clock();
    ELSIF NEW.state = 'endorsed' THEN
        UPDATE joint_plans_planversion v SET endorsed_at = records_clock() FROM joint_plans_jointplan j
         WHERE j.record_ptr_id = NEW.id AND v.plan_id = NEW.id AND v.number = j.edition AND v.endorsed_at IS NULL;
    END IF;
    PERFORM joint_plans_reckon(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_plan_stepped AFTER UPDATE OF state ON records_record
    FOR EACH ROW WHEN (NEW.type = 'joint_plan' AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION joint_plans_plan_stepped();

DO $$
DECLARE tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['part', 'activity', 'assumption', 'decisionpoint', 'risk', 'indicator'] LOOP
        EXECUTE format('CREATE TRIGGER joint_plans_%1$s_mark AFTER INSERT OR UPDATE ON joint_plans_%1$s
                        FOR EACH ROW WHEN (current_user <> ''portal_door'') EXECUTE FUNCTION joint_plans_part_mark()', tab);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- versions: numbered and filled by the database
CREATE FUNCTION joint_plans_plan_content(of_plan bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: for triggers, and for whoever reads the plan.
    SELECT jsonb_build_object('title', r.title, 'kind', r.kind, 'area_id', r.area_id, 'sector_id', r.sector_id)
        || (to_jsonb(j) - ARRAY['record_ptr_id', 'edition', 'trips_at', 'lessons', 'review_on'])
      FROM records_record r JOIN joint_plans_jointplan j ON j.record_ptr_id = r.id WHERE r.id = of_plan AND (@READABLE_R@)
$$;
CREATE FUNCTION joint_plans_pending(of_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: whether anything is otherwise than in the version that circulates; for whoever may change the plan.
    SELECT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan AND (@EDITABLE_R@)) AND (
        EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.plan_id = of_plan AND p.is_changed)
        OR EXISTS (SELECT 1 FROM joint_plans_contributor c WHERE c.plan_id = of_plan AND c.standing <> 'informed' AND c.asked = 0)
        OR coalesce((SELECT v.content IS DISTINCT FROM joint_plans_plan_content(of_plan) FROM joint_plans_planversion v
                      WHERE v.plan_id = of_plan ORDER BY v.number DESC LIMIT 1), true))
$$;
CREATE FUNCTION joint_plans_version_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (joint_plans_keeps(NEW.plan_id) AND joint_plans_open(NEW.plan_id)) THEN
        RAISE EXCEPTION 'whoever keeps the plan' USING ERRCODE = 'CP006';
    END IF;
    NEW.number := 1 + coalesce((SELECT max(v.number) FROM joint_plans_planversion v WHERE v.plan_id = NEW.plan_id), 0);
    NEW.content := joint_plans_plan_content(NEW.plan_id);
    NEW.endorsed_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_version_check BEFORE INSERT ON joint_plans_planversion
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_version_check();
CREATE TRIGGER joint_plans_planversion_stamp BEFORE INSERT ON joint_plans_planversion
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_stamp_author();
CREATE FUNCTION joint_plans_circulated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE is_whole boolean;
BEGIN
    INSERT INTO joint_plans_partversion (plan_id, part_id, number, is_removed, opens_to, readers, classification, content)
    SELECT p.plan_id, p.id, NEW.number, p.is_removed, p.opens_to, p.readers, p.classification, joint_plans_content(p.id)
      FROM joint_plans_part p WHERE p.plan_id = NEW.plan_id AND p.is_changed;
    UPDATE joint_plans_part SET is_changed = false WHERE plan_id = NEW.plan_id AND is_changed;
    UPDATE joint_plans_jointplan SET edition = NEW.number WHERE record_ptr_id = NEW.plan_id;
    is_whole := coalesce((SELECT v.content IS DISTINCT FROM NEW.content FROM joint_plans_planversion v
                           WHERE v.plan_id = NEW.plan_id AND v.number = NEW.number - 1), true);
    -- SECURITY: an organisation is asked again for what it reads. That others are asked tells it nothing of what changed.
    UPDATE joint_plans_contributor c SET asked = NEW.number FROM mission_organisation o
     WHERE c.plan_id = NEW.plan_id AND o.id = c.organisation_id AND c.standing <> 'informed' AND (
           is_whole OR c.asked = 0 OR EXISTS (
           SELECT 1 FROM joint_plans_partversion v WHERE v.plan_id = NEW.plan_id AND v.number = NEW.number
              AND (v.opens_to IN ('all', 'contributors') OR v.opens_to = 'named' AND o.group_id = ANY (v.readers)
                   OR c.standing = 'planner')));
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_circulated AFTER INSERT ON joint_plans_planversion
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_circulated();
DROP POLICY edited ON joint_plans_planversion;
DROP POLICY removed ON joint_plans_planversion;
REVOKE UPDATE, DELETE ON joint_plans_planversion FROM portal_app;
DROP POLICY readable ON joint_plans_partversion;
CREATE POLICY readable ON joint_plans_partversion FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
    AND EXISTS (SELECT 1 FROM joint_plans_part p WHERE p.id = part_id)
    AND joint_plans_admits(plan_id, opens_to, readers, classification));
REVOKE INSERT, UPDATE, DELETE ON joint_plans_partversion FROM portal_app;

-- ---------------------------------------------------------------- contributors, and what they say of a version
CREATE FUNCTION joint_plans_contributor_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT joint_plans_open(CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NOT EXISTS (SELECT 1 FROM mission_position p JOIN records_record r ON r.id = NEW.plan_id
                    WHERE p.id = NEW.position_id AND p.organisation_id = NEW.organisation_id AND p.mission_id = r.mission_id) THEN
        RAISE EXCEPTION 'a position of that organisation' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.asked := 0; NEW.answered := 0; NEW.answer := '';
    ELSE
        IF (NEW.plan_id, NEW.organisation_id) IS DISTINCT FROM (OLD.plan_id, OLD.organisation_id) THEN
            RAISE EXCEPTION 'it stays what it is' USING ERRCODE = 'CP006';
        END IF;
        NEW.asked := OLD.asked; NEW.answered := OLD.answered; NEW.answer := OLD.answer;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_contributor_check BEFORE INSERT OR UPDATE OR DELETE ON joint_plans_contributor
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_contributor_check();
DROP TRIGGER joint_plans_contributor_history ON joint_plans_contributor;
CREATE TRIGGER joint_plans_contributor_history AFTER INSERT OR UPDATE OR DELETE ON joint_plans_contributor
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_change_note('plan_id', 'touch');
CREATE FUNCTION joint_plan_draws_in(of_record bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Who answers for a contributing organisation; who coordinates; who endorses plans of the kind.
    SELECT EXISTS (SELECT 1 FROM joint_plans_contributor c WHERE c.plan_id = of_record AND c.position_id = of_position)
        OR EXISTS (SELECT 1 FROM joint_plans_jointplan j WHERE j.record_ptr_id = of_record AND j.coordinator_id = of_position)
        OR EXISTS (SELECT 1 FROM joint_plans_planrule x JOIN records_record r ON r.id = of_record
                    WHERE x.mission_id = r.mission_id AND x.kind = r.kind AND x.endorsed_by_id = of_position)
$$;
CREATE FUNCTION joint_plans_appointed(of_plan bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE why text := 'Plans along.';
BEGIN
    -- SECURITY: whoever may change the plan has just said who plans along; the right to change follows from that.
    IF NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan AND r.type = 'joint_plan' AND (@EDITABLE_R@)) THEN
        RETURN false;
    END IF;
    DELETE FROM need_to_know_recordgroupobjectpermission g USING auth_permission q
     WHERE g.content_object_id = of_plan AND q.id = g.permission_id AND q.codename = 'change_record' AND g.reason = why
       AND g.group_id NOT IN (
           SELECT p.group_id FROM mission_position p WHERE p.id IN (
               SELECT c.position_id FROM joint_plans_contributor c WHERE c.plan_id = of_plan AND c.standing = 'planner'
               UNION SELECT j.coordinator_id FROM joint_plans_jointplan j WHERE j.record_ptr_id = of_plan));
    INSERT INTO need_to_know_recordgroupobjectpermission
           (uuid, permission_id, group_id, content_object_id, granted_by_id, granted_at, reason, expires_at)
    SELECT gen_random_uuid(), q.id, p.group_id, of_plan, need_to_know_actor(), records_clock(), why, NULL
      FROM mission_position p CROSS JOIN auth_permission q JOIN django_content_type t ON t.id = q.content_type_id
     WHERE q.codename = 'change_record' AND t.app_label = 'records' AND t.model = 'record' AND p.is_active AND p.id IN (
               SELECT c.position_id FROM joint_plans_contributor c WHERE c.plan_id = of_plan AND c.standing = 'planner'
               UNION SELECT j.coordinator_id FROM joint_plans_jointplan j WHERE j.record_ptr_id = of_plan)
    ON CONFLICT (group_id, permission_id, content_object_id) DO NOTHING;
    RETURN true;
END $$;
DROP POLICY added ON joint_plans_concurrence;
CREATE POLICY added ON joint_plans_concurrence FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND position_id = ANY (current_setting('app.positions')::bigint[])
    AND EXISTS (SELECT 1 FROM records_record r JOIN joint_plans_jointplan j ON j.record_ptr_id = r.id
                 WHERE r.id = plan_id AND r.state = 'consultation' AND j.edition = number)
    AND EXISTS (SELECT 1 FROM joint_plans_contributor c
                 WHERE c.plan_id = joint_plans_concurrence.plan_id AND c.position_id = joint_plans_concurrence.position_id
                   AND c.organisation_id = joint_plans_concurrence.organisation_id AND c.standing <> 'informed'));
DROP POLICY edited ON joint_plans_concurrence;
DROP POLICY removed ON joint_plans_concurrence;
REVOKE UPDATE, DELETE ON joint_plans_concurrence FROM portal_app;
CREATE TRIGGER joint_plans_concurrence_stamp BEFORE INSERT ON joint_plans_concurrence
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_stamp_author();
CREATE FUNCTION joint_plans_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE joint_plans_contributor SET answered = NEW.number, answer = NEW.answer
     WHERE plan_id = NEW.plan_id AND organisation_id = NEW.organisation_id;
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_answered AFTER INSERT ON joint_plans_concurrence
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_answered();

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.proname FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND (p.proname LIKE 'joint\_plans\_%' OR p.proname = 'joint_plan_draws_in') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
        IF f.proname IN ('joint_plans_keeps', 'joint_plans_contributes', 'joint_plans_admits', 'joint_plans_leads',
                         'joint_plans_open', 'joint_plans_runs', 'joint_plans_content', 'joint_plans_pending', 'joint_plans_appointed',
                         'joint_plans_plan_content', 'joint_plan_draws_in') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f.name);
        END IF;
    END LOOP;
END $$;
