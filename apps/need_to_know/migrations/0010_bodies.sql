-- Bodies: working groups as principals. Whoever belongs to one now has its principal, through a position or an
-- organisation; and not everybody may learn who belongs. Rows are kept by the rooms that have such groups, as the door.

CREATE TABLE need_to_know_body (
    group_id integer PRIMARY KEY REFERENCES auth_group (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    mission_id bigint NOT NULL,
    record_id bigint NOT NULL,
    -- Who learns who belongs: every reader of its record, those who belong, or those who lead it.
    shown varchar(8) NOT NULL CHECK (shown IN ('readers', 'members', 'leads'))
);
CREATE TABLE need_to_know_belonging (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id integer NOT NULL REFERENCES need_to_know_body (group_id) ON DELETE CASCADE,
    position_id bigint, organisation_id bigint,
    since date NOT NULL, until date, -- both days included
    leads boolean NOT NULL,
    CHECK (num_nonnulls(position_id, organisation_id) = 1)
);
CREATE INDEX need_to_know_belonging_group ON need_to_know_belonging (group_id);
CREATE INDEX need_to_know_belonging_position ON need_to_know_belonging (position_id) WHERE position_id IS NOT NULL;
CREATE INDEX need_to_know_belonging_organisation ON need_to_know_belonging (organisation_id)
    WHERE organisation_id IS NOT NULL;
ALTER TABLE need_to_know_body OWNER TO portal_door;
ALTER TABLE need_to_know_belonging OWNER TO portal_door;
REVOKE ALL ON need_to_know_body, need_to_know_belonging FROM PUBLIC, portal_app, portal_owner;
-- The views below are the owner's; what they show of it are numbers of principals.
GRANT SELECT ON need_to_know_belonging TO portal_owner;

CREATE VIEW need_to_know_membership AS
    -- The bodies to which a position belongs today, by itself or with its organisation; whether it leads them.
    SELECT p.id AS position_id, b.group_id, b.leads
      FROM mission_position p JOIN mission_mission m ON m.id = p.mission_id
      JOIN need_to_know_belonging b ON b.position_id = p.id
     WHERE (records_clock() AT TIME ZONE m.time_zone)::date BETWEEN b.since AND coalesce(b.until, 'infinity')
    UNION ALL
    SELECT p.id, b.group_id, b.leads
      FROM mission_position p JOIN mission_mission m ON m.id = p.mission_id
      JOIN need_to_know_belonging b ON b.organisation_id = p.organisation_id
     WHERE (records_clock() AT TIME ZONE m.time_zone)::date BETWEEN b.since AND coalesce(b.until, 'infinity');

CREATE OR REPLACE VIEW need_to_know_person AS
    WITH held AS (
        SELECT DISTINCT h.person_id, p.mission_id, p.id, p.group_id, p.clearance,
               o.group_id AS organisation_group, m.group_id AS mission_group,
               EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id AND r.role NOT IN ('ADM', 'AUD'))
               OR NOT EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id) AS reads,
               EXISTS (SELECT 1 FROM mission_positionrole r WHERE r.position_id = p.id AND r.role = 'AUD') AS audits, o.side
          FROM mission_holding h
          JOIN mission_position p ON p.id = h.position_id AND p.is_active
          JOIN mission_organisation o ON o.id = p.organisation_id
          JOIN mission_mission m ON m.id = p.mission_id
          JOIN accounts_user u ON u.id = h.person_id AND u.is_active
         WHERE h.starts <= records_clock() AND (h.until IS NULL OR h.until > records_clock()))
    SELECT held.person_id, held.mission_id,
           coalesce(array_agg(DISTINCT x.principal ORDER BY x.principal) FILTER (WHERE held.reads), '{}') AS principals,
           coalesce(max(held.clearance) FILTER (WHERE held.reads), 0)::integer AS clearance,
           coalesce(array_agg(DISTINCT c.compartment_id::integer ORDER BY c.compartment_id::integer)
                    FILTER (WHERE held.reads AND c.compartment_id IS NOT NULL), '{}') AS compartments,
           array_agg(DISTINCT held.id ORDER BY held.id) AS positions,
           coalesce(array_agg(DISTINCT d.id::integer ORDER BY d.id::integer) FILTER (WHERE d.id IS NOT NULL), '{}') AS barred,
           bool_or(held.audits) AS audits
      FROM held
      CROSS JOIN LATERAL (
            VALUES (held.group_id), (held.organisation_group), (held.mission_group), (-held.person_id::integer)
            UNION ALL SELECT b.group_id FROM need_to_know_membership b WHERE b.position_id = held.id) x(principal)
      LEFT JOIN mission_position_compartments c ON c.position_id = held.id
      -- SECURITY: what the field protects from the military side is barred to it, whatever the mission sets.
      LEFT JOIN mission_datatype d ON d.mission_id = held.mission_id AND (held.side = ANY (d.barred_sides)
           OR held.side = 'mission_military' AND d.code IN ('beneficiary', 'staff', 'source'))
     GROUP BY held.person_id, held.mission_id;

CREATE FUNCTION need_to_know_unseen_bodies() RETURNS integer[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    -- SECURITY: the bodies of the actor's mission whose members the actor may not learn (invariant I14). Numbers of
    -- principals and nothing else: they tell neither names nor that there is a record.
    SELECT coalesce(array_agg(b.group_id ORDER BY b.group_id), '{}') FROM need_to_know_body b
     WHERE b.mission_id = current_setting('app.mission')::bigint
       AND NOT (b.shown = 'readers' AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = b.record_id AND (@READABLE_R@)))
       AND NOT EXISTS (
            SELECT 1 FROM need_to_know_membership x JOIN need_to_know_body s ON s.group_id = x.group_id
             WHERE x.position_id = ANY (current_setting('app.positions')::bigint[]) AND s.record_id = b.record_id
               AND (x.leads OR b.shown <> 'leads'))
$$;

REVOKE ALL ON need_to_know_membership FROM PUBLIC, portal_app;
GRANT SELECT ON need_to_know_membership TO portal_door;
REVOKE ALL ON FUNCTION need_to_know_unseen_bodies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION need_to_know_unseen_bodies() TO portal_door, portal_app;
ALTER FUNCTION need_to_know_unseen_bodies() OWNER TO portal_door;
