-- The wall around JOC products: who reads a section before the release, and who writes it when; what the template, or
-- the product that is corrected, brings along; what a mission begins with.
-- Functions marked SECURITY DEFINER belong to portal_door and read the actor from the session.

CREATE FUNCTION joc_products_keeps(r records_record) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.editors && current_setting('app.principals')::integer[]
        OR r.id = ANY (current_setting('app.lent_edit')::bigint[])
$$;

-- ---------------------------------------------------------------- products
CREATE FUNCTION joc_products_product_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.template_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM joc_products_producttemplate t
         WHERE t.id = NEW.template_id AND t.mission_id = current_setting('app.mission')::bigint) THEN
        RAISE EXCEPTION 'another mission''s template' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.edition, NEW.record_ptr_id) IS DISTINCT FROM (OLD.edition, OLD.record_ptr_id) THEN
        RAISE EXCEPTION 'not theirs to change' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.template_id IS NOT NULL AND NEW.template_id IS DISTINCT FROM OLD.template_id THEN
        RAISE EXCEPTION 'a product keeps its template' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'INSERT' THEN NEW.edition := 1; END IF;
    -- Who reads sections before the release is settled with the template, once.
    IF TG_OP = 'INSERT' OR OLD.template_id IS NULL THEN
        NEW.contributions_open := coalesce((SELECT t.contributions_open FROM joc_products_producttemplate t
                                             WHERE t.id = NEW.template_id), true);
    ELSE
        NEW.contributions_open := OLD.contributions_open;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joc_products_product_check BEFORE INSERT OR UPDATE ON joc_products_jocproduct
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joc_products_product_check();

CREATE FUNCTION joc_products_templated() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE joc_products_contribution c SET is_open = NEW.contributions_open
     WHERE c.product_id = NEW.record_ptr_id AND c.is_open <> NEW.contributions_open;
    IF NOT EXISTS (SELECT 1 FROM joc_products_contribution c WHERE c.product_id = NEW.record_ptr_id) THEN
        INSERT INTO joc_products_contribution (uuid, product_id, number, heading, guidance, position_id, is_required,
                                               state, text, is_open)
        SELECT gen_random_uuid(), NEW.record_ptr_id, s.number, s.heading, s.guidance, s.position_id, s.is_required,
               'awaited', '', NEW.contributions_open
          FROM joc_products_templatesection s WHERE s.template_id = NEW.template_id ORDER BY s.number, s.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER joc_products_filed AFTER INSERT ON joc_products_jocproduct
    FOR EACH ROW WHEN (NEW.template_id IS NOT NULL) EXECUTE FUNCTION joc_products_templated();
CREATE TRIGGER joc_products_templated AFTER UPDATE OF template_id ON joc_products_jocproduct
    FOR EACH ROW WHEN (OLD.template_id IS NULL AND NEW.template_id IS NOT NULL) EXECUTE FUNCTION joc_products_templated();

-- ---------------------------------------------------------------- sections: who reads them
DROP POLICY readable ON joc_products_contribution;
CREATE POLICY readable ON joc_products_contribution FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = product_id AND (
        is_open OR position_id = ANY (current_setting('app.positions')::bigint[]) OR joc_products_keeps(r)
        -- Whoever decides on the release reads what is to be released.
        OR r.state = 'for_release' AND EXISTS (
            SELECT 1 FROM mission_position p JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
             WHERE p.organisation_id = r.originator_id AND p.is_active
               AND p.id = ANY (current_setting('app.positions')::bigint[]))
        -- SECURITY: the clock has no positions, and only the record that it was lent.
        OR need_to_know_actor() IS NULL)));

-- ---------------------------------------------------------------- sections: who writes them
DROP POLICY added ON joc_products_contribution;
CREATE POLICY added ON joc_products_contribution FOR INSERT WITH CHECK (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = product_id AND r.state = 'draft' AND joc_products_keeps(r)));
DROP POLICY removed ON joc_products_contribution;
CREATE POLICY removed ON joc_products_contribution FOR DELETE USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = product_id AND r.state = 'draft' AND joc_products_keeps(r)));
CREATE POLICY contributed ON joc_products_contribution FOR UPDATE
    USING (position_id = ANY (current_setting('app.positions')::bigint[])
           AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = product_id))
    WITH CHECK (position_id = ANY (current_setting('app.positions')::bigint[])
                AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = product_id));

