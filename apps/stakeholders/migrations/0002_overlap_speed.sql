-- Hints over tens of thousands of activities: whether a file is read is asked once for each file, the district once for
-- each area, and pairs are made within a district and sector.
CREATE OR REPLACE FUNCTION stakeholders_hints()
RETURNS TABLE (presence_id bigint, organisations text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- Rows of presence that the actor keeps, or for a CMCoord officer reads, where somebody of the other side whom they
    -- cannot read is active in the same district, sector and time, and lets that much be told. Only a CMCoord officer
    -- is told who. SECURITY: never of an organisation that is only listed or not to be listed, and nothing of what it does.
    WITH RECURSIVE up(area_id, id, level, parent_id) AS (
        SELECT a.id, a.id, a.level, a.parent_id FROM mission_area a
         WHERE a.mission_id = current_setting('app.mission')::bigint
        UNION ALL SELECT up.area_id, a.id, a.level, a.parent_id FROM up JOIN mission_area a ON a.id = up.parent_id),
    district AS MATERIALIZED (SELECT up.area_id, up.id AS district_id FROM up WHERE up.level = 2),
    engaging AS MATERIALIZED (SELECT stakeholders_engages() AS yes),
    files AS MATERIALIZED (
        SELECT r.id, r.title, s.stance, (@READABLE_R@) AS is_read,
               r.editors && current_setting('app.principals')::integer[]
                   OR stakeholders_own(s.organisation_id) OR engaging.yes AS is_asked,
               s.side IN ('mission_military', 'mission_police', 'mission_civil') AS of_mission
          FROM engaging CROSS JOIN stakeholders_stakeholder s JOIN records_record r ON r.id = s.record_ptr_id
         WHERE r.mission_id = current_setting('app.mission')::bigint AND r.state = 'registered'),
    live AS MATERIALIZED (
        SELECT p.id, p.stakeholder_id, p.sector_id, d.district_id, p.may_hint,
               coalesce(p.start, '-infinity'::date) AS since, coalesce(p."end", 'infinity'::date) AS until
          FROM stakeholders_presence p JOIN district d ON d.area_id = p.area_id
         WHERE p.sector_id IS NOT NULL AND p.status NOT IN ('completed', 'suspended')
           AND coalesce(p."end", 'infinity'::date) >= records_clock()::date),
    mine AS MATERIALIZED (
        SELECT l.*, f.of_mission FROM live l JOIN files f ON f.id = l.stakeholder_id WHERE f.is_read AND f.is_asked),
    theirs AS MATERIALIZED (
        SELECT l.*, f.of_mission, f.title FROM live l JOIN files f ON f.id = l.stakeholder_id
         WHERE NOT f.is_read AND l.may_hint AND f.stance IN ('direct', 'via_ocha'))
    SELECT m.id, CASE WHEN bool_or(engaging.yes) THEN array_agg(DISTINCT t.title::text ORDER BY t.title::text)
                      ELSE '{}'::text[] END
      FROM engaging CROSS JOIN mine m
      JOIN theirs t ON t.district_id = m.district_id AND t.sector_id = m.sector_id AND t.of_mission <> m.of_mission
                   AND t.since <= m.until AND m.since <= t.until
     GROUP BY m.id
$$;
