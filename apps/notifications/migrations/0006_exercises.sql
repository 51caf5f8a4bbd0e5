-- Systems outside hear nothing of an exercise among real records, not even that there is one.
CREATE FUNCTION notifications_call_apart() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF joint_plans_is_exercise(NEW.record_id) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION notifications_call_apart() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notifications_call_apart() TO portal_door;
CREATE TRIGGER notifications_call_apart BEFORE INSERT ON notifications_call
    FOR EACH ROW EXECUTE FUNCTION notifications_call_apart();
