-- The wall around the register: who reads whom to call, people by their consent, caveats by their own classification;
-- the stance of an organisation, which its word alone changes; and who is closed out when one is not to be listed.
-- Functions marked SECURITY DEFINER belong to portal_door and read the actor from the session.

-- ---------------------------------------------------------------- who engages, and who keeps
CREATE FUNCTION stakeholders_engages() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether one of the actor's positions is a CMCoord officer's.
    SELECT EXISTS (SELECT 1 FROM mission_positionrole q
                    WHERE q.role = 'CMC' AND q.position_id = ANY (current_setting('app.positions')::bigint[]))
$$;
CREATE FUNCTION stakeholders_civilian() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether none of the actor's positions stands on a uniformed side or with the host state.
    SELECT NOT EXISTS (SELECT 1 FROM mission_position p JOIN mission_organisation o ON o.id = p.organisation_id
                        WHERE p.id = ANY (current_setting('app.positions')::bigint[])
                          AND o.side IN ('mission_military', 'mission_police', 'host_state'))
$$;
CREATE FUNCTION stakeholders_keeps(r records_record) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.editors && current_setting('app.principals')::integer[]
        OR r.id = ANY (current_setting('app.lent_edit')::bigint[])
$$;
CREATE FUNCTION stakeholders_own(of_organisation bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the actor holds a position in that organisation.
    SELECT EXISTS (SELECT 1 FROM mission_position p WHERE p.organisation_id = of_organisation
                      AND p.id = ANY (current_setting('app.positions')::bigint[]))
$$;
CREATE FUNCTION stakeholders_reaches(of_stakeholder bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the actor, who must read the record, may have its contacts. An organisation that is engaged through OCHA
    -- is reached by humanitarian and development readers, by CMCoord officers and its keepers; one that is only listed,
    -- or not to be listed, by CMCoord officers, its keepers and itself.
    SELECT EXISTS (
        SELECT 1 FROM records_record r JOIN stakeholders_stakeholder s ON s.record_ptr_id = r.id
         WHERE r.id = of_stakeholder
           AND (s.stance = 'direct' OR stakeholders_keeps(r) OR stakeholders_engages()
                OR stakeholders_own(s.organisation_id)
                OR s.stance = 'via_ocha' AND EXISTS (
                    SELECT 1 FROM mission_position p JOIN mission_organisation o ON o.id = p.organisation_id
                     WHERE p.id = ANY (current_setting('app.positions')::bigint[])
                       AND o.side IN ('humanitarian', 'development'))))
$$;
CREATE FUNCTION stakeholders_shows(of_stakeholder bigint, consent text, until date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the actor may read a person of the record: as far as they agreed and no longer; and never people of
    -- humanitarian or development organisations where the actor's side is barred from lists of such staff.
    SELECT EXISTS (
        SELECT 1 FROM records_record r JOIN stakeholders_stakeholder s ON s.record_ptr_id = r.id
         WHERE r.id = of_stakeholder
           AND (s.side NOT IN ('humanitarian', 'development') OR NOT EXISTS (
                SELECT 1 FROM mission_datatype d
                 WHERE d.mission_id = r.mission_id AND d.code = 'staff'
                   AND d.id = ANY (current_setting('app.barred')::integer[])))
           AND (s.side NOT IN ('humanitarian', 'development') OR stakeholders_civilian())
           AND (stakeholders_keeps(r)
                OR consent <> 'not_asked' AND until >= records_clock()::date
                   AND (consent = 'everybody' OR stakeholders_civilian())))
       AND stakeholders_reaches(of_stakeholder)
$$;

DROP POLICY readable ON stakeholders_contact;
CREATE POLICY readable ON stakeholders_contact FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = stakeholder_id) AND stakeholders_reaches(stakeholder_id));
DROP POLICY readable ON stakeholders_person;
CREATE POLICY readable ON stakeholders_person FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = stakeholder_id)
    AND stakeholders_shows(stakeholder_id, consent, consent_until));
