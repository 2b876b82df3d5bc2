//! A whole journal out of the database, and into an empty one.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    sync::Arc,
};

use futures_util::future::try_join_all;
use serde_json::{Map, Value};
use tokio_postgres::{Client, Row};

use super::{
    super::carry::{self, Carried, CarriedRow, CarriedTable, CarryHead, FORM},
    address::DatabaseAddress,
    error::{DatabaseError, DatabaseTrouble},
    rows::params,
    schema, session,
};

/// Rows that are on their way at once.
const AT_ONCE: usize = 500;

/// Writes the journal as lines, as it is at one moment.
pub(super) async fn dump(
    address: DatabaseAddress,
    client: Arc<Client>,
    file: File,
) -> Result<CarryHead, DatabaseError> {
    const DOING: &str = "could not export the journal";
    let wrong = |error: tokio_postgres::Error| DatabaseError::of(&address, DOING, &error);
    let unwritten = |error: std::io::Error| {
        DatabaseError::new(&address, DOING, DatabaseTrouble::File).because(error)
    };
    let mut to = BufWriter::new(file);
    client
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await
        .map_err(wrong)?;
    let counts = client
        .query_one(
            "SELECT (SELECT count(*) FROM mps.entries), (SELECT count(*) FROM mps.invitations),
                (SELECT count(*) FROM mps.events), (SELECT coalesce(max(last_id), 0) FROM mps.chained_late)",
            &[],
        )
        .await
        .map_err(wrong)?;
    let number = |at: usize| counts.try_get::<_, i64>(at).unwrap_or_default();
    let (webhooks, forwards) = tokio::join!(
        count_if_there(&client, CarriedTable::Webhooks),
        count_if_there(&client, CarriedTable::Forwards)
    );
    let (webhooks, forwards) = (webhooks.map_err(wrong)?, forwards.map_err(wrong)?);
    let head = CarryHead {
        mps_journal: FORM,
        entries: number(0).unsigned_abs(),
        invitations: number(1).unsigned_abs(),
        events: number(2).unsigned_abs(),
        webhooks: webhooks.unwrap_or_default(),
        forwards: forwards.unwrap_or_default(),
        late: number(3),
    };
    carry::line(&mut to, &head).map_err(unwritten)?;
    for table in CarriedTable::ALL {
        if table == CarriedTable::Webhooks && webhooks.is_none() {
            // A schema of before them.
            break;
        }
        let order = if table == CarriedTable::Entries {
            "host, owner, partner, name"
        } else {
            "id"
        };
        let cursor = format!(
            "DECLARE {0} NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS it FROM mps.{0} AS t ORDER BY {order}",
            table.name()
        );
        client.batch_execute(&cursor).await.map_err(wrong)?;
        loop {
            let fetch = format!("FETCH {AT_ONCE} FROM {}", table.name());
            let page = client.query(&fetch, &[]).await.map_err(wrong)?;
            for row in &page {
                let row = fields(row).map_err(|error| {
                    let trouble = DatabaseTrouble::Corrupt(error);
                    DatabaseError::new(&address, DOING, trouble)
                })?;
                carry::line(&mut to, &CarriedRow { table, row }).map_err(unwritten)?;
            }
            if page.len() < AT_ONCE {
                break;
            }
        }
    }
    client.batch_execute("COMMIT").await.map_err(wrong)?;
    to.flush().map_err(unwritten)?;
    to.get_ref().sync_all().map_err(unwritten)?;
    Ok(head)
}

/// How many rows a table has; none where there is no such table.
async fn count_if_there(
    client: &Client,
    table: CarriedTable,
) -> Result<Option<u64>, tokio_postgres::Error> {
    let there = format!("SELECT to_regclass('mps.{}') IS NOT NULL", table.name());
    let there = client.query_one(&there, &[]).await?;
    if !there.try_get::<_, bool>(0)? {
        return Ok(None);
    }
    let count = format!("SELECT count(*) FROM mps.{}", table.name());
    let count = client.query_one(&count, &[]).await?;
    Ok(Some(count.try_get::<_, i64>(0)?.unsigned_abs()))
}

fn fields(row: &Row) -> Result<Map<String, Value>, String> {
    let text: String = row.try_get(0).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

/// Writes a checked file into an empty journal; whether it was empty.
pub(super) async fn load(
    address: DatabaseAddress,
    carried: Carried,
) -> Result<bool, DatabaseError> {
    const DOING: &str = "could not import the journal";
    let wrong = |error: tokio_postgres::Error| DatabaseError::of(&address, DOING, &error);
    let mut client = session::connect(&address, session::Use::Writes).await?;
    schema::prepare(&address, &mut client).await?;
    let tx = client.transaction().await.map_err(wrong)?;
    // Nobody writes meanwhile, nor imports the same file.
    tx.batch_execute(
        "LOCK TABLE mps.entries, mps.events, mps.invitations, mps.claims, mps.webhooks, mps.forwards
            IN ACCESS EXCLUSIVE MODE",
    )
    .await
    .map_err(wrong)?;
    let empty = tx
        .query_one(
            "SELECT NOT EXISTS (SELECT 1 FROM mps.entries) AND NOT EXISTS (SELECT 1 FROM mps.events)
                AND NOT EXISTS (SELECT 1 FROM mps.invitations) AND NOT EXISTS (SELECT 1 FROM mps.webhooks)
                AND NOT EXISTS (SELECT 1 FROM mps.forwards)",
            &[],
        )
        .await
        .map_err(wrong)?;
    if !empty.try_get::<_, bool>(0).map_err(wrong)? {
        return Ok(false);
    }
    let unread = |error: carry::CarryError| {
        DatabaseError::new(&address, DOING, DatabaseTrouble::File).because(error)
    };
    let mut rows = carried.rows().map_err(unread)?;
    let mut statements = Vec::new();
    for table in CarriedTable::ALL {
        let sql = format!(
            "INSERT INTO mps.{0} SELECT * FROM json_populate_record(NULL::mps.{0}, $1::text::json)",
            table.name()
        );
        statements.push(tx.prepare(&sql).await.map_err(wrong)?);
    }
    loop {
        let mut page = Vec::new();
        for row in rows.by_ref().take(AT_ONCE) {
            let CarriedRow { table, row } = row.map_err(unread)?;
            page.push((table, [Some(Value::Object(row).to_string())]));
        }
        let inserts = page.iter().map(async |(table, values)| {
            let statement = &statements[*table as usize];
            tx.execute(statement, &params(values)).await
        });
        try_join_all(inserts).await.map_err(wrong)?;
        if page.len() < AT_ONCE {
            break;
        }
    }
    let (id, hash) = carried.end.last.clone().unwrap_or_default();
    let end = [Some(id.to_string()), Some(hash)];
    tx.execute(super::events::MOVE_END, &params(&end))
        .await
        .map_err(wrong)?;
    let late = format!(
        "INSERT INTO mps.chained_late SELECT {0} WHERE {0} > 0;
        SELECT setval(pg_get_serial_sequence('mps.invitations', 'id'), max(id)) FROM mps.invitations HAVING max(id) > 0;
        SELECT setval(pg_get_serial_sequence('mps.webhooks', 'id'), max(id)) FROM mps.webhooks HAVING max(id) > 0;
        SELECT setval(pg_get_serial_sequence('mps.forwards', 'id'), max(id)) FROM mps.forwards HAVING max(id) > 0",
        carried.head.late
    );
    tx.batch_execute(&late).await.map_err(wrong)?;
    tx.commit().await.map_err(wrong)?;
    Ok(true)
}
