//! The solutions of the journal for a word that somebody is typing.

use rusqlite::Connection;

use super::query::parsed;
use crate::ids::SolutionId;

/// The solutions whose ids begin so, each with its name, by id. The index has them by host and by id, so host after
/// host is asked for one range of it.
pub(super) fn solutions(
    conn: &Connection,
    beginning: &str,
) -> rusqlite::Result<Vec<(SolutionId, String)>> {
    // Ids are digits, and `:` comes after them.
    let mut statement = conn.prepare_cached(SOLUTIONS)?;
    let rows = statement.query_map([beginning], |row| {
        Ok((parsed(row, "solution_id")?, row.get("solution_name")?))
    })?;
    rows.collect()
}

/// One range of the index for each host.
const SOLUTIONS: &str = "
    WITH RECURSIVE hosts (host) AS (
        SELECT min(host) FROM entries
        UNION ALL
        SELECT (SELECT min(entries.host) FROM entries WHERE entries.host > hosts.host) FROM hosts
            WHERE hosts.host IS NOT NULL
    )
    SELECT solution_id, solution_name FROM hosts JOIN entries USING (host)
        WHERE solution_id >= ?1 AND solution_id < ?1 || ':' ORDER BY solution_id";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completing_an_id_reads_only_what_it_shows() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("schema.sql")).unwrap();
        let plan = format!("EXPLAIN QUERY PLAN {SOLUTIONS}");
        let mut plan = conn.prepare(&plan).unwrap();
        let steps = plan.query_map(["79"], |row| row.get::<_, String>("detail"));
        let steps: Vec<_> = steps.unwrap().map(Result::unwrap).collect();
        let range = "SEARCH entries USING INDEX entries_by_solution (host=? AND solution_id>? AND solution_id<?)";
        assert!(steps.iter().any(|step| step == range), "{steps:#?}");
        assert!(
            !steps.iter().any(|step| step.starts_with("SCAN entries")),
            "{steps:#?}"
        );
    }
}
