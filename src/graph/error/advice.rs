//! What an operator can do about an error: one line, with the next command to type.
//!
//! The one decision: advice hangs on the meaning of the error and on whose token was used, since a dead
//! token of ours and one of the Tech Provider's ask for different people to act.

use std::time::Duration;

use crate::graph::send::{
    call::Bearer,
    version::{ApiVersion, before, is_known},
};

/// How long to wait where Meta does not tell: the quota is one of a rolling hour, and gets better by parts.
const UNTOLD: Duration = Duration::from_secs(10 * 60);

/// The kinds of advice; a row of the table of codes names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advice {
    NewToken,
    NotAToken,
    Checkpoint,
    Secret,
    Grant,
    Asset,
    Capability,
    Blocked,
    Wait,
    WaitLong,
    MetaIsDown,
    AskForLess,
    Look,
    NotVisible,
    NotAnId,
    Messaging,
    Callback,
    Version,
    Path,
}

/// What the line is about.
pub(crate) struct AdviceContext<'a> {
    /// Whose token was used.
    pub(crate) bearer: Bearer,
    /// Where it came from, where known.
    pub(crate) place: Option<&'a str>,
    /// The version that was asked for.
    pub(crate) version: &'a str,
    /// The object of the call, where it was a number.
    pub(crate) id: Option<&'a str>,
    /// Whether the object is a solution.
    pub(crate) solution: bool,
    /// Whether the call was to change it.
    pub(crate) writes: bool,
    /// How long the quota needs, where known.
    pub(crate) wait: Option<Duration>,
}

impl Advice {
    /// The line, without a full stop at its end.
    pub(crate) fn line(self, about: &AdviceContext<'_>) -> String {
        match self {
            Self::NewToken => new_token(about.bearer).to_owned(),
            Self::NotAToken => not_a_token(about.bearer, about.place),
            Self::Checkpoint => checkpoint(about.bearer).to_owned(),
            Self::Secret => "give the secret of the app that the token was made for (App settings > Basic): \
                 `--app-secret-file FILE` or MPS_APP_SECRET"
                .to_owned(),
            Self::Grant => grant(about.bearer).to_owned(),
            Self::Asset => asset(about.bearer).to_owned(),
            Self::Capability => "the app of this token lacks a capability: see App Review and the products \
                 of the app in Meta's app dashboard"
                .to_owned(),
            Self::Blocked => "Meta has restricted the account: see \
                 https://business.facebook.com/business-support-home"
                .to_owned(),
            Self::Wait | Self::WaitLong => wait(self, about.wait),
            Self::MetaIsDown => "see https://metastatus.com/whatsapp-business-api, wait some minutes, and \
                 type the same command again"
                .to_owned(),
            Self::AskForLess => "type the same command again; if it fails again, check the ids in it and \
                 https://metastatus.com/whatsapp-business-api"
                .to_owned(),
            Self::Look => look(about),
            Self::NotVisible => not_visible(about),
            Self::NotAnId => "an id has digits only; check it for a typing error".to_owned(),
            Self::Messaging => "let one side alone send messages: add `--messaging partner` (us) or \
                 `--messaging tech-provider`"
                .to_owned(),
            Self::Callback => {
                "the callback URL must answer Meta's check with the challenge; see that it is reached from \
                 outside"
                    .to_owned()
            }
            Self::Path if !is_known(about.version) => format!(
                "{} is no version that mps knows: use `--api-version {}`",
                about.version,
                ApiVersion::default()
            ),
            Self::Path => format!(
                "check the path and the ids; where {} itself has no such edge, an older one may: \
                 `--api-version {}`",
                about.version,
                before(about.version)
            ),
            Self::Version => format!("use a living version: `--api-version {}`", ApiVersion::default()),
        }
    }
}

fn new_token(bearer: Bearer) -> &'static str {
    match bearer {
        Bearer::User => {
            "the Tech Provider has to click once more: `mps serve-button` catches a new token, `mps onboard` \
             goes on with it"
        }
        Bearer::System => {
            "make a new token for our system user (Business settings > System users, with \
             manage_app_solution) and set MPS_SYSTEM_TOKEN; `mps list` tries it"
        }
        Bearer::App => {
            "check our app's id and secret: `--partner-app-id ID`, `--app-secret-file FILE` or MPS_APP_SECRET"
        }
    }
}

/// What to do about something else that stood where a token should: nobody has to click again for that.
pub fn not_a_token(bearer: Bearer, place: Option<&str>) -> String {
    let whose = match bearer {
        Bearer::User => "the Tech Provider's token",
        Bearer::System => "our system user's token",
        Bearer::App => return new_token(Bearer::App).to_owned(),
    };
    let holds = match place {
        Some(place) => format!("see that {place} holds {whose}"),
        None => format!("see that {whose} was given"),
    };
    format!("{holds}, whole and nothing else (it begins with EAA), and type the same command again")
}

fn checkpoint(bearer: Bearer) -> &'static str {
    match bearer {
        Bearer::User => {
            "the Tech Provider has to log in at facebook.com and do what it asks, then click once more: \
             `mps serve-button`"
        }
        Bearer::System | Bearer::App => {
            "the token's user has to log in at facebook.com and do what it asks; then set a new \
             MPS_SYSTEM_TOKEN"
        }
    }
}

