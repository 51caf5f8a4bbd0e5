-- The wall around liaison: what stands between two records is seen from both ends; who writes a link and when its mode
-- or an organisation's stance forbids it; whoever owns a follow-up settles it; the last contact of a pair, a date alone.
-- Functions marked SECURITY DEFINER belong to portal_door and read the actor from the session.

-- ---------------------------------------------------------------- rows between two records
DO $$
DECLARE tab text; owner text; made text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['liaison_offices_host', 'liaison_offices_counterpart'] LOOP
        owner := CASE tab WHEN 'liaison_offices_host' THEN 'office_id' ELSE 'engagement_id' END;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tab);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tab);
        EXECUTE format('CREATE POLICY both_ends ON %I FOR SELECT USING (
            EXISTS (SELECT 1 FROM records_record r WHERE r.id = %I)
            AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = stakeholder_id))', tab, owner);
        EXECUTE format('CREATE POLICY added ON %I FOR INSERT WITH CHECK (author_id = need_to_know_actor()
            AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = %I AND stakeholders_keeps(r))
            AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = stakeholder_id
                         AND r.mission_id = current_setting(''app.mission'')::bigint))', tab, owner);
        EXECUTE format('CREATE POLICY removed ON %I FOR DELETE USING (
            EXISTS (SELECT 1 FROM records_record r WHERE r.id = %I AND stakeholders_keeps(r)))', tab, owner);
        EXECUTE format('ALTER TABLE %I ALTER COLUMN id SET GENERATED ALWAYS', tab);
        EXECUTE format('REVOKE ALL ON SEQUENCE %I FROM portal_app', tab || '_id_seq');
        EXECUTE format('REVOKE UPDATE ON %I FROM portal_app', tab);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- links
CREATE FUNCTION liaison_offices_links(of_a bigint, of_b bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the actor, who must read both ends, writes links between them.
    SELECT (SELECT count(*) FROM records_record r WHERE r.id IN (of_a, of_b)
               AND r.mission_id = current_setting('app.mission')::bigint) = 2
       AND (EXISTS (SELECT 1 FROM records_record r WHERE r.id IN (of_a, of_b) AND stakeholders_keeps(r))
            OR EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.role IN ('CMC', 'CIM')
                          AND q.position_id = ANY (current_setting('app.positions')::bigint[])))
$$;
CREATE FUNCTION liaison_offices_rule(of_mission bigint, one text, other text, of_area bigint)
RETURNS liaison_offices_liaisonrule
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The rule that counts between two sides in an area: that of the closest area, else the one for everywhere.
    WITH RECURSIVE up(id, parent_id, far) AS (
        SELECT a.id, a.parent_id, 0 FROM mission_area a WHERE a.id = of_area
        UNION ALL SELECT a.id, a.parent_id, up.far + 1 FROM mission_area a JOIN up ON a.id = up.parent_id)
    SELECT x.* FROM liaison_offices_liaisonrule x LEFT JOIN up ON up.id = x.area_id
     WHERE x.mission_id = of_mission AND (x.side_a, x.side_b) IN ((one, other), (other, one))
       AND (x.area_id IS NULL OR up.id IS NOT NULL)
     ORDER BY up.far NULLS LAST, x.id LIMIT 1
