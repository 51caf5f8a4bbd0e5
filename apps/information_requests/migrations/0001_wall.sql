-- Who may write which row under a request for information; an answer is seen from both ends or not at all.

ALTER TABLE information_requests_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE information_requests_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends ON information_requests_answer FOR SELECT USING (
    EXISTS (SELECT 1 FROM records_record r WHERE r.id = request_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = release_id));
-- Only the position that drafts, as assigned last, says which release answers.
CREATE POLICY answered ON information_requests_answer FOR INSERT WITH CHECK (
    actor_id = need_to_know_actor()
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = request_id)
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = release_id)
    AND (SELECT a.drafter_id FROM information_requests_assignment a
          WHERE a.request_id = information_requests_answer.request_id ORDER BY a.at DESC, a.id DESC LIMIT 1)
        = ANY (current_setting('app.positions')::bigint[]));
ALTER TABLE information_requests_answer ALTER COLUMN id SET GENERATED ALWAYS;
REVOKE ALL ON SEQUENCE information_requests_answer_id_seq FROM portal_app;

-- Only a position of the organisation asked assigns, and only to one of its own.
DROP POLICY added ON information_requests_assignment;
CREATE POLICY added ON information_requests_assignment FOR INSERT WITH CHECK (
    position_id = ANY (current_setting('app.positions')::bigint[])
    AND EXISTS (SELECT 1 FROM records_record r WHERE r.id = request_id)
    AND (SELECT count(*) FROM mission_position p JOIN information_requests_informationrequest q
             ON q.asked_of_id = p.organisation_id
          WHERE q.record_ptr_id = request_id AND p.id IN (drafter_id, position_id))
        = CASE WHEN drafter_id = position_id THEN 1 ELSE 2 END);
REVOKE UPDATE, DELETE ON information_requests_answer, information_requests_assignment FROM portal_app;

CREATE TRIGGER information_requests_answer_stamp BEFORE INSERT ON information_requests_answer
    FOR EACH ROW EXECUTE FUNCTION records_stamp_actor();
CREATE TRIGGER information_requests_assignment_stamp BEFORE INSERT ON information_requests_assignment
    FOR EACH ROW EXECUTE FUNCTION records_stamp_actor();
