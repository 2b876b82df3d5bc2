//! Who holds a key: an advisory lock of a session, and a fence that grows with every holder.
//!
//! The one decision: the lock ends with its session however that dies, and the fence makes a holder harmless that does
//! not know yet: what it writes matches no row, so it sends nothing. A session is asked every few seconds; one that
//! gives no sign of life is ended by the server.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tokio_postgres::Client;

use super::{
    super::{RunIdentity, chain::hex, entry::Key},
    address::DatabaseAddress,
    error::{DatabaseError, DatabaseTrouble},
    rows::{self, params},
    session,
};

/// How often the session shows that it lives.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// How often somebody who waits for a key asks again; quickly at first, since a holder that has just ended may not have
/// been missed by the server.
const ASK_AGAIN: [u64; 6] = [10, 30, 60, 100, 200, 500];

/// After so many questions whoever waits is told.
const TOLD_AFTER: usize = 3;

/// What a holder shows with every write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence {
    number: i64,
    session: Arc<str>,
}

impl Fence {
    /// Whether the database's number is one from before this fence.
    pub(super) fn is_ahead_of(&self, number: Option<i64>) -> bool {
        number.is_none_or(|number| number < self.number)
    }

    /// Its two parameters, NULL where nobody holds the key.
    pub(super) fn values(fence: Option<&Self>) -> [Option<String>; 2] {
        [
            fence.map(|fence| fence.number.to_string()),
            fence.map(|fence| fence.session.to_string()),
        ]
    }
}

/// Who has a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// `MPS_OPERATOR`, else user@host.
    pub operator: String,
    /// The machine.
    pub machine: String,
    /// The run.
    pub run_id: String,
    /// Since when.
    pub since: Timestamp,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} on {}, run {}, since {:.0}",
            self.operator, self.machine, self.run_id, self.since
        )
    }
}

/// The locks of one process, and its clock by the database.
pub(super) struct KeyClaims {
    address: DatabaseAddress,
    who: Arc<RunIdentity>,
    session: Arc<str>,
    machine: String,
    client: Mutex<Arc<Client>>,
    connecting: AsyncMutex<()>,
    /// A session may take its own lock twice, so that two jobs of one process are kept apart here.
    local: Mutex<HashMap<i64, Weak<AsyncMutex<()>>>>,
    held: Mutex<HashMap<i64, Fence>>,
    clock: Mutex<(Timestamp, Instant)>,
}

/// Held until it is dropped, or until its session is gone.
pub struct Claim {
    claims: Arc<KeyClaims>,
    client: Arc<Client>,
    lock: i64,
    _local: OwnedMutexGuard<()>,
}

impl std::fmt::Debug for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Claim({:x})", self.lock)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        guarded(&self.claims.held).remove(&self.lock);
        let (client, lock) = (Arc::clone(&self.client), self.lock);
        session::spawn(async move {
            let lock = [Some(lock.to_string())];
            // Where the session is gone, so is the lock.
            let _ = client
                .execute(
                    "SELECT pg_advisory_unlock($1::text::bigint)",
                    &params(&lock),
                )
                .await;
        });
    }
}

fn guarded<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of a key's lock.
pub(super) fn lock_of(host: &str, key: &Key) -> i64 {
    let whole = [
        host,
        key.owner.as_str(),
        key.partner.as_str(),
        key.name_column(),
    ]
    .join("\n");
    let digest = ring::digest::digest(&ring::digest::SHA256, whole.as_bytes());
    let mut bytes = [0_u8; 8];
    bytes.copy_from_slice(&digest.as_ref()[..8]);
    i64::from_be_bytes(bytes)
}

const DOING: &str = "could not take the lock of an app";

