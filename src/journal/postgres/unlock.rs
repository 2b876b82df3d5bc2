//! Ends a holder that is frozen, and the SQL for roles.

use super::{
    super::entry::Key,
    address::DatabaseAddress,
    claims::lock_of,
    error::DatabaseError,
    rows::{self, params},
    session,
};

/// The statements for an operator's role and for an auditor's, with names to be replaced.
pub const GRANTS: &str = include_str!("grants.sql");

/// Ends the session that holds a key, and raises the fence, so that what it still writes matches no row. Says whether
/// anybody held it.
pub(in super::super) fn unlock(
    address: &DatabaseAddress,
    host: &str,
    key: &Key,
) -> Result<bool, DatabaseError> {
    let (own, host, key) = (address.clone(), host.to_owned(), key.clone());
    let ended = session::wait(async move {
        const DOING: &str = "could not end the holder";
        const END: &str = "
            SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted
                AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = $1::text::bigint
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND pid <> pg_backend_pid()";
        const RAISE: &str =
            "UPDATE mps.claims SET fence = fence + 1, session = '' WHERE host = $1::text
            AND owner = $2::text AND partner = $3::text AND name = $4::text";
        let wrong = |error: tokio_postgres::Error| DatabaseError::of(&own, DOING, &error);
        let client = session::connect(&own, session::Use::Writes).await?;
        let values = rows::key_values(&key, &host);
        // The fence first: from then on the holder's writes match nothing, whether its session ends or not.
        client
            .execute(RAISE, &params(&values))
            .await
            .map_err(wrong)?;
        let lock = [Some(lock_of(&host, &key).to_string())];
        let ended = client.query_one(END, &params(&lock)).await.map_err(wrong)?;
        Ok(ended.try_get::<_, i64>(0).map_err(wrong)? > 0)
    });
    ended.unwrap_or_else(|| Err(DatabaseError::closed(address)))
}
