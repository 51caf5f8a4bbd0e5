-- Who keeps a resource is told what is asked of it; who asked, what became of that.
CREATE FUNCTION notifications_promise() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- SECURITY: the row names the promise alone: what is said of it is read anew, under the rule of whoever is told.
    INSERT INTO notifications_outbox (mission_id, person_id, topic, subject, urgency, at, next_at)
    SELECT s.mission_id, k.person_id, 'resource_' || NEW.state, NEW.uuid, 1, records_clock(), clock_timestamp()
      FROM joint_plans_resource s JOIN need_to_know_person k ON k.mission_id = s.mission_id
     WHERE s.id = NEW.resource_id AND k.person_id IS DISTINCT FROM need_to_know_actor()
       AND (NEW.state::text = ANY ('{asked,released}'::text[]) AND s.keeper_id = ANY (k.positions)
            OR NEW.state::text <> 'asked' AND (NEW.position_id = ANY (k.positions)
                                               OR NEW.position_id IS NULL AND k.person_id = NEW.author_id));
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION notifications_promise() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notifications_promise() TO portal_door;
ALTER FUNCTION notifications_promise() OWNER TO portal_door;
CREATE TRIGGER notifications_promise_asked AFTER INSERT ON joint_plans_promise
    FOR EACH ROW EXECUTE FUNCTION notifications_promise();
CREATE TRIGGER notifications_promise_settled AFTER UPDATE OF state ON joint_plans_promise
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION notifications_promise();
