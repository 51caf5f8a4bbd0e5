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

-- ---------------------------------------------------------------- opened by whoever releases it, who need not be its author
CREATE FUNCTION lessons_open(
    of_lesson bigint, to_classification integer, to_sensitivity integer, to_compartments integer[], to_data_types integer[],
    to_scope text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE was records_record; said jsonb;
BEGIN
    -- SECURITY: a hidden lesson answers as a missing one, and as one that is not the actor's to release.
    SELECT * INTO was FROM records_record r WHERE r.id = of_lesson AND r.type = 'lesson' AND r.state = 'shared' AND (@READABLE_R@)
       FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT need_to_know_releases(was.originator_id, was.author_position_id) THEN RETURN false; END IF;
    IF to_scope NOT IN ('private', 'organisation', 'mission') OR to_classification > current_setting('app.clearance')::integer
       OR NOT to_compartments <@ current_setting('app.compartments')::integer[]
       OR need_to_know_clears(was.author_position_id, was.classification, was.compartments, was.data_types)
          AND NOT need_to_know_clears(was.author_position_id, to_classification::smallint, to_compartments, to_data_types) THEN
        RAISE EXCEPTION 'whoever opens it, and its author, may read it' USING ERRCODE = 'CP008';
    END IF;
    UPDATE records_record r
       SET classification = to_classification, sensitivity = to_sensitivity, compartments = to_compartments,
           data_types = to_data_types, scope = to_scope, version = version + 1, updated_at = records_clock()
     WHERE r.id = of_lesson;
    SELECT jsonb_object_agg(o.key, jsonb_build_array(o.value, n.value)) INTO said
      FROM jsonb_each(to_jsonb(was)) o JOIN records_record r ON r.id = of_lesson
      JOIN LATERAL jsonb_each(to_jsonb(r)) n ON n.key = o.key
     WHERE o.value IS DISTINCT FROM n.value
       AND o.key IN ('classification', 'sensitivity', 'compartments', 'data_types', 'scope');
    IF said IS NOT NULL THEN
        INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
        VALUES (of_lesson, 'records_record', of_lesson::text, 'update', said, need_to_know_actor(),
                pg_current_xact_id()::text::bigint, records_clock());
    END IF;
    RETURN true;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['lesson_draws_in(bigint, bigint)', 'lessons_text_kept()', 'lessons_label_kept()',
        'lessons_open(bigint, integer, integer, integer[], integer[], text)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
    GRANT EXECUTE ON FUNCTION lesson_draws_in(bigint, bigint) TO portal_app;
    ALTER FUNCTION lessons_label_kept() OWNER TO portal_door;
    ALTER FUNCTION lessons_open(bigint, integer, integer, integer[], integer[], text) OWNER TO portal_door;
    GRANT EXECUTE ON FUNCTION lessons_open(bigint, integer, integer, integer[], integer[], text) TO portal_app;
END $$;
