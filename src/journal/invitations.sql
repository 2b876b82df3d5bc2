-- Invitations and the states of their links. A label has a row per link that it ever had; the newest counts, and the
-- older ones let a visitor be told that the link is over.
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

CREATE INDEX invitations_by_label ON invitations (profile, host, partner, label, id);