impl KeyClaims {
    /// Those of a session that was just made.
    pub(super) async fn new(
        address: DatabaseAddress,
        who: Arc<RunIdentity>,
        client: Client,
    ) -> Result<Arc<Self>, DatabaseError> {
        let mut own = [0_u8; 16];
        if getrandom::fill(&mut own).is_err() {
            let trouble = DatabaseTrouble::Other;
            return Err(DatabaseError::new(&address, DOING, trouble));
        }
        let now = clock(&client).await;
        let now = now.map_err(|error| DatabaseError::of(&address, DOING, &error))?;
        let claims = Arc::new(Self {
            machine: machine(),
            address,
            who,
            session: hex(&own).into(),
            client: Mutex::new(Arc::new(client)),
            connecting: AsyncMutex::new(()),
            local: Mutex::default(),
            held: Mutex::default(),
            clock: Mutex::new((now, Instant::now())),
        });
        let watched = Arc::downgrade(&claims);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(SIGN_OF_LIFE).await;
                let Some(claims) = watched.upgrade() else {
                    return;
                };
                claims.show_life().await;
            }
        });
        Ok(claims)
    }

    /// What time it is by the database.
    pub(super) fn now(&self) -> Timestamp {
        let (then, since) = *guarded(&self.clock);
        let passed = SignedDuration::try_from(since.elapsed()).unwrap_or_default();
        then.checked_add(passed).unwrap_or(then)
    }

    /// The session for claims and reads; a new one where it went. On the runtime of journals only.
    pub(super) async fn client(&self) -> Result<Arc<Client>, DatabaseError> {
        let live = || Some(Arc::clone(&guarded(&self.client))).filter(|client| !client.is_closed());
        if let Some(client) = live() {
            return Ok(client);
        }
        let _turn = self.connecting.lock().await;
        if let Some(client) = live() {
            return Ok(client);
        }
        let client = Arc::new(session::connect(&self.address, session::Use::Claims).await?);
        *guarded(&self.client) = Arc::clone(&client);
        Ok(client)
    }

    async fn show_life(&self) {
        let client = Arc::clone(&guarded(&self.client));
        if let Ok(now) = clock(&client).await {
            *guarded(&self.clock) = (now, Instant::now());
        }
    }

    /// What a write of this key has to show; none where this process does not hold it.
    pub(super) fn fence(&self, key: &Key) -> Option<Fence> {
        let lock = lock_of(&self.who.host, key);
        guarded(&self.held).get(&lock).cloned()
    }

    /// Takes a key; `waiting` is called once if somebody else has it. Asks as long as it is `wanted`. On the runtime of
    /// journals only.
    pub(super) async fn take(
        self: Arc<Self>,
        key: Key,
        waiting: impl FnOnce(Option<Holder>) + Send,
        wanted: impl Fn() -> bool + Send,
    ) -> Result<Claim, DatabaseError> {
        let lock = lock_of(&self.who.host, &key);
        let own = {
            let mut local = guarded(&self.local);
            local.retain(|_, own| own.strong_count() > 0);
            let own = local.get(&lock).and_then(Weak::upgrade).unwrap_or_default();
            local.insert(lock, Arc::downgrade(&own));
            own
        };
        let mut waiting = Some(waiting);
        let own = if let Ok(own) = Arc::clone(&own).try_lock_owned() {
            own
        } else {
            if let Some(waiting) = waiting.take() {
                waiting(None);
            }
            own.lock_owned().await
        };
        for asked in 0_usize.. {
            if !wanted() {
                break;
            }
            let client = self.client().await?;
            let fence = self.try_take(&client, lock, &key).await?;
            if let Some(number) = fence {
                let session = Arc::clone(&self.session);
                guarded(&self.held).insert(lock, Fence { number, session });
                return Ok(Claim {
                    claims: Arc::clone(&self),
                    client,
                    lock,
                    _local: own,
                });
            }
            if asked >= TOLD_AFTER
                && let Some(waiting) = waiting.take()
            {
                waiting(self.holder(&client, &key).await);
            }
            let pause = ASK_AGAIN[asked.min(ASK_AGAIN.len() - 1)];
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        Err(DatabaseError::new(
            &self.address,
            DOING,
            DatabaseTrouble::Busy,
        ))
    }

    /// The fence, if nobody else has the lock.
    async fn try_take(
        &self,
        client: &Client,
        lock: i64,
        key: &Key,
    ) -> Result<Option<i64>, DatabaseError> {
        const SQL: &str = "
            WITH got AS MATERIALIZED (SELECT pg_try_advisory_lock($5::text::bigint) AS it)
            INSERT INTO mps.claims AS c
                SELECT $1::text, $2::text, $3::text, $4::text, $5::text::bigint, 1, $6::text, $7::text, $8::text, $9::text,
                    clock_timestamp() FROM got WHERE it
                ON CONFLICT (host, owner, partner, name) DO UPDATE SET fence = c.fence + 1, lock = excluded.lock,
                    session = excluded.session, run_id = excluded.run_id, operator = excluded.operator,
                    machine = excluded.machine, since = excluded.since
                RETURNING fence";
        let mut values = rows::key_values(key, &self.who.host);
        values.extend([
            Some(lock.to_string()),
            Some(self.session.to_string()),
            rows::text(&*self.who.run_id),
            rows::text(&*self.who.operator),
            rows::text(&*self.machine),
        ]);
        match client.query_opt(SQL, &params(&values)).await {
            Ok(row) => Ok(row.and_then(|row| row.try_get(0).ok())),
            Err(error) => {
                // The lock outlives its statement.
                let lock = [Some(lock.to_string())];
                let _ = client
                    .execute(
                        "SELECT pg_advisory_unlock($1::text::bigint)",
                        &params(&lock),
                    )
                    .await;
                Err(DatabaseError::of(&self.address, DOING, &error))
            }
        }
    }

    async fn holder(&self, client: &Client, key: &Key) -> Option<Holder> {
        let sql = format!(
            "SELECT operator, machine, run_id, {MICROS} AS since FROM mps.claims WHERE host = $1::text
                AND owner = $2::text AND partner = $3::text AND name = $4::text"
        );
        let values = rows::key_values(key, &self.who.host);
        let row = client.query_opt(&sql, &params(&values)).await.ok()??;
        Some(Holder {
            operator: row.try_get("operator").ok()?,
            machine: row.try_get("machine").ok()?,
            run_id: row.try_get("run_id").ok()?,
            since: Timestamp::from_microsecond(row.try_get("since").ok()?).ok()?,
        })
    }
}

/// A claim's time as a number.
pub(super) const MICROS: &str = "(extract(epoch FROM since) * 1000000)::bigint";

/// What time it is by the database.
pub(super) async fn clock(client: &Client) -> Result<Timestamp, tokio_postgres::Error> {
    const SQL: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    let row = client.query_one(SQL, &[]).await?;
    Ok(Timestamp::from_microsecond(row.try_get(0)?).unwrap_or_default())
}

/// The name of this machine, for people.
fn machine() -> String {
    #[cfg(unix)]
    return rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    "?".to_owned()
}