$$;
CREATE FUNCTION liaison_offices_link_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one stakeholders_stakeholder; other stakeholders_stakeholder; held liaison_offices_liaisonrule;
BEGIN
    NEW.at := records_clock();
    IF TG_OP = 'UPDATE' AND (NEW.a_id, NEW.b_id, NEW.author_id, NEW.uuid, NEW.last_contact_on)
       IS DISTINCT FROM (OLD.a_id, OLD.b_id, OLD.author_id, OLD.uuid, OLD.last_contact_on) THEN
        RAISE EXCEPTION 'not theirs to change' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'INSERT' THEN NEW.last_contact_on := NULL; END IF;
    -- SECURITY: read as whoever writes: a hidden end is left to the policy, which answers as for a missing one.
    SELECT * INTO one FROM stakeholders_stakeholder WHERE record_ptr_id = NEW.a_id;
    SELECT * INTO other FROM stakeholders_stakeholder WHERE record_ptr_id = NEW.b_id;
    IF one.record_ptr_id IS NULL OR other.record_ptr_id IS NULL THEN RETURN NEW; END IF;
    IF NEW.office_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.office_id IS DISTINCT FROM OLD.office_id)
       AND NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = NEW.office_id) THEN
        RAISE EXCEPTION 'no such office' USING ERRCODE = 'CP006';
    END IF;
    IF EXISTS (SELECT 1 FROM mission_position p WHERE p.id IN (NEW.primary_id, NEW.alternate_id)
                  AND p.mission_id <> current_setting('app.mission')::bigint) THEN
        RAISE EXCEPTION 'another mission''s position' USING ERRCODE = 'CP006';
    END IF;
    IF NOT NEW.is_active THEN RETURN NEW; END IF;
    IF one.stance IN ('listed', 'unlisted') OR other.stance IN ('listed', 'unlisted') THEN
        RAISE EXCEPTION 'not to be engaged' USING ERRCODE = 'CP006';
    END IF;
    IF (one.stance = 'via_ocha' AND other.side IN ('mission_military', 'mission_police', 'mission_civil', 'host_state')
        OR other.stance = 'via_ocha' AND one.side IN ('mission_military', 'mission_police', 'mission_civil', 'host_state'))
       AND NOT (NEW.mode = 'interlocutor' AND EXISTS (
            SELECT 1 FROM mission_positionrole q WHERE q.position_id = NEW.primary_id AND q.role = 'CMC')) THEN
        RAISE EXCEPTION 'through OCHA alone' USING ERRCODE = 'CP006';
    END IF;
    held := liaison_offices_rule(current_setting('app.mission')::bigint, one.side, other.side, NEW.area_id);
    IF NEW.mode = ANY (held.barred) AND (TG_OP = 'INSERT' OR NOT OLD.is_active OR NEW.mode <> OLD.mode
                                         OR NEW.area_id IS DISTINCT FROM OLD.area_id) THEN
        RAISE EXCEPTION 'barred by the mission' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER liaison_offices_link_check BEFORE INSERT OR UPDATE ON liaison_offices_liaisonlink
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION liaison_offices_link_check();
ALTER TABLE liaison_offices_liaisonlink ENABLE ROW LEVEL SECURITY;
ALTER TABLE liaison_offices_liaisonlink FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends ON liaison_offices_liaisonlink FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = a_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = b_id));
CREATE POLICY added ON liaison_offices_liaisonlink FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND liaison_offices_links(a_id, b_id));
CREATE POLICY edited ON liaison_offices_liaisonlink FOR UPDATE
    USING (EXISTS (SELECT 1 FROM records_record r WHERE r.id = a_id)
           AND liaison_offices_links(a_id, b_id))
    WITH CHECK (EXISTS (SELECT 1 FROM records_record r WHERE r.id = a_id) AND liaison_offices_links(a_id, b_id));
ALTER TABLE liaison_offices_liaisonlink ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE liaison_offices_liaisonlink_id_seq FROM portal_app;
REVOKE DELETE ON liaison_offices_liaisonlink FROM portal_app;

-- ---------------------------------------------------------------- follow-ups: whoever owns one settles it
CREATE POLICY settled ON liaison_offices_followup FOR UPDATE
    USING (owner_id = ANY (current_setting('app.positions')::bigint[])
           AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = engagement_id))
    WITH CHECK (owner_id = ANY (current_setting('app.positions')::bigint[])
                AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = engagement_id));
CREATE FUNCTION liaison_offices_followup_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.what, NEW.owner_id, NEW.due, NEW.engagement_id) IS DISTINCT FROM
       (OLD.what, OLD.owner_id, OLD.due, OLD.engagement_id)
       AND NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = OLD.engagement_id AND stakeholders_keeps(r)) THEN
        RAISE EXCEPTION 'an owner settles and changes nothing else' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER liaison_offices_followup_check BEFORE UPDATE ON liaison_offices_followup
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION liaison_offices_followup_check();

-- ---------------------------------------------------------------- the last contact of a pair
CREATE FUNCTION liaison_offices_contacted(links bigint[]) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    -- Runs as the door. Both ends took part in a reported engagement: named in it, or its originator's own file.
    UPDATE liaison_offices_liaisonlink l SET last_contact_on = found.held_on
      FROM (SELECT x.id, (
                SELECT max(e.held_on) FROM liaison_offices_engagement e
                  JOIN records_record r ON r.id = e.record_ptr_id AND r.state IN ('reported', 'closed')
                  JOIN liaison_offices_counterpart c ON c.engagement_id = r.id AND c.stakeholder_id IN (x.a_id, x.b_id)
                  JOIN stakeholders_stakeholder o
                    ON o.record_ptr_id = CASE c.stakeholder_id WHEN x.a_id THEN x.b_id ELSE x.a_id END
                 WHERE o.organisation_id = r.originator_id
                    OR EXISTS (SELECT 1 FROM liaison_offices_counterpart d
                                WHERE d.engagement_id = r.id AND d.stakeholder_id = o.record_ptr_id)) AS held_on
              FROM liaison_offices_liaisonlink x WHERE x.id = ANY (links)) found
     WHERE l.id = found.id AND l.last_contact_on IS DISTINCT FROM found.held_on
