-- Exercises among real records: nothing links the two, nothing real arises from an exercise and none rests on the other.
-- A mission that is an exercise as a whole has no real records, and nothing in it stands apart.

CREATE FUNCTION joint_plans_is_exercise(of_record bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether that record is an exercise among real ones; false for what whoever asks does not read.
    SELECT EXISTS (SELECT 1 FROM records_record r JOIN mission_mission m ON m.id = r.mission_id
                    WHERE r.id = of_record AND r.type = 'joint_plan' AND r.kind = 'exercise' AND NOT m.is_exercise)
$$;

-- ---------------------------------------------------------------- tables that connect two records
CREATE FUNCTION joint_plans_apart() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ends jsonb := to_jsonb(NEW);
BEGIN
    -- The two columns that name the records are the trigger's arguments.
    IF joint_plans_is_exercise((ends ->> TG_ARGV[0])::bigint) <> joint_plans_is_exercise((ends ->> TG_ARGV[1])::bigint) THEN
        RAISE EXCEPTION 'an exercise and real work' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_apart BEFORE INSERT OR UPDATE ON records_recordlink
    FOR EACH ROW EXECUTE FUNCTION joint_plans_apart('source_id', 'target_id');
CREATE TRIGGER joint_plans_apart BEFORE INSERT OR UPDATE ON releases_derivation
    FOR EACH ROW EXECUTE FUNCTION joint_plans_apart('derived_id', 'source_id');
CREATE TRIGGER joint_plans_apart BEFORE INSERT OR UPDATE ON working_groups_outcome
    FOR EACH ROW EXECUTE FUNCTION joint_plans_apart('meeting_id', 'record_id');
CREATE TRIGGER joint_plans_apart BEFORE INSERT OR UPDATE ON joint_plans_partlink
    FOR EACH ROW EXECUTE FUNCTION joint_plans_apart('plan_id', 'record_id');

-- ---------------------------------------------------------------- resources: what is real is not promised to an exercise
CREATE FUNCTION joint_plans_promise_apart() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF joint_plans_is_exercise(NEW.plan_id) THEN
        RAISE EXCEPTION 'an exercise and real work' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_promise_apart BEFORE INSERT ON joint_plans_promise
    FOR EACH ROW EXECUTE FUNCTION joint_plans_promise_apart();

-- ---------------------------------------------------------------- assumptions: no real record breaks an exercise
CREATE FUNCTION joint_plans_watch_apart() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF joint_plans_is_exercise((SELECT p.plan_id FROM joint_plans_part p WHERE p.id = NEW.part_ptr_id))
       <> joint_plans_is_exercise((SELECT w.id FROM records_record w WHERE w.uuid = NEW.watched)) THEN
        RAISE EXCEPTION 'an exercise and real work' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_watch_apart BEFORE INSERT OR UPDATE OF watched ON joint_plans_assumption
    FOR EACH ROW WHEN (NEW.watched IS NOT NULL) EXECUTE FUNCTION joint_plans_watch_apart();

-- ---------------------------------------------------------------- an exercise stays one, once somebody was asked about it
CREATE FUNCTION joint_plans_exercise_stays() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM mission_mission m WHERE m.id = NEW.mission_id AND m.is_exercise) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM joint_plans_jointplan j WHERE j.record_ptr_id = NEW.id AND j.edition > 0)
       OR EXISTS (SELECT 1 FROM releases_derivation d WHERE d.source_id = NEW.id) THEN
        RAISE EXCEPTION 'an exercise stays one, and real work stays real' USING ERRCODE = 'CP006';
    END IF;
    -- SECURITY: what ties the draft to the other world falls away, be it hidden from whoever changes the kind: an error
    -- would tell of it.
    DELETE FROM records_recordlink l WHERE NEW.id IN (l.source_id, l.target_id)
       AND joint_plans_is_exercise(l.source_id) <> joint_plans_is_exercise(l.target_id);
    DELETE FROM working_groups_outcome o WHERE o.record_id = NEW.id
       AND joint_plans_is_exercise(o.meeting_id) <> joint_plans_is_exercise(o.record_id);
    DELETE FROM joint_plans_partlink l WHERE NEW.id IN (l.plan_id, l.record_id)
       AND joint_plans_is_exercise(l.plan_id) <> joint_plans_is_exercise(l.record_id);
    DELETE FROM joint_plans_promise q WHERE q.plan_id = NEW.id AND NEW.kind = 'exercise';
    DELETE FROM joint_plans_play y WHERE y.plan_id = NEW.id AND NEW.kind <> 'exercise';
    UPDATE joint_plans_assumption a SET watched = NULL, breaks_in = '{}'
     WHERE (a.watched = NEW.uuid OR a.of_plan_id = NEW.id) AND a.watched IS NOT NULL AND joint_plans_is_exercise(a.of_plan_id)
           <> joint_plans_is_exercise((SELECT w.id FROM records_record w WHERE w.uuid = a.watched));
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_exercise_stays AFTER UPDATE OF kind ON records_record FOR EACH ROW
    WHEN (NEW.type = 'joint_plan' AND OLD.kind IS DISTINCT FROM NEW.kind AND (OLD.kind = 'exercise' OR NEW.kind = 'exercise'))
    EXECUTE FUNCTION joint_plans_exercise_stays();

-- ---------------------------------------------------------------- where it is played
CREATE FUNCTION joint_plans_play_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: a mission in which whoever names it works; of others they learn nothing.
    IF NOT joint_plans_is_exercise(NEW.plan_id) OR NOT EXISTS (
        SELECT 1 FROM mission_mission m JOIN mission_position p ON p.mission_id = m.id AND p.is_active
          JOIN mission_holding h ON h.position_id = p.id
         WHERE m.id = NEW.mission_id AND m.is_exercise AND h.person_id = need_to_know_actor()
           AND h.starts <= records_clock() AND (h.until IS NULL OR h.until > records_clock())) THEN
        RAISE EXCEPTION 'no such mission' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_play_check BEFORE INSERT OR UPDATE ON joint_plans_play
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_play_check();

DO $$
DECLARE f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['joint_plans_is_exercise(bigint)', 'joint_plans_apart()', 'joint_plans_watch_apart()',
                             'joint_plans_exercise_stays()', 'joint_plans_play_check()',
                             'joint_plans_promise_apart()']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION joint_plans_is_exercise(bigint) TO portal_app;
ALTER FUNCTION joint_plans_exercise_stays() OWNER TO portal_door;
