//! The schema in the database: made, brought up to date, and what changed about the server since last time.
//!
//! The one decision: all of it is one transaction under one lock, so that two first runs make it once.

use tokio_postgres::Client;

use super::{
    address::DatabaseAddress,
    error::{DatabaseError, DatabaseTrouble},
};

/// The steps from nothing to the newest schema; the version is their number. Released steps never change.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("webhooks.sql"),
    r#"ALTER TABLE mps.forwards ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT 'webhook'"#,
];

/// "mpsJ", as in the file of SQLite; nobody else's advisory lock.
const GATE: i64 = 0x6d70_734a;

/// The newest version that this mps knows.
pub(super) fn known() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

/// Makes what is missing. Says whether the server is another one, or on another timeline, than last time; and its number.
pub(super) async fn prepare(
    address: &DatabaseAddress,
    client: &mut Client,
) -> Result<(bool, String), DatabaseError> {
    const DOING: &str = "could not bring the journal up to date";
    let wrong = |error: tokio_postgres::Error| DatabaseError::of(address, DOING, &error);
    let tx = client.transaction().await.map_err(wrong)?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&GATE])
        .await
        .map_err(wrong)?;
    let found = version(address, tx.client()).await?;
    if found < known() {
        if found == 0 {
            tx.batch_execute("CREATE SCHEMA IF NOT EXISTS mps")
                .await
                .map_err(wrong)?;
        }
        let missing = usize::try_from(found).unwrap_or_default();
        for step in MIGRATIONS.iter().skip(missing) {
            tx.batch_execute(step).await.map_err(wrong)?;
        }
        let sql = format!(
            "INSERT INTO mps.meta (version, system_identifier, timeline) SELECT {}, {SERVER}
                ON CONFLICT (one) DO UPDATE SET version = excluded.version",
            known()
        );
        tx.batch_execute(&sql).await.map_err(wrong)?;
    }
    // Another server, or another timeline: what was promised on the old one after the copy was made is not known here.
    // A promise that was on its way is then one whose end is unknown.
    let moved = format!(
        "UPDATE mps.meta SET (system_identifier, timeline) = (SELECT {SERVER})
            WHERE (system_identifier, timeline) <> (SELECT {SERVER})"
    );
    let moved = tx.execute(&moved, &[]).await.map_err(wrong)? > 0;
    if moved {
        tx.batch_execute("UPDATE mps.entries SET state = 'unknown' WHERE state = 'sent'")
            .await
            .map_err(wrong)?;
    }
    let server = tx.query_one("SELECT system_identifier FROM mps.meta", &[]);
    let server = server.await.and_then(|row| row.try_get(0)).map_err(wrong)?;
    tx.commit().await.map_err(wrong)?;
    Ok((moved, server))
}

/// The server's number and its timeline.
const SERVER: &str = "(SELECT system_identifier::text FROM pg_control_system()),
    substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

/// The version that is there, 0 for none; refuses a newer one.
pub(super) async fn version(
    address: &DatabaseAddress,
    client: &Client,
) -> Result<i32, DatabaseError> {
    const DOING: &str = "could not open the journal";
    let wrong = |error: tokio_postgres::Error| DatabaseError::of(address, DOING, &error);
    let there = client
        .query_one(
            "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'meta' AND relnamespace =
                (SELECT oid FROM pg_namespace WHERE nspname = 'mps'))",
            &[],
        )
        .await
        .map_err(wrong)?;
    if !there.try_get::<_, bool>(0).map_err(wrong)? {
        return Ok(0);
    }
    let row = client
        .query_opt("SELECT version FROM mps.meta", &[])
        .await
        .map_err(wrong)?;
    let Some(row) = row else {
        let trouble = DatabaseTrouble::Corrupt("mps.meta is empty".to_owned());
        return Err(DatabaseError::new(address, DOING, trouble));
    };
    let found: i32 = row.try_get(0).map_err(wrong)?;
    if found > known() {
        let trouble = DatabaseTrouble::Newer {
            found,
            known: known(),
        };
        return Err(DatabaseError::new(address, DOING, trouble));
    }
    Ok(found)
}
