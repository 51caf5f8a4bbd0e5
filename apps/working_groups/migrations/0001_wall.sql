-- The wall around groups, meetings and decisions: groups as principals, who leads and who may not, hidden membership,
-- closed items, minutes that freeze. Functions marked SECURITY DEFINER belong to portal_door and read the actor from the
-- session.

-- ---------------------------------------------------------------- who writes
CREATE FUNCTION working_groups_keeps(of_record bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether the actor may change that record.
    SELECT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_record AND (
        r.editors && current_setting('app.principals')::integer[]
        OR r.id = ANY (current_setting('app.lent_edit')::bigint[])))
$$;
CREATE FUNCTION working_groups_leads(of_body integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: whether the actor leads a group: about themselves alone.
    SELECT EXISTS (SELECT 1 FROM need_to_know_membership x WHERE x.group_id = of_body AND x.leads
                      AND x.position_id = ANY (current_setting('app.positions')::bigint[]))
$$;

-- ---------------------------------------------------------------- the group as a principal
CREATE FUNCTION working_groups_sync(of_group bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    -- Runs as the door. Who belongs: whoever leads; members; observers to the whole alone. An invitee reads what it is
    -- invited to, and nothing else.
    UPDATE need_to_know_body k SET shown = g.membership FROM working_groups_body b, working_groups_workinggroup g
     WHERE b.record_id = of_group AND k.group_id = b.group_id AND g.record_ptr_id = of_group
       AND k.shown IS DISTINCT FROM g.membership;
    DELETE FROM need_to_know_belonging x USING working_groups_body b
     WHERE b.record_id = of_group AND x.group_id = b.group_id;
    INSERT INTO need_to_know_belonging (group_id, position_id, organisation_id, since, until, leads)
    SELECT b.group_id, p, NULL, '-infinity', NULL, true
      FROM working_groups_body b JOIN working_groups_workinggroup g ON g.record_ptr_id = b.record_id
     CROSS JOIN LATERAL (SELECT DISTINCT x FROM unnest(ARRAY[g.chair_id, g.co_chair_id, g.secretariat_id]) x
                          WHERE x IS NOT NULL) lead(p)
     WHERE b.record_id = of_group
    UNION ALL
    SELECT b.group_id, m.position_id, m.organisation_id, coalesce(m.since, '-infinity'), m.until, false
      FROM working_groups_body b JOIN working_groups_member m ON m.group_id = b.record_id
     WHERE b.record_id = of_group AND num_nonnulls(m.position_id, m.organisation_id) = 1
       AND (m.standing = 'member' OR m.standing = 'observer' AND b.part = 'all')
$$;
CREATE FUNCTION working_groups_group_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made integer; of_mission bigint; each text;
BEGIN
    SELECT r.mission_id INTO of_mission FROM records_record r WHERE r.id = NEW.record_ptr_id;
    FOREACH each IN ARRAY ARRAY['all', 'members'] LOOP
        INSERT INTO auth_group (name) VALUES ('workinggroup:' || gen_random_uuid()) RETURNING id INTO made;
        INSERT INTO working_groups_body (uuid, group_id, mission_id, record_id, part)
        VALUES (gen_random_uuid(), made, of_mission, NEW.record_ptr_id, each);
        INSERT INTO need_to_know_body (group_id, mission_id, record_id, shown)
        VALUES (made, of_mission, NEW.record_ptr_id, NEW.membership);
    END LOOP;
    PERFORM working_groups_sync(NEW.record_ptr_id);
    RETURN NULL;
END $$;
CREATE TRIGGER working_groups_group_made AFTER INSERT ON working_groups_workinggroup
    FOR EACH ROW EXECUTE FUNCTION working_groups_group_made();
CREATE FUNCTION working_groups_group_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM working_groups_sync(NEW.record_ptr_id);
    RETURN NULL;
END $$;
CREATE TRIGGER working_groups_group_changed AFTER UPDATE ON working_groups_workinggroup FOR EACH ROW
    WHEN (OLD.chair_id IS DISTINCT FROM NEW.chair_id OR OLD.co_chair_id IS DISTINCT FROM NEW.co_chair_id
          OR OLD.secretariat_id IS DISTINCT FROM NEW.secretariat_id OR OLD.membership IS DISTINCT FROM NEW.membership)
    EXECUTE FUNCTION working_groups_group_changed();
CREATE FUNCTION working_groups_member_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM working_groups_sync(CASE TG_OP WHEN 'DELETE' THEN OLD.group_id ELSE NEW.group_id END);
    RETURN NULL;
END $$;
CREATE TRIGGER working_groups_member_changed AFTER INSERT OR UPDATE OR DELETE ON working_groups_member
    FOR EACH ROW EXECUTE FUNCTION working_groups_member_changed();

-- ---------------------------------------------------------------- who may not lead, who may not be a member
CREATE FUNCTION working_groups_group_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_kind text; of_mission bigint;
BEGIN
    SELECT r.kind, r.mission_id INTO of_kind, of_mission FROM records_record r WHERE r.id = NEW.record_ptr_id;
    IF EXISTS (
        SELECT 1 FROM (VALUES ('chair', NEW.chair_id), ('co_chair', NEW.co_chair_id),
                              ('secretariat', NEW.secretariat_id)) held(office, id)
          JOIN mission_position p ON p.id = held.id JOIN mission_organisation o ON o.id = p.organisation_id
          LEFT JOIN working_groups_leadrule x
            ON x.mission_id = of_mission AND x.kind = of_kind AND x.office = held.office
         WHERE p.mission_id <> of_mission OR o.side = ANY (x.sides) OR o.org_type = ANY (x.types)) THEN
        RAISE EXCEPTION 'kept from leading' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER working_groups_group_check BEFORE INSERT OR UPDATE ON working_groups_workinggroup
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION working_groups_group_check();
CREATE FUNCTION working_groups_kind_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM working_groups_workinggroup g
          CROSS JOIN LATERAL (VALUES ('chair', g.chair_id), ('co_chair', g.co_chair_id),
                                     ('secretariat', g.secretariat_id)) held(office, id)
          JOIN mission_position p ON p.id = held.id JOIN mission_organisation o ON o.id = p.organisation_id
          JOIN working_groups_leadrule x
            ON x.mission_id = NEW.mission_id AND x.kind = NEW.kind AND x.office = held.office
         WHERE g.record_ptr_id = NEW.id AND (o.side = ANY (x.sides) OR o.org_type = ANY (x.types))) THEN
        RAISE EXCEPTION 'kept from leading' USING ERRCODE = 'CP006';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER working_groups_kind_check AFTER UPDATE OF kind ON records_record
    FOR EACH ROW WHEN (NEW.type = 'working_group' AND OLD.kind IS DISTINCT FROM NEW.kind)
    EXECUTE FUNCTION working_groups_kind_check();
CREATE FUNCTION working_groups_member_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_side text; of_mission bigint;
BEGIN
    IF num_nonnulls(NEW.position_id, NEW.organisation_id) <> 1 THEN
        RAISE EXCEPTION 'a position or an organisation' USING ERRCODE = 'CP006';
    END IF;
    SELECT o.side, o.mission_id INTO of_side, of_mission FROM mission_organisation o
     WHERE o.id = coalesce(NEW.organisation_id, (SELECT p.organisation_id FROM mission_position p WHERE p.id = NEW.position_id));
    IF of_mission <> current_setting('app.mission')::bigint
       OR NEW.standing = 'member' AND of_side NOT IN ('humanitarian', 'development') AND EXISTS (
            SELECT 1 FROM working_groups_workinggroup g
             WHERE g.record_ptr_id = NEW.group_id AND g.composition = 'humanitarian') THEN
        RAISE EXCEPTION 'no member of this group' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER working_groups_member_check BEFORE INSERT OR UPDATE ON working_groups_member
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION working_groups_member_check();

-- ---------------------------------------------------------------- terms of reference: endorsed is endorsed
CREATE FUNCTION working_groups_terms_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.number := 1 + coalesce((SELECT max(t.number) FROM working_groups_termsofreference t
                                     WHERE t.group_id = NEW.group_id), 0);
        RETURN NEW;
    END IF;
    IF OLD.endorsed_on IS NOT NULL THEN
        RAISE EXCEPTION 'endorsed terms stay as they are' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    NEW.number := OLD.number;
    RETURN NEW;
END $$;
CREATE TRIGGER working_groups_terms_kept BEFORE INSERT OR UPDATE OR DELETE ON working_groups_termsofreference
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION working_groups_terms_kept();

-- ---------------------------------------------------------------- members: shown as far as the group says
DROP POLICY readable ON working_groups_member;
CREATE POLICY readable ON working_groups_member FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = group_id)
    AND (position_id = ANY (current_setting('app.positions')::bigint[])
         OR EXISTS (SELECT 1 FROM mission_position p WHERE p.organisation_id = working_groups_member.organisation_id
                       AND p.id = ANY (current_setting('app.positions')::bigint[]))
         OR working_groups_keeps(group_id)
         OR NOT EXISTS (SELECT 1 FROM working_groups_body b WHERE b.record_id = working_groups_member.group_id
                           AND b.group_id = ANY (need_to_know_unseen_bodies()))));

