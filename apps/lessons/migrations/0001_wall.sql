-- Who validates a lesson, that what was validated stays as it is, and how far it may be opened beyond what taught it.

CREATE FUNCTION lesson_draws_in(of_record bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whoever was named to validate it.
    SELECT EXISTS (SELECT 1 FROM lessons_lesson l WHERE l.record_ptr_id = of_record AND l.validator_id = of_position)
$$;

CREATE FUNCTION lessons_text_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = OLD.record_ptr_id AND r.state IN ('draft', 'returned')) THEN
        RAISE EXCEPTION 'what is validated stays as it is' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lessons_text_kept BEFORE UPDATE ON lessons_lesson FOR EACH ROW
    WHEN (current_user <> 'portal_door' AND (
          OLD.expected IS DISTINCT FROM NEW.expected OR OLD.happened IS DISTINCT FROM NEW.happened
          OR OLD.why IS DISTINCT FROM NEW.why OR OLD.next_time IS DISTINCT FROM NEW.next_time
          OR OLD.applies_to IS DISTINCT FROM NEW.applies_to OR OLD.validator_id IS DISTINCT FROM NEW.validator_id))
    EXECUTE FUNCTION lessons_text_kept();

-- ---------------------------------------------------------------- never below what taught it, unless that is one's to open
CREATE OR REPLACE FUNCTION action_points_arose() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Both ends are read by whoever links them: the policy of links sees to it.
    IF NOT EXISTS (SELECT 1 FROM records_record p JOIN records_record s ON s.id = NEW.target_id
                    WHERE p.id = NEW.source_id AND p.type IN ('action_point', 'lesson') AND NOT action_points_below(p, s)) THEN
        RAISE EXCEPTION 'no such record, or below what it arose from' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION lessons_label_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: opened further than what taught it by whoever releases that record too, and reads it. The trigger on
    -- every record sees to it that they release the lesson.
    IF action_points_below(NEW, OLD) AND EXISTS (
        SELECT 1 FROM records_recordlink l JOIN records_record r ON r.id = l.target_id
         WHERE l.source_id = NEW.id AND l.relation = 'arose_from' AND action_points_below(NEW, r)
           AND NOT (need_to_know_releases(r.originator_id, r.author_position_id) AND (@READABLE_R@))) THEN
        RAISE EXCEPTION 'below what taught it' USING ERRCODE = 'CP006';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lessons_label_kept
    AFTER UPDATE OF classification, sensitivity, compartments, data_types, scope ON records_record FOR EACH ROW
    WHEN (NEW.type = 'lesson'
          AND (OLD.classification IS DISTINCT FROM NEW.classification OR OLD.sensitivity IS DISTINCT FROM NEW.sensitivity
               OR OLD.compartments IS DISTINCT FROM NEW.compartments OR OLD.data_types IS DISTINCT FROM NEW.data_types
               OR OLD.scope IS DISTINCT FROM NEW.scope))
    EXECUTE FUNCTION lessons_label_kept();

DO $$
DECLARE f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['lesson_draws_in(bigint, bigint)', 'lessons_text_kept()', 'lessons_label_kept()']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
    GRANT EXECUTE ON FUNCTION lesson_draws_in(bigint, bigint) TO portal_app;
    ALTER FUNCTION lessons_label_kept() OWNER TO portal_door;
END $$;
