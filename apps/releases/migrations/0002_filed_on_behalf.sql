-- Who drafts a release of what others filed for an organisation that names no release authority: its own positions.
-- SECURITY: the function keeps its owner, portal_door, and its privileges when it is replaced.
CREATE OR REPLACE FUNCTION releases_derivation_bind() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE s records_record; d records_record;
BEGIN
    NEW.at := records_clock();
    NEW.actor_id := need_to_know_actor();
    NEW.raised_at := NULL;
    IF NEW.position_id <> ALL (current_setting('app.positions')::bigint[]) THEN
        NEW.position_id := NULL;
    END IF;
    -- SECURITY: an end that the actor may not know of is left to the policy, which answers as for a missing one.
    SELECT * INTO s FROM records_record r WHERE r.id = NEW.source_id AND (@READABLE_R@);
    IF NOT FOUND THEN RETURN NEW; END IF;
    SELECT * INTO d FROM records_record r WHERE r.id = NEW.derived_id AND (@READABLE_R@) FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN NEW; END IF;
    IF d.mission_id <> s.mission_id OR releases_signed(d.id) IS NOT NULL
       OR NOT d.editors && current_setting('app.principals')::integer[] THEN
        RAISE EXCEPTION 'drawn from nothing any more' USING ERRCODE = 'CP006';
    END IF;
    -- One release has one originator: the one whose word it needs. Without a release authority there, those draft who
    -- speak for it instead, and nobody else.
    IF EXISTS (SELECT 1 FROM releases_derivation x JOIN records_record o ON o.id = x.source_id
                WHERE x.derived_id = d.id AND o.originator_id <> s.originator_id)
       OR (d.author_position_id NOT IN (SELECT need_to_know_voices(s.originator_id, s.author_position_id))
           AND NOT EXISTS (SELECT 1 FROM mission_position p
                             JOIN mission_positionrole q ON q.position_id = p.id AND q.role = 'REL'
                            WHERE p.organisation_id = s.originator_id AND p.is_active)) THEN
        RAISE EXCEPTION 'another originator' USING ERRCODE = 'CP006';
    END IF;
    -- WHY: a circle of sources would raise itself for ever.
    IF EXISTS (WITH RECURSIVE above(id) AS (
                   SELECT s.id UNION SELECT x.source_id FROM releases_derivation x JOIN above a ON x.derived_id = a.id)
               SELECT 1 FROM above WHERE id = d.id) THEN
        RAISE EXCEPTION 'drawn from itself' USING ERRCODE = 'CP006';
    END IF;
    PERFORM releases_raise(d.id, releases_label(s));
    IF d.originator_id <> s.originator_id THEN
        UPDATE records_record SET originator_id = s.originator_id, version = version + 1 WHERE id = d.id;
        PERFORM need_to_know_project(ARRAY[d.id]);
    END IF;
    RETURN NEW;
END $$;
