//! What Meta answered and the database could not take, or what it has forgotten that we sent: kept in a file of this
//! machine until the next run.
//!
//! The one decision: what is kept is one POST, no row. By the time it is written down others may have worked on
//! the app, so it goes beside whatever the row has by then, as a POST of ours, and never over it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{
    super::{
        Call, EventOutcome, HistoryEvent,
        entry::{Entry, Goal, Key, State},
        post::{Post, PostEnd},
    },
    address::DatabaseAddress,
};
use crate::{ids::AppId, private_file};

/// The directory in the state directory.
const DIR: &str = "unwritten";

/// Which journal it is: an address may change with a failover, and the server's number stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct JournalOrigin {
    /// The address, without who asks.
    pub(super) place: String,
    /// The server's number and the database.
    #[serde(default)]
    server: Option<(String, String)>,
}

impl JournalOrigin {
    pub(super) fn new(address: &DatabaseAddress, server: String) -> Self {
        Self {
            place: address.to_string(),
            server: Some((server, address.database().to_owned())),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        self.place == other.place || (self.server.is_some() && self.server == other.server)
    }
}

/// One POST that creates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptPost {
    /// The database that could not take it.
    #[serde(flatten)]
    origin: JournalOrigin,
    /// The Graph host.
    host: String,
    owner: AppId,
    partner: AppId,
    name: Option<String>,
    goal: Goal,
    owner_name: String,
    run_id: String,
    post: Post,
}

impl KeptPost {
    /// The POSTs of a row that made something, or may still.
    pub(super) fn sent<'a>(
        row: &'a Entry,
        host: &'a str,
        origin: &'a JournalOrigin,
    ) -> impl Iterator<Item = Self> + 'a {
        let sent = |post: &&Post| post.open || post.answered().is_some();
        row.posts.iter().filter(sent).map(move |post| Self {
            origin: origin.clone(),
            host: host.to_owned(),
            owner: row.key.owner.clone(),
            partner: row.key.partner.clone(),
            name: row.key.name.clone(),
            goal: row.goal,
            owner_name: row.owner_name.clone(),
            run_id: row.run_id.clone(),
            post: post.clone(),
        })
    }

    /// Whether Meta said what it made.
    pub(super) fn is_answered(&self) -> bool {
        self.post.answered().is_some()
    }

    /// Whether anything is known of its end.
    pub(super) fn has_ended(&self) -> bool {
        self.post.end != PostEnd::Sent
    }

    /// Whether it belongs into this journal.
    pub(super) fn is_for(&self, host: &str, origin: &JournalOrigin) -> bool {
        self.host == host && self.origin.is_same(origin)
    }

    /// Whose it is.
    pub(super) fn key(&self) -> Key {
        Key {
            owner: self.owner.clone(),
            partner: self.partner.clone(),
            name: self.name.clone(),
        }
    }

    /// Keeps it; one that is kept already stays one.
    pub(super) fn keep(&self, state_dir: &Path) -> io::Result<PathBuf> {
        let dir = state_dir.join(DIR);
        let sent = dir.join(format!(
            "{}-at-{}.json",
            self.owner,
            self.post.sent_at.as_microsecond()
        ));
        let answered = self
            .post
            .answered()
            .map(|id| dir.join(format!("{}-{id}.json", self.owner)));
        let text = serde_json::to_vec_pretty(self)?;
        let file = answered.as_ref().unwrap_or(&sent);
        private_file::write(file, &text)?;
        if answered.is_some() {
            // It says what was not known then.
            let _ = fs::remove_file(&sent);
        }
        Ok(answered.unwrap_or(sent))
    }

    /// The row with it; none where it is in the row already.
    pub(super) fn beside(&self, row: Option<Entry>) -> Option<Entry> {
        let mut row = row.unwrap_or_else(|| Entry {
            messaging: self.post.messaging.clone(),
            owner_name: self.owner_name.clone(),
            sent_at: Some(self.post.sent_at),
            ..Entry::new(self.key(), self.goal, self.post.name.clone())
        });
        let is_same =
            |post: &Post| post.name == self.post.name && post.sent_at == self.post.sent_at;
        let id = self.post.answered();
        let known = match id {
            Some(id) => row.answered().any(|known| known == id),
            None => row.posts.iter().any(is_same),
        };
        if known {
            return None;
        }
        let mut posts = row.posts.iter_mut();
        match posts.find(|post| is_same(post) && post.answered().is_none()) {
            Some(post) => *post = self.post.clone(),
            None => row.posts.push(self.post.clone()),
        }
        if row.solution_id.is_none() {
            row.solution_id = id.cloned();
            row.state = if id.is_some() {
                State::Created
            } else {
                State::Unknown
            };
            row.solution_name.clone_from(&self.post.name);
            row.messaging.clone_from(&self.post.messaging);
        }
        Some(row)
    }

    /// What history says of it.
    pub(super) fn event(&self) -> HistoryEvent {
        let (outcome, did, lost) = match self.post.answered() {
            Some(_) => (EventOutcome::Ok, "answered to", "could not be written then"),
            None => (EventOutcome::Unknown, "sent by", "forgot it"),
        };
        HistoryEvent {
            owner: Some(self.owner.clone()),
            partner: Some(self.partner.clone()),
            solution_id: self.post.answered().cloned(),
            solution_name: Some(self.post.name.clone()),
            error: Some(format!("{did} run {}, whose database {lost}", self.run_id)),
            ..HistoryEvent::new(Call::Create, outcome)
        }
    }
}

