//! The chain of hashes, and what somebody with a database program does to it.

use ring::digest;
use rusqlite::Connection;

use super::super::{
    chain::{ChainEnd, ChainFault, ChainHash, ChainWalk, hex, seal},
    open::fresh,
};

/// The chain of four events, before somebody works on the file: what its triggers forbid is done.
fn chain() -> Connection {
    let conn = fresh();
    for error in 1..=4 {
        write(&conn, &format!("error {error}"));
    }
    conn.execute_batch("DROP TRIGGER events_never_change; DROP TRIGGER events_never_go")
        .unwrap();
    conn
}

fn write(conn: &Connection, error: &str) {
    const SQL: &str = "INSERT INTO events (at, run_id, operator, version, profile, host, call, scopes, outcome, error)
        VALUES ('2026-01-02T03:04:05.000000Z', 'r', 'ada@bridge', '0.1.0', 'default', 'h', 'create', '[]', 'ok', ?)";
    conn.execute(SQL, [error]).unwrap();
    seal(conn, conn.last_insert_rowid()).unwrap();
}

/// In pages of two, so that there are whole ones, halves and empty ones.
fn verify(
    conn: &Connection,
    from: Option<&ChainHash>,
) -> rusqlite::Result<Result<ChainEnd, ChainFault>> {
    let mut walk = match ChainWalk::start(conn, from)? {
        Ok(walk) => walk,
        Err(fault) => return Ok(Err(fault)),
    };
    loop {
        match walk.page(conn, 2)? {
            Ok(false) => {}
            Ok(true) => return Ok(Ok(walk.end())),
            Err(fault) => return Ok(Err(fault)),
        }
    }
}

fn hash(conn: &Connection, id: i64) -> ChainHash {
    let sql = "SELECT hash FROM events WHERE id = ?";
    let text: String = conn.query_row(sql, [id], |row| row.get(0)).unwrap();
    text.parse().unwrap()
}

#[test]
fn every_tampering_is_found_at_its_first_event() {
    use ChainFault::{Broken, Cut, Gap, NotThere};
    // What was done to the file; the whole chain, the chain from event 2, and that from event 4.
    let gap = |first, next| Err(Gap { first, next });
    for (what, whole, from_2, from_4) in [
        ("", Ok(4), Ok(3), Ok(1)),
        (
            "UPDATE events SET error = 'no' WHERE id = 3",
            Err(Broken(3)),
            Err(Broken(3)),
            Ok(1),
        ),
        (
            "UPDATE events SET error = NULL WHERE id = 2",
            Err(Broken(2)),
            Err(Broken(2)),
            Ok(1),
        ),
        (
            "UPDATE events SET hash = NULL WHERE id = 3",
            Err(Broken(3)),
            Err(Broken(3)),
            // It does not follow from the one before any more.
            Err(Broken(4)),
        ),
        (
            "DELETE FROM events WHERE id = 1",
            gap(1, 2),
            Err(Broken(2)),
            Ok(1),
        ),
        (
            "DELETE FROM events WHERE id IN (2, 3)",
            gap(2, 4),
            Err(NotThere),
            Err(Broken(4)),
        ),
        (
            "DELETE FROM events WHERE id = 4",
            Err(Cut(4)),
            Err(Cut(4)),
            Err(NotThere),
        ),
        (
            "DELETE FROM events",
            Err(Cut(1)),
            Err(NotThere),
            Err(NotThere),
        ),
        (
            // The count is put right as well: only a hash that was kept elsewhere shows it.
            "DELETE FROM events WHERE id > 3; UPDATE sqlite_sequence SET seq = 3",
            Ok(3),
            Ok(2),
            Err(NotThere),
        ),
        (
            "INSERT INTO events SELECT 5, at, run_id, operator, version, profile, host, call, owner, partner,
                solution_id, solution_name, permissions_sent, permissions_read, user_id, system_user_id,
                scopes, consent, fbtrace, outcome, error, hash FROM events WHERE id = 4",
            Err(Broken(5)),
            Err(Broken(5)),
            Err(Broken(5)),
        ),
        (
            "UPDATE events SET id = 9 WHERE id = 2; UPDATE events SET id = 2 WHERE id = 3;
             UPDATE events SET id = 3 WHERE id = 9",
            Err(Broken(2)),
            Err(Broken(3)),
            Err(Broken(4)),
        ),
    ] {
        let conn = chain();
        let hashes = [hash(&conn, 2), hash(&conn, 4)];
        conn.execute_batch(what).unwrap();
        let count = |from| verify(&conn, from).unwrap().map(|end| end.events);
        assert_eq!(count(None), whole, "{what}");
        assert_eq!(count(Some(&hashes[0])), from_2, "from 2: {what}");
        assert_eq!(count(Some(&hashes[1])), from_4, "from 4: {what}");
    }
}

#[test]
fn no_event_is_a_chain_and_a_write_makes_it_longer() {
    let conn = fresh();
    assert_eq!(verify(&conn, None).unwrap(), Ok(ChainEnd::default()));
    write(&conn, "one");
    let first = hash(&conn, 1);
    write(&conn, "two");
    let end = ChainEnd {
        events: 2,
        late: 0,
        last: Some((2, hash(&conn, 2).to_string())),
    };
    assert_eq!(verify(&conn, Some(&first)).unwrap(), Ok(end));
}

/// So that an auditor's own script agrees for ever.
#[test]
fn the_hash_is_that_of_the_one_before_and_the_columns_as_json() {
    let conn = fresh();
    write(&conn, "Ünïcode \"quoted\"\n");
    write(&conn, "two");
    let array = |id, error: &str| {
        format!(
            r#"[{id},"2026-01-02T03:04:05.000000Z","r","ada@bridge","0.1.0","default","h","create",null,null,null,null,null,null,null,null,"[]",null,null,"ok",{error}]"#
        )
    };
    let sha = |text: String| hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    let one = sha(array(1, r#""Ünïcode \"quoted\"\n""#));
    assert_eq!(hash(&conn, 1).to_string(), one);
    let two = sha(one + &array(2, r#""two""#));
    assert_eq!(hash(&conn, 2).to_string(), two);
}

#[test]
fn a_hash_has_64_digits() {
    let digits = "0123456789ABCDEFabcdef0123456789".repeat(2);
    let hash: ChainHash = digits.parse().unwrap();
    assert_eq!(hash.to_string(), digits.to_ascii_lowercase());
    for bad in ["", "abc", &digits[1..], &digits.replace('a', "g")] {
        assert!(bad.parse::<ChainHash>().is_err(), "{bad}");
    }
}
