-- To be typed by the owner of the journal: the role that ran mps first, or a superuser.
-- Replace ana by the operator's role and otto by the auditor's; make them before: CREATE ROLE ana LOGIN;

-- An operator runs mps, and may end a frozen holder (mps journal unlock).
GRANT USAGE ON SCHEMA mps TO ana;
GRANT SELECT ON ALL TABLES IN SCHEMA mps TO ana;
GRANT INSERT, UPDATE, DELETE ON mps.entries, mps.claims, mps.webhooks, mps.forwards TO ana;
GRANT INSERT, UPDATE ON mps.invitations TO ana;
GRANT INSERT ON mps.events, mps.chained_late TO ana;
GRANT UPDATE ON mps.chain, mps.meta TO ana;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA mps TO ana;
GRANT pg_signal_backend TO ana;

-- An auditor reads all and changes nothing.
GRANT USAGE ON SCHEMA mps TO otto;
GRANT SELECT ON ALL TABLES IN SCHEMA mps TO otto;
ALTER ROLE otto SET default_transaction_read_only = on;
