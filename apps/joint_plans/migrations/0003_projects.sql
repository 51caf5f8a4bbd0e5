-- The wall around projects, which are plans: who reads what they cost, what must be said before the review committee
-- sees one, when money is paid, what keeps one from being closed. Functions marked SECURITY DEFINER belong to
-- portal_door and read the actor from the session.

-- ---------------------------------------------------------------- what is built is part of what is agreed
CREATE OR REPLACE FUNCTION joint_plans_plan_content(of_plan bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: for triggers, and for whoever reads the plan.
    SELECT jsonb_build_object('title', r.title, 'kind', r.kind, 'area_id', r.area_id, 'sector_id', r.sector_id)
        || (to_jsonb(j) - ARRAY['record_ptr_id', 'edition', 'trips_at', 'lessons', 'review_on'])
        || coalesce((SELECT to_jsonb(p) - ARRAY['id', 'uuid', 'plan_id', 'final_report', 'is_protected_object', 'caution']
                       FROM joint_plans_project p WHERE p.plan_id = of_plan AND r.kind IN ('qip', 'works')), '{}')
      FROM records_record r JOIN joint_plans_jointplan j ON j.record_ptr_id = r.id WHERE r.id = of_plan AND (@READABLE_R@)
$$;

-- ---------------------------------------------------------------- who endorses, for whom a position checks
CREATE FUNCTION joint_plans_endorses(of_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM records_record r JOIN mission_position p ON p.mission_id = r.mission_id AND p.is_active
          LEFT JOIN joint_plans_planrule x ON x.mission_id = r.mission_id AND x.kind = r.kind
         WHERE r.id = of_plan AND p.id = ANY (current_setting('app.positions')::bigint[])
           AND CASE WHEN x.endorsed_by_id IS NOT NULL THEN p.id = x.endorsed_by_id
                    ELSE EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role = 'DEC') END)
$$;
CREATE FUNCTION joint_plans_project_side(of_position bigint) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The humanitarian side are CMCoord officers and cluster coordinators whose organisation is not the mission's.
    SELECT coalesce((
        SELECT CASE WHEN o.side NOT LIKE 'mission%' AND EXISTS (
                        SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role IN ('CMC', 'CLU'))
                    THEN 'humanitarian'
                    WHEN EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role = 'CIM')
                    THEN 'cimic' ELSE '' END
          FROM mission_position p JOIN mission_organisation o ON o.id = p.organisation_id WHERE p.id = of_position), '')
$$;
CREATE FUNCTION joint_plans_project_today(of_plan bigint) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT (records_clock() AT TIME ZONE m.time_zone)::date
      FROM records_record r JOIN mission_mission m ON m.id = r.mission_id WHERE r.id = of_plan
$$;

-- ---------------------------------------------------------------- what is built: every reader of the plan reads it
CREATE FUNCTION joint_plans_project_civil(of_plan bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether no unit stands as the one that carries out work on a protected object.
    SELECT NOT EXISTS (SELECT 1 FROM joint_plans_project p JOIN joint_plans_funding f ON f.plan_id = p.plan_id
                         JOIN mission_organisation o ON o.id = f.partner_id
                        WHERE p.plan_id = of_plan AND p.is_protected_object
                          AND o.side IN ('mission_military', 'mission_police'))
$$;
CREATE FUNCTION joint_plans_project_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_plan bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
        kept text[] := ARRAY['final_report', 'is_protected_object', 'caution'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - kept IS NOT DISTINCT FROM to_jsonb(OLD) - kept THEN
        IF NEW.final_report IS DISTINCT FROM OLD.final_report AND NOT EXISTS (
            SELECT 1 FROM records_record r WHERE r.id = of_plan AND r.state IN ('active', 'under_review', 'completed')) THEN
            RAISE EXCEPTION 'nothing to report on' USING ERRCODE = 'CP006';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT joint_plans_open(of_plan) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.final_report := '';
    ELSIF (NEW.plan_id, NEW.uuid, NEW.final_report) IS DISTINCT FROM (OLD.plan_id, OLD.uuid, OLD.final_report) THEN
        RAISE EXCEPTION 'it stays what it is' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_project_check BEFORE INSERT OR UPDATE OR DELETE ON joint_plans_project
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_project_check();
CREATE FUNCTION joint_plans_project_stays_civil() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: whoever writes it keeps the plan, and reads both rows.
    IF NOT joint_plans_project_civil(NEW.plan_id) THEN
        RAISE EXCEPTION 'a protected object has a civilian partner' USING ERRCODE = 'CP006';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_project_stays_civil AFTER INSERT OR UPDATE ON joint_plans_project
    FOR EACH ROW EXECUTE FUNCTION joint_plans_project_stays_civil();
CREATE TRIGGER joint_plans_project_stays_civil AFTER INSERT OR UPDATE ON joint_plans_funding
    FOR EACH ROW EXECUTE FUNCTION joint_plans_project_stays_civil();

-- ---------------------------------------------------------------- what it costs: those to whom it opens
DROP POLICY readable ON joint_plans_funding;
CREATE POLICY readable ON joint_plans_funding FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id) AND (
        opens_to = 'all' OR opens_to = 'contributors' AND joint_plans_contributes(plan_id)
        OR joint_plans_keeps(plan_id) OR joint_plans_endorses(plan_id)));