CREATE FUNCTION joc_products_section_added() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.is_open := coalesce((SELECT p.contributions_open FROM joc_products_jocproduct p
                              WHERE p.record_ptr_id = NEW.product_id), true);
    IF current_user <> 'portal_door' THEN
        IF NEW.position_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM mission_position p
             WHERE p.id = NEW.position_id AND p.mission_id = current_setting('app.mission')::bigint) THEN
            RAISE EXCEPTION 'another mission''s position' USING ERRCODE = 'CP006';
        END IF;
        NEW.state := 'awaited'; NEW.text := ''; NEW.given_by_id := NULL; NEW.given_at := NULL; NEW.is_late := false;
        NEW.edited_at := NULL; NEW.version := 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joc_products_section_added BEFORE INSERT ON joc_products_contribution
    FOR EACH ROW EXECUTE FUNCTION joc_products_section_added();

CREATE FUNCTION joc_products_section_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    r records_record;
    keeps boolean; writes boolean;
    is_said boolean := (NEW.text, NEW.state) IS DISTINCT FROM (OLD.text, OLD.state);
    is_asked boolean := (NEW.number, NEW.heading, NEW.guidance, NEW.is_required, NEW.position_id)
                        IS DISTINCT FROM (OLD.number, OLD.heading, OLD.guidance, OLD.is_required, OLD.position_id);
    is_moved boolean := NEW.position_id IS DISTINCT FROM OLD.position_id
                        AND (NEW.number, NEW.heading, NEW.guidance, NEW.is_required)
                            = (OLD.number, OLD.heading, OLD.guidance, OLD.is_required);
BEGIN
    SELECT * INTO r FROM records_record WHERE id = OLD.product_id;
    keeps := joc_products_keeps(r);
    writes := OLD.position_id = ANY (current_setting('app.positions')::bigint[]) AND OLD.edited_at IS NULL
              OR OLD.position_id IS NULL AND keeps;
    IF (NEW.id, NEW.uuid, NEW.product_id, NEW.is_open) IS DISTINCT FROM (OLD.id, OLD.uuid, OLD.product_id, OLD.is_open) THEN
        RAISE EXCEPTION 'not theirs to change' USING ERRCODE = 'CP006';
    END IF;
    NEW.given_by_id := OLD.given_by_id; NEW.given_at := OLD.given_at; NEW.is_late := OLD.is_late;
    NEW.edited_at := OLD.edited_at; NEW.version := OLD.version + 1;
    IF is_asked AND NOT (keeps AND (r.state = 'draft' OR is_moved AND r.state = 'collecting' AND OLD.state = 'awaited')) THEN
        RAISE EXCEPTION 'who is asked for what stays' USING ERRCODE = 'CP006';
    END IF;
    IF is_moved AND NEW.position_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM mission_position p
         WHERE p.id = NEW.position_id AND p.mission_id = current_setting('app.mission')::bigint) THEN
        RAISE EXCEPTION 'another mission''s position' USING ERRCODE = 'CP006';
    END IF;
    IF is_said AND writes AND r.state IN ('collecting', 'compiling') AND NEW.state IN ('given', 'nothing') THEN
        IF (NEW.state = 'nothing') <> (NEW.text = '') THEN
            RAISE EXCEPTION 'either words, or nothing to report' USING ERRCODE = 'CP006';
        END IF;
        NEW.given_by_id := need_to_know_actor(); NEW.given_at := records_clock();
        NEW.is_late := NEW.position_id IS NOT NULL AND NEW.given_at > (
            SELECT p.contributions_due FROM joc_products_jocproduct p WHERE p.record_ptr_id = OLD.product_id) IS TRUE;
    ELSIF is_said AND keeps AND r.state IN ('compiling', 'returned') AND NEW.state = OLD.state THEN
        NEW.edited_at := CASE WHEN OLD.position_id IS NOT NULL THEN records_clock() END;
    ELSIF is_said THEN
        RAISE EXCEPTION 'not theirs to write now' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER joc_products_section_check BEFORE UPDATE ON joc_products_contribution
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joc_products_section_check();

