-- Who may be drawn into a record by name, and that nobody verifies what they said themselves is done.

-- ---------------------------------------------------------------- addressees
-- A record type whose workflow draws in positions that the record names, whatever their roles, says which by a function
-- `<type>_draws_in(record, position)` of its own.
CREATE OR REPLACE FUNCTION records_addressee_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE naming regprocedure; named boolean := false;
BEGIN
    -- Who can be drawn in: a position of this mission that has the role, or decides, or filed the record, or is named by
    -- it and reads content.
    NEW.since := records_clock();
    SELECT to_regprocedure(format('public.%I(bigint, bigint)', r.type || '_draws_in')) INTO naming
      FROM records_record r WHERE r.id = NEW.record_id;
    IF naming IS NOT NULL THEN
        EXECUTE format('SELECT %s($1, $2)', naming::oid::regproc) USING NEW.record_id, NEW.position_id INTO named;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM mission_position p
                    WHERE p.id = NEW.position_id AND p.mission_id = current_setting('app.mission')::bigint AND (
                          EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role = NEW.role)
                          OR EXISTS (SELECT 1 FROM mission_decisionauthority d WHERE d.position_id = p.id)
                          OR EXISTS (SELECT 1 FROM records_record r
                                      WHERE r.id = NEW.record_id AND r.author_position_id = p.id)
                          OR named AND (
                              NOT EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id)
                              OR EXISTS (SELECT 1 FROM mission_positionrole q
                                          WHERE q.position_id = p.id AND q.role NOT IN ('ADM', 'AUD'))))) THEN
        RAISE EXCEPTION 'no such addressee' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION action_point_draws_in(of_record bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Its owner, and whoever verifies it.
    SELECT EXISTS (SELECT 1 FROM action_points_actionpoint a
                    WHERE a.record_ptr_id = of_record AND of_position IN (a.owner_id, a.verifier_id))
$$;
REVOKE ALL ON FUNCTION action_point_draws_in(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION action_point_draws_in(bigint, bigint) TO portal_app, portal_door;

-- ---------------------------------------------------------------- verified by another person
CREATE FUNCTION action_points_verified_by_another() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: of persons, not of positions: whoever holds both is one person. `records_step_apply` has stamped who acts.
    IF EXISTS (SELECT 1 FROM records_record r WHERE r.id = NEW.record_id AND r.type = 'action_point')
       AND NEW.actor_id = (SELECT s.actor_id FROM records_step s WHERE s.record_id = NEW.record_id AND s.name = 'claim'
                            ORDER BY s.at DESC, s.id DESC LIMIT 1) THEN
        RAISE EXCEPTION 'another person verifies it' USING ERRCODE = 'CP003';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION action_points_verified_by_another() FROM PUBLIC;
-- WHY: triggers run in the order of their names: this one after `records_step_apply`.
CREATE TRIGGER records_step_verified_by_another BEFORE INSERT ON records_step
    FOR EACH ROW WHEN (NEW.name = 'verify') EXECUTE FUNCTION action_points_verified_by_another();

-- ---------------------------------------------------------------- never below what it arose from
CREATE FUNCTION action_points_below(p records_record, s records_record) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether `p` protects less than `s`. “My organisation” on another's record means that one's people: then it is private.
    SELECT p.classification < s.classification OR p.sensitivity < s.sensitivity
        OR NOT s.compartments <@ p.compartments OR NOT s.data_types <@ p.data_types
        OR CASE WHEN s.scope = 'organisation' AND s.originator_id <> p.originator_id THEN p.scope <> 'private'
                ELSE array_position(ARRAY['private', 'organisation', 'mission'], p.scope::text)
                     > array_position(ARRAY['private', 'organisation', 'mission'], s.scope::text) END
$$;

CREATE FUNCTION action_points_label_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: beside all that it arose from, be it hidden from whoever changes the label by now.
    IF EXISTS (SELECT 1 FROM records_recordlink l JOIN records_record s ON s.id = l.target_id
                WHERE l.source_id = NEW.id AND l.relation = 'arose_from' AND action_points_below(NEW, s)) THEN
        RAISE EXCEPTION 'below what it arose from' USING ERRCODE = 'CP006';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER action_points_label_kept
    AFTER UPDATE OF classification, sensitivity, compartments, data_types, scope ON records_record FOR EACH ROW
    WHEN (NEW.type = 'action_point'
          AND (OLD.classification IS DISTINCT FROM NEW.classification OR OLD.sensitivity IS DISTINCT FROM NEW.sensitivity
               OR OLD.compartments IS DISTINCT FROM NEW.compartments OR OLD.data_types IS DISTINCT FROM NEW.data_types
               OR OLD.scope IS DISTINCT FROM NEW.scope))
    EXECUTE FUNCTION action_points_label_kept();

CREATE FUNCTION action_points_arose() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Both ends are read by whoever links them: the policy of links sees to it.
    IF NOT EXISTS (SELECT 1 FROM records_record p JOIN records_record s ON s.id = NEW.target_id
                    WHERE p.id = NEW.source_id AND p.type = 'action_point' AND NOT action_points_below(p, s)) THEN
        RAISE EXCEPTION 'no action point, or below what it arose from' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER action_points_arose BEFORE INSERT ON records_recordlink
    FOR EACH ROW WHEN (NEW.relation = 'arose_from') EXECUTE FUNCTION action_points_arose();

-- Where it came from stays said: the label depends on it.
ALTER POLICY unlinked ON records_recordlink USING (
    relation <> 'arose_from' AND author_id = need_to_know_actor()
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = target_id));

DO $$
DECLARE f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['action_points_below(records_record, records_record)', 'action_points_label_kept()',
                             'action_points_arose()']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
    GRANT EXECUTE ON FUNCTION action_points_below(records_record, records_record) TO portal_app;
    ALTER FUNCTION action_points_label_kept() OWNER TO portal_door;
END $$;