$$;
CREATE FUNCTION liaison_offices_touched(of_engagement bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT liaison_offices_contacted(ARRAY(
        SELECT DISTINCT l.id FROM liaison_offices_counterpart c
          JOIN liaison_offices_liaisonlink l ON c.stakeholder_id IN (l.a_id, l.b_id)
         WHERE c.engagement_id = of_engagement))
$$;
CREATE FUNCTION liaison_offices_record_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM liaison_offices_touched(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER liaison_offices_record_moved AFTER UPDATE OF state ON records_record
    FOR EACH ROW WHEN (NEW.type = 'engagement' AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION liaison_offices_record_moved();
CREATE FUNCTION liaison_offices_engagement_held() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM liaison_offices_touched(NEW.record_ptr_id);
    RETURN NULL;
END $$;
CREATE TRIGGER liaison_offices_engagement_held AFTER UPDATE OF held_on ON liaison_offices_engagement
    FOR EACH ROW WHEN (OLD.held_on IS DISTINCT FROM NEW.held_on) EXECUTE FUNCTION liaison_offices_engagement_held();
CREATE FUNCTION liaison_offices_counterpart_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE whom bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.stakeholder_id ELSE NEW.stakeholder_id END;
BEGIN
    PERFORM liaison_offices_contacted(ARRAY(
        SELECT l.id FROM liaison_offices_liaisonlink l WHERE whom IN (l.a_id, l.b_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER liaison_offices_counterpart_named AFTER INSERT OR DELETE ON liaison_offices_counterpart
    FOR EACH ROW EXECUTE FUNCTION liaison_offices_counterpart_named();
CREATE FUNCTION liaison_offices_link_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM liaison_offices_contacted(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER liaison_offices_link_made AFTER INSERT ON liaison_offices_liaisonlink
    FOR EACH ROW EXECUTE FUNCTION liaison_offices_link_made();

-- ---------------------------------------------------------------- two files of one organisation become one
CREATE FUNCTION liaison_offices_merged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE gone bigint := NEW.source_id; stays bigint := NEW.target_id;
BEGIN
    -- Nobody reads more than before: the record that stays is open to nobody who could not read the one that goes.
    UPDATE liaison_offices_liaisonlink SET is_active = false
     WHERE (a_id, b_id) IN ((gone, stays), (stays, gone));
    UPDATE liaison_offices_liaisonlink SET a_id = stays WHERE a_id = gone AND b_id <> stays;
    UPDATE liaison_offices_liaisonlink SET b_id = stays WHERE b_id = gone AND a_id <> stays;
    DELETE FROM liaison_offices_counterpart c WHERE c.stakeholder_id = gone AND EXISTS (
        SELECT 1 FROM liaison_offices_counterpart d WHERE d.engagement_id = c.engagement_id AND d.stakeholder_id = stays);
    UPDATE liaison_offices_counterpart SET stakeholder_id = stays WHERE stakeholder_id = gone;
    DELETE FROM liaison_offices_host c WHERE c.stakeholder_id = gone AND EXISTS (
        SELECT 1 FROM liaison_offices_host d WHERE d.office_id = c.office_id AND d.stakeholder_id = stays);
    UPDATE liaison_offices_host SET stakeholder_id = stays WHERE stakeholder_id = gone;
    PERFORM liaison_offices_contacted(ARRAY(
        SELECT l.id FROM liaison_offices_liaisonlink l WHERE stays IN (l.a_id, l.b_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER liaison_offices_merged AFTER INSERT ON stakeholders_relation
    FOR EACH ROW WHEN (NEW.kind = 'merged_into' AND current_user = 'portal_door')
    EXECUTE FUNCTION liaison_offices_merged();

-- ---------------------------------------------------------------- what a mission begins with
CREATE FUNCTION liaison_offices_first_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO liaison_offices_liaisonrule (uuid, mission_id, side_a, side_b, discouraged, barred, reason, required,
                                             stale_strategic, stale_operational, stale_tactical)
    VALUES (gen_random_uuid(), NEW.id, 'humanitarian', 'mission_military', '{co_location}', '{}',
            'Guidance of missions discourages co-location in complex emergencies: it blurs the distinction.', false,
            60, 30, 14);
    RETURN NULL;
END $$;
CREATE TRIGGER liaison_offices_first_rules AFTER INSERT ON mission_mission
    FOR EACH ROW EXECUTE FUNCTION liaison_offices_first_rules();
INSERT INTO liaison_offices_liaisonrule (uuid, mission_id, side_a, side_b, discouraged, barred, reason, required,
                                         stale_strategic, stale_operational, stale_tactical)
SELECT gen_random_uuid(), m.id, 'humanitarian', 'mission_military', '{co_location}', '{}',
       'Guidance of missions discourages co-location in complex emergencies: it blurs the distinction.', false, 60, 30, 14
  FROM mission_mission m;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.proname FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'liaison\_offices\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
        IF f.proname IN ('liaison_offices_links', 'liaison_offices_rule') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f.name);
        END IF;
    END LOOP;
END $$;
