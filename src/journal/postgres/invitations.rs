//! The invitations in the database.
//!
//! The one decision: what a draft makes of an older invitation is decided by the code that SQLite's journal uses; here
//! stand the statements alone.

use tokio_postgres::{Client, Error, Row};

use super::{
    super::{
        LinkLabel,
        invitation::{Expectation, Invitation, InvitationScope},
        query::time,
    },
    rows::{
        UnreadableRow, column, from_json, json, maybe, maybe_text, owned, params, parsed, text,
    },
};

fn scope_values(scope: &InvitationScope) -> Vec<Option<String>> {
    vec![
        text(&*scope.profile),
        text(&*scope.host),
        text(scope.partner.as_str()),
    ]
}

/// The invitation of a label, that of its newest link; whoever reads it in a commit keeps others from changing it.
pub(super) const BY_LABEL: &str =
    "SELECT * FROM mps.invitations WHERE profile = $1::text AND host = $2::text
    AND partner = $3::text AND label = $4::text ORDER BY id DESC LIMIT 1";

/// The invitation whose link has this path.
pub(super) const BY_PATH: &str =
    "SELECT * FROM mps.invitations WHERE profile = $1::text AND host = $2::text
    AND partner = $3::text AND path = $4::text";

/// The newest invitation of every label, in the order in which their links were made.
pub(super) const ALL: &str = "SELECT * FROM mps.invitations WHERE id IN (SELECT max(id) FROM mps.invitations
    WHERE profile = $1::text AND host = $2::text AND partner = $3::text GROUP BY label) ORDER BY id";

/// The apps that the invitations of a label expect.
pub(super) const EXPECTED: &str = "SELECT app_id FROM (
        SELECT app.value AS app_id, min(i.id * 100000 + app.at) AS place FROM mps.invitations AS i,
            jsonb_array_elements_text(i.app_ids::jsonb) WITH ORDINALITY AS app (value, at)
        WHERE i.label = $1::text GROUP BY app.value) AS apps ORDER BY place";

/// The values of [`BY_LABEL`], [`BY_PATH`] and, without one, [`ALL`].
pub(super) fn values(scope: &InvitationScope, it: Option<&str>) -> Vec<Option<String>> {
    let mut values = scope_values(scope);
    values.extend(it.map(text));
    values
}

/// Keeps two writers of one label apart until the commit.
pub(super) async fn alone(
    client: &Client,
    scope: &InvitationScope,
    label: &LinkLabel,
) -> Result<(), Error> {
    const SQL: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 77))";
    let whole = format!(
        "{}\n{}\n{}\n{label}",
        scope.profile, scope.host, scope.partner
    );
    client
        .execute(SQL, &params(&[text(whole)]))
        .await
        .map(|_| ())
}

pub(super) async fn insert(
    client: &Client,
    scope: &InvitationScope,
    it: &Invitation,
) -> Result<(), Error> {
    const SQL: &str = "INSERT INTO mps.invitations (profile, host, partner, label, path, made_at, expires_at, revoked_at,
            opened_at, signed_in_at, app_ids, messaging, name, lang)
        VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text,
            $11::text, $12::text, $13::text, $14::text)";
    let mut values = scope_values(scope);
    values.extend([
        text(it.label.as_str()),
        text(&*it.path),
        text(time(it.made_at)),
        text(time(it.expires_at)),
        it.revoked_at.map(time),
        it.opened_at.map(time),
        it.signed_in_at.map(time),
    ]);
    values.extend(expectation(&it.expectation));
    client.execute(SQL, &params(&values)).await.map(|_| ())
}

pub(super) async fn update(client: &Client, it: &Invitation) -> Result<(), Error> {
    const SQL: &str = "UPDATE mps.invitations SET expires_at = $2::text, app_ids = $3::text, messaging = $4::text,
        name = $5::text, lang = $6::text WHERE path = $1::text";
    let mut values = vec![text(&*it.path), text(time(it.expires_at))];
    values.extend(expectation(&it.expectation));
    client.execute(SQL, &params(&values)).await.map(|_| ())
}

fn expectation(of: &Expectation) -> [Option<String>; 4] {
    [
        json(&of.app_ids),
        maybe_text(of.messaging.as_deref()),
        maybe_text(of.name.as_deref()),
        maybe_text(of.lang.as_deref()),
    ]
}

/// An invitation of a row.
pub(super) fn read(row: &Row) -> Result<Invitation, UnreadableRow> {
    let own = |name: &str| column(row, name).map(|text| text.map(str::to_owned));
    Ok(Invitation {
        label: parsed(row, "label")?,
        path: owned(row, "path")?,
        made_at: parsed(row, "made_at")?,
        expires_at: parsed(row, "expires_at")?,
        revoked_at: maybe(row, "revoked_at")?,
        opened_at: maybe(row, "opened_at")?,
        signed_in_at: maybe(row, "signed_in_at")?,
        expectation: Expectation {
            app_ids: from_json(row, "app_ids")?,
            messaging: own("messaging")?,
            name: own("name")?,
            lang: own("lang")?,
        },
    })
}
