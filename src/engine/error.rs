//! StopReason an app could not be brought to its goal, and what to type next.
//!
//! The one decision: an error says whether something may have happened at Meta. All that cannot be ruled
//! out is [`Error::Unknown`], the one kind that sends the operator to `mps resume`.

pub use super::error_words::{Needed, name_option};
use super::error_words::{
    beside, listed, look_by_hand, named, none_shown, refusing, see_whose, unsaid,
};
use crate::{
    env,
    exit::Kind,
    graph,
    ids::{AppId, SolutionId},
    journal::{self, Entry},
};

/// A failure of the engine. Its `Display` says what we were doing; the cause is its source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Meta, or the way there.
    #[error("{0}")]
    Graph(#[source] Box<graph::Error>),
    /// The journal.
    #[error("the journal could not be used")]
    Journal(#[source] Box<journal::Error>),
    /// No token at hand may list the app's solutions.
    #[error(
        "cannot look whether app {owner} has a solution with us already: {}",
        refusing(*ours, error.is_some())
    )]
    LookRefused {
        /// The Tech Provider's app.
        owner: AppId,
        /// It is our own side that is refused.
        ours: bool,
        /// Meta's refusal; `None`: the listing does not say who the partners are.
        #[source]
        error: Option<Box<graph::Error>>,
    },
    /// Live solutions of which Meta does not say whose they are.
    #[error(
        "cannot look whether app {owner} has a solution with us already: Meta does not say {}: {}",
        unsaid(*ours),
        listed(solutions)
    )]
    Unattributed {
        /// The Tech Provider's app.
        owner: AppId,
        /// They are on our own side, so that they may be any app's.
        ours: bool,
        /// They.
        solutions: Vec<SolutionId>,
    },
    /// A solution to accept of which Meta does not say whose it is.
    #[error("solution {solution} was not accepted: Meta does not say whose it is")]
    Ownerless {
        /// The solution.
        solution: SolutionId,
    },
    /// No token at hand may read the solution before it is accepted.
    #[error("cannot check solution {solution} before accepting it: Meta refuses the reading")]
    CheckRefused {
        /// The solution.
        solution: SolutionId,
        /// Meta's refusal.
        #[source]
        error: Box<graph::Error>,
    },
    /// `--no-look` where the journal has unfinished work.
    #[error("app {owner} has unfinished work in the journal, so it cannot go on without a look")]
    Unfinished {
        /// The Tech Provider's app.
        owner: AppId,
    },
    /// The journal has an id that Meta does not show.
    #[error("the journal has solution {solution} for app {}, but Meta does not show it; nothing was created", row.key.owner)]
    NotVisible {
        /// The row.
        row: Box<Entry>,
        /// The journaled id.
        solution: SolutionId,
        /// What Meta said.
        #[source]
        error: Box<graph::Error>,
    },
    /// A write may or may not have happened.
    #[error("{doing} may or may not have happened: {why}")]
    Unknown {
        /// The write, as a gerund or a noun.
        doing: String,
        /// What is known.
        why: String,
        /// The answer that was none.
        #[source]
        error: Option<Box<graph::Error>>,
    },
    /// Meta's answer could not be written down; it was told to the operator at once.
    #[error("{what}, but that could not be written down")]
    NotWrittenDown {
        /// What Meta did, with the solution's id.
        what: String,
        /// What the disk said.
        #[source]
        error: Box<journal::Error>,
    },
    /// Our app is not a partner of the solution.
    #[error(
        "app {partner} is not the partner of solution {solution}{}",
        named(partners)
    )]
    NotOurs {
        /// The solution.
        solution: SolutionId,
        /// Our app.
        partner: AppId,
        /// Who is.
        partners: Vec<AppId>,
    },
    /// The solution is in no state to be accepted.
    #[error("solution {solution} is {status}; only an INITIATED one can be accepted")]
    NotInitiated {
        /// The solution.
        solution: SolutionId,
        /// Its status, Meta's word.
        status: String,
    },
    /// The solution is in no state for this move.
    #[error("solution {solution} is {is}; {wants}")]
    WrongState {
        /// The solution.
        solution: SolutionId,
        /// Its status, Meta's word.
        is: String,
        /// What the move wants.
        wants: &'static str,
    },
    /// An INITIATED solution that mps did not make, on terms that we would not have asked for.
    #[error(
        "solution {solution} was not made by mps and its permissions are not `--messaging {asked}`{}",
        beside(ours.as_ref())
    )]
    OtherTerms {
        /// The solution.
        solution: SolutionId,
        /// Ours, which does not come first.
        ours: Option<SolutionId>,
        /// What we would have asked.
        asked: &'static str,
    },
    /// Another live solution of the same two apps comes first.
    #[error(
        "solution {solution} was not accepted: app {owner} has another live solution with us, {first}{}",
        if *under_way { ", whose accept is under way" } else { "" }
    )]
    SecondLive {
        /// The Tech Provider's app.
        owner: AppId,
        /// The one that was named.
        solution: SolutionId,
        /// The one that comes first.
        first: SolutionId,
        /// Whether an accept of the first has left and is not known to have ended.
        under_way: bool,
    },
    /// No listing shows it, so that nobody can say that there is no other.
    #[error("solution {solution} was not accepted: it is in no listing yet")]
    NotListed {
        /// The solution.
        solution: SolutionId,
    },
    /// `--no-check`, and several apps wait for the answer of a create.
    #[error(
        "several apps wait for the answer of a create, and nobody says of which one solution {solution} is"
    )]
    WhichApp {
        /// The solution.
        solution: SolutionId,
    },
    /// What we sent lies there as a draft.
    #[error("solution {solution} of app {owner} was made and is a DRAFT")]
    IsDraft {
        /// The Tech Provider's app.
        owner: AppId,
        /// The solution.
        solution: SolutionId,
    },
    /// Made by us and ended by somebody else before it could be accepted.
    #[error("solution {solution} of app {owner} was created and is {status} meanwhile")]
    EndedMeanwhile {
        /// The Tech Provider's app.
        owner: AppId,
        /// The solution.
        solution: SolutionId,
        /// Its status, Meta's word.
        status: String,
    },
    /// A token that is needed for the next step is not at hand.
    #[error("{owner} needs {token} for the next step")]
    NoToken {
        /// What is left, in words.
        owner: String,
        /// Which token.
        token: Needed,
    },
    /// An error of the whole run came first.
    #[error("not tried: the run was stopped by an error that concerns every app")]
    NotTried {
        /// The kind of that error.
        kind: Kind,
    },
    /// One after which the journal has nothing that `resume` could take up.
    #[error("{error}")]
    Again {
        /// What to type in its place.
        hint: String,
        /// What went wrong.
        error: Box<Error>,
    },
    /// The tools of the run could not be made.
    #[error("{0}")]
    Setup(String),
    /// Ctrl-C came first.
    #[error("interrupted before {0}")]
    Interrupted(String),
}