fn grant(bearer: Bearer) -> &'static str {
    match bearer {
        Bearer::User => {
            "the Tech Provider's token needs manage_app_solution, and our app advanced access to it (App \
             Review); then a new click: `mps serve-button`"
        }
        Bearer::System | Bearer::App => {
            "our system user's token needs manage_app_solution and whatsapp_business_management: make a new \
             one with both and set MPS_SYSTEM_TOKEN; `mps list` tries it"
        }
    }
}

fn asset(bearer: Bearer) -> &'static str {
    match bearer {
        Bearer::User => {
            "the Tech Provider must be an admin of the app and grant manage_app_solution: `mps list-apps` \
             shows the apps that were granted"
        }
        Bearer::System | Bearer::App => {
            "give the system user manage_app_solution and assign it the app (Business settings > System \
             users > Assigned assets); `mps list` tries it"
        }
    }
}

fn wait(advice: Advice, wait: Option<Duration>) -> String {
    let when = minutes(wait.unwrap_or(UNTOLD));
    let more = match advice {
        Advice::WaitLong => ", and look for a script that calls in a loop",
        _ => "",
    };
    format!(
        "type the same command again in {when}{more}; `--wait-quota` lets create, accept and onboard wait by themselves"
    )
}

/// `1 minute`, `19 minutes`; parts of a minute count as one.
pub(crate) fn minutes(wait: Duration) -> String {
    match wait.as_secs().div_ceil(60).max(1) {
        1 => "1 minute".to_owned(),
        many => format!("{many} minutes"),
    }
}

fn look(about: &AdviceContext<'_>) -> String {
    match about.id {
        Some(id) if about.solution && about.writes => {
            format!("compare with what Meta has: `mps show {id}`")
        }
        // To show it is to read it, which is what failed.
        Some(id) if about.solution => {
            format!(
                "check the id {id}: `mps list` shows those that our token sees; `-vv` shows what was sent"
            )
        }
        _ => "check the ids and values of the command; `-vv` shows what was sent".to_owned(),
    }
}

fn not_visible(about: &AdviceContext<'_>) -> String {
    match (about.id, about.solution, about.bearer) {
        (Some(id), true, _) => format!(
            "check that {id} is a solution's id and not an app's, and that our app is a party of it: `mps list` \
             shows those that our token sees"
        ),
        (Some(id), false, Bearer::User) => format!(
            "check that the Tech Provider granted app {id}: `mps list-apps` shows those that were"
        ),
        (Some(id), false, _) => {
            format!("check the id {id}, and that our system user has access to it")
        }
        (None, ..) => "check the id and which token was used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::answer::codes::TABLE;
    use crate::graph::default_version;

    fn about(bearer: Bearer, wait: Option<Duration>) -> AdviceContext<'static> {
        AdviceContext {
            bearer,
            place: None,
            version: "v26.0",
            id: Some("795033096057724"),
            solution: true,
            writes: true,
            wait,
        }
    }

    #[test]
    fn the_right_people_are_sent_for() {
        for (advice, bearer, expected) in [
            (Advice::NewToken, Bearer::User, "mps serve-button"),
            (Advice::NewToken, Bearer::System, "MPS_SYSTEM_TOKEN"),
            (Advice::NewToken, Bearer::App, "MPS_APP_SECRET"),
            (Advice::NotAToken, Bearer::User, "the Tech Provider's token"),
            (Advice::NotAToken, Bearer::System, "our system user's token"),
            (Advice::NotAToken, Bearer::App, "MPS_APP_SECRET"),
            (Advice::Path, Bearer::User, "--api-version v25.0"),
            (Advice::Secret, Bearer::User, "MPS_APP_SECRET"),
            (Advice::Messaging, Bearer::User, "--messaging partner"),
            (Advice::Look, Bearer::System, "mps show 795033096057724"),
            (Advice::NotVisible, Bearer::System, "mps list"),
            (
                Advice::Version,
                Bearer::System,
                concat!("--api-version ", default_version!()),
            ),
        ] {
            let line = advice.line(&about(bearer, None));
            assert!(line.contains(expected), "{line}");
        }
    }

    #[test]
    fn what_is_no_token_and_no_version_is_named() {
        let about = AdviceContext {
            place: Some("MPS_USER_TOKEN"),
            version: "v99.0",
            ..about(Bearer::User, None)
        };
        let line = Advice::NotAToken.line(&about);
        assert!(line.contains("see that MPS_USER_TOKEN holds"), "{line}");
        assert!(!line.contains("serve-button"), "{line}");
        let line = Advice::Path.line(&about);
        assert!(
            line.contains("v99.0 is no version that mps knows"),
            "{line}"
        );
        assert!(line.ends_with("`--api-version v26.0`"), "{line}");
    }

    #[test]
    fn minutes_are_named_when_known() {
        for (wait, expected) in [
            (None, "in 10 minutes;"),
            (Some(Duration::from_secs(1)), "in 1 minute;"),
            (Some(Duration::from_secs(61)), "in 2 minutes;"),
            (Some(Duration::from_secs(19 * 60)), "in 19 minutes;"),
        ] {
            let line = Advice::Wait.line(&about(Bearer::User, wait));
            assert!(line.contains(expected), "{line}");
        }
    }

    #[test]
    fn every_row_has_one_short_line_for_everybody() {
        for row in TABLE {
            for bearer in [Bearer::User, Bearer::System, Bearer::App] {
                let line = row.advice.line(&about(bearer, None));
                assert!(
                    (20..220).contains(&line.len())
                        && !line.contains(['\n', '\\'])
                        && !line.ends_with('.'),
                    "{}: {line}",
                    row.codes.0
                );
            }
        }
    }
}
