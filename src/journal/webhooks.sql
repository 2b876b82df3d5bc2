-- What came in by webhooks, until it is delivered; afterwards what its doubles are known by.
CREATE TABLE webhooks (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    host         TEXT NOT NULL,
    partner      TEXT NOT NULL, -- our app
    identity     TEXT NOT NULL, -- a hash that its doubles share
    came_at      TEXT NOT NULL,
    change       TEXT NOT NULL, -- JSON
    solution_id  TEXT,
    delivered_at TEXT,
    UNIQUE (host, partner, identity)
) STRICT;

CREATE INDEX webhooks_undelivered ON webhooks (host, partner, id) WHERE delivered_at IS NULL;
CREATE INDEX webhooks_by_solution ON webhooks (host, partner, solution_id, id);

-- Whole webhooks that are to be sent on as they came.
CREATE TABLE forwards (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    host      TEXT NOT NULL,
    partner   TEXT NOT NULL,
    identity  TEXT NOT NULL, -- a hash of the body
    came_at   TEXT NOT NULL,
    body      BLOB NOT NULL, -- emptied when it is delivered or given up
    signature TEXT NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0,
    next_at   TEXT, -- null when it is delivered or given up
    UNIQUE (host, partner, identity)
) STRICT;

CREATE INDEX forwards_due ON forwards (host, partner, next_at) WHERE next_at IS NOT NULL;
