//! What Meta answered and the database could not take: kept in a file of this machine until the next run.
//!
//! The one decision: what is kept is one answered POST, no row. By the time it is written down others may have worked on
//! the app, so it goes beside whatever the row has by then, as a POST of ours that was answered, and never over it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::super::{
    Call, EventOutcome, HistoryEvent,
    entry::{Entry, Goal, Key, State},
    post::Post,
};
use crate::{ids::AppId, private_file};

/// The directory in the state directory.
const DIR: &str = "unwritten";

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptAnswer {
    /// The database that could not take it.
    pub(super) place: String,
    /// The Graph host.
    pub(super) host: String,
    owner: AppId,
    partner: AppId,
    name: Option<String>,
    goal: Goal,
    owner_name: String,
    run_id: String,
    post: Post,
}

impl KeptAnswer {
    /// The answers in a row.
    pub(super) fn of<'a>(
        row: &'a Entry,
        host: &'a str,
        place: &'a str,
    ) -> impl Iterator<Item = Self> + 'a {
        let answered = row.posts.iter().filter(|post| post.answered().is_some());
        answered.map(move |post| Self {
            place: place.to_owned(),
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
        let id = self.post.answered().map(ToString::to_string);
        let file =
            state_dir
                .join(DIR)
                .join(format!("{}-{}.json", self.owner, id.unwrap_or_default()));
        let text = serde_json::to_vec_pretty(self)?;
        private_file::write(&file, &text)?;
        Ok(file)
    }

    /// The row with it; none where it is in the row already.
    pub(super) fn beside(&self, row: Option<Entry>) -> Option<Entry> {
        let id = self.post.answered()?.clone();
        let mut row = row.unwrap_or_else(|| Entry {
            messaging: self.post.messaging.clone(),
            owner_name: self.owner_name.clone(),
            sent_at: Some(self.post.sent_at),
            ..Entry::new(self.key(), self.goal, self.post.name.clone())
        });
        if row.answered().any(|known| *known == id) {
            return None;
        }
        let same = |post: &&mut Post| {
            post.name == self.post.name
                && post.sent_at == self.post.sent_at
                && post.answered().is_none()
        };
        match row.posts.iter_mut().find(same) {
            Some(post) => *post = self.post.clone(),
            None => row.posts.push(self.post.clone()),
        }
        if row.solution_id.is_none() {
            row.solution_id = Some(id);
            row.state = State::Created;
            row.solution_name.clone_from(&self.post.name);
            row.messaging.clone_from(&self.post.messaging);
        }
        Some(row)
    }

    /// What history says of it.
    pub(super) fn event(&self) -> HistoryEvent {
        HistoryEvent {
            owner: Some(self.owner.clone()),
            partner: Some(self.partner.clone()),
            solution_id: self.post.answered().cloned(),
            solution_name: Some(self.post.name.clone()),
            error: Some(format!(
                "answered to run {}, whose database could not be written then",
                self.run_id
            )),
            ..HistoryEvent::new(Call::Create, EventOutcome::Ok)
        }
    }
}

/// What is kept here, with its files.
pub(super) fn kept(state_dir: &Path) -> io::Result<Vec<(PathBuf, KeptAnswer)>> {
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
    use crate::journal::post::PostEnd;

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
        let kept: Vec<_> = KeptAnswer::of(&written, "h", "db").collect();
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
    fn what_is_kept_is_read_again_and_is_for_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(kept(dir.path()).unwrap(), []);
        let written = row(State::Created, Some("71"), vec![post(1, Some("71"))]);
        let answer = KeptAnswer::of(&written, "h", "db").next().unwrap();
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