-- ---------------------------------------------------------------- meetings and decisions of a group
CREATE FUNCTION working_groups_bound() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.body_id IS DISTINCT FROM OLD.body_id THEN
            RAISE EXCEPTION 'it stays with its group' USING ERRCODE = 'CP004';
        END IF;
    ELSIF NEW.body_id IS NOT NULL AND NOT working_groups_leads(NEW.body_id) THEN
        RAISE EXCEPTION 'whoever leads the group' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER working_groups_bound BEFORE INSERT OR UPDATE ON working_groups_decision
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION working_groups_bound();
CREATE TRIGGER working_groups_bound BEFORE INSERT OR UPDATE ON working_groups_meeting
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION working_groups_bound();
CREATE FUNCTION working_groups_meeting_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.sequence := 0;
        NEW.core_id := (SELECT m.group_id FROM working_groups_body a
                          JOIN working_groups_body m ON m.record_id = a.record_id AND m.part = 'members'
                         WHERE a.group_id = NEW.body_id);
        RETURN NEW;
    END IF;
    NEW.core_id := OLD.core_id;
    -- SECURITY: what a calendar shows has changed; whoever has it learns it by the number.
    NEW.sequence := OLD.sequence + CASE WHEN (NEW.ends_at, NEW.place, NEW.joining) IS DISTINCT FROM
                                             (OLD.ends_at, OLD.place, OLD.joining) OR NEW.sequence < 0 THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;