impl From<graph::Error> for Error {
    fn from(error: graph::Error) -> Self {
        Self::Graph(Box::new(error))
    }
}

impl From<journal::Error> for Error {
    fn from(error: journal::Error) -> Self {
        Self::Journal(Box::new(error))
    }
}

impl Error {
    /// What sort of failure, which chooses the exit code.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Graph(error) => error.kind(),
            Self::Journal(_) | Self::Setup(_) => Kind::Io,
            Self::LookRefused { .. }
            | Self::Unattributed { .. }
            | Self::Ownerless { .. }
            | Self::CheckRefused { .. } => Kind::Permission,
            Self::Unfinished { .. } | Self::WhichApp { .. } => Kind::Usage,
            Self::Unknown { .. } | Self::NotWrittenDown { .. } => Kind::UnknownOutcome,
            Self::NotVisible { .. }
            | Self::NotOurs { .. }
            | Self::NotInitiated { .. }
            | Self::WrongState { .. }
            | Self::OtherTerms { .. }
            | Self::SecondLive { .. }
            | Self::NotListed { .. }
            | Self::IsDraft { .. }
            | Self::EndedMeanwhile { .. } => Kind::State,
            Self::NoToken { .. } => Kind::Auth,
            Self::NotTried { kind } => *kind,
            Self::Again { error, .. } => error.kind(),
            Self::Interrupted(_) => Kind::Interrupted,
        }
    }

    /// Meta's answer behind it, where there is one.
    pub fn graph(&self) -> Option<&graph::Error> {
        match self {
            Self::Graph(error)
            | Self::CheckRefused { error, .. }
            | Self::NotVisible { error, .. } => Some(error),
            Self::Unknown { error, .. } | Self::LookRefused { error, .. } => error.as_deref(),
            Self::Again { error, .. } => error.graph(),
            _ => None,
        }
    }

    /// What to type next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Graph(error) => return error.advice(),
            Self::Journal(error) | Self::NotWrittenDown { error, .. } => {
                error.hint_then("run `mps resume`")
            }
            Self::LookRefused { owner, ours, .. } => look_by_hand(owner, *ours),
            Self::Unattributed { owner, ours, .. } => see_whose(owner, *ours),
            Self::Ownerless { solution } => format!(
                "see in Meta's App Dashboard that its app has no other with ours, then: mps accept {solution} --allow-duplicate"
            ),
            Self::CheckRefused { solution, .. } => format!(
                "see in Meta's App Dashboard that solution {solution} is meant for our app, then: mps accept --no-check {solution}"
            ),
            Self::Unfinished { owner } => format!("mps resume --app-id {owner}"),
            Self::NotVisible { row, .. } => none_shown(row),
            Self::NotOurs { solution, .. }
            | Self::NotInitiated { solution, .. }
            | Self::WrongState { solution, .. } => {
                format!("mps show {solution}")
            }
            Self::OtherTerms {
                solution,
                ours: None,
                ..
            } => {
                format!("look at its terms and accept it by hand: mps accept {solution}")
            }
            Self::OtherTerms {
                solution,
                ours: Some(ours),
                ..
            } => format!(
                "look at both (mps show {solution} {ours}), then one of: mps accept {solution}; or mps reject {solution}, then mps resume; or mps accept {ours} --allow-duplicate"
            ),
            Self::SecondLive {
                solution,
                first,
                under_way: false,
                ..
            } => format!(
                "mps accept {first}; or, to have both: mps accept {solution} --allow-duplicate"
            ),
            Self::NotListed { solution } => format!(
                "mps resume; or, where Meta's App Dashboard shows no other one: mps accept {solution} --allow-duplicate"
            ),
            Self::WhichApp { solution } => format!(
                "name the Tech Provider's app: mps accept --no-check --app-id APP_ID {solution}"
            ),
            Self::IsDraft { solution, .. } => format!(
                "the Tech Provider sends it in Meta's App Dashboard, then: mps resume; see mps show {solution}"
            ),
            Self::EndedMeanwhile { owner, .. } => {
                format!(
                    "ask the Tech Provider why; a new one is made by: mps onboard --app-id {owner}"
                )
            }
            Self::NoToken {
                token: Needed::User,
                ..
            } => {
                format!("get {} and run: mps resume", Needed::User)
            }
            Self::NoToken {
                token: Needed::System,
                ..
            } => {
                format!("set {} and run: mps resume", env::MPS_SYSTEM_TOKEN.name)
            }
            // What Meta did not like is in the journal as it was asked for, and `resume` asks the same.
            Self::NotTried { kind: Kind::Input } => {
                "when that is mended, the same command goes on here".to_owned()
            }
            Self::NotTried { .. } => {
                "when that is mended, the same command goes on here; so does: mps resume".to_owned()
            }
            Self::Again { hint, .. } => hint.clone(),
            Self::Unknown { .. }
            | Self::Setup(_)
            | Self::Interrupted(_)
            | Self::SecondLive {
                under_way: true, ..
            } => "mps resume".to_owned(),
        })
    }

    /// Whether an error of the whole run came first.
    pub fn is_not_tried(&self) -> bool {
        match self {
            Self::NotTried { .. } => true,
            Self::Again { error, .. } => error.is_not_tried(),
            _ => false,
        }
    }

    /// Whether no further app needs to be tried.
    pub fn stops_the_run(&self) -> bool {
        match self {
            Self::Graph(error) => error.whole_run() || error.kind() == Kind::Quota,
            // What answers in Meta's place will do so for the next app too.
            Self::Unknown { error, .. } => error.as_ref().is_some_and(|error| error.whole_run()),
            Self::Again { error, .. } => error.stops_the_run(),
            Self::Journal(_)
            | Self::NotWrittenDown { .. }
            | Self::LookRefused { .. }
            | Self::Unattributed { ours: true, .. }
            | Self::CheckRefused { .. } => true,
            _ => false,
        }
    }

    /// The same for ids of solutions, each of which may be somebody else's: that one cannot be read says
    /// nothing about the next.
    pub fn stops_accepting(&self) -> bool {
        match self {
            Self::CheckRefused { error, .. } => error.whole_run(),
            _ => self.stops_the_run(),
        }
    }
}