CREATE POLICY decided ON joint_plans_funding FOR UPDATE
    USING (joint_plans_endorses(plan_id)
           AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id AND r.state = 'for_endorsement'))
    WITH CHECK (joint_plans_endorses(plan_id)
           AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id AND r.state = 'for_endorsement'));
CREATE FUNCTION joint_plans_funding_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_plan bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'amount_approved' IS NOT DISTINCT FROM to_jsonb(OLD) - 'amount_approved' THEN
        IF NEW.amount_approved IS DISTINCT FROM OLD.amount_approved AND NOT (
            joint_plans_endorses(of_plan)
            AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan AND r.state = 'for_endorsement')) THEN
            RAISE EXCEPTION 'whoever endorses it' USING ERRCODE = 'CP006';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT (joint_plans_open(of_plan) AND joint_plans_keeps(of_plan)) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.amount_approved IS NOT NULL THEN
            RAISE EXCEPTION 'what was approved stays' USING ERRCODE = 'CP006';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.amount_approved := NULL;
    ELSIF (NEW.plan_id, NEW.uuid, NEW.amount_approved) IS DISTINCT FROM (OLD.plan_id, OLD.uuid, OLD.amount_approved) THEN
        RAISE EXCEPTION 'it stays what it is' USING ERRCODE = 'CP006';
    END IF;
    NEW.currency := coalesce((
        SELECT x.currency FROM joint_plans_projectrule x JOIN records_record r ON r.mission_id = x.mission_id AND r.kind = x.kind
         WHERE r.id = of_plan), 'USD');
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_funding_check BEFORE INSERT OR UPDATE OR DELETE ON joint_plans_funding
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_funding_check();

CREATE FUNCTION joint_plans_money_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_plan bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
BEGIN
    -- SECURITY: every reader of the record reads its history; it says that the project changed and no amount.
    IF NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan AND r.state <> 'draft')
       OR EXISTS (SELECT 1 FROM records_change c WHERE c.record_id = of_plan AND c."table" = 'joint_plans_project'
                     AND c.fields ? '*' AND c.transaction = pg_current_xact_id()::text::bigint) THEN
        RETURN NULL;
    END IF;
    INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
    VALUES (of_plan, 'joint_plans_project', of_plan::text, 'update', '{"*": [null, null]}', need_to_know_actor(),
            pg_current_xact_id()::text::bigint, records_clock());
    UPDATE records_record SET updated_at = records_clock() WHERE id = of_plan;
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_money_told AFTER INSERT OR UPDATE OR DELETE ON joint_plans_funding
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_money_told();
CREATE TRIGGER joint_plans_money_told AFTER INSERT OR UPDATE OR DELETE ON joint_plans_instalment
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_money_told();

-- ---------------------------------------------------------------- instalments: of what was approved, in their order
DROP POLICY readable ON joint_plans_instalment;
CREATE POLICY readable ON joint_plans_instalment FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id)
    AND EXISTS (SELECT 1 FROM joint_plans_funding f WHERE f.plan_id = joint_plans_instalment.plan_id));
CREATE FUNCTION joint_plans_instalment_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_plan bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
    told text[] := ARRAY['paid_on', 'reference', 'unpaid_because'];
    at_state text := (SELECT r.state FROM records_record r WHERE r.id = of_plan);
    approved numeric; total numeric; before date;