DROP POLICY readable ON stakeholders_caveat;
CREATE POLICY readable ON stakeholders_caveat FOR SELECT USING (
    classification <= current_setting('app.clearance')::integer
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = stakeholder_id));

-- ---------------------------------------------------------------- history that tells no contact, no person, no caveat
CREATE FUNCTION stakeholders_part_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE owner bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.stakeholder_id ELSE NEW.stakeholder_id END; at_state text;
BEGIN
    SELECT state INTO at_state FROM records_record WHERE id = owner;
    IF at_state IS NULL OR at_state = 'draft' THEN RETURN NULL; END IF;
    -- SECURITY: every reader of the record reads its history; it says that the part changed and nothing more.
    IF NOT EXISTS (SELECT 1 FROM records_change c WHERE c.record_id = owner AND c."table" = TG_TABLE_NAME
                      AND c.transaction = pg_current_xact_id()::text::bigint) THEN
        INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
        VALUES (owner, TG_TABLE_NAME, owner::text, 'update', '{"*": [null, null]}', need_to_know_actor(),
                pg_current_xact_id()::text::bigint, records_clock());
        UPDATE records_record SET version = version + 1, updated_at = records_clock() WHERE id = owner;
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['stakeholders_contact', 'stakeholders_person', 'stakeholders_caveat'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
                        EXECUTE FUNCTION stakeholders_part_note()', tab || '_note', tab);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- the stance
CREATE FUNCTION stakeholders_closed_scope(of_originator bigint, of_organisation bigint, scope text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    -- The audience of an organisation that is not to be listed: the keeper's position; its own people where it keeps
    -- its own file.
    SELECT scope = 'private' OR scope = 'organisation' AND of_originator IS NOT DISTINCT FROM of_organisation
$$;
CREATE FUNCTION stakeholders_draw_in(ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before text := coalesce(current_setting('app.mission', true), ''); of_mission bigint;
BEGIN
    -- CMCoord officers are drawn into files of organisations that are not to be listed; whoever is none any more is
    -- drawn out. Runs as the door, also when the structure changes while nobody acts.
    DELETE FROM records_addressee a USING records_record r
     WHERE a.record_id = r.id AND r.id = ANY (ids) AND a.role = 'CMC' AND NOT EXISTS (
            SELECT 1 FROM mission_positionrole q WHERE q.position_id = a.position_id AND q.role = 'CMC');
    FOR of_mission IN SELECT DISTINCT mission_id FROM records_record WHERE id = ANY (ids) ORDER BY 1 LOOP
        PERFORM set_config('app.mission', of_mission::text, true);
        INSERT INTO records_addressee (record_id, position_id, role)
        SELECT DISTINCT r.id, p.id, 'CMC'
          FROM records_record r JOIN stakeholders_stakeholder s ON s.record_ptr_id = r.id
          JOIN mission_position p ON p.mission_id = r.mission_id AND p.is_active
          JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'CMC'
         WHERE r.id = ANY (ids) AND r.mission_id = of_mission AND s.stance = 'unlisted' AND r.state <> 'draft'
        ON CONFLICT DO NOTHING;
    END LOOP;
    PERFORM set_config('app.mission', before, true);
END $$;
CREATE FUNCTION stakeholders_close(of_stakeholder bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Not to be listed from now on: whoever read it only because it was listed reads it no more. Runs as the door.
    UPDATE records_record r SET scope = 'private', version = r.version + 1, updated_at = records_clock()
      FROM stakeholders_stakeholder s
     WHERE r.id = of_stakeholder AND s.record_ptr_id = r.id
       AND NOT stakeholders_closed_scope(r.originator_id, s.organisation_id, r.scope);
    DELETE FROM need_to_know_recordgroupobjectpermission g
     WHERE g.content_object_id = of_stakeholder AND NOT EXISTS (
        SELECT 1 FROM mission_position p JOIN records_record r ON r.id = of_stakeholder
          LEFT JOIN stakeholders_stakeholder s ON s.record_ptr_id = r.id
         WHERE p.group_id = g.group_id AND (p.organisation_id IN (r.originator_id, s.organisation_id)
               OR EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role = 'CMC')));
    DELETE FROM need_to_know_recorduserobjectpermission g WHERE g.content_object_id = of_stakeholder;
END $$;

CREATE FUNCTION stakeholders_stakeholder_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE r records_record;
BEGIN
    SELECT * INTO r FROM records_record WHERE id = NEW.record_ptr_id;
    IF TG_OP = 'UPDATE' AND r.state <> 'draft' AND (NEW.stance, NEW.organisation_id) IS DISTINCT FROM
                                                  (OLD.stance, OLD.organisation_id)
       AND NOT (NEW.stance = OLD.stance AND OLD.organisation_id IS NULL) THEN
        RAISE EXCEPTION 'a stance changes by a word alone' USING ERRCODE = 'CP006';
    END IF;
    -- An organisation of the structure has one stance, on all files about it.
    IF NEW.organisation_id IS NOT NULL THEN
        NEW.stance := (SELECT o.engagement_stance FROM mission_organisation o
                        WHERE o.id = NEW.organisation_id AND o.mission_id = r.mission_id);
        IF NEW.stance IS NULL THEN
            RAISE EXCEPTION 'another mission''s organisation' USING ERRCODE = 'CP006';
        END IF;
    END IF;
    IF NEW.stance = 'unlisted' AND NOT stakeholders_closed_scope(r.originator_id, NEW.organisation_id, r.scope) THEN
        RAISE EXCEPTION 'not to be listed' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stakeholders_stakeholder_kept BEFORE INSERT OR UPDATE ON stakeholders_stakeholder
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION stakeholders_stakeholder_kept();

CREATE FUNCTION stakeholders_record_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM stakeholders_stakeholder s
                WHERE s.record_ptr_id = NEW.id AND s.stance = 'unlisted'
                  AND NOT stakeholders_closed_scope(NEW.originator_id, s.organisation_id, NEW.scope)) THEN
        RAISE EXCEPTION 'not to be listed' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stakeholders_record_kept BEFORE UPDATE OF scope ON records_record
    FOR EACH ROW WHEN (NEW.type = 'stakeholder' AND OLD.scope IS DISTINCT FROM NEW.scope
                       AND current_user <> 'portal_door')
    EXECUTE FUNCTION stakeholders_record_kept();

CREATE FUNCTION stakeholders_record_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM stakeholders_draw_in(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER stakeholders_record_moved AFTER UPDATE OF state ON records_record
    FOR EACH ROW WHEN (NEW.type = 'stakeholder' AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION stakeholders_record_moved();

CREATE FUNCTION stakeholders_stanceword_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE told records_record; s stakeholders_stakeholder;
BEGIN
    NEW.at := records_clock();
    NEW.actor_id := need_to_know_actor();
    -- SECURITY: a hidden record is left to the policy, which answers as for a missing one.
    SELECT * INTO told FROM records_record r WHERE r.id = NEW.stakeholder_id AND (@READABLE_R@) FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN NEW; END IF;
    SELECT * INTO s FROM stakeholders_stakeholder x WHERE x.record_ptr_id = told.id;
    IF NEW.position_id IS NULL OR NOT NEW.position_id = ANY (current_setting('app.positions')::bigint[])
       OR told.state IN ('draft', 'discarded', 'merged')
       OR NOT (EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = NEW.position_id AND q.role = 'CMC')
               OR EXISTS (SELECT 1 FROM mission_position p
                           WHERE p.id = NEW.position_id AND p.organisation_id = s.organisation_id)
               OR s.organisation_id IS NULL AND told.author_position_id = NEW.position_id) THEN
        RAISE EXCEPTION 'not theirs to say' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stakeholders_stanceword_check BEFORE INSERT ON stakeholders_stanceword
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION stakeholders_stanceword_check();

CREATE FUNCTION stakeholders_stance_put(of_stakeholder bigint, said text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before text;
BEGIN
    SELECT stance INTO before FROM stakeholders_stakeholder WHERE record_ptr_id = of_stakeholder;
    UPDATE stakeholders_stakeholder SET stance = said WHERE record_ptr_id = of_stakeholder AND stance <> said;
    IF said = 'unlisted' AND before <> 'unlisted' THEN PERFORM stakeholders_close(of_stakeholder); END IF;
    PERFORM stakeholders_draw_in(ARRAY[of_stakeholder]);
END $$;
CREATE FUNCTION stakeholders_stanceword_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_organisation bigint;
BEGIN
    PERFORM stakeholders_stance_put(NEW.stakeholder_id, NEW.stance);
    SELECT organisation_id INTO of_organisation FROM stakeholders_stakeholder WHERE record_ptr_id = NEW.stakeholder_id;
    UPDATE mission_organisation SET engagement_stance = NEW.stance
     WHERE id = of_organisation AND engagement_stance <> NEW.stance;
    RETURN NULL;
END $$;
CREATE TRIGGER stakeholders_stanceword_apply AFTER INSERT ON stakeholders_stanceword
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION stakeholders_stanceword_apply();

CREATE FUNCTION stakeholders_organisation_said() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE each bigint; nobody boolean := coalesce(current_setting('app.actor', true), '') = '';
BEGIN
    -- The structure may change while nobody acts: the history then names the portal's own clock.
    IF nobody THEN PERFORM set_config('app.actor', 'clock', true); END IF;
    FOR each IN SELECT record_ptr_id FROM stakeholders_stakeholder
                 WHERE organisation_id = NEW.id AND stance <> NEW.engagement_stance ORDER BY 1 LOOP
        PERFORM stakeholders_stance_put(each, NEW.engagement_stance);
    END LOOP;
    IF nobody THEN PERFORM set_config('app.actor', '', true); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stakeholders_organisation_said AFTER UPDATE OF engagement_stance ON mission_organisation
    FOR EACH ROW WHEN (OLD.engagement_stance IS DISTINCT FROM NEW.engagement_stance)
    EXECUTE FUNCTION stakeholders_organisation_said();

CREATE FUNCTION stakeholders_officer_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_position bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.position_id ELSE NEW.position_id END;
BEGIN
    -- A CMCoord officer more or less: those of the mission read the files of the unlisted, and nobody who was one.
    PERFORM stakeholders_draw_in(ARRAY(
        SELECT s.record_ptr_id FROM stakeholders_stakeholder s JOIN records_record r ON r.id = s.record_ptr_id
          JOIN mission_position p ON p.id = of_position AND p.mission_id = r.mission_id
         WHERE s.stance = 'unlisted'));
    RETURN NULL;
END $$;
CREATE TRIGGER stakeholders_officer_added AFTER INSERT ON mission_positionrole
    FOR EACH ROW WHEN (NEW.role = 'CMC') EXECUTE FUNCTION stakeholders_officer_changed();
CREATE TRIGGER stakeholders_officer_changed AFTER UPDATE ON mission_positionrole
    FOR EACH ROW WHEN (OLD.role = 'CMC' OR NEW.role = 'CMC') EXECUTE FUNCTION stakeholders_officer_changed();
CREATE TRIGGER stakeholders_officer_removed AFTER DELETE ON mission_positionrole
    FOR EACH ROW WHEN (OLD.role = 'CMC') EXECUTE FUNCTION stakeholders_officer_changed();

-- ---------------------------------------------------------------- relations: visible if both ends are
ALTER TABLE stakeholders_relation ENABLE ROW LEVEL SECURITY;
ALTER TABLE stakeholders_relation FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends ON stakeholders_relation FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = target_id));
CREATE POLICY added ON stakeholders_relation FOR INSERT WITH CHECK (
    author_id = need_to_know_actor()
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id AND stakeholders_keeps(r))
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = target_id
                 AND r.mission_id = current_setting('app.mission')::bigint));
