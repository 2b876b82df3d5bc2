-- A journal as schema version 2 wrote it: one app done, and one create whose answer never came. Never edited.
BEGIN TRANSACTION;
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
    link_label    TEXT, looked INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (host, owner, partner, name)
) STRICT, WITHOUT ROWID;
INSERT INTO "entries" VALUES('@HOST@','@APP1@','@PARTNER@','','accepted','active','@SOLUTION@','A solution from before','both','One','[]','2026-01-02T03:04:05.000000Z',NULL,'2026-01-02T03:04:08.000000Z','aaaaaaaaaa',NULL,0);
INSERT INTO "entries" VALUES('@HOST@','@APP2@','@PARTNER@','','unknown','active',NULL,'Two','both','Two','[]','2026-01-02T03:04:09.000000Z','no answer came','2026-01-02T03:04:09.000000Z','aaaaaaaaaa',NULL,1);
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
) STRICT;
INSERT INTO "events" VALUES(1,'2026-01-02T03:04:05.000000Z','aaaaaaaaaa','ada@bridge','0.1.0','default','@HOST@','create','@APP1@','@PARTNER@',NULL,'A solution from before','{"owner":["MESSAGING"],"partner":["MESSAGING"]}',NULL,'1022','1041','["manage_app_solution"]','--yes',NULL,'intended',NULL);
INSERT INTO "events" VALUES(2,'2026-01-02T03:04:06.000000Z','aaaaaaaaaa','ada@bridge','0.1.0','default','@HOST@','create','@APP1@','@PARTNER@','@SOLUTION@','A solution from before','{"owner":["MESSAGING"],"partner":["MESSAGING"]}',NULL,'1022','1041','["manage_app_solution"]','--yes',NULL,'ok',NULL);
INSERT INTO "events" VALUES(3,'2026-01-02T03:04:07.000000Z','aaaaaaaaaa','ada@bridge','0.1.0','default','@HOST@','accept','@APP1@','@PARTNER@','@SOLUTION@','A solution from before',NULL,NULL,'1022','1041','["manage_app_solution"]','--yes',NULL,'intended',NULL);
INSERT INTO "events" VALUES(4,'2026-01-02T03:04:08.000000Z','aaaaaaaaaa','ada@bridge','0.1.0','default','@HOST@','accept','@APP1@','@PARTNER@','@SOLUTION@','A solution from before',NULL,NULL,'1022','1041','["manage_app_solution"]','--yes',NULL,'ok',NULL);
INSERT INTO "events" VALUES(5,'2026-01-02T03:04:09.000000Z','aaaaaaaaaa','ada@bridge','0.1.0','default','@HOST@','create','@APP2@','@PARTNER@',NULL,'Two','{"owner":["MESSAGING"],"partner":["MESSAGING"]}',NULL,'1022','1041','["manage_app_solution"]','--yes',NULL,'intended',NULL);
CREATE INDEX entries_by_solution ON entries (host, solution_id);
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('events',5);
PRAGMA application_id = 1836086090;
PRAGMA user_version = 2;
COMMIT;