CREATE TRIGGER working_groups_meeting_kept BEFORE INSERT OR UPDATE ON working_groups_meeting
    FOR EACH ROW EXECUTE FUNCTION working_groups_meeting_kept();
CREATE FUNCTION working_groups_meeting_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE working_groups_meeting SET sequence = -1 WHERE record_ptr_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER working_groups_meeting_moved
    AFTER UPDATE OF needed_by, title, state, classification, sensitivity, compartments, data_types
    ON records_record FOR EACH ROW
    WHEN (NEW.type = 'meeting' AND (
          OLD.needed_by IS DISTINCT FROM NEW.needed_by OR OLD.title IS DISTINCT FROM NEW.title
          OR OLD.state IS DISTINCT FROM NEW.state OR OLD.classification IS DISTINCT FROM NEW.classification
          OR OLD.sensitivity IS DISTINCT FROM NEW.sensitivity OR OLD.compartments IS DISTINCT FROM NEW.compartments
          OR OLD.data_types IS DISTINCT FROM NEW.data_types))
    EXECUTE FUNCTION working_groups_meeting_moved();

CREATE FUNCTION working_groups_grant(of_record bigint, of_group integer, of_right text, why text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    -- Runs as the door.
    INSERT INTO need_to_know_recordgroupobjectpermission
           (uuid, permission_id, group_id, content_object_id, granted_by_id, granted_at, reason, expires_at)
    SELECT gen_random_uuid(), q.id, of_group, of_record, need_to_know_actor(), records_clock(), why, NULL
      FROM auth_permission q JOIN django_content_type c ON c.id = q.content_type_id
     WHERE q.codename = of_right AND c.app_label = 'records' AND c.model = 'record' AND of_group IS NOT NULL
    ON CONFLICT (group_id, permission_id, content_object_id) DO NOTHING
$$;
CREATE FUNCTION working_groups_officers(of_record bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    -- Runs as the door. Whoever leads a group, or chairs a meeting or keeps its minutes, may change its record: and
    -- whoever did before and does no more, may not.
    WITH lead(id) AS (
        SELECT unnest(ARRAY[g.chair_id, g.co_chair_id, g.secretariat_id]) FROM working_groups_workinggroup g
         WHERE g.record_ptr_id = of_record
        UNION SELECT unnest(ARRAY[m.chair_id, m.secretary_id]) FROM working_groups_meeting m
         WHERE m.record_ptr_id = of_record),
    gone AS (
        DELETE FROM need_to_know_recordgroupobjectpermission g USING auth_permission q
         WHERE g.content_object_id = of_record AND q.id = g.permission_id AND q.codename = 'change_record'
           AND g.reason = 'Leads the group, or keeps the minutes.' AND g.group_id NOT IN (
               SELECT p.group_id FROM mission_position p JOIN lead ON lead.id = p.id))
    SELECT working_groups_grant(of_record, p.group_id, 'change_record', 'Leads the group, or keeps the minutes.')
      FROM mission_position p JOIN lead ON lead.id = p.id
$$;
CREATE FUNCTION working_groups_convene(of_record bigint, of_part text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE made records_record; body integer;
BEGIN
    -- SECURITY: a draft of the actor's own, for the group that it belongs to and the actor leads: its audience is
    -- chosen as any author chooses one when filing. Afterwards the originator alone widens it. An action point of a
    -- group is filed and opened at once, and is the group's until somebody begins with it.
    SELECT * INTO made FROM records_record r
     WHERE r.id = of_record AND (r.state = 'draft' OR r.type = 'action_point' AND r.state = 'open') AND (@READABLE_R@)
       AND r.author_position_id = ANY (current_setting('app.positions')::bigint[]);
    IF NOT FOUND OR made.type NOT IN ('working_group', 'meeting', 'decision', 'action_point') THEN RETURN false; END IF;
    PERFORM working_groups_officers(made.id);
    IF of_part = 'item' THEN
        -- What comes of a closed item is read by those whom it admits: who chairs and keeps the minutes, and by name.
        PERFORM working_groups_grant(made.id, p.group_id, 'view_record', 'Admitted to the item that it came of.')
           FROM working_groups_outcome o JOIN working_groups_agendaitem i ON i.id = o.item_id
           JOIN working_groups_meeting m ON m.record_ptr_id = o.meeting_id
           JOIN mission_position p ON p.is_active AND (p.id IN (m.chair_id, m.secretary_id)
                OR i.admits = 'named' AND EXISTS (SELECT 1 FROM working_groups_admitted a
                                                   WHERE a.item_id = i.id AND a.position_id = p.id))
          WHERE o.record_id = made.id AND made.type IN ('decision', 'action_point');
        RETURN true;
    END IF;
    body := CASE made.type
        WHEN 'working_group' THEN (SELECT b.group_id FROM working_groups_body b WHERE b.record_id = made.id AND b.part = 'all')
        WHEN 'meeting' THEN (SELECT m.body_id FROM working_groups_meeting m WHERE m.record_ptr_id = made.id)
        WHEN 'decision' THEN (SELECT d.body_id FROM working_groups_decision d WHERE d.record_ptr_id = made.id)
        ELSE (SELECT a.body_id FROM action_points_actionpoint a
               WHERE a.record_ptr_id = made.id AND working_groups_leads(a.body_id)) END;
    IF of_part = 'members' THEN
        body := (SELECT m.group_id FROM working_groups_body a
                   JOIN working_groups_body m ON m.record_id = a.record_id AND m.part = 'members' WHERE a.group_id = body);
    END IF;
    PERFORM working_groups_grant(made.id, body, 'view_record', 'Called for the group.');
    RETURN true;
END $$;
CREATE FUNCTION working_groups_appointed(of_record bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: whoever may change the record has just said who leads; rights follow from that, and no others.
    IF NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_record AND (@EDITABLE_R@)
                      AND r.type IN ('working_group', 'meeting')) THEN RETURN false; END IF;
    PERFORM working_groups_officers(of_record);
    RETURN true;
END $$;
CREATE FUNCTION working_groups_invite(of_meeting bigint, of_position bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: whoever keeps a meeting invites positions of its mission to it, while it lies ahead or goes on.
    IF NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_meeting AND r.type = 'meeting' AND (@EDITABLE_R@)
                      AND r.state IN ('draft', 'planned', 'session')) THEN RETURN false; END IF;
    PERFORM working_groups_grant(of_meeting, p.group_id, 'view_record', 'Invited to the meeting.') FROM mission_position p
      WHERE p.id = of_position AND p.is_active AND p.mission_id = current_setting('app.mission')::bigint;
    RETURN FOUND;
END $$;

-- ---------------------------------------------------------------- closed items: those admitted, everywhere
CREATE FUNCTION working_groups_admits(of_meeting bigint, of_item bigint, admits text, of_classification integer)
RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT of_classification <= current_setting('app.clearance')::integer AND (
        working_groups_keeps(of_meeting)
        OR admits = 'members' AND EXISTS (
            SELECT 1 FROM working_groups_meeting m WHERE m.record_ptr_id = of_meeting
               AND m.core_id = ANY (current_setting('app.principals')::integer[]))
        OR admits = 'named' AND EXISTS (
            SELECT 1 FROM working_groups_admitted a WHERE a.item_id = of_item
               AND a.position_id = ANY (current_setting('app.positions')::bigint[])))
$$;
DROP POLICY readable ON working_groups_agendaitem;
CREATE POLICY readable ON working_groups_agendaitem FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id)
    AND (session = 'open' OR working_groups_admits(meeting_id, id, admits, classification)));
CREATE POLICY proposed ON working_groups_agendaitem FOR INSERT WITH CHECK (
    state = 'proposed' AND minute = '' AND proposer_id = ANY (current_setting('app.positions')::bigint[])
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id AND r.state = 'planned')
    AND EXISTS (SELECT 1 FROM working_groups_attendance a WHERE a.meeting_id = working_groups_agendaitem.meeting_id
                   AND (a.position_id = working_groups_agendaitem.proposer_id OR a.organisation_id = (
                        SELECT p.organisation_id FROM mission_position p WHERE p.id = working_groups_agendaitem.proposer_id))));
