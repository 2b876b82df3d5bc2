-- A journal as schema version 5 wrote it, its events in another file: one app done, one create whose answer never came,
-- and an invitation. Never edited.
BEGIN TRANSACTION;
CREATE TABLE chained_late (last_id INTEGER NOT NULL) STRICT;
CREATE TABLE entries (
    host          TEXT NOT NULL,
    owner         TEXT NOT NULL, -- the Tech Provider's app
    partner       TEXT NOT NULL, -- our app
    name          TEXT NOT NULL, -- empty, but for --allow-duplicate
    state         TEXT NOT NULL, -- intended, sent, unknown, created, accepted, failed
    goal          TEXT NOT NULL, -- initiated, active
    solution_id   TEXT,
    solution_name TEXT NOT NULL,
    messaging     TEXT NOT NULL,
    owner_name    TEXT NOT NULL,
    seen          TEXT NOT NULL, -- ids that were there before the POST
    sent_at       TEXT,
    last_error    TEXT,
    updated_at    TEXT NOT NULL,
    run_id        TEXT NOT NULL, -- the run that wrote the row last
    link_label    TEXT, looked INTEGER NOT NULL DEFAULT 1, posts TEXT NOT NULL DEFAULT '[]', accept TEXT, accepted TEXT NOT NULL DEFAULT '[]', surplus TEXT NOT NULL DEFAULT '[]', rejected TEXT NOT NULL DEFAULT '[]', foreign_ids TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (host, owner, partner, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "entries" VALUES('@HOST@','@APP1@','@PARTNER@','','accepted','active','@SOLUTION@','A solution from before','both','One','[]','2026-01-02T03:04:05.000000Z',NULL,'2026-01-02T03:04:08.000000Z','aaaaaaaaaa',NULL,1,'[{"name":"A solution from before","messaging":"both","sent_at":"2026-01-02T03:04:05.000000Z","ended_at":"2026-01-02T03:04:06.000000Z","ended_at_meta":"2026-01-02T03:04:06.000000Z","end":"created","open":false,"solution_id":"@SOLUTION@"}]',NULL,'[]','[]','[]','[]');
INSERT INTO "entries" VALUES('@HOST@','@APP2@','@PARTNER@','','unknown','active',NULL,'Two','both','Two','[]','2026-01-02T03:04:09.000000Z','no answer came','2026-01-02T03:04:09.000000Z','aaaaaaaaaa',NULL,1,'[{"name":"Two","messaging":"both","sent_at":"2026-01-02T03:04:09.000000Z","ended_at":"2026-01-02T03:05:09.000000Z","ended_at_meta":null,"end":"no_answer","open":true,"solution_id":null}]',NULL,'[]','[]','[]','[]');
CREATE TABLE events (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    at               TEXT NOT NULL,
    run_id           TEXT NOT NULL,
    operator         TEXT NOT NULL,
    version          TEXT NOT NULL,
    profile          TEXT NOT NULL,
    host             TEXT NOT NULL,
    call             TEXT NOT NULL,
    owner            TEXT,
    partner          TEXT,
    solution_id      TEXT,
    solution_name    TEXT,
    permissions_sent TEXT, -- {"owner":[…],"partner":[…]}
    permissions_read TEXT,
    user_id          TEXT, -- behind the user token
    system_user_id   TEXT, -- behind the system token
    scopes           TEXT NOT NULL,
    consent          TEXT,
    fbtrace          TEXT,
    outcome          TEXT NOT NULL,
    error            TEXT
, hash TEXT) STRICT;
CREATE TABLE invitations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    profile      TEXT NOT NULL,
    host         TEXT NOT NULL,
    partner      TEXT NOT NULL, -- our app
    label        TEXT NOT NULL,
    path         TEXT NOT NULL UNIQUE,
    made_at      TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    revoked_at   TEXT,
    opened_at    TEXT,
    signed_in_at TEXT,
    app_ids      TEXT NOT NULL, -- those that are expected
    messaging    TEXT,
    name         TEXT, -- the template of names
    lang         TEXT
) STRICT;
INSERT INTO "invitations" VALUES(1,'default','@HOST@','@PARTNER@','lucky','/AAAAAAAAAAAAAAAAAAAAAA','2026-01-02T03:04:05.000000Z','2036-01-02T03:04:05.000000Z',NULL,NULL,NULL,'["@APP2@"]',NULL,NULL,NULL);
CREATE INDEX entries_by_solution ON entries (host, solution_id);
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_never_change BEFORE UPDATE ON events WHEN OLD.hash IS NOT NULL
     BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE INDEX invitations_by_label ON invitations (profile, host, partner, label, id);
COMMIT;
PRAGMA application_id = 1836086090;
PRAGMA user_version = 5;