-- ---------------------------------------------------------------- sections: what was given, and a history that tells no text
CREATE FUNCTION joc_products_section_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE owner bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.product_id ELSE NEW.product_id END; at_state text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.given_at IS DISTINCT FROM OLD.given_at AND NEW.position_id IS NOT NULL THEN
            INSERT INTO joc_products_given (product_id, contribution_id, position_id, text, actor_id, at)
            VALUES (NEW.product_id, NEW.id, NEW.position_id, NEW.text, NEW.given_by_id, NEW.given_at);
        END IF;
    END IF;
    SELECT state INTO at_state FROM records_record WHERE id = owner;
    IF at_state IS NULL OR at_state = 'draft' THEN RETURN NULL; END IF;
    -- SECURITY: every reader of the record reads its history; it says that a section changed and nothing more.
    IF NOT EXISTS (SELECT 1 FROM records_change c WHERE c.record_id = owner AND c."table" = TG_TABLE_NAME
                      AND c.transaction = pg_current_xact_id()::text::bigint) THEN
        INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
        VALUES (owner, TG_TABLE_NAME, owner::text, 'update', '{"*": [null, null]}', need_to_know_actor(),
                pg_current_xact_id()::text::bigint, records_clock());
        UPDATE records_record SET version = version + 1, updated_at = records_clock() WHERE id = owner;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER joc_products_section_note AFTER INSERT OR UPDATE OR DELETE ON joc_products_contribution
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joc_products_section_note();

DROP POLICY readable ON joc_products_given;
CREATE POLICY readable ON joc_products_given FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = product_id AND (
        position_id = ANY (current_setting('app.positions')::bigint[]) OR joc_products_keeps(r))));
-- WHY: no policy lets anybody delete; the right itself is needed where a section of a draft is taken out.
REVOKE INSERT, UPDATE ON joc_products_given FROM portal_app;

-- ---------------------------------------------------------------- the product moves on
CREATE FUNCTION joc_products_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'collecting' AND NEW.state = 'compiling' THEN
        UPDATE joc_products_contribution SET state = 'missing', version = version + 1
         WHERE product_id = NEW.id AND state = 'awaited' AND position_id IS NOT NULL;
    ELSIF OLD.state = 'compiling' AND NEW.state = 'collecting' THEN
        UPDATE joc_products_contribution SET state = 'awaited', version = version + 1
         WHERE product_id = NEW.id AND state = 'missing' AND edited_at IS NULL;
    ELSIF NEW.state = 'released' THEN
        -- From now on every reader of the product reads, and finds, what it says.
        UPDATE joc_products_contribution SET is_open = true WHERE product_id = NEW.id AND NOT is_open;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER joc_products_moved AFTER UPDATE OF state ON records_record
    FOR EACH ROW WHEN (NEW.type = 'joc_product' AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION joc_products_moved();

-- ---------------------------------------------------------------- a corrected edition
ALTER TABLE joc_products_correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE joc_products_correction FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends ON joc_products_correction FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = product_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = corrected_id));
CREATE POLICY added ON joc_products_correction FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND EXISTS (
        SELECT 1 FROM records_record n JOIN records_record o ON o.id = corrected_id
         WHERE n.id = product_id AND n.state = 'draft' AND joc_products_keeps(n)
           AND o.type = 'joc_product' AND o.state = 'released' AND o.mission_id = n.mission_id
           AND o.originator_id = n.originator_id));
ALTER TABLE joc_products_correction ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE joc_products_correction_id_seq FROM portal_app;
REVOKE UPDATE, DELETE ON joc_products_correction FROM portal_app;
CREATE TRIGGER joc_products_correction_stamp BEFORE INSERT ON joc_products_correction
    FOR EACH ROW EXECUTE FUNCTION records_stamp_author();