DROP POLICY readable ON working_groups_admitted;
CREATE POLICY readable ON working_groups_admitted FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id)
    AND (position_id = ANY (current_setting('app.positions')::bigint[]) OR working_groups_keeps(meeting_id)));

-- ---------------------------------------------------------------- attendance: as far as the membership is shown
DROP POLICY readable ON working_groups_attendance;
CREATE POLICY readable ON working_groups_attendance FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id)
    AND (position_id = ANY (current_setting('app.positions')::bigint[])
         OR EXISTS (SELECT 1 FROM mission_position p WHERE p.organisation_id = working_groups_attendance.organisation_id
                       AND p.id = ANY (current_setting('app.positions')::bigint[]))
         OR working_groups_keeps(meeting_id)
         OR NOT EXISTS (SELECT 1 FROM working_groups_meeting m WHERE m.record_ptr_id = working_groups_attendance.meeting_id
                           AND m.body_id = ANY (need_to_know_unseen_bodies()))));
CREATE POLICY answered ON working_groups_attendance FOR UPDATE
    USING (EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id)
           AND (position_id = ANY (current_setting('app.positions')::bigint[])
                OR EXISTS (SELECT 1 FROM mission_position p WHERE p.organisation_id = working_groups_attendance.organisation_id
                              AND p.id = ANY (current_setting('app.positions')::bigint[]))))
    WITH CHECK (EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id));