BEGIN
    -- WHY: two who write instalments of one plan wait for each other, so that neither sum is out of date.
    SELECT f.amount_approved INTO approved FROM joint_plans_funding f WHERE f.plan_id = of_plan FOR NO KEY UPDATE;
    IF NOT FOUND OR TG_OP <> 'INSERT' AND (OLD.paid_on IS NOT NULL OR OLD.unpaid_because <> '') THEN
        RAISE EXCEPTION 'it is settled' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP <> 'UPDATE' OR to_jsonb(NEW) - told IS DISTINCT FROM to_jsonb(OLD) - told THEN
        IF NOT joint_plans_open(of_plan) THEN
            RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF TG_OP = 'INSERT' THEN
            NEW.paid_on := NULL; NEW.reference := ''; NEW.unpaid_because := '';
        ELSIF (NEW.plan_id, NEW.uuid, NEW.paid_on, NEW.unpaid_because)
              IS DISTINCT FROM (OLD.plan_id, OLD.uuid, OLD.paid_on, OLD.unpaid_because) THEN
            RAISE EXCEPTION 'it stays what it is' USING ERRCODE = 'CP006';
        END IF;
    ELSIF at_state NOT IN ('endorsed', 'active', 'under_review', 'completed') OR approved IS NULL THEN
        RAISE EXCEPTION 'it is not endorsed' USING ERRCODE = 'CP006';
    END IF;
    SELECT coalesce(sum(i.amount), 0) + CASE WHEN NEW.unpaid_because = '' THEN NEW.amount ELSE 0 END INTO total
      FROM joint_plans_instalment i WHERE i.plan_id = of_plan AND i.id <> NEW.id AND i.unpaid_because = '';
    IF total > approved AND NEW.unpaid_because = '' THEN
        RAISE EXCEPTION 'more than was approved' USING ERRCODE = 'CP006';
    END IF;
    IF NEW.paid_on IS NOT NULL THEN
        IF NEW.unpaid_because <> '' OR NEW.paid_on > joint_plans_project_today(of_plan) OR EXISTS (
            SELECT 1 FROM joint_plans_instalment i WHERE i.plan_id = of_plan AND i.number < NEW.number
               AND i.paid_on IS NULL AND i.unpaid_because = '') THEN
            RAISE EXCEPTION 'the one before it comes first' USING ERRCODE = 'CP006';
        END IF;
        SELECT max(i.paid_on) INTO before FROM joint_plans_instalment i WHERE i.plan_id = of_plan AND i.id <> NEW.id;
        IF before IS NOT NULL AND (NEW.paid_on < before OR NOT EXISTS (
            SELECT 1 FROM joint_plans_monitoringvisit v
             WHERE v.plan_id = of_plan AND v."on" >= before AND v."on" <= NEW.paid_on)) THEN
            RAISE EXCEPTION 'nobody has been there since' USING ERRCODE = 'CP006';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_instalment_check BEFORE INSERT OR UPDATE OR DELETE ON joint_plans_instalment
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_instalment_check();

-- ---------------------------------------------------------------- criteria
CREATE FUNCTION joint_plans_criterionanswer_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT joint_plans_open(CASE TG_OP WHEN 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END) THEN
        RAISE EXCEPTION 'what was agreed stays as it is' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND (NEW.plan_id, NEW.uuid, NEW.criterion_id) IS DISTINCT FROM (OLD.plan_id, OLD.uuid, OLD.criterion_id) THEN
        RAISE EXCEPTION 'it stays what it is' USING ERRCODE = 'CP006';
    END IF;
    NEW.asked := (SELECT c.text FROM joint_plans_projectcriterion c JOIN records_record r ON r.mission_id = c.mission_id
                   WHERE c.id = NEW.criterion_id AND r.id = NEW.plan_id AND r.kind = c.kind);
    IF NEW.asked IS NULL THEN
        RAISE EXCEPTION 'no criterion of this kind' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_criterionanswer_check BEFORE INSERT OR UPDATE OR DELETE ON joint_plans_criterionanswer
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_criterionanswer_check();

-- ---------------------------------------------------------------- duplication checks: appended, of the version that circulates
CREATE FUNCTION joint_plans_duplicationcheck_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.number := coalesce((SELECT j.edition FROM joint_plans_jointplan j WHERE j.record_ptr_id = NEW.plan_id), 0);
    NEW.side := joint_plans_project_side(NEW.position_id);
    RETURN NEW;
END $$;
CREATE TRIGGER joint_plans_duplicationcheck_check BEFORE INSERT ON joint_plans_duplicationcheck
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joint_plans_duplicationcheck_check();
CREATE TRIGGER joint_plans_duplicationcheck_stamp BEFORE INSERT ON joint_plans_duplicationcheck
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_stamp_author();
DROP POLICY added ON joint_plans_duplicationcheck;
CREATE POLICY added ON joint_plans_duplicationcheck FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND position_id = ANY (current_setting('app.positions')::bigint[])
    AND side <> '' AND number > 0
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id AND r.state = 'consultation'
                   AND r.kind::text = ANY ('{qip,works}'::text[]) AND r.author_id <> need_to_know_actor()));