CREATE FUNCTION joc_products_corrected() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- The policy has seen to it that what is corrected is out, so that its sections are open to every reader of it.
    UPDATE joc_products_jocproduct n SET edition = o.edition + 1 FROM joc_products_jocproduct o
     WHERE n.record_ptr_id = NEW.product_id AND o.record_ptr_id = NEW.corrected_id;
    DELETE FROM joc_products_contribution WHERE product_id = NEW.product_id;
    INSERT INTO joc_products_contribution (uuid, product_id, number, heading, guidance, position_id, is_required,
                                           state, text, given_by_id, given_at, is_late, edited_at, is_open)
    SELECT gen_random_uuid(), NEW.product_id, c.number, c.heading, c.guidance, c.position_id, c.is_required,
           c.state, c.text, c.given_by_id, c.given_at, c.is_late, c.edited_at, true
      FROM joc_products_contribution c WHERE c.product_id = NEW.corrected_id ORDER BY c.number, c.id;
    RETURN NULL;
END $$;
CREATE TRIGGER joc_products_corrected AFTER INSERT ON joc_products_correction
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION joc_products_corrected();

-- ---------------------------------------------------------------- what a mission begins with
CREATE FUNCTION joc_products_first_templates(of_mission bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made bigint; t record;
BEGIN
    FOR t IN SELECT * FROM (VALUES
            ('daily', 'Daily situation report', 18, 6, 3), ('weekly', 'Weekly situation report', 16, 6, 24),
            ('monthly', 'Monthly report', 16, 6, 72), ('special_incident', 'Special incident report', 18, 6, 3),
            ('flash', 'Flash report', 18, 2, 1)) v(kind, name, release_hour, incident_hours, contributions_hours) LOOP
        INSERT INTO joc_products_producttemplate (uuid, mission_id, kind, name, release_hour, incident_hours,
                                                  contributions_hours, contributions_open, is_active)
        VALUES (gen_random_uuid(), of_mission, t.kind, t.name, t.release_hour, t.incident_hours, t.contributions_hours,
                true, true)
        RETURNING id INTO made;
        INSERT INTO joc_products_templatesection (template_id, number, heading, guidance, is_required)
        SELECT made, s.number, s.heading, s.guidance, s.is_required FROM (VALUES
            (true, 1, 'Highlights', 'Three to five lines: what leadership must know of the period.', true),
            (true, 2, 'Political', 'Talks, statements, the host authorities, elections.', false),
            (true, 3, 'Military', 'Fighting, movements of forces, violations, our own operations.', false),
            (true, 4, 'Police', 'Law and order, protests, detention, our own patrols.', false),
            (true, 5, 'Humanitarian and protection of civilians', 'Displacement, access, needs, threats to civilians.', false),
            (true, 6, 'Human rights', 'Violations and abuses that may be told here. No names of victims or sources.', false),
            (true, 7, 'Security and safety', 'Incidents against staff and premises, roads, health, weather.', false),
            (true, 8, 'Mission support', 'Supplies, movement, aviation, engineering, medical.', false),
            (true, 9, 'Outlook', 'What is expected in the next period.', true),
            (false, 1, 'What', 'What happened, and how it is known.', true),
            (false, 2, 'Where', 'Place, P-code, and how exact that is.', true),
            (false, 3, 'When', 'Date and local time, and when it was reported.', true),
            (false, 4, 'Who is affected', 'Numbers by sex and age where known. No names.', false),
            (false, 5, 'Action taken', 'By whom, and when.', false),
            (false, 6, 'Further action', 'What is planned or asked for, by whom, until when.', false),
            (false, 7, 'Assessment', 'What it means and what may follow. Say how sure you are.', false)
            ) s(is_periodic, number, heading, guidance, is_required)
         WHERE s.is_periodic = (t.kind IN ('daily', 'weekly', 'monthly')) AND (t.kind <> 'flash' OR s.number <= 5);
    END LOOP;
END $$;
CREATE FUNCTION joc_products_mission_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM joc_products_first_templates(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER joc_products_mission_made AFTER INSERT ON mission_mission
    FOR EACH ROW EXECUTE FUNCTION joc_products_mission_made();
SELECT joc_products_first_templates(m.id) FROM mission_mission m;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.proname FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'joc\_products\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
        IF f.proname = 'joc_products_keeps' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f.name);
        END IF;
    END LOOP;
END $$;