CREATE FUNCTION working_groups_attendance_check() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT working_groups_keeps(OLD.meeting_id) AND (
        (NEW.meeting_id, NEW.position_id, NEW.organisation_id, NEW.name, NEW.standing, NEW.presence, NEW.uuid)
        IS DISTINCT FROM
        (OLD.meeting_id, OLD.position_id, OLD.organisation_id, OLD.name, OLD.standing, OLD.presence, OLD.uuid)
        OR NOT EXISTS (SELECT 1 FROM records_record r WHERE r.id = OLD.meeting_id AND r.state = 'planned')) THEN
        RAISE EXCEPTION 'an answer and nothing else' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER working_groups_attendance_check BEFORE UPDATE ON working_groups_attendance
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION working_groups_attendance_check();

-- ---------------------------------------------------------------- what is adopted stays; what was wrong is amended
CREATE FUNCTION working_groups_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_meeting bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.meeting_id <> OLD.meeting_id OR EXISTS (
        SELECT 1 FROM records_record r WHERE r.id = of_meeting AND r.state IN ('adopted', 'cancelled')) THEN
        RAISE EXCEPTION 'adopted minutes stay as they are' USING ERRCODE = 'CP006';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
DO $$
DECLARE tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['working_groups_agendaitem', 'working_groups_admitted', 'working_groups_attendance',
                               'working_groups_correction', 'working_groups_outcome'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
                        WHEN (current_user <> ''portal_door'') EXECUTE FUNCTION working_groups_frozen()', tab || '_frozen', tab);
    END LOOP;
END $$;
DROP POLICY readable ON working_groups_correction;
CREATE POLICY readable ON working_groups_correction FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id)
    AND (item_id IS NULL OR EXISTS (SELECT 1 FROM working_groups_agendaitem i WHERE i.id = item_id)));
