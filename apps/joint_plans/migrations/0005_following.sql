-- Branches and sequels: between plans alone, said for good, and never below the plan that they come from.

CREATE FUNCTION joint_plans_follows() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Both ends are read by whoever links them: the policy of links sees to it.
    IF NOT EXISTS (SELECT 1 FROM records_record p JOIN records_record s ON s.id = NEW.target_id
                    WHERE p.id = NEW.source_id AND p.type = 'joint_plan' AND s.type = 'joint_plan' AND p.state = 'draft'
                      AND joint_plans_keeps(p.id) AND NOT action_points_below(p, s)) THEN
        RAISE EXCEPTION 'no plan, or below the one that it comes from' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_follows BEFORE INSERT ON records_recordlink
    FOR EACH ROW WHEN (NEW.relation::text = ANY ('{branch_of,sequel_to}'::text[])) EXECUTE FUNCTION joint_plans_follows();
-- WHY: a list of texts, which a dump writes as it reads it; varchars in a list come back from it otherwise.
ALTER POLICY unlinked ON records_recordlink USING (
    relation::text <> ALL ('{arose_from,branch_of,sequel_to}'::text[]) AND author_id = need_to_know_actor()
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = target_id));

CREATE FUNCTION joint_plans_label_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: beside the plan that it comes from, be it hidden from whoever changes the label by now; opened further
    -- than that one by whoever releases it too, and reads it.
    IF action_points_below(NEW, OLD) AND EXISTS (
        SELECT 1 FROM records_recordlink l JOIN records_record r ON r.id = l.target_id
         WHERE l.source_id = NEW.id AND l.relation IN ('branch_of', 'sequel_to') AND action_points_below(NEW, r)
           AND NOT (need_to_know_releases(r.originator_id, r.author_position_id) AND (@READABLE_R@))) THEN
        RAISE EXCEPTION 'below the plan that it comes from' USING ERRCODE = 'CP006';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_label_kept
    AFTER UPDATE OF classification, sensitivity, compartments, data_types, scope ON records_record FOR EACH ROW
    WHEN (NEW.type = 'joint_plan'
          AND (OLD.classification IS DISTINCT FROM NEW.classification OR OLD.sensitivity IS DISTINCT FROM NEW.sensitivity
               OR OLD.compartments IS DISTINCT FROM NEW.compartments OR OLD.data_types IS DISTINCT FROM NEW.data_types
               OR OLD.scope IS DISTINCT FROM NEW.scope))
    EXECUTE FUNCTION joint_plans_label_kept();

DO $$
DECLARE f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['joint_plans_follows()', 'joint_plans_label_kept()']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
    ALTER FUNCTION joint_plans_label_kept() OWNER TO portal_door;
END $$;
