-- The log of reads says how high what was shown was classified, also where a row of a record has a label of its own.
DROP POLICY readable ON need_to_know_readlog;
CREATE POLICY readable ON need_to_know_readlog FOR SELECT USING (
    mission_id = current_setting('app.mission')::bigint AND (
        current_setting('app.audits')::boolean
        -- SECURITY: whoever is not cleared for a row of their own record does not learn from its reads that there is one.
        OR coalesce(classification, 0) <= current_setting('app.clearance')::integer
           AND need_to_know_originates_record(record_id)));

DROP FUNCTION need_to_know_log(bigint[], text, text, text);
CREATE FUNCTION need_to_know_log(ids bigint[], labels smallint[], of_channel text, of_surface text, of_purpose text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE written integer;
BEGIN
    -- SECURITY: only what the actor may read, and only what is restricted, or a row of it is, as `labels` say; who and when are not arguments.
    IF need_to_know_actor() IS NULL THEN RETURN 0; END IF;
    INSERT INTO need_to_know_readlog (record_id, mission_id, reference, person_id, position_id, channel, surface, purpose,
                                      via, classification, at, previous_hash, hash)
    SELECT r.id, r.mission_id, r.reference, need_to_know_actor(),
           (SELECT p.id FROM mission_position p WHERE p.id = ANY (current_setting('app.positions')::bigint[])
             ORDER BY p.group_id = ANY (r.audience) DESC, p.id LIMIT 1),
           of_channel, left(of_surface, 80),
           left(coalesce(nullif(of_purpose, ''), (
               SELECT e.reason FROM need_to_know_emergencyaccess e
                WHERE e.record_id = r.id AND e.person_id = need_to_know_actor() AND e.expires_at > records_clock()
                ORDER BY e.at DESC LIMIT 1), ''), 500),
           CASE WHEN r.audience && current_setting('app.principals')::integer[]
                     AND r.classification <= current_setting('app.clearance')::integer
                     AND r.compartments <@ current_setting('app.compartments')::integer[] THEN 'audience'
                WHEN EXISTS (SELECT 1 FROM need_to_know_emergencyaccess e
                              WHERE e.record_id = r.id AND e.person_id = need_to_know_actor()
                                AND e.expires_at > records_clock()) THEN 'emergency'
                ELSE 'lent' END,
           greatest(r.classification, w.label), records_clock(), '', ''
      FROM (SELECT x.id, least(x.label, current_setting('app.clearance')::smallint) AS label
              FROM unnest(ids, labels) x(id, label)) w JOIN records_record r ON r.id = w.id
     WHERE (r.classification >= 1 OR r.sensitivity >= 2 OR w.label >= 1) AND (@READABLE_R@)
       -- Looking through the same list again within ten minutes is one look.
       AND NOT (of_channel IN ('list', 'search', 'desk') AND EXISTS (
            SELECT 1 FROM need_to_know_readlog l
             WHERE l.person_id = need_to_know_actor() AND l.record_id = r.id AND l.channel = of_channel
               AND coalesce(l.classification, 0) >= w.label
               AND l.at > records_clock() - interval '10 minutes'))
     ORDER BY r.id;
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;

CREATE OR REPLACE FUNCTION need_to_know_read_hash(l need_to_know_readlog, before text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT encode(sha256(convert_to(before || json_build_array(
        l.record_id, l.mission_id, l.reference, l.number, l.person_id, l.position_id, l.channel, l.surface, l.purpose,
        l.via, (extract(epoch FROM l.at) * 1000000)::bigint)::text || coalesce(':' || l.classification, ''), 'UTF8')), 'hex')
$$;

REVOKE ALL ON FUNCTION need_to_know_log(bigint[], smallint[], text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION need_to_know_log(bigint[], smallint[], text, text, text) TO portal_door, portal_app;
ALTER FUNCTION need_to_know_log(bigint[], smallint[], text, text, text) OWNER TO portal_door;