DROP POLICY added ON working_groups_correction;
CREATE POLICY added ON working_groups_correction FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND state = 'open' AND reply = ''
    AND position_id = ANY (current_setting('app.positions')::bigint[])
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id AND r.state = 'circulated')
    AND (item_id IS NULL OR EXISTS (SELECT 1 FROM working_groups_agendaitem i
                                     WHERE i.id = item_id AND i.meeting_id = working_groups_correction.meeting_id)));
DROP POLICY readable ON working_groups_amendment;
CREATE POLICY readable ON working_groups_amendment FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id)
    AND (item_id IS NULL OR EXISTS (SELECT 1 FROM working_groups_agendaitem i WHERE i.id = item_id)));
DROP POLICY added ON working_groups_amendment;
CREATE POLICY added ON working_groups_amendment FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND working_groups_keeps(meeting_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id AND r.state = 'adopted')
    AND (item_id IS NULL OR EXISTS (SELECT 1 FROM working_groups_agendaitem i
                                     WHERE i.id = item_id AND i.meeting_id = working_groups_amendment.meeting_id)));
DROP POLICY edited ON working_groups_amendment;
DROP POLICY removed ON working_groups_amendment;
REVOKE UPDATE, DELETE ON working_groups_amendment FROM portal_app;
DO $$
DECLARE tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY['working_groups_correction', 'working_groups_amendment', 'working_groups_outcome'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW WHEN (current_user <> ''portal_door'')
                        EXECUTE FUNCTION records_stamp_author()', tab || '_stamp', tab);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- what came of it: both ends, and the item between
ALTER TABLE working_groups_outcome ENABLE ROW LEVEL SECURITY;
ALTER TABLE working_groups_outcome FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends ON working_groups_outcome FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = meeting_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id)
    AND (item_id IS NULL OR EXISTS (SELECT 1 FROM working_groups_agendaitem i WHERE i.id = item_id)));
CREATE POLICY added ON working_groups_outcome FOR INSERT WITH CHECK (
    author_id = need_to_know_actor() AND working_groups_keeps(meeting_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id)
    AND (item_id IS NULL OR EXISTS (SELECT 1 FROM working_groups_agendaitem i
                                     WHERE i.id = item_id AND i.meeting_id = working_groups_outcome.meeting_id)));
CREATE POLICY removed ON working_groups_outcome FOR DELETE USING (
    working_groups_keeps(meeting_id) AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = record_id));
REVOKE UPDATE ON working_groups_outcome FROM portal_app;
ALTER TABLE working_groups_outcome ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE working_groups_outcome_id_seq FROM portal_app;

-- ---------------------------------------------------------------- history that tells no member, no closed item
CREATE FUNCTION working_groups_part_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE owner bigint := ((CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END) ->> TG_ARGV[0])::bigint;
        at_state text;
BEGIN
    SELECT state INTO at_state FROM records_record WHERE id = owner;
    -- WHY: minutes are a draft until they circulate, and save themselves every few seconds.
    IF at_state IS NULL OR at_state IN ('draft', 'session', 'minutes') THEN RETURN NULL; END IF;
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
    FOREACH tab IN ARRAY ARRAY['working_groups_agendaitem', 'working_groups_attendance', 'working_groups_correction',
                               'working_groups_amendment', 'working_groups_member'] LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
                        EXECUTE FUNCTION working_groups_part_note(%L)', tab || '_note', tab,
                       CASE tab WHEN 'working_groups_member' THEN 'group_id' ELSE 'meeting_id' END);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- the summary is a minute, too
-- WHY: it saves itself every few seconds while minutes are written; from their circulation on each change is history.
DROP TRIGGER working_groups_meeting_history ON working_groups_meeting;
CREATE TRIGGER working_groups_meeting_history AFTER INSERT OR UPDATE OR DELETE ON working_groups_meeting
    FOR EACH ROW EXECUTE FUNCTION records_change_note('record_ptr_id', 'touch', 'summary');
