//! What the caller tells the page: the verdict about a token, and how far each app is.

use serde::Serialize;

use crate::ids::{AppId, SolutionId};

/// What became of the last token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is what was asked for. Further tokens are turned away.
    Accepted,
    /// It is not, and the page lets the Tech Provider try again.
    Refused(TokenReason),
}

/// Why a token is refused: a code with its values. Reason and remedy stand in each language (`lang`) under that code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum TokenReason {
    /// The permission is not in it.
    NotGranted,
    /// It is no person's.
    OtherType {
        /// What Meta calls it.
        #[serde(rename = "type")]
        meta_type: String,
    },
    /// It was made for another app than ours.
    OtherApp {
        /// That app.
        made_for: AppId,
        /// Ours.
        ours: AppId,
    },
    /// Meta does not take it any more.
    Invalid,
    /// Meta calls it no token.
    NoToken,
    /// Its time is over.
    Expired,
    /// Somebody else signed in.
    OtherPerson,
    /// It could not be checked; what is wrong is ours.
    NotChecked,
    /// It is for no app.
    NoAppTicked,
    /// An app that is needed is missing.
    AppNotTicked {
        /// The app.
        ids: AppId,
    },
    /// Apps that are needed are missing.
    AppsNotTicked {
        /// The apps, with commas.
        ids: String,
    },
    /// What came has not the form of a token.
    NotAToken,
    /// What came with it was not signed for our app.
    NotSigned,
    /// What came with it names another person.
    TwoPeople,
    /// What came was nothing that the page sends.
    Unreadable,
    /// Too many wait for their check.
    Crowd,
    /// Another one was accepted.
    Received,
    /// None is waited for any more.
    Ended,
}

/// How far the onboarding is, as the Tech Provider sees it. Each one replaces the one before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// One per app, in the order to be shown.
    pub rows: Vec<ProgressRow>,
    /// What is said of the whole, where the rows do not say enough.
    pub message: Option<LastWord>,
    /// Nothing is under way any more.
    pub finished: bool,
    /// Somebody may still change it, so the page goes on asking.
    #[serde(skip)]
    pub may_change: bool,
}

/// How a run ended that has no rows to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LastWord {
    /// It ended before its work began.
    BrokenOff,
    /// The operator decided against it.
    Declined,
    /// It only showed its plan.
    Rehearsed,
}

/// One app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgressRow {
    pub app_id: AppId,
    pub app_name: String,
    /// How far it is.
    pub state: RowState,
    /// The solution, once there is one.
    pub solution_id: Option<SolutionId>,
    /// Its name, once it is sure which one it is.
    pub solution_name: Option<String>,
    /// What is to be said of this app.
    pub note: Option<RowNote>,
}

/// What is said of an app that did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowNote {
    /// Nothing was done about it.
    NotBegun,
    /// Nobody knows yet what Meta did.
    Unclear,
    /// It did not work.
    Failed,
}

/// How far one app is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// Not begun.
    Waiting,
    /// The solution is being created.
    Creating,
    /// Created; somebody still has to accept it.
    Created,
    /// It is being accepted.
    Accepting,
    /// Done: the solution is active.
    Active,
    /// It did not work; `note` says why.
    Failed,
    /// Nobody knows yet whether Meta did it.
    Unclear,
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::lang::Lang;

    #[test]
    fn every_code_has_its_words() {
        let ids = || "1".parse().unwrap();
        let reasons = [
            TokenReason::NotGranted,
            TokenReason::OtherType {
                meta_type: "PAGE".into(),
            },
            TokenReason::OtherApp {
                made_for: ids(),
                ours: ids(),
            },
            TokenReason::Invalid,
            TokenReason::NoToken,
            TokenReason::Expired,
            TokenReason::OtherPerson,
            TokenReason::NotChecked,
            TokenReason::NoAppTicked,
            TokenReason::AppNotTicked { ids: ids() },
            TokenReason::AppsNotTicked { ids: "1, 2".into() },
            TokenReason::NotAToken,
            TokenReason::NotSigned,
            TokenReason::TwoPeople,
            TokenReason::Unreadable,
            TokenReason::Crowd,
            TokenReason::Received,
            TokenReason::Ended,
        ];
        let word = |value: Value| value.as_str().unwrap().to_owned();
        for lang in Lang::ALL {
            let words = serde_json::to_value(lang.sentences()).unwrap();
            for reason in &reasons {
                let told = serde_json::to_value(reason).unwrap();
                let sentences = &words["refused"][word(told["code"].clone())];
                assert!(sentences[1].is_string(), "{lang} {told}");
                for name in sentences[0].as_str().unwrap().split('{').skip(1) {
                    let name = name.split('}').next().unwrap();
                    assert!(
                        name == "partner" || told.get(name).is_some(),
                        "{lang} {told}"
                    );
                }
            }
            let script = |key: String| assert!(words["script"][&key].is_string(), "{lang} {key}");
            for state in [
                RowState::Waiting,
                RowState::Creating,
                RowState::Created,
                RowState::Accepting,
                RowState::Active,
                RowState::Failed,
                RowState::Unclear,
            ] {
                script(format!(
                    "row_{}",
                    word(serde_json::to_value(state).unwrap())
                ));
            }
            for note in [RowNote::NotBegun, RowNote::Unclear, RowNote::Failed] {
                script(format!(
                    "note_{}",
                    word(serde_json::to_value(note).unwrap())
                ));
            }
            for last in [LastWord::BrokenOff, LastWord::Declined, LastWord::Rehearsed] {
                script(format!(
                    "last_{}",
                    word(serde_json::to_value(last).unwrap())
                ));
            }
        }
    }
}
