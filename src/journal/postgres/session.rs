//! One session with the database: how it is made, what it is set to, and what is checked first.
//!
//! The one decision: the driver runs on a runtime of its own, one thread for all journals of the process. A question
//! may then be waited for from anywhere, and a holder's sign of life does not hang on what its run is busy with.

use std::{
    sync::{OnceLock, mpsc},
    time::Duration,
};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::{Client, Config, NoTls, config::TargetSessionAttrs};

use super::{
    address::{DatabaseAddress, TlsMode},
    error::{DatabaseError, DatabaseTrouble},
    tls::Connector,
};

/// Longest wait for a connection, at each host that is named.
const CONNECT: Duration = Duration::from_secs(10);

/// The same for whoever only looks, at all of them together.
const CONNECT_TO_READ: Duration = Duration::from_secs(4);

/// The oldest server: its idle sessions can be ended by itself, and it notices clients that went.
const OLDEST: i32 = 140_000;

/// What every session is set to. A client that went is noticed within half a minute; one that was frozen in the middle
/// of a commit lets go of the chain's end within ten seconds.
const SETTINGS: &str = "
    SET client_encoding = 'UTF8'; SET search_path = mps, pg_catalog;
    SET default_transaction_isolation = 'read committed'; SET standard_conforming_strings = on;
    SET client_min_messages = warning; SET statement_timeout = '60s';
    SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '10s';
    SET client_connection_check_interval = '5s'; SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 15000;";

/// What the session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Commits; they are on the disk when they are answered.
    Writes,
    /// KeyClaims, signs of life, reads. A session that gives no sign of life for half a minute is ended by the server, and
    /// with it its locks: so ends a frozen holder. A claim need not be on the disk: after a crash of the server every
    /// holder is gone, and a claim that was lost shows another session.
    Claims,
    /// Reads alone.
    Reads,
}

/// How long a session of claims lives without a sign of life.
const SILENCE: &str = "SET synchronous_commit = off; SET idle_session_timeout = '30s'";

/// The runtime of all journals in databases. Never dropped, which could not be done inside another runtime.
fn runtime() -> Option<&'static Handle> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("journal");
        builder.enable_all().build().ok()
    });
    runtime.as_ref().map(Runtime::handle)
}

/// Starts work there.
pub(super) fn spawn<F>(work: F) -> Option<tokio::task::JoinHandle<F::Output>>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    runtime().map(|runtime| runtime.spawn(work))
}

/// Waits for work there, from anywhere. None where it died.
pub(super) fn wait<F>(work: F) -> Option<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let (answer, arrival) = mpsc::sync_channel(1);
    spawn(async move {
        // Nobody waits any more: nothing is lost.
        let _ = answer.send(work.await);
    })?;
    arrival.recv().ok()
}

/// Connects; on the runtime of journals only. A server that takes the connection and says nothing is no server.
pub(super) async fn connect(
    address: &DatabaseAddress,
    purpose: Use,
) -> Result<Client, DatabaseError> {
    let hosts = u32::try_from(address.config.get_hosts().len()).unwrap_or(1);
    let longest = match purpose {
        Use::Reads => CONNECT_TO_READ,
        Use::Writes | Use::Claims => CONNECT * (hosts + 1),
    };
    let connecting = connect_in_time(address, purpose);
    let late = |elapsed: tokio::time::error::Elapsed| {
        let gone = DatabaseError::new(address, "could not open the journal", DatabaseTrouble::Gone);
        Err(gone.because(elapsed))
    };
    tokio::time::timeout(longest, connecting)
        .await
        .unwrap_or_else(late)
}

async fn to_server(address: &DatabaseAddress, config: &Config) -> Result<Client, DatabaseError> {
    const DOING: &str = "could not open the journal";
    if address.tls == TlsMode::Disable {
        let connecting = config.connect(NoTls).await;
        let (client, connection) =
            connecting.map_err(|error| DatabaseError::of(address, DOING, &error))?;
        tokio::spawn(connection);
        return Ok(client);
    }
    let tls = Connector::new(address.tls, address.roots.as_deref());
    let tls = tls
        .map_err(|error| DatabaseError::new(address, DOING, DatabaseTrouble::Tls).because(error))?;
    let connecting = config.connect(tls).await;
    let (client, connection) =
        connecting.map_err(|error| DatabaseError::of_encrypted(address, DOING, &error))?;
    tokio::spawn(connection);
    Ok(client)
}