CREATE FUNCTION working_groups_summary_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE at_state text := (SELECT r.state FROM records_record r WHERE r.id = NEW.record_ptr_id);
BEGIN
    IF at_state IN ('draft', 'session', 'minutes') THEN RETURN NULL; END IF;
    IF at_state IN ('adopted', 'cancelled') THEN
        RAISE EXCEPTION 'adopted minutes stay as they are' USING ERRCODE = 'CP006';
    END IF;
    INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
    VALUES (NEW.record_ptr_id, TG_TABLE_NAME, NEW.record_ptr_id::text, 'update',
            jsonb_build_object('summary', jsonb_build_array(OLD.summary, NEW.summary)), need_to_know_actor(),
            pg_current_xact_id()::text::bigint, records_clock());
    UPDATE records_record SET version = version + 1, updated_at = records_clock() WHERE id = NEW.record_ptr_id;
    RETURN NULL;
END $$;
CREATE TRIGGER working_groups_summary_note AFTER UPDATE OF summary ON working_groups_meeting
    FOR EACH ROW WHEN (OLD.summary IS DISTINCT FROM NEW.summary) EXECUTE FUNCTION working_groups_summary_note();

-- ---------------------------------------------------------------- what a mission begins with
CREATE FUNCTION working_groups_rules_of(of_mission bigint) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO working_groups_leadrule (uuid, mission_id, kind, office, sides, types, reason)
    SELECT gen_random_uuid(), of_mission, k.kind, o.office, '{mission_military,mission_police}',
           '{contingent,police,host_security,armed_group}', k.reason
      FROM (VALUES ('cmcoord', 'UN-CMCoord: a coordination platform must remain humanitarian in nature and be chaired by a humanitarian actor.'),
                   ('access', 'UN-CMCoord: humanitarian access is coordinated by humanitarian actors; no armed actor leads the group.')) k(kind, reason)
     CROSS JOIN (VALUES ('chair'), ('co_chair'), ('secretariat')) o(office)
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION working_groups_first_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM working_groups_rules_of(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER working_groups_first_rules AFTER INSERT ON mission_mission
    FOR EACH ROW EXECUTE FUNCTION working_groups_first_rules();
SELECT working_groups_rules_of(m.id) FROM mission_mission m;

-- ---------------------------------------------------------------- what no longer agrees with its sources
CREATE FUNCTION working_groups_differences() RETURNS TABLE (kind text, record_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH wanted AS (
        SELECT b.record_id, b.group_id, x.id AS position_id, NULL::bigint AS organisation_id, '-infinity'::date AS since,
               NULL::date AS until, true AS leads
          FROM working_groups_body b JOIN working_groups_workinggroup g ON g.record_ptr_id = b.record_id
         CROSS JOIN LATERAL (SELECT DISTINCT v AS id FROM unnest(ARRAY[g.chair_id, g.co_chair_id, g.secretariat_id]) v
                              WHERE v IS NOT NULL) x
        UNION ALL
        SELECT b.record_id, b.group_id, m.position_id, m.organisation_id, coalesce(m.since, '-infinity'), m.until, false
          FROM working_groups_body b JOIN working_groups_member m ON m.group_id = b.record_id
         WHERE num_nonnulls(m.position_id, m.organisation_id) = 1
           AND (m.standing = 'member' OR m.standing = 'observer' AND b.part = 'all')),
    kept AS (
        SELECT b.record_id, x.group_id, x.position_id, x.organisation_id, x.since, x.until, x.leads
          FROM need_to_know_belonging x JOIN working_groups_body b ON b.group_id = x.group_id)
    SELECT DISTINCT 'members of a group', d.record_id FROM (
        (SELECT * FROM wanted EXCEPT ALL SELECT * FROM kept) UNION ALL (SELECT * FROM kept EXCEPT ALL SELECT * FROM wanted)) d
$$;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.proname FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'working\_groups\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
        IF f.proname IN ('working_groups_keeps', 'working_groups_leads', 'working_groups_admits', 'working_groups_convene',
                         'working_groups_appointed', 'working_groups_invite', 'working_groups_differences') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f.name);
        END IF;
    END LOOP;
END $$;
