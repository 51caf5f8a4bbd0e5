-- Filing for another organisation: an insert keeps its originator under a mandate in force, and what was filed so is
-- that organisation's to decide on. Functions marked SECURITY DEFINER belong to portal_door.

-- ---------------------------------------------------------------- who may file for whom
CREATE FUNCTION need_to_know_files_for(of_position bigint, of_organisation bigint, of_mission bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- A mandate of the position for the organisation holds at this moment, and all three are of the mission.
    SELECT EXISTS (SELECT 1 FROM mission_filingmandate m
                     JOIN mission_position p ON p.id = m.position_id AND p.mission_id = m.mission_id
                     JOIN mission_organisation o ON o.id = m.organisation_id AND o.mission_id = m.mission_id
                    WHERE m.position_id = of_position AND m.organisation_id = of_organisation
                      AND m.mission_id = of_mission
                      AND m.starts <= records_clock() AND (m.until IS NULL OR m.until > records_clock()))
$$;

-- ---------------------------------------------------------------- whose word counts
CREATE FUNCTION need_to_know_filed_at_home(of_originator bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the position that filed is the originator's own.
    SELECT EXISTS (SELECT 1 FROM mission_position p WHERE p.id = of_position AND p.organisation_id = of_originator)
$$;

CREATE FUNCTION need_to_know_voices(of_originator bigint, of_position bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The positions that decide on opening a record further: release authorities of the originating organisation.
    -- Where it names none, the position that filed, if that is one of its own; what others filed for it is decided
    -- on by any of its own positions that reads, and by the position that filed only where it has none here.
    WITH own AS (
        SELECT p.id, EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role = 'REL') AS releases,
               NOT EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id)
               OR EXISTS (SELECT 1 FROM mission_positionrole q
                           WHERE q.position_id = p.id AND q.role NOT IN ('ADM', 'AUD')) AS reads
          FROM mission_position p WHERE p.organisation_id = of_originator AND p.is_active)
    SELECT own.id FROM own WHERE own.releases
    UNION ALL
    SELECT own.id FROM own
     WHERE own.reads AND NOT EXISTS (SELECT 1 FROM own x WHERE x.releases)
       AND NOT need_to_know_filed_at_home(of_originator, of_position)
    UNION ALL
    SELECT of_position
     WHERE NOT EXISTS (SELECT 1 FROM own x WHERE x.releases)
       AND (need_to_know_filed_at_home(of_originator, of_position) OR NOT EXISTS (SELECT 1 FROM own x WHERE x.reads))
$$;

CREATE OR REPLACE FUNCTION need_to_know_releases(of_originator bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- WHY: the first question alone, where it is answered: ten thousand grants ask it ten thousand times.
    SELECT EXISTS (SELECT 1 FROM mission_position p JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                    WHERE p.organisation_id = of_originator AND p.is_active
                      AND p.id = ANY (current_setting('app.positions')::bigint[]))
        OR EXISTS (SELECT 1 FROM need_to_know_voices(of_originator, of_position) v(id)
                    WHERE v.id = ANY (current_setting('app.positions')::bigint[]))
$$;

CREATE OR REPLACE FUNCTION need_to_know_originates(of_originator bigint, of_position bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The originator's own word: its position that filed the record, its release authority, or whoever decides for it
    -- on what others filed.
    SELECT EXISTS (SELECT 1 FROM mission_position p JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                    WHERE p.organisation_id = of_originator AND p.id = ANY (current_setting('app.positions')::bigint[]))
        OR CASE WHEN need_to_know_filed_at_home(of_originator, of_position)
                THEN of_position = ANY (current_setting('app.positions')::bigint[])
                ELSE need_to_know_releases(of_originator, of_position) END
$$;

-- ---------------------------------------------------------------- Record
CREATE OR REPLACE FUNCTION records_record_before() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF current_user <> 'portal_door' THEN
            IF NOT EXISTS (SELECT 1 FROM records_workflowedge e
                            WHERE e.type = NEW.type AND e.from_state = '' AND e.to_state = NEW.state) THEN
                RAISE EXCEPTION 'illegal initial state' USING ERRCODE = 'CP002';
            END IF;
            -- SECURITY: identity is drawn here, so that no unique constraint can tell of a hidden record.
            NEW.uuid := gen_random_uuid();
            NEW.reference := records_reference(split_part(NEW.reference, '-', 1));
            -- SECURITY: another originator than the position's own stays under a mandate in force, and never without.
            IF NEW.originator_id IS NULL
               OR NOT need_to_know_files_for(NEW.author_position_id, NEW.originator_id, NEW.mission_id) THEN
                NEW.originator_id := (SELECT p.organisation_id FROM mission_position p WHERE p.id = NEW.author_position_id);
            END IF;
            NEW.created_at := records_clock(); NEW.updated_at := NEW.created_at; NEW.state_since := NEW.created_at;
            NEW.version := 1; NEW.due_at := NULL; NEW.auto_at := NULL; NEW.auto_step := '';
        END IF;
        NEW.audience := ARRAY(
            SELECT DISTINCT x FROM (
                SELECT p.group_id FROM mission_position p WHERE p.id = NEW.author_position_id
                UNION SELECT o.group_id FROM mission_organisation o
                       WHERE o.id = NEW.originator_id AND NEW.scope IN ('organisation', 'mission')
                UNION SELECT m.group_id FROM mission_mission m WHERE m.id = NEW.mission_id AND NEW.scope = 'mission'
            ) base(x) ORDER BY x);
        NEW.editors := ARRAY(SELECT p.group_id FROM mission_position p WHERE p.id = NEW.author_position_id);
        RETURN NEW;
    END IF;
    IF current_user = 'portal_door' THEN
        RETURN NEW;
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        RAISE EXCEPTION 'a state changes only by a workflow step' USING ERRCODE = 'CP002';
    END IF;
    IF (NEW.id, NEW.uuid, NEW.mission_id, NEW.type, NEW.reference, NEW.author_id, NEW.originator_id, NEW.author_position_id)
       IS DISTINCT FROM (OLD.id, OLD.uuid, OLD.mission_id, OLD.type, OLD.reference, OLD.author_id, OLD.originator_id,
                         OLD.author_position_id) THEN
        RAISE EXCEPTION 'a record keeps its identity' USING ERRCODE = 'CP004';
    END IF;
    -- SECURITY: originator control: a right to change does not include the right to widen. A draft is its author's.
    IF (NEW.classification < OLD.classification OR NEW.sensitivity < OLD.sensitivity
        OR NOT OLD.compartments <@ NEW.compartments OR NOT OLD.data_types <@ NEW.data_types
        OR array_position(ARRAY['private', 'organisation', 'mission'], NEW.scope::text)
           > array_position(ARRAY['private', 'organisation', 'mission'], OLD.scope::text))
       AND NOT need_to_know_releases(OLD.originator_id, OLD.author_position_id)
       AND NOT (OLD.author_position_id = ANY (current_setting('app.positions')::bigint[])
                AND EXISTS (SELECT 1 FROM records_workflowedge e
                             WHERE e.type = OLD.type AND e.from_state = '' AND e.to_state = OLD.state)) THEN
        RAISE EXCEPTION 'only the originator widens' USING ERRCODE = 'CP006';
    END IF;
    -- SECURITY: whoever filed the record is not locked out of it by a higher label.
    IF (NEW.classification, NEW.compartments, NEW.data_types)
       IS DISTINCT FROM (OLD.classification, OLD.compartments, OLD.data_types)
       AND need_to_know_clears(OLD.author_position_id, OLD.classification, OLD.compartments, OLD.data_types)
       AND NOT need_to_know_clears(OLD.author_position_id, NEW.classification, NEW.compartments, NEW.data_types) THEN
        RAISE EXCEPTION 'the author would be locked out' USING ERRCODE = 'CP008';
    END IF;
    NEW.audience := OLD.audience; NEW.editors := OLD.editors;
    NEW.state_since := OLD.state_since; NEW.due_at := OLD.due_at;
    NEW.auto_at := OLD.auto_at; NEW.auto_step := OLD.auto_step; NEW.created_at := OLD.created_at;
    NEW.version := OLD.version + 1; NEW.updated_at := records_clock();
    RETURN NEW;
END $$;

-- ---------------------------------------------------------------- showing it to those who decide is no release
CREATE OR REPLACE FUNCTION need_to_know_is_release_authority(of_record bigint, of_group integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM records_record r
                     JOIN mission_position p ON p.organisation_id = r.originator_id AND p.group_id = of_group AND p.is_active
                    WHERE r.id = of_record
                      AND p.id IN (SELECT need_to_know_voices(r.originator_id, r.author_position_id)))
$$;
CREATE FUNCTION need_to_know_filed_record(of_record bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether a readable record was filed in one of the actor's positions, for whomever.
    SELECT EXISTS (SELECT 1 FROM records_record r
                    WHERE r.id = of_record AND r.author_position_id = ANY (current_setting('app.positions')::bigint[]))
$$;
ALTER POLICY added ON need_to_know_recordgroupobjectpermission WITH CHECK (
    need_to_know_may_give(content_object_id, permission_id)
    OR (need_to_know_originates_record(content_object_id) OR need_to_know_filed_record(content_object_id))
       AND need_to_know_is_release_authority(content_object_id, group_id)
       AND permission_id = (SELECT q.id FROM auth_permission q JOIN django_content_type c ON c.id = q.content_type_id
                             WHERE q.codename = 'view_record' AND c.app_label = 'records' AND c.model = 'record'));

-- ---------------------------------------------------------------- every record keeps somebody who manages it
CREATE OR REPLACE FUNCTION need_to_know_unmanaged(of_organisation bigint) RETURNS TABLE (record_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: ids alone. NULL asks for all organisations; one, for what is its own and what its positions filed.
    SELECT r.id FROM records_record r
     WHERE (of_organisation IS NULL OR r.originator_id = of_organisation
            OR r.author_position_id IN (SELECT p.id FROM mission_position p WHERE p.organisation_id = of_organisation))
       AND NOT EXISTS (SELECT 1 FROM mission_position p WHERE p.id = r.author_position_id AND p.is_active)
       AND NOT EXISTS (SELECT 1 FROM mission_position p
                         JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                        WHERE p.organisation_id = r.originator_id AND p.is_active)
       -- What others filed for an organisation is managed by its own positions, as far as they read.
       AND NOT EXISTS (SELECT 1 FROM mission_position p JOIN mission_position f ON f.id = r.author_position_id
                        WHERE p.organisation_id = r.originator_id AND f.organisation_id <> r.originator_id AND p.is_active
                          AND (NOT EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id)
                               OR EXISTS (SELECT 1 FROM mission_positionrole q
                                           WHERE q.position_id = p.id AND q.role NOT IN ('ADM', 'AUD'))))
       AND NOT EXISTS (SELECT 1 FROM need_to_know_recordgroupobjectpermission g
                         JOIN auth_permission q ON q.id = g.permission_id AND q.codename = 'manage_record'
                         JOIN mission_position p ON p.group_id = g.group_id AND p.is_active
                        WHERE g.content_object_id = r.id AND g.expires_at IS NULL)
$$;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['need_to_know_files_for(bigint, bigint, bigint)', 'need_to_know_filed_at_home(bigint, bigint)',
                             'need_to_know_voices(bigint, bigint)', 'need_to_know_filed_record(bigint)']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app, portal_door', f);
    END LOOP;
END $$;
