-- Invariant I10: a derived record's label is at least that of everything it is drawn from, unless a release authority
-- signed a lower one with a reason. Nobody learns of a source that they may not read.

-- ---------------------------------------------------------------- labels compared
CREATE FUNCTION releases_label(r records_record) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT jsonb_build_object('classification', r.classification, 'sensitivity', r.sensitivity,
                              'compartments', to_jsonb(r.compartments), 'data_types', to_jsonb(r.data_types),
                              'scope', r.scope)
$$;
CREATE FUNCTION releases_covers(high jsonb, low jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether `high` protects at least as much as `low`, part by part.
    SELECT (high ->> 'classification')::int >= (low ->> 'classification')::int
       AND (high ->> 'sensitivity')::int >= (low ->> 'sensitivity')::int
       AND (high -> 'compartments') @> (low -> 'compartments')
       AND (high -> 'data_types') @> (low -> 'data_types')
       AND array_position(ARRAY['private', 'organisation', 'mission'], high ->> 'scope')
           <= array_position(ARRAY['private', 'organisation', 'mission'], low ->> 'scope')
$$;
CREATE FUNCTION releases_union(one jsonb, other jsonb) RETURNS integer[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT ARRAY(SELECT DISTINCT x::integer FROM jsonb_array_elements_text(one || other) x ORDER BY 1)
$$;
CREATE FUNCTION releases_signed(of_record bigint) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The label of the signature in force; NULL while unsigned.
    SELECT jsonb_build_object('classification', g.classification, 'sensitivity', g.sensitivity,
                              'compartments', to_jsonb(g.compartments), 'data_types', to_jsonb(g.data_types),
                              'scope', g.scope)
      FROM releases_signature g WHERE g.release_id = of_record ORDER BY g.at DESC, g.id DESC LIMIT 1
$$;
CREATE FUNCTION releases_raise(of_record bigint, floor jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    -- Give an unsigned derived record at least this label. Runs as the door.
    UPDATE records_record r
       SET classification = greatest(r.classification, (floor ->> 'classification')::int),
           sensitivity = greatest(r.sensitivity, (floor ->> 'sensitivity')::int),
           compartments = releases_union(to_jsonb(r.compartments), floor -> 'compartments'),
           data_types = releases_union(to_jsonb(r.data_types), floor -> 'data_types'),
           scope = (ARRAY['private', 'organisation', 'mission'])[least(
               array_position(ARRAY['private', 'organisation', 'mission'], r.scope::text),
               array_position(ARRAY['private', 'organisation', 'mission'], floor ->> 'scope'))],
           version = r.version + 1, updated_at = records_clock()
     WHERE r.id = of_record AND NOT releases_covers(releases_label(r), floor)
$$;

-- ---------------------------------------------------------------- a draft is drawn from a record
CREATE FUNCTION releases_derivation_bind() RETURNS trigger
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
    -- One release has one originator: the one whose word it needs. Without a release authority there, the position
    -- that filed the source speaks, and it alone drafts.
    IF EXISTS (SELECT 1 FROM releases_derivation x JOIN records_record o ON o.id = x.source_id
                WHERE x.derived_id = d.id AND o.originator_id <> s.originator_id)
       OR (s.author_position_id <> d.author_position_id
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
CREATE TRIGGER releases_derivation_bind BEFORE INSERT ON releases_derivation
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION releases_derivation_bind();

-- ---------------------------------------------------------------- the floor of a label
CREATE FUNCTION releases_record_floor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE signed jsonb := releases_signed(NEW.id);
BEGIN
    IF signed IS NOT NULL THEN
        IF EXISTS (SELECT 1 FROM releases_derivation x WHERE x.derived_id = NEW.id)
           AND NOT releases_covers(releases_label(NEW), signed) THEN
            RAISE EXCEPTION 'below what was signed' USING ERRCODE = 'CP006';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM releases_derivation x JOIN records_record o ON o.id = x.source_id
                   WHERE x.derived_id = NEW.id AND NOT releases_covers(releases_label(NEW), releases_label(o))) THEN
        RAISE EXCEPTION 'below its sources' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER releases_record_floor BEFORE UPDATE OF classification, sensitivity, compartments, data_types, scope
    ON records_record FOR EACH ROW
    WHEN (OLD.classification IS DISTINCT FROM NEW.classification OR OLD.sensitivity IS DISTINCT FROM NEW.sensitivity
          OR OLD.compartments IS DISTINCT FROM NEW.compartments OR OLD.data_types IS DISTINCT FROM NEW.data_types
          OR OLD.scope IS DISTINCT FROM NEW.scope)
    EXECUTE FUNCTION releases_record_floor();

-- ---------------------------------------------------------------- a source is labelled higher
CREATE FUNCTION releases_source_raised() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE each bigint;
BEGIN
    IF releases_covers(releases_label(OLD), releases_label(NEW)) THEN RETURN NULL; END IF;
    -- What is signed stays as it was signed, and is flagged; what is not rises with its source.
    UPDATE releases_derivation SET raised_at = records_clock()
     WHERE source_id = NEW.id AND releases_signed(derived_id) IS NOT NULL;
    FOR each IN SELECT x.derived_id FROM releases_derivation x
                 WHERE x.source_id = NEW.id AND releases_signed(x.derived_id) IS NULL ORDER BY 1 LOOP
        PERFORM releases_raise(each, releases_label(NEW));
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER releases_source_raised AFTER UPDATE OF classification, sensitivity, compartments, data_types, scope
    ON records_record FOR EACH ROW
    WHEN (OLD.classification IS DISTINCT FROM NEW.classification OR OLD.sensitivity IS DISTINCT FROM NEW.sensitivity
          OR OLD.compartments IS DISTINCT FROM NEW.compartments OR OLD.data_types IS DISTINCT FROM NEW.data_types
          OR OLD.scope IS DISTINCT FROM NEW.scope)
    EXECUTE FUNCTION releases_source_raised();

-- ---------------------------------------------------------------- the signature
CREATE FUNCTION releases_signature_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE d records_record; said jsonb := to_jsonb(NEW);
BEGIN
    NEW.at := records_clock();
    NEW.actor_id := need_to_know_actor();
    -- SECURITY: a hidden release is left to the policy, which answers as for a missing one.
    SELECT * INTO d FROM records_record r WHERE r.id = NEW.release_id AND (@READABLE_R@) FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN NEW; END IF;
    IF NEW.position_id IS NULL OR NOT NEW.position_id = ANY (current_setting('app.positions')::bigint[])
       OR NOT need_to_know_releases(d.originator_id, d.author_position_id)
       OR d.state NOT IN ('draft', 'returned', 'for_signature', 'released') THEN
        RAISE EXCEPTION 'not the release authority' USING ERRCODE = 'CP006';
    END IF;
    -- Nobody signs for what they may not read; and whoever signs a lower label says why.
    IF EXISTS (SELECT 1 FROM releases_derivation x WHERE x.derived_id = d.id AND NOT EXISTS (
                   SELECT 1 FROM records_record r WHERE r.id = x.source_id AND (@READABLE_R@))) THEN
        RAISE EXCEPTION 'not all that it is drawn from is open to the signatory' USING ERRCODE = 'CP006';
    END IF;
    IF btrim(NEW.reason) = '' AND EXISTS (
        SELECT 1 FROM releases_derivation x JOIN records_record o ON o.id = x.source_id
         WHERE x.derived_id = d.id AND NOT releases_covers(said, releases_label(o))) THEN
        RAISE EXCEPTION 'a lower label without a reason' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER releases_signature_check BEFORE INSERT ON releases_signature
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION releases_signature_check();

CREATE FUNCTION releases_signature_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: signing is no right to edit; the door writes the label, for a signature that was just let in.
    UPDATE records_record
       SET classification = NEW.classification, sensitivity = NEW.sensitivity, compartments = NEW.compartments,
           data_types = NEW.data_types, scope = NEW.scope, version = version + 1, updated_at = NEW.at
     WHERE id = NEW.release_id;
    UPDATE releases_derivation SET raised_at = NULL WHERE derived_id = NEW.release_id;
    RETURN NULL;
END $$;
CREATE TRIGGER releases_signature_apply AFTER INSERT ON releases_signature
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION releases_signature_apply();

-- ---------------------------------------------------------------- an unsigned release is shared with nobody
CREATE FUNCTION releases_grant_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM releases_derivation x WHERE x.derived_id = NEW.content_object_id)
       AND releases_signed(NEW.content_object_id) IS NULL
       AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = NEW.content_object_id AND (@READABLE_R@)) THEN
        RAISE EXCEPTION 'not signed yet' USING ERRCODE = 'CP006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER releases_grant_check BEFORE INSERT ON need_to_know_recordgroupobjectpermission
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION releases_grant_check();
CREATE TRIGGER releases_grant_check BEFORE INSERT ON need_to_know_recorduserobjectpermission
    FOR EACH ROW WHEN (current_user <> 'portal_door') EXECUTE FUNCTION releases_grant_check();

-- ---------------------------------------------------------------- derivations: visible if both ends are
ALTER TABLE releases_derivation ENABLE ROW LEVEL SECURITY;
ALTER TABLE releases_derivation FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends ON releases_derivation FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = derived_id));
CREATE POLICY drawn ON releases_derivation FOR INSERT WITH CHECK (
    actor_id = need_to_know_actor() AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = source_id)
    AND EXISTS (SELECT 1 FROM records_record r
                 WHERE r.id = derived_id AND r.editors && current_setting('app.principals')::integer[]));
ALTER TABLE releases_derivation ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE releases_derivation_id_seq FROM portal_app;
REVOKE UPDATE, DELETE ON releases_derivation, releases_signature FROM portal_app;

-- ---------------------------------------------------------------- signatures: their reason may tell of the source
DROP POLICY readable ON releases_signature;
CREATE POLICY readable ON releases_signature FOR SELECT USING (need_to_know_originates_record(release_id));

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f record;
BEGIN
    FOR f IN SELECT p.oid::regprocedure AS name, p.prosecdef, p.prorettype = 'trigger'::regtype AS triggers
               FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.proname LIKE 'releases\_%' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f.name);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f.name);
        IF f.prosecdef THEN EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f.name); END IF;
    END LOOP;
END $$;