/// What is kept here, with its files.
pub(super) fn kept(state_dir: &Path) -> io::Result<Vec<(PathBuf, KeptPost)>> {
    let files = match fs::read_dir(state_dir.join(DIR)) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut all = Vec::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|kind| kind == "json") {
            let answer = serde_json::from_slice(&fs::read(&path)?)
                .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
            all.push((path, answer));
        }
    }
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(second: i64, made: Option<&str>) -> Post {
        let at = jiff::Timestamp::from_second(second).unwrap();
        Post {
            end: if made.is_some() {
                PostEnd::Created
            } else {
                PostEnd::Sent
            },
            open: made.is_none(),
            solution_id: made.map(|id| id.parse().unwrap()),
            ..Post::leaving("A + B", "both", at)
        }
    }

    fn origin() -> JournalOrigin {
        JournalOrigin {
            place: "db".to_owned(),
            server: None,
        }
    }

    fn row(state: State, id: Option<&str>, posts: Vec<Post>) -> Entry {
        let key = Key::new("1".parse().unwrap(), "2".parse().unwrap());
        Entry {
            state,
            solution_id: id.map(|id| id.parse().unwrap()),
            posts,
            ..Entry::new(key, Goal::Active, "A + B")
        }
    }

    #[test]
    fn an_answer_goes_beside_what_is_there_and_never_over_it() {
        let written = row(State::Created, Some("71"), vec![post(1, Some("71"))]);
        let kept: Vec<_> = KeptPost::sent(&written, "h", &origin()).collect();
        let [kept] = kept.as_slice() else {
            panic!("one answer");
        };
        for (before, state, id, ids) in [
            (None, State::Created, "71", &["71"][..]),
            (
                Some(row(State::Sent, None, vec![post(1, None)])),
                State::Created,
                "71",
                &["71"],
            ),
            // Somebody took over, and made another one.
            (
                Some(row(
                    State::Accepted,
                    Some("72"),
                    vec![post(1, None), post(900, Some("72"))],
                )),
                State::Accepted,
                "72",
                &["71", "72"],
            ),
            (
                Some(row(State::Created, Some("72"), vec![post(900, Some("72"))])),
                State::Created,
                "72",
                &["72", "71"],
            ),
        ] {
            let after = kept.beside(before).unwrap();
            assert_eq!(
                (after.state, after.solution_id.clone().unwrap().as_str()),
                (state, id)
            );
            let answered: Vec<_> = after
                .answered()
                .map(crate::ids::SolutionId::as_str)
                .collect();
            assert_eq!(answered, ids);
            assert!(!after.has_open_post());
            assert_eq!(kept.beside(Some(after)), None, "once");
        }
    }

    #[test]
    fn a_post_without_an_answer_is_known_again_until_its_answer_is() {
        let sent = row(State::Sent, None, vec![post(1, None)]);
        let kept = |row: &Entry| {
            let mut all: Vec<_> = KeptPost::sent(row, "h", &origin()).collect();
            all.remove(0)
        };
        let open = kept(&sent);
        let answered = kept(&row(State::Created, Some("71"), vec![post(1, Some("71"))]));
        // The row was forgotten, or somebody made another one meanwhile.
        for (before, state, id) in [
            (None, State::Unknown, None),
            (
                Some(row(State::Intended, None, vec![])),
                State::Unknown,
                None,
            ),
            (
                Some(row(State::Created, Some("72"), vec![post(9, Some("72"))])),
                State::Created,
                Some("72"),
            ),
        ] {
            let after = open.beside(before).unwrap();
            assert_eq!(after.state, state);
            assert_eq!(
                after
                    .solution_id
                    .as_ref()
                    .map(crate::ids::SolutionId::as_str),
                id
            );
            assert!(after.has_open_post());
            assert_eq!(open.beside(Some(after.clone())), None, "once");
            let after = answered.beside(Some(after)).unwrap();
            assert!(!after.has_open_post(), "its answer closes it");
        }
        assert_eq!(open.beside(Some(sent)), None);
        let over = answered.beside(None).unwrap();
        assert_eq!(open.beside(Some(over)), None, "what was answered stays so");
    }

    #[test]
    fn a_journal_is_the_same_behind_another_address() {
        let at = |place: &str, server: Option<&str>| JournalOrigin {
            place: place.to_owned(),
            server: server.map(|server| (server.to_owned(), "mps".to_owned())),
        };
        for (one, other, same) in [
            (at("a", Some("1")), at("b", Some("1")), true),
            (at("a", Some("1")), at("a", Some("2")), true),
            (at("a", None), at("a", Some("1")), true),
            (at("a", Some("1")), at("b", Some("2")), false),
            (at("a", None), at("b", None), false),
        ] {
            assert_eq!(one.is_same(&other), same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_is_kept_is_read_again_and_is_for_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(kept(dir.path()).unwrap(), []);
        let written = row(State::Created, Some("71"), vec![post(1, Some("71"))]);
        let answer = KeptPost::sent(&written, "h", &origin()).next().unwrap();
        let file = answer.keep(dir.path()).unwrap();
        answer.keep(dir.path()).unwrap();
        assert_eq!(kept(dir.path()).unwrap(), [(file.clone(), answer)]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