DROP POLICY edited ON joint_plans_duplicationcheck;
DROP POLICY removed ON joint_plans_duplicationcheck;
REVOKE UPDATE, DELETE ON joint_plans_duplicationcheck FROM portal_app;

-- ---------------------------------------------------------------- monitoring: appended by those who take part
DROP POLICY added ON joint_plans_monitoringvisit;
CREATE POLICY added ON joint_plans_monitoringvisit FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND position_id = ANY (current_setting('app.positions')::bigint[])
    AND percent <= 100 AND "on" <= joint_plans_project_today(plan_id) AND joint_plans_runs(plan_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = plan_id AND r.kind::text = ANY ('{qip,works}'::text[]))
    AND (joint_plans_keeps(plan_id) OR joint_plans_contributes(plan_id)));
DROP POLICY edited ON joint_plans_monitoringvisit;
DROP POLICY removed ON joint_plans_monitoringvisit;
REVOKE UPDATE, DELETE ON joint_plans_monitoringvisit FROM portal_app;
CREATE TRIGGER joint_plans_monitoringvisit_stamp BEFORE INSERT ON joint_plans_monitoringvisit
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_stamp_author();

-- ---------------------------------------------------------------- what a step lacks
CREATE FUNCTION joint_plans_project_lacks(of_plan bigint, step text, note text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Runs as the door. Codes, which apps/joint_plans/projects/rules.py puts into words at their fields.
    WITH plan AS (
        SELECT r.id, r.mission_id, r.kind, j.edition, j.starts_on, j.ends_on, x.cap, x.currency AS in_currency, x.months_most,
               p.id AS project_id, p.do_no_harm, p.sustainability, p.final_report, f.amount_asked, f.amount_approved, f.currency,
               (SELECT coalesce(sum(i.amount), 0) FROM joint_plans_instalment i
                 WHERE i.plan_id = r.id AND i.unpaid_because = '') AS instalments
          FROM records_record r JOIN joint_plans_jointplan j ON j.record_ptr_id = r.id
          LEFT JOIN joint_plans_projectrule x ON x.mission_id = r.mission_id AND x.kind = r.kind
          LEFT JOIN joint_plans_project p ON p.plan_id = r.id LEFT JOIN joint_plans_funding f ON f.plan_id = r.id
         WHERE r.id = of_plan AND r.kind IN ('qip', 'works')),
    said AS (
        SELECT DISTINCT ON (c.position_id) c.side, c.result FROM joint_plans_duplicationcheck c JOIN plan ON c.plan_id = plan.id
         WHERE c.number = plan.edition ORDER BY c.position_id, c.at DESC, c.id DESC)
    SELECT coalesce(array_agg(lack.code ORDER BY lack.place), '{}') FROM plan CROSS JOIN LATERAL (VALUES
        (1, 'put_forward', 'project', plan.project_id IS NULL),
        (2, 'put_forward', 'do_no_harm', plan.do_no_harm !~ '\S'),
        (3, 'put_forward', 'sustainability', plan.sustainability !~ '\S'),
        (4, 'put_forward', 'criteria', EXISTS (
            SELECT 1 FROM joint_plans_projectcriterion c WHERE c.mission_id = plan.mission_id AND c.kind = plan.kind AND c.is_active
               AND NOT EXISTS (SELECT 1 FROM joint_plans_criterionanswer a
                                WHERE a.plan_id = plan.id AND a.criterion_id = c.id AND a.met <> ''))),
        (5, 'put_forward', 'duplication_check', NOT EXISTS (SELECT 1 FROM said WHERE said.side = 'humanitarian')),
        (6, 'put_forward', 'amount_asked', coalesce(plan.amount_asked, 0) <= 0),
        (7, 'put_forward', 'over_cap', plan.cap IS NOT NULL
                                       AND (plan.amount_asked > plan.cap OR plan.currency <> plan.in_currency)),
        (8, 'put_forward', 'too_long', plan.ends_on > plan.starts_on + make_interval(months => plan.months_most)),
        (9, 'put_forward', 'instalments_over', plan.instalments > plan.amount_asked),
        (10, 'endorse', 'amount_approved', plan.amount_approved IS NULL),
        (11, 'endorse', 'approved_over_cap', plan.amount_approved > plan.cap),
        (12, 'endorse', 'approved_under', plan.instalments > plan.amount_approved),
        (13, 'endorse', 'reason', coalesce(joint_plans_project_lacks.note, '') !~ '\S'
                                  AND EXISTS (SELECT 1 FROM said WHERE said.result = 'duplicate')),
        (14, 'keep', 'instalments_over', plan.instalments > plan.amount_approved),
        (15, 'archive', 'unpaid', EXISTS (SELECT 1 FROM joint_plans_instalment i
                                           WHERE i.plan_id = plan.id AND i.paid_on IS NULL AND i.unpaid_because = '')),
        (16, 'archive', 'final_report', coalesce(plan.final_report, '') !~ '\S')
        ) lack(place, step, code, holds)
     WHERE lack.step = joint_plans_project_lacks.step AND lack.holds
$$;
CREATE FUNCTION joint_plans_project_lacking(of_plan bigint, step text, note text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: for whoever may change the plan, or endorses it and reads it.
    SELECT CASE WHEN EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_plan AND r.type = 'joint_plan'
                                AND ((@EDITABLE_R@) OR (@READABLE_R@) AND joint_plans_endorses(r.id)))
                THEN joint_plans_project_lacks(of_plan, step, note) ELSE '{}'::text[] END
$$;
CREATE FUNCTION joint_plans_project_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: `records_step_apply` has refused whoever does not read the record.
    IF NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = NEW.record_id AND r.type = 'joint_plan') THEN
        RETURN NEW;
    END IF;
    IF NEW.name = 'endorse' AND EXISTS (
        SELECT 1 FROM joint_plans_duplicationcheck c WHERE c.plan_id = NEW.record_id AND c.author_id = NEW.actor_id) THEN
        RAISE EXCEPTION 'duties are separate' USING ERRCODE = 'CP003';
    END IF;
    IF joint_plans_project_lacks(NEW.record_id, NEW.name, NEW.note) <> '{}' THEN
        RAISE EXCEPTION 'something is missing' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