async fn connect_in_time(address: &DatabaseAddress, purpose: Use) -> Result<Client, DatabaseError> {
    const DOING: &str = "could not open the journal";
    let wrong = |error: tokio_postgres::Error| DatabaseError::of(address, DOING, &error);
    let client = match to_server(address, &address.config).await {
        // Of several hosts only replicas are there: who only looks takes one.
        Err(error) if purpose == Use::Reads && error.is_read_only() => {
            let mut config = address.config.clone();
            config.target_session_attrs(TargetSessionAttrs::Any);
            to_server(address, &config).await?
        }
        connected => connected?,
    };
    check_server(address, &client, purpose).await?;
    client.batch_execute(SETTINGS).await.map_err(wrong)?;
    if purpose == Use::Claims {
        client.batch_execute(SILENCE).await.map_err(wrong)?;
    }
    Ok(client)
}

/// What makes a server no place for a journal, asked before anything is set or written.
async fn check_server(
    address: &DatabaseAddress,
    client: &Client,
    purpose: Use,
) -> Result<(), DatabaseError> {
    const DOING: &str = "could not open the journal";
    const SQL: &str = "
        SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
            pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'";
    let wrong = |error: tokio_postgres::Error| DatabaseError::of(address, DOING, &error);
    let row = client.query_one(SQL, &[]).await.map_err(wrong)?;
    let (number, version, read_only): (i32, String, bool) = (
        row.try_get(0).map_err(wrong)?,
        row.try_get(1).map_err(wrong)?,
        row.try_get(2).map_err(wrong)?,
    );
    match no_place((number, version), read_only, purpose) {
        Some(trouble) => Err(DatabaseError::new(address, DOING, trouble)),
        None => Ok(()),
    }
}

/// Why a server of this version is no place for a journal.
fn no_place(
    (number, version): (i32, String),
    read_only: bool,
    purpose: Use,
) -> Option<DatabaseTrouble> {
    if number < OLDEST {
        Some(DatabaseTrouble::OldServer(version))
    } else if read_only && purpose != Use::Reads {
        Some(DatabaseTrouble::ReadOnly)
    } else {
        None
    }
}

/// Finds a pooler out that gives a session's work to several backends, or several sessions to one: while a
/// transaction of one session is open, the other session must keep its own backend, and the lock that it took there.
pub(super) async fn check_sessions(
    address: &DatabaseAddress,
    writes: &Client,
    claims: &Client,
) -> Result<(), DatabaseError> {
    const DOING: &str = "could not open the journal";
    const BACKEND: &str = "SELECT pg_backend_pid()";
    let wrong = |error: tokio_postgres::Error| DatabaseError::of(address, DOING, &error);
    let pooled = || DatabaseError::new(address, DOING, DatabaseTrouble::Pooler);
    let look = async {
        let backend = async |client: &Client| -> Result<i32, tokio_postgres::Error> {
            // Without a statement of its own name, which a pooler may not know in another backend.
            let rows = client.query_typed(BACKEND, &[]).await?;
            rows[0].try_get(0)
        };
        let held = backend(claims).await?;
        let probe = i64::from(held) | PROBE;
        claims
            .query_typed(
                "SELECT pg_advisory_lock($1)",
                &[(&probe, tokio_postgres::types::Type::INT8)],
            )
            .await?;
        writes.batch_execute("BEGIN").await?;
        let (other, again) = (backend(writes).await?, backend(claims).await?);
        writes.batch_execute("ROLLBACK").await?;
        let own = claims
            .query_typed(
                "SELECT pg_advisory_unlock($1)",
                &[(&probe, tokio_postgres::types::Type::INT8)],
            )
            .await?;
        Ok::<_, tokio_postgres::Error>(held != other && held == again && own[0].try_get(0)?)
    };
    match tokio::time::timeout(CONNECT, look).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Err(error)) => Err(wrong(error)),
        // Too late: one backend for both, and the second session waits for it.
        Ok(Ok(false)) | Err(_) => Err(pooled()),
    }
}

/// Keeps the probe's number apart from those of keys, which use all 64 bits as a hash does.
const PROBE: i64 = 0x6d70_734a_0000_0000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_has_to_be() {
        let old = |version: &str| Some(DatabaseTrouble::OldServer(version.to_owned()));
        for (number, version, read_only, purpose, expected) in [
            (90_624, "9.6.24", false, Use::Reads, old("9.6.24")),
            (130_022, "13.22", false, Use::Writes, old("13.22")),
            (130_022, "13.22", true, Use::Reads, old("13.22")),
            (140_000, "14.0", false, Use::Writes, None),
            (180_001, "18.1", false, Use::Claims, None),
            (150_010, "15.10", true, Use::Reads, None),
            (
                150_010,
                "15.10",
                true,
                Use::Writes,
                Some(DatabaseTrouble::ReadOnly),
            ),
            (
                150_010,
                "15.10",
                true,
                Use::Claims,
                Some(DatabaseTrouble::ReadOnly),
            ),
        ] {
            let found = no_place((number, version.to_owned()), read_only, purpose);
            assert_eq!(found, expected, "{version} {read_only} {purpose:?}");
        }
    }
}
