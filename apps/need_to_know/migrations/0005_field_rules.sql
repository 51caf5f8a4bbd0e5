-- Field rules: what a column under a rule holds is kept apart, and the column shows what every reader may see.

-- ---------------------------------------------------------------- to whom a rule opens
CREATE FUNCTION need_to_know_opens(of_record bigint, of_rule text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Asked as the reader: a record that is not readable opens nothing, and a kind of data nobody knows stays closed.
    SELECT EXISTS (SELECT 1 FROM records_record r WHERE r.id = of_record AND CASE of_rule
        WHEN 'parties' THEN
            r.editors && current_setting('app.principals')::integer[]
            OR r.id = ANY (current_setting('app.lent_edit')::bigint[])
            OR EXISTS (SELECT 1 FROM records_addressee a JOIN mission_position p ON p.id = a.position_id
                        WHERE a.record_id = r.id AND p.group_id = ANY (current_setting('app.principals')::integer[]))
        ELSE EXISTS (SELECT 1 FROM mission_datatype d
                      WHERE d.mission_id = r.mission_id AND d.code = of_rule
                        AND NOT d.id = ANY (current_setting('app.barred')::integer[])) END)
$$;
ALTER POLICY readable ON records_withheld USING (need_to_know_opens(record_id, rule));
REVOKE INSERT, UPDATE, DELETE ON records_withheld FROM portal_app;

-- ---------------------------------------------------------------- coordinates
CREATE FUNCTION records_decimals(of_mission bigint, of_sensitivity integer) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Decimals of a degree that every reader gets; -1: none of it.
    SELECT coalesce((SELECT p.decimals[of_sensitivity + 1] FROM mission_sharingprotocol p
                      WHERE p.mission_id = of_mission AND p.state = 'in_force'),
                    (ARRAY[5, 3, 1, -1])[of_sensitivity + 1], -1)::integer
$$;
CREATE FUNCTION records_coarse(degrees numeric, decimals integer) RETURNS numeric
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN decimals >= 0 THEN round(degrees, decimals) END
$$;

-- ---------------------------------------------------------------- keeping
CREATE FUNCTION records_withhold() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Arguments: the column with the record's id, then "rule how column" for each column under a rule. `how` says what
-- every reader sees: blank (an empty text), none (no value) or coarse (fewer decimals).
DECLARE
    written jsonb := to_jsonb(NEW);
    stood jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
    of_record bigint := (written ->> TG_ARGV[0])::bigint;
    shows jsonb := '{}';
    decimals integer; said text[]; kept jsonb; truth jsonb;
BEGIN
    SELECT records_decimals(r.mission_id, r.sensitivity) INTO decimals FROM records_record r WHERE r.id = of_record;
    FOR number IN 1 .. TG_NARGS - 1 LOOP
        said := string_to_array(TG_ARGV[number], ' ');
        truth := nullif(nullif(written -> said[3], 'null'), '""');
        SELECT w.value INTO kept FROM records_withheld w WHERE w.record_id = of_record AND w.field = said[3];
        -- WHY: what every reader is shown comes back from code that never saw more; it changes nothing.
        IF kept IS NOT NULL AND (written -> said[3]) IS NOT DISTINCT FROM (stood -> said[3]) THEN
            truth := kept;
        ELSIF truth IS NULL THEN
            DELETE FROM records_withheld w WHERE w.record_id = of_record AND w.field = said[3];
        ELSE
            INSERT INTO records_withheld AS w (record_id, field, rule, value)
            VALUES (of_record, said[3], said[1], truth)
            ON CONFLICT (record_id, field) DO UPDATE SET value = EXCLUDED.value, rule = EXCLUDED.rule
             WHERE (w.value, w.rule) IS DISTINCT FROM (EXCLUDED.value, EXCLUDED.rule);
        END IF;
        shows := shows || jsonb_build_object(said[3], CASE said[2]
            WHEN 'blank' THEN to_jsonb(''::text)
            WHEN 'coarse' THEN to_jsonb(records_coarse((truth #>> '{}')::numeric, decimals)) END);
    END LOOP;
    RETURN jsonb_populate_record(NEW, shows);
END $$;

CREATE FUNCTION records_withheld_forget(of_record bigint, names text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Said by an editor before a field is emptied, or given exactly the value that every reader sees.
    DELETE FROM records_withheld w USING records_record r
     WHERE w.record_id = of_record AND w.field = ANY (names) AND r.id = of_record AND (@EDITABLE_R@)
$$;

CREATE FUNCTION records_withheld_holds(of_record bigint, name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Whether there is anything, never what: for readers who take a step that needs an answer.
    SELECT EXISTS (SELECT 1 FROM records_withheld w JOIN records_record r ON r.id = w.record_id
                    WHERE w.record_id = of_record AND w.field = name AND btrim(w.value #>> '{}') <> '' AND (@READABLE_R@))
$$;

CREATE FUNCTION records_withheld_mark() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE of_record bigint; of_field text; at_state text;
BEGIN
    of_record := CASE TG_OP WHEN 'DELETE' THEN OLD.record_id ELSE NEW.record_id END;
    of_field := CASE TG_OP WHEN 'DELETE' THEN OLD.field ELSE NEW.field END;
    SELECT state INTO at_state FROM records_record WHERE id = of_record;
    -- Nobody acts while a migration moves what was there before: nothing changed.
    IF at_state IS NULL OR at_state = 'draft' OR coalesce(current_setting('app.actor', true), '') = '' THEN
        RETURN NULL;
    END IF;
    -- SECURITY: the history says that it changed, never from what to what; every reader of the record reads it.
    IF NOT EXISTS (SELECT 1 FROM records_change c
                    WHERE c.record_id = of_record AND c."table" = TG_TABLE_NAME AND c.fields ? of_field
                      AND c.transaction = pg_current_xact_id()::text::bigint) THEN
        INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
        VALUES (of_record, TG_TABLE_NAME, of_record::text, 'update', jsonb_build_object(of_field, '[null, null]'::jsonb),
                need_to_know_actor(), pg_current_xact_id()::text::bigint, records_clock());
        UPDATE records_record SET version = version + 1, updated_at = records_clock() WHERE id = of_record;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER records_withheld_mark AFTER INSERT OR UPDATE OR DELETE ON records_withheld
    FOR EACH ROW EXECUTE FUNCTION records_withheld_mark();

-- ---------------------------------------------------------------- rounding anew when the label or the protocol changes
CREATE FUNCTION records_coarsen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Arguments: the table, its column with the record's id, then the columns to round.
DECLARE ids bigint[]; of_mission bigint;
BEGIN
    IF TG_TABLE_NAME = 'records_record' THEN
        ids := ARRAY[NEW.id];
    ELSE
        IF 'in_force' <> ALL (ARRAY[coalesce(OLD.state, ''), coalesce(NEW.state, '')]) THEN
            RETURN NULL;
        END IF;
        of_mission := coalesce(NEW.mission_id, OLD.mission_id);
    END IF;
    FOR number IN 2 .. TG_NARGS - 1 LOOP
        EXECUTE format($sql$
            UPDATE %1$I t SET %2$I = c.degrees
              FROM (SELECT w.record_id, records_coarse((w.value #>> '{}')::numeric,
                                                       records_decimals(r.mission_id, r.sensitivity)) AS degrees
                      FROM records_withheld w JOIN records_record r ON r.id = w.record_id
                     WHERE w.field = %2$L AND (w.record_id = ANY ($1) OR r.mission_id = $2)) c
             WHERE t.%3$I = c.record_id AND t.%2$I IS DISTINCT FROM c.degrees $sql$,
            TG_ARGV[0], TG_ARGV[number], TG_ARGV[1]) USING ids, of_mission;
    END LOOP;
    RETURN NULL;
END $$;

-- ---------------------------------------------------------------- columns that show more than their rule lets them
CREATE FUNCTION records_withheld_differences() RETURNS TABLE (kind text, record_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- SECURITY: ids and kinds alone; nothing of what a record says.
DECLARE made record; said text[];
BEGIN
    FOR made IN SELECT tgrelid::regclass AS of_table, string_to_array(encode(tgargs, 'escape'), '\000') AS args
                  FROM pg_trigger WHERE tgname = 'records_withhold' LOOP
        FOR number IN 2 .. array_length(made.args, 1) - 1 LOOP
            said := string_to_array(made.args[number], ' ');
            RETURN QUERY EXECUTE format($sql$
                SELECT 'withheld'::text, t.%2$I::bigint FROM %1$s t JOIN records_record r ON r.id = t.%2$I
                  LEFT JOIN records_withheld w ON w.record_id = r.id AND w.field = %3$L
                 WHERE t.%3$I IS DISTINCT FROM %4$s $sql$, made.of_table, made.args[1], said[3],
                CASE said[2] WHEN 'blank' THEN $s$''$s$ WHEN 'none' THEN 'NULL'
                             ELSE $s$records_coarse((w.value #>> '{}')::numeric,
                                                    records_decimals(r.mission_id, r.sensitivity))$s$ END);
        END LOOP;
    END LOOP;
END $$;

-- ---------------------------------------------------------------- the history of fields leaves those under a rule out
CREATE OR REPLACE FUNCTION records_change_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
-- Arguments: the column with the record's id, 'touch' or nothing, the columns to leave out with commas between them.
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    whole jsonb := CASE WHEN TG_OP = 'DELETE' THEN before ELSE after END;
    owner bigint := (whole ->> TG_ARGV[0])::bigint;
    difference jsonb;
    at_state text;
BEGIN
    -- History begins when a record leaves its draft: until then nobody else relied on it.
    SELECT state INTO at_state FROM records_record WHERE id = owner;
    IF at_state IS NULL OR at_state = 'draft' THEN RETURN NULL; END IF;
    SELECT jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)) INTO difference
      FROM jsonb_object_keys(before || after) key
     WHERE (before -> key) IS DISTINCT FROM (after -> key)
       AND key <> ALL (ARRAY['id', 'uuid', 'audience', 'editors', 'state', 'state_since', 'due_at', 'auto_at', 'auto_step',
                             'version', 'updated_at', 'created_at', TG_ARGV[0]])
       AND key <> ALL (coalesce(string_to_array(TG_ARGV[2], ','), '{}'));
    IF difference IS NULL THEN RETURN NULL; END IF;
    INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
    VALUES (owner, TG_TABLE_NAME, coalesce(whole ->> 'id', owner::text), lower(TG_OP), difference,
            need_to_know_actor(), pg_current_xact_id()::text::bigint, records_clock());
    IF TG_ARGV[1] = 'touch' THEN
        UPDATE records_record SET version = version + 1, updated_at = records_clock() WHERE id = owner;
    END IF;
    RETURN NULL;
END $$;

-- ---------------------------------------------------------------- who may call what
DO $$
DECLARE f regprocedure;
BEGIN
    FOREACH f IN ARRAY ARRAY['records_withhold()', 'records_withheld_mark()', 'records_coarsen()',
                             'records_withheld_forget(bigint, text[])',
                             'records_withheld_holds(bigint, text)',
                             'records_withheld_differences()']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f);
    END LOOP;
    FOREACH f IN ARRAY ARRAY['need_to_know_opens(bigint, text)', 'records_decimals(bigint, integer)',
                             'records_coarse(numeric, integer)', 'records_withheld_forget(bigint, text[])',
                             'records_withheld_holds(bigint, text)',
                             'records_withheld_differences()']::regprocedure[] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app, portal_door', f);
    END LOOP;
END $$;