-- WHY: triggers run in the order of their names: this one after `records_step_apply`.
CREATE TRIGGER records_step_of_project BEFORE INSERT ON records_step
    FOR EACH ROW WHEN (NEW.name::text = ANY ('{put_forward,endorse,keep,archive}'::text[])) EXECUTE FUNCTION joint_plans_project_step();

-- ---------------------------------------------------------------- what a mission begins with
CREATE FUNCTION joint_plans_first_project_rules(of_mission bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO joint_plans_projectrule (uuid, mission_id, kind, cap, currency, months_most)
    VALUES (gen_random_uuid(), of_mission, 'qip', 50000, 'USD', 3);
    INSERT INTO joint_plans_projectcriterion (uuid, mission_id, kind, code, text, "order", is_active)
    SELECT gen_random_uuid(), of_mission, k.kind, c.code, c.text, c.place, true
      FROM (VALUES ('qip'), ('works')) k(kind) CROSS JOIN (VALUES
        (1, 'once', 'It is done once, and nobody has to pay for it again.'),
        (2, 'quick', 'It is quick to carry out.'),
        (3, 'labour', 'It gives work to people of the place.'),
        (4, 'visible', 'People see it and what it is for.'),
        (5, 'cost', 'It is worth what it costs.'),
        (6, 'owned', 'Those whom it serves own it and had a say in it.'),
        (7, 'urgent', 'It is urgent.'),
        (8, 'authorities', 'The local authorities support it.'),
        (9, 'partner', 'Whoever carries it out is reliable.'),
        (10, 'single', 'Nobody else does the same in that place.')) c(place, code, text)
$$;
CREATE FUNCTION joint_plans_mission_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM joint_plans_first_project_rules(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER joint_plans_first_project_rules AFTER INSERT ON mission_mission
    FOR EACH ROW EXECUTE FUNCTION joint_plans_mission_made();
SELECT joint_plans_first_project_rules(m.id) FROM mission_mission m;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.proname FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND (p.proname LIKE 'joint\_plans\_project\_%' OR p.proname IN (
                  'joint_plans_endorses', 'joint_plans_funding_check', 'joint_plans_money_told', 'joint_plans_instalment_check',
                  'joint_plans_criterionanswer_check', 'joint_plans_duplicationcheck_check', 'joint_plans_first_project_rules',
                  'joint_plans_mission_made')) LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
        IF f.proname IN ('joint_plans_endorses', 'joint_plans_project_side', 'joint_plans_project_today',
                         'joint_plans_project_lacking') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f.name);
        END IF;
    END LOOP;
END $$;
