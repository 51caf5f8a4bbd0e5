-- Who is told of an emergency access: asked by the worker, which acts for nobody.
CREATE FUNCTION need_to_know_emergency_told(of_use uuid) RETURNS TABLE (reference varchar, person_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: ids of people and the reference alone, and to nobody who acts: a person's request learns nothing here.
    SELECT DISTINCT e.reference, h.person_id::integer
      FROM need_to_know_emergencyaccess e
      JOIN records_record r ON r.id = e.record_id
      JOIN mission_position p ON p.is_active AND (p.id = r.author_position_id
           OR p.organisation_id = r.originator_id
              AND EXISTS (SELECT 1 FROM mission_positionrole q WHERE q.position_id = p.id AND q.role = 'REL'))
      JOIN mission_holding h ON h.position_id = p.id AND h.starts <= records_clock()
           AND (h.until IS NULL OR h.until > records_clock())
     WHERE e.uuid = of_use AND h.person_id <> e.person_id AND coalesce(current_setting('app.actor', true), '') = ''
$$;
REVOKE ALL ON FUNCTION need_to_know_emergency_told(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION need_to_know_emergency_told(uuid) TO portal_app, portal_door;
ALTER FUNCTION need_to_know_emergency_told(uuid) OWNER TO portal_door;
