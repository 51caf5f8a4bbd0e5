-- What was issued changes by an edition alone, written by the originator's own people; whoever has read an edition says
-- so for themselves. Functions marked SECURITY DEFINER belong to portal_door and read the actor from the session.

-- ---------------------------------------------------------------- an announcement keeps what was issued
CREATE FUNCTION announcements_announcement_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.edition := 0;
        RETURN NEW;
    END IF;
    NEW.edition := OLD.edition;
    IF NEW IS DISTINCT FROM OLD AND OLD.edition > 0 THEN
        RAISE EXCEPTION 'only an edition changes what was issued' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER announcements_announcement_kept BEFORE INSERT OR UPDATE ON announcements_announcement
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION announcements_announcement_kept();

-- ---------------------------------------------------------------- editions
CREATE FUNCTION announcements_edition_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE told records_record;
BEGIN
    NEW.at := records_clock();
    NEW.actor_id := need_to_know_actor();
    -- SECURITY: a hidden announcement is left to the policy, which answers as for a missing one.
    SELECT * INTO told FROM records_record r WHERE r.id = NEW.announcement_id AND (@READABLE_R@) FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN NEW; END IF;
    -- A draft is issued by the position that filed it; what is in force is amended by its organisation too.
    IF told.state NOT IN ('draft', 'issued') OR NEW.position_id IS NULL
       OR NOT NEW.position_id = ANY (current_setting('app.positions')::bigint[])
       OR NOT (NEW.position_id = told.author_position_id
               OR told.state = 'issued' AND EXISTS (SELECT 1 FROM mission_position p WHERE p.id = NEW.position_id
                                                    AND p.is_active AND p.organisation_id = told.originator_id)) THEN
        RAISE EXCEPTION 'not the issuer' USING ERRCODE = 'CP006';
    END IF;
    NEW.number := (SELECT a.edition FROM announcements_announcement a WHERE a.record_ptr_id = told.id) + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER announcements_edition_check BEFORE INSERT ON announcements_edition
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION announcements_edition_check();

CREATE FUNCTION announcements_edition_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: amending is no right to edit; the door writes the text, for an edition that was just let in.
    UPDATE announcements_announcement
       SET message = NEW.message, instruction = NEW.instruction, category = NEW.category, urgency = NEW.urgency,
           severity = NEW.severity, certainty = NEW.certainty, effective_at = NEW.effective_at,
           expires_at = NEW.expires_at, edition = NEW.number
     WHERE record_ptr_id = NEW.announcement_id;
    RETURN NULL;
END $$;
CREATE TRIGGER announcements_edition_apply AFTER INSERT ON announcements_edition
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION announcements_edition_apply();

-- ---------------------------------------------------------------- acknowledgements
CREATE FUNCTION announcements_acknowledgement_stamp() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE present smallint;
BEGIN
    NEW.at := records_clock();
    NEW.person_id := need_to_know_actor();
    IF NEW.position_id <> ALL (current_setting('app.positions')::bigint[]) THEN
        NEW.position_id := NULL;
    END IF;
    -- Under the actor's own row rule: of a hidden announcement nothing is found here, and the policy answers.
    SELECT a.edition INTO present FROM announcements_announcement a WHERE a.record_ptr_id = NEW.announcement_id;
    IF NEW.edition <> present THEN
        RAISE EXCEPTION 'another edition is in force' USING ERRCODE = 'CP001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER announcements_acknowledgement_stamp BEFORE INSERT ON announcements_acknowledgement
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION announcements_acknowledgement_stamp();

DROP POLICY readable ON announcements_acknowledgement;
DROP POLICY added ON announcements_acknowledgement;
-- Read by the person themself, while they read the announcement, and by the originator's own people.
CREATE POLICY readable ON announcements_acknowledgement FOR SELECT USING (
    person_id = need_to_know_actor() AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = announcement_id)
    OR need_to_know_originates_record(announcement_id));
-- In nobody else's name, and only while it is in force and asks for it.
CREATE POLICY added ON announcements_acknowledgement FOR INSERT WITH CHECK (
    person_id = need_to_know_actor()
    AND EXISTS (SELECT 1 FROM announcements_announcement a JOIN records_record r ON r.id = a.record_ptr_id
                 WHERE a.record_ptr_id = announcement_id AND r.state = 'issued' AND a.needs_acknowledgement
                   AND a.edition = announcements_acknowledgement.edition));

-- ---------------------------------------------------------------- who may touch what
REVOKE UPDATE, DELETE ON announcements_edition, announcements_acknowledgement FROM portal_app;
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef FROM pg_proc p
               JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'announcements\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
    END LOOP;
END $$;
