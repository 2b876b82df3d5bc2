-- Version 1 of the journal. A released version is never edited: the next one is another step in open.rs.
-- Times are UTC, RFC 3339 with six decimals, so that their text sorts as they do. Lists are JSON arrays.

-- What was promised: one row per key.
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
    link_label    TEXT,
    PRIMARY KEY (host, owner, partner, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX entries_by_solution ON entries (host, solution_id);

-- What was done: every write to Meta, for auditors.
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

CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

-- INSERT OR REPLACE deletes without the trigger above.
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
