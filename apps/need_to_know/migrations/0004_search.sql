-- Search under need-to-know. Documents are computed data that only the audited door reads; which columns they are made
-- of is declared by the record types and written by `migrate` as records_search_texts() (need_to_know/indexing.py).

-- ---------------------------------------------------------------- words
CREATE FUNCTION records_search_words(said text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    -- The words of a text in their order, without case, accents, and the variants of Arabic letters.
    -- WHY: explicit ranges and no class of a locale, so that databases of every locale find the same words.
    SELECT coalesce(array_agg(left(w.word, 64) ORDER BY w.place), '{}')
      FROM string_to_table(regexp_replace(
               CASE WHEN octet_length(said) = char_length(said) THEN lower(said)
               ELSE translate(replace(replace(replace(replace(
                        lower(regexp_replace(normalize(said, NFKD),
                            '[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+',
                            '', 'g') COLLATE pg_c_utf8),
                        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
                    'ىةکیےہھەٱ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹øłđðħıŧςɓɗƙƴŋɲɛəɔɣ',
                    'يهكييههها01234567890123456789olddhitσbdkynneeog')
               END,
               '[\x01-\x2f\x3a-\x60\x7b-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7\u02b9-\u02ff\u037e\u0387\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u06dd\u06de\u06e9\u0964\u0965\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u3004\u3008-\u3020\u3030\u30fb\ue000-\uf8ff\ufd3e\ufd3f\ufffc\ufffd\U0001f000-\U0001faff]+',
               ' ', 'g'), ' ') WITH ORDINALITY w(word, place)
     WHERE w.word <> ''
$$;

CREATE FUNCTION records_search_wanted(query text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
    -- The query as text of a tsquery: all of its first twelve words, the last one from its beginning on; NULL for none.
    SELECT string_agg(quote_literal(w.word) || CASE WHEN w.place = w.words AND length(w.word) > 1 THEN ':*' ELSE '' END,
                      ' & ' ORDER BY w.place)
      FROM (SELECT word, place, count(*) OVER () AS words
              FROM unnest((records_search_words(query))[1:12]) WITH ORDINALITY u(word, place)) w
$$;

-- ---------------------------------------------------------------- documents
CREATE TABLE records_searchdocument (
    record_id bigint PRIMARY KEY REFERENCES records_record (id) ON DELETE CASCADE,
    type varchar(40) NOT NULL, mission_id bigint NOT NULL, created_at timestamptz NOT NULL, document tsvector NOT NULL
);
CREATE INDEX records_searchdocument_words ON records_searchdocument USING gin (document);
-- WHY: what the statistics say of a word decides how it is looked for.
ALTER TABLE records_searchdocument ALTER COLUMN document SET STATISTICS 300;
ALTER TABLE records_searchdocument OWNER TO portal_door;
REVOKE ALL ON records_searchdocument FROM PUBLIC, portal_app, portal_owner;

CREATE FUNCTION records_search_texts(ids bigint[]) RETURNS TABLE (record_id bigint, rank integer, place bigint, said text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    -- Replaced by `migrate` with the columns that the record types declare.
    SELECT r.id, 0, 0::bigint, concat_ws(' ', r.title, r.reference) FROM records_record r WHERE r.id = ANY (ids)
$$;

CREATE FUNCTION records_search_documents(ids bigint[])
RETURNS TABLE (record_id bigint, type varchar, mission_id bigint, created_at timestamptz, document tsvector)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- WHY: the first 200,000 characters, before folding and after; more would not fit into one document.
    RETURN QUERY
    SELECT r.id, r.type, r.mission_id, r.created_at,
           array_to_tsvector(records_search_words(left(t.said, 200000)))
      FROM records_record r
      JOIN (SELECT s.record_id, string_agg(s.said, ' ' ORDER BY s.rank, s.place) AS said
              FROM records_search_texts(ids) s GROUP BY s.record_id) t ON t.record_id = r.id
     WHERE r.id = ANY (ids);
END $$;

CREATE FUNCTION records_search_write(ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- WHY: lock first, in one order; the next statement's snapshot then sees what a concurrent writer committed.
    PERFORM 1 FROM records_record WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO records_searchdocument AS d SELECT * FROM records_search_documents(ids)
        ON CONFLICT (record_id) DO UPDATE
       SET type = excluded.type, mission_id = excluded.mission_id, created_at = excluded.created_at,
           document = excluded.document
     WHERE (d.type, d.mission_id, d.created_at, d.document)
           IS DISTINCT FROM (excluded.type, excluded.mission_id, excluded.created_at, excluded.document);
END $$;

CREATE FUNCTION records_search_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A row that a step wrote, a comment, a cargo line …: its record is named by the column in the argument.
    PERFORM records_search_write(ARRAY(
        SELECT DISTINCT (to_jsonb(changed) ->> TG_ARGV[0])::bigint FROM changed));
    RETURN NULL;
END $$;
CREATE FUNCTION records_search_titled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM records_search_write(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER records_search_added AFTER INSERT ON records_record
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION records_search_changed('id');
CREATE TRIGGER records_search_titled AFTER UPDATE OF title, reference, type, mission_id, created_at ON records_record
    FOR EACH ROW WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.reference IS DISTINCT FROM NEW.reference
                       OR OLD.type IS DISTINCT FROM NEW.type OR OLD.mission_id IS DISTINCT FROM NEW.mission_id
                       OR OLD.created_at IS DISTINCT FROM NEW.created_at)
    EXECUTE FUNCTION records_search_titled();

CREATE FUNCTION records_search_rebuild() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE part bigint[]; written bigint := 0; reached bigint := 0;
BEGIN
    -- Every document anew, in parts; returns how many there are.
    LOOP
        part := ARRAY(SELECT r.id FROM records_record r WHERE r.id > reached ORDER BY r.id LIMIT 5000);
        EXIT WHEN part = '{}';
        INSERT INTO records_searchdocument AS d SELECT * FROM records_search_documents(part)
            ON CONFLICT (record_id) DO UPDATE
           SET type = excluded.type, mission_id = excluded.mission_id, created_at = excluded.created_at,
               document = excluded.document
         WHERE (d.type, d.mission_id, d.created_at, d.document)
               IS DISTINCT FROM (excluded.type, excluded.mission_id, excluded.created_at, excluded.document);
        written := written + cardinality(part); reached := part[cardinality(part)];
    END LOOP;
    RETURN written;
END $$;

CREATE FUNCTION records_search_differences() RETURNS TABLE (kind text, record_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE part bigint[]; reached bigint := 0;
BEGIN
    -- SECURITY: ids alone; nothing of what a record says. A document without its record cannot be (foreign key).
    LOOP
        part := ARRAY(SELECT r.id FROM records_record r WHERE r.id > reached ORDER BY r.id LIMIT 5000);
        EXIT WHEN part = '{}';
        RETURN QUERY
        SELECT 'search'::text, w.record_id
          FROM records_search_documents(part) w LEFT JOIN records_searchdocument d ON d.record_id = w.record_id
         WHERE (w.type, w.mission_id, w.created_at, w.document)
               IS DISTINCT FROM (d.type, d.mission_id, d.created_at, d.document);
        reached := part[cardinality(part)];
    END LOOP;
END $$;

-- ---------------------------------------------------------------- the audited door
CREATE FUNCTION need_to_know_search(query text, of_type text, before_at timestamptz, before_id bigint, most integer)
RETURNS TABLE (created_at timestamptz, record_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_hashagg = off
SET max_parallel_workers_per_gather = 0 SET jit = off SET join_collapse_limit = 1 AS $$
DECLARE
    wanted text := records_search_wanted(query);
    last_at timestamptz := coalesce(before_at, 'infinity'::timestamptz);
    last_id bigint := coalesce(before_id, 9223372036854775807);
    mission bigint := current_setting('app.mission')::bigint;
    plan json; likely float; documents float; steps bigint; feeds text; found integer := 0; edge record;
BEGIN
    -- SECURITY: who reads comes from the session's settings alone, and every row passes the row rule itself; feeds only
    -- propose. Newest first and never by rank: a rank would tell of words in what is hidden.
    IF wanted IS NULL OR most < 1 THEN RETURN; END IF;
    -- How many documents have the words, as the statistics believe.
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM records_searchdocument d WHERE d.document @@ %L::tsquery', wanted)
       INTO plan;
    likely := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float;
    SELECT greatest(c.reltuples, 1) INTO documents FROM pg_class c WHERE c.oid = 'records_searchdocument'::regclass;

    -- WHY: two ways, the one cheap where the other is dear. A common word is met soon on the way through the reader's
    -- feeds; a rare one is found by the index, at about twice a step's cost for each document that has it. The way
    -- through the feeds ends where it has cost as much as the index would, so that no pair of reader and word costs
    -- more than about twice the better way; where it is hopeless, it is tried as far as narrow readers' feeds go.
    steps := CASE WHEN likely < 100 THEN 0
                  WHEN most * documents / likely > 2 * likely THEN 150
                  ELSE 2 * likely END::bigint;
    IF steps > 0 THEN
        -- WHY: literals, not parameters, and one ordered branch for each feed (OFFSET 0 keeps it one): the branches are
        -- merged as their indexes have them, and the merge stops where the page is full.
        SELECT string_agg(format($f$(SELECT f.created_at, f.record_id FROM need_to_know_feed f
                   WHERE f.principal = %s AND f.type = %L AND (f.created_at, f.record_id) < (%L::timestamptz, %s)
                   ORDER BY f.created_at DESC, f.record_id DESC OFFSET 0)$f$, p.p, t.type, last_at, last_id),
                   ' UNION ALL ')
          INTO feeds
          FROM unnest(current_setting('app.principals')::integer[]) p(p)
         CROSS JOIN (SELECT DISTINCT e.type FROM records_workflowedge e
                      WHERE of_type IS NULL OR e.type = of_type) t;
        feeds := concat_ws(' UNION ALL ', feeds, format($f$(SELECT r.created_at, r.id FROM records_record r
                   WHERE r.id = ANY (%L::bigint[]) AND (r.created_at, r.id) < (%L::timestamptz, %s)
                   ORDER BY r.created_at DESC, r.id DESC OFFSET 0)$f$, current_setting('app.lent'), last_at, last_id));
        feeds := format('SELECT DISTINCT x.created_at, x.record_id FROM (%s) x(created_at, record_id)
                          ORDER BY x.created_at DESC, x.record_id DESC', feeds);
        RETURN QUERY EXECUTE format($s$
            SELECT f.created_at, f.record_id FROM (%1$s LIMIT %2$s) f
             CROSS JOIN LATERAL (SELECT FROM records_searchdocument d
                     WHERE d.record_id = f.record_id AND (d.document @@ %3$L::tsquery) IS TRUE OFFSET 0) d
             CROSS JOIN LATERAL (SELECT FROM records_record r
                     WHERE r.id = f.record_id AND (%4$L::text IS NULL OR r.type = %4$L) AND (@READABLE_R@) OFFSET 0) r
             ORDER BY f.created_at DESC, f.record_id DESC LIMIT %5$s $s$,
            feeds, steps, wanted, of_type, most);
        GET DIAGNOSTICS found = ROW_COUNT;
        IF found >= most THEN RETURN; END IF;
        EXECUTE format('%s OFFSET %s LIMIT 1', feeds, steps - 1) INTO edge;
        IF edge.record_id IS NULL THEN RETURN; END IF;
        last_at := edge.created_at; last_id := edge.record_id;
    END IF;
    RETURN QUERY EXECUTE format($s$
        SELECT m.created_at, m.record_id
          FROM (SELECT d.created_at, d.record_id FROM records_searchdocument d
                 WHERE d.document @@ %1$L::tsquery AND d.mission_id = %2$s AND (%3$L::text IS NULL OR d.type = %3$L)
                   AND (d.created_at, d.record_id) < (%4$L::timestamptz, %5$s)
                 ORDER BY d.created_at DESC, d.record_id DESC OFFSET 0) m
         CROSS JOIN LATERAL (SELECT FROM records_record r WHERE r.id = m.record_id AND (@READABLE_R@) OFFSET 0) r
         ORDER BY m.created_at DESC, m.record_id DESC LIMIT %6$s $s$,
        wanted, mission, of_type, last_at, last_id, most - found);
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND (p.proname LIKE 'records\_search\_%' OR p.proname = 'need_to_know_search') LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, portal_app', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_door', f);
    END LOOP;
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname = 'public' AND p.prosecdef
                AND (p.proname LIKE 'records\_search\_%' OR p.proname = 'need_to_know_search') LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_door', f);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION need_to_know_search(text, text, timestamptz, bigint, integer) TO portal_app;
GRANT EXECUTE ON FUNCTION records_search_words(text), records_search_differences() TO portal_app;