CREATE POLICY removed ON stakeholders_relation FOR DELETE USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id AND stakeholders_keeps(r)));
ALTER TABLE stakeholders_relation ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE stakeholders_relation_id_seq FROM portal_app;
REVOKE UPDATE ON stakeholders_relation FROM portal_app;
REVOKE UPDATE, DELETE ON stakeholders_stanceword FROM portal_app;

-- ---------------------------------------------------------------- two files of one organisation
CREATE FUNCTION stakeholders_merge(of_stakeholder bigint, into_stakeholder bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Moves everything under one file to another; why not, in a word, where it may not be. Both must be the actor's to
-- change, and nobody may read more than before: what moves is open to no reader who could not read it where it was.
DECLARE f records_record; t records_record; fs stakeholders_stakeholder; ts stakeholders_stakeholder;
BEGIN
    PERFORM 1 FROM records_record WHERE id IN (of_stakeholder, into_stakeholder) ORDER BY id FOR NO KEY UPDATE;
    SELECT * INTO f FROM records_record r WHERE r.id = of_stakeholder AND (@READABLE_R@);
    SELECT * INTO t FROM records_record r WHERE r.id = into_stakeholder AND (@READABLE_R@);
    IF f.id IS NULL OR t.id IS NULL OR f.id = t.id OR f.mission_id <> t.mission_id
       OR f.type <> 'stakeholder' OR t.type <> 'stakeholder' OR t.state NOT IN ('registered', 'dormant') THEN
        RETURN 'gone';
    END IF;
    IF NOT stakeholders_keeps(f) OR NOT stakeholders_keeps(t) THEN RETURN 'not kept'; END IF;
    SELECT * INTO fs FROM stakeholders_stakeholder WHERE record_ptr_id = f.id;
    SELECT * INTO ts FROM stakeholders_stakeholder WHERE record_ptr_id = t.id;
    IF fs.stance <> ts.stance THEN RETURN 'stance'; END IF;
    IF NOT t.audience <@ f.audience OR t.classification < f.classification OR t.sensitivity < f.sensitivity
       OR NOT f.compartments <@ t.compartments OR NOT f.data_types <@ t.data_types
       OR EXISTS (SELECT 1 FROM need_to_know_recordgroupobjectpermission g
                   WHERE g.content_object_id = t.id AND g.expires_at > records_clock()
                     AND NOT g.group_id = ANY (f.audience))
       OR EXISTS (SELECT 1 FROM need_to_know_recorduserobjectpermission g
                   WHERE g.content_object_id = t.id AND g.expires_at > records_clock()
                     AND NOT -g.user_id = ANY (f.audience)) THEN
        RETURN 'wider';
    END IF;
    UPDATE stakeholders_contact SET stakeholder_id = t.id WHERE stakeholder_id = f.id;
    UPDATE stakeholders_person SET stakeholder_id = t.id WHERE stakeholder_id = f.id;
    UPDATE stakeholders_mandate SET stakeholder_id = t.id WHERE stakeholder_id = f.id;
    UPDATE stakeholders_caveat SET stakeholder_id = t.id WHERE stakeholder_id = f.id;
    UPDATE stakeholders_presence SET stakeholder_id = t.id WHERE stakeholder_id = f.id;
    INSERT INTO stakeholders_relation (uuid, source_id, target_id, kind, author_id, at)
    SELECT gen_random_uuid(), CASE WHEN x.source_id = f.id THEN t.id ELSE x.source_id END,
           CASE WHEN x.target_id = f.id THEN t.id ELSE x.target_id END, x.kind, x.author_id, x.at
      FROM stakeholders_relation x
     WHERE f.id IN (x.source_id, x.target_id) AND t.id NOT IN (x.source_id, x.target_id)
       AND NOT (x.kind = 'merged_into' AND x.source_id = f.id)
    ON CONFLICT DO NOTHING;
    DELETE FROM stakeholders_relation x WHERE f.id IN (x.source_id, x.target_id);
    INSERT INTO stakeholders_relation (uuid, source_id, target_id, kind, author_id, at)
    VALUES (gen_random_uuid(), f.id, t.id, 'merged_into', need_to_know_actor(), records_clock());
    -- The names of the one that goes are found under the one that stays.
    UPDATE stakeholders_stakeholder
       SET other_names = left(concat_ws(E'\n', nullif(btrim(other_names), ''), f.title, nullif(fs.acronym, ''),
                                        nullif(btrim(fs.other_names), '')), 1000),
           organisation_id = coalesce(organisation_id, fs.organisation_id)
     WHERE record_ptr_id = t.id;
    RETURN '';
END $$;

-- ---------------------------------------------------------------- presence: no finer than the mission shows
CREATE FUNCTION stakeholders_presence_round() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE decimals integer;
BEGIN
    NEW.updated_at := records_clock();
    SELECT records_decimals(r.mission_id, r.sensitivity) INTO decimals FROM records_record r WHERE r.id = NEW.stakeholder_id;
    NEW.latitude := records_coarse(NEW.latitude, coalesce(decimals, -1));
    NEW.longitude := records_coarse(NEW.longitude, coalesce(decimals, -1));
    RETURN NEW;
END $$;
CREATE TRIGGER stakeholders_presence_round BEFORE INSERT OR UPDATE ON stakeholders_presence
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION stakeholders_presence_round();
CREATE FUNCTION stakeholders_presence_coarsen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE stakeholders_presence p
       SET latitude = records_coarse(p.latitude, records_decimals(NEW.mission_id, NEW.sensitivity)),
           longitude = records_coarse(p.longitude, records_decimals(NEW.mission_id, NEW.sensitivity))
     WHERE p.stakeholder_id = NEW.id AND p.latitude IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER stakeholders_presence_coarsen AFTER UPDATE OF sensitivity ON records_record
    FOR EACH ROW WHEN (NEW.type = 'stakeholder' AND NEW.sensitivity > OLD.sensitivity)
    EXECUTE FUNCTION stakeholders_presence_coarsen();

-- ---------------------------------------------------------------- caveats, for whoever tasks
CREATE FUNCTION stakeholders_ineligible(of_kind text, of_area bigint, of_day date)
RETURNS TABLE (organisation_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: that a unit is not eligible, never why, and only for those who task: the JOC, CIMIC, and deciders.
    WITH RECURSIVE within(id) AS (
        SELECT a.id FROM mission_area a WHERE a.id = of_area
        UNION SELECT a.parent_id FROM mission_area a JOIN within w ON a.id = w.id WHERE a.parent_id IS NOT NULL),
    barred(id) AS (
        SELECT s.organisation_id FROM stakeholders_caveat c
          JOIN stakeholders_stakeholder s ON s.record_ptr_id = c.stakeholder_id
          JOIN records_record r ON r.id = s.record_ptr_id
         WHERE r.mission_id = current_setting('app.mission')::bigint AND r.state NOT IN ('draft', 'discarded', 'merged')
           AND s.organisation_id IS NOT NULL AND c.kind IN ('any', of_kind)
           AND (c.area_id IS NULL OR c.area_id IN (SELECT id FROM within))
           AND (c.valid_from IS NULL OR c.valid_from <= of_day) AND (c.valid_to IS NULL OR c.valid_to >= of_day)
        UNION SELECT o.id FROM mission_organisation o JOIN barred b ON o.parent_id = b.id)
    SELECT b.id FROM barred b
     WHERE EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.role IN ('JOC', 'CIM', 'DEC')
                      AND q.position_id = ANY (current_setting('app.positions')::bigint[]))
$$;

-- ---------------------------------------------------------------- somebody you should ask is active here
CREATE FUNCTION stakeholders_district(of_area bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The area of level 2 in which an area lies; NULL for a wider one.
    WITH RECURSIVE up(id, level, parent_id) AS (
        SELECT a.id, a.level, a.parent_id FROM mission_area a WHERE a.id = of_area
        UNION ALL SELECT a.id, a.level, a.parent_id FROM mission_area a JOIN up ON a.id = up.parent_id)
    SELECT id FROM up WHERE level = 2 LIMIT 1
$$;
CREATE FUNCTION stakeholders_hints()
RETURNS TABLE (presence_id bigint, organisations text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Rows of presence that the actor keeps, or for a CMCoord officer reads, where somebody of the other side whom they
    -- cannot read is active in the same district, sector and time, and lets that much be told. Only a CMCoord officer
    -- is told who. SECURITY: never of an organisation that is only listed or not to be listed, and nothing of what it does.
    WITH mine AS (
        SELECT p.*, stakeholders_district(p.area_id) AS district,
               s.side IN ('mission_military', 'mission_police', 'mission_civil') AS of_mission, r.mission_id
          FROM stakeholders_presence p JOIN stakeholders_stakeholder s ON s.record_ptr_id = p.stakeholder_id
          JOIN records_record r ON r.id = p.stakeholder_id
         WHERE (@READABLE_R@) AND r.state = 'registered'
           AND (r.editors && current_setting('app.principals')::integer[] OR stakeholders_own(s.organisation_id)
                OR stakeholders_engages())
           AND p.sector_id IS NOT NULL AND p.status NOT IN ('completed', 'suspended'))
    SELECT m.id, CASE WHEN stakeholders_engages() THEN array_agg(DISTINCT x.title::text ORDER BY x.title::text)
                      ELSE '{}'::text[] END
      FROM mine m
      JOIN stakeholders_presence p ON p.sector_id = m.sector_id AND p.may_hint
                                  AND p.status NOT IN ('completed', 'suspended')
                                  AND stakeholders_district(p.area_id) = m.district
      JOIN stakeholders_stakeholder s ON s.record_ptr_id = p.stakeholder_id AND s.stance IN ('direct', 'via_ocha')
                                     AND (s.side IN ('mission_military', 'mission_police', 'mission_civil')) <> m.of_mission
      JOIN records_record x ON x.id = p.stakeholder_id AND x.mission_id = m.mission_id AND x.state = 'registered'
     WHERE NOT (@READABLE_X@)
       AND coalesce(p.start, '-infinity'::date) <= coalesce(m."end", 'infinity'::date)
       AND coalesce(m.start, '-infinity'::date) <= coalesce(p."end", 'infinity'::date)
       AND coalesce(p."end", 'infinity'::date) >= records_clock()::date
     GROUP BY m.id
$$;

-- ---------------------------------------------------------------- imports: their person's alone
DO $$
DECLARE tab text; mine text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['stakeholders_importrun', 'stakeholders_importrow'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tab);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN id SET GENERATED ALWAYS', tab);
        EXECUTE format('REVOKE ALL ON SEQUENCE %I FROM portal_app', tab || '_id_seq');
        mine := CASE tab WHEN 'stakeholders_importrun'
            THEN 'person_id = need_to_know_actor() AND mission_id = current_setting(''app.mission'')::bigint'
            ELSE 'EXISTS (SELECT 1 FROM stakeholders_importrun i WHERE i.id = run_id)' END;
        EXECUTE format('CREATE POLICY mine ON %I USING (%s) WITH CHECK (%s)', tab, mine, mine);
    END LOOP;
END $$;
CREATE FUNCTION stakeholders_imports_forget(older_than interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone integer;
BEGIN
    -- SECURITY: for the portal's own clock; whoever acts is refused.
    IF coalesce(current_setting('app.actor', true), '') <> '' THEN
        RAISE EXCEPTION 'for the clock alone' USING ERRCODE = 'CP005';
    END IF;
    DELETE FROM stakeholders_importrow w USING stakeholders_importrun i
     WHERE w.run_id = i.id AND i.created_at < records_clock() - older_than;
    DELETE FROM stakeholders_importrun WHERE created_at < records_clock() - older_than;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.proname FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'stakeholders\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
        IF f.proname IN ('stakeholders_engages', 'stakeholders_civilian', 'stakeholders_keeps', 'stakeholders_own',
                         'stakeholders_reaches', 'stakeholders_shows', 'stakeholders_closed_scope',
                         'stakeholders_district', 'stakeholders_ineligible', 'stakeholders_hints',
                         'stakeholders_imports_forget', 'stakeholders_merge') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f.name);
        END IF;
    END LOOP;
END $$;
