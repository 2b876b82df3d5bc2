//! An error in words: what happened, the facts behind it, and what to do.
//!
//! The one decision: the sentence says what *we* were doing and what came of it; Meta's numbers and ids
//! stand on lines of their own, for those who have to quote them.

use super::{
    Error, ErrorCause, Unreadable,
    advice::{Advice, AdviceContext, minutes},
    passing_status,
};
use crate::graph::answer::{codes::ErrorClass, meta::MetaError};

/// What to do where a business has shared nothing under a solution.
pub const NOTHING_SHARED: &str = "it is there once the client went through Embedded Signup with this solution's id in \
     `extras.setup.solutionID` and shared an account; ID of `--business-id` is `owner_business_id` of the webhook \
     account_update, not the account's";

impl Error {
    /// What happened, without what we were doing.
    pub fn short(&self) -> String {
        let host = &self.0.at.host;
        match &self.0.cause {
            ErrorCause::Meta(meta) => meta.headline(),
            ErrorCause::NotDone => "Meta answered that it was not done (success: false)".to_owned(),
            ErrorCause::Unreadable(why, _) => unreadable(*why, host, self.0.at.status),
            ErrorCause::Shape(problem) => {
                format!("{host} answered in another shape than expected: {problem}")
            }
            ErrorCause::NothingShared => {
                "nothing is shared yet: that business has no WhatsApp Business account under the solution"
                    .to_owned()
            }
            ErrorCause::NoSolutionId => "the answer holds no solution_id".to_owned(),
            ErrorCause::Redirect(to) => {
                format!("{host} sends us on to {to}, where no token of ours goes")
            }
            ErrorCause::Transport(transport) => transport.short(host),
            ErrorCause::Stopped => "interrupted before it was tried again".to_owned(),
            ErrorCause::Late => "it could not leave in time".to_owned(),
            ErrorCause::Held(used) => match self.0.at.wait {
                Some(wait) => format!(
                    "the quota of {} is used up; it is back in {}",
                    self.0.at.bearer.words(),
                    minutes(wait)
                ),
                None => format!(
                    "{used} % of the quota of {} is used",
                    self.0.at.bearer.words()
                ),
            },
            ErrorCause::Paging(problem) => {
                format!("{host} answered with a list that has no end: {problem}")
            }
            ErrorCause::Setup(problem) | ErrorCause::Usage(problem) => problem.clone(),
        }
    }

    /// The facts behind it, one short line each.
    pub fn causes(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match &self.0.cause {
            ErrorCause::Meta(meta) => {
                meta_lines(meta, &mut lines);
                lines.extend(self.whose_token());
            }
            ErrorCause::Unreadable(_, excerpt) if !excerpt.is_empty() => {
                lines.push(format!("it began: {excerpt}"));
            }
            _ => {}
        }
        if let Some(status) = self.0.at.status {
            lines.push(match &self.0.at.request_id {
                Some(id) => format!("HTTP {status}, request {id}"),
                None => format!("HTTP {status}"),
            });
        }
        match &self.0.at.version_served {
            Some(served) if *served != self.0.at.version_asked => {
                lines.push(format!(
                    "asked {}, Meta served {served}",
                    self.0.at.version_asked
                ));
            }
            _ => {}
        }
        if self.0.at.tries > 1 {
            let seconds = self.0.at.elapsed.as_secs_f64();
            lines.push(format!("tried {} times in {seconds:.1} s", self.0.at.tries));
        }
        lines
    }

    /// Which token Meta objects to, and where it came from.
    fn whose_token(&self) -> Option<String> {
        let place = self.0.at.place.as_ref()?;
        let about_it = matches!(
            self.class_as(false),
            ErrorClass::Auth | ErrorClass::Permission
        );
        about_it.then(|| format!("{} came from {place}", self.0.at.bearer.words()))
    }

    /// One line on what to do, with the next command to type.
    pub fn advice(&self) -> Option<String> {
        let about = AdviceContext {
            bearer: self.0.at.bearer,
            place: self.0.at.place.as_deref(),
            version: &self.0.at.version_asked,
            id: self.0.at.id.as_deref(),
            solution: self.0.at.solution,
            writes: self.0.at.method.writes(),
            wait: self.0.at.wait,
        };
        let advice = match &self.0.cause {
            ErrorCause::Meta(meta) => {
                let advice = match meta.row() {
                    Some(row) => row.advice,
                    None if self.class_as(false) == ErrorClass::Transient => Advice::MetaIsDown,
                    None => Advice::Look,
                };
                return Some(advice.line(&about));
            }
            ErrorCause::Held(_) => return Some(Advice::Wait.line(&about)),
            ErrorCause::NotDone => return Some(Advice::Look.line(&about)),
            ErrorCause::Transport(transport) => transport.advice(self.0.at.loopback),
            ErrorCause::Unreadable(why, _) => return Some(self.advice_unreadable(*why, &about)),
            ErrorCause::Redirect(_) | ErrorCause::Shape(_) if self.0.at.loopback => NOT_THE_API,
            ErrorCause::Redirect(_) | ErrorCause::Shape(_) | ErrorCause::Paging(_) => {
                self.look_at_the_answer()
            }
            ErrorCause::NothingShared => NOTHING_SHARED,
            ErrorCause::Stopped | ErrorCause::Late => "type the same command again",
            ErrorCause::Setup(_) => {
                "name a PEM file with `--ca-file FILE`, MPS_CA_FILE or in the profile; without one the system's \
                 certificate store is used"
            }
            ErrorCause::NoSolutionId | ErrorCause::Usage(_) => return None,
        };
        Some(advice.to_owned())
    }

    /// What to do about an answer that is none.
    fn advice_unreadable(&self, why: Unreadable, about: &AdviceContext<'_>) -> String {
        let at = &self.0.at;
        let passes = at.status.is_some_and(passing_status);
        let advice = match why {
            Unreadable::ProxyAuth => {
                "put the proxy's user and password into HTTPS_PROXY, or the host into NO_PROXY"
            }
            Unreadable::MetaPage if !passes => {
                "Meta does not know such a call: check the path and the ids; `-vv` shows what was sent"
            }
            Unreadable::MetaPage | Unreadable::ServiceUnavailable => {
                return Advice::MetaIsDown.line(about);
            }
            Unreadable::ProxyPage | Unreadable::Text | Unreadable::Empty
                if passes && !at.loopback =>
            {
                return format!(
                    "wait some minutes and type the same command again; if it stays so, ask the keepers of your \
                     network what stands between you and {}",
                    at.host
                );
            }
            Unreadable::ProxyPage => {
                return format!(
                    "ask the keepers of your network to let {} through, or set HTTPS_PROXY and NO_PROXY",
                    at.host
                );
            }
            Unreadable::Text | Unreadable::Empty | Unreadable::TooLong if at.loopback => {
                NOT_THE_API
            }
            Unreadable::Text | Unreadable::Empty | Unreadable::TooLong | Unreadable::OtherError => {
                self.look_at_the_answer()
            }
        };
        advice.to_owned()
    }

    /// Where only the answer itself can tell more.
    fn look_at_the_answer(&self) -> &'static str {
        if self.0.at.host == "graph.facebook.com" {
            "type the same command with `-vv`: it shows what came back"
        } else {
            "check `--graph-url`; `-vv` shows what came back"
        }
    }
}

/// On this machine it is hardly Meta's fault.
const NOT_THE_API: &str =
    "is this the Graph API? `mps sandbox` prints the variables that lead to it";

fn unreadable(why: Unreadable, host: &str, status: Option<u16>) -> String {
    let status = status.unwrap_or_default();
    match why {
        Unreadable::MetaPage => format!("Meta answered with its error page (HTTP {status})"),
        Unreadable::ProxyPage => format!(
            "a proxy or firewall answered in place of {host}, with a web page (HTTP {status})"
        ),
        Unreadable::ProxyAuth => "the proxy wants a user and password (HTTP 407)".to_owned(),
        Unreadable::Text => {
            format!(
                "{host} answered with something that is no answer of the Graph API (HTTP {status})"
            )
        }
        Unreadable::OtherError => {
            format!("{host} answered with an error that is not in Meta's form (HTTP {status})")
        }
        Unreadable::Empty => format!("{host} answered with nothing (HTTP {status})"),
        Unreadable::TooLong => format!("the answer of {host} is longer than 8 MiB"),
        Unreadable::ServiceUnavailable => "Meta answered \"Service Unavailable\"".to_owned(),
    }
}

fn meta_lines(meta: &MetaError, lines: &mut Vec<String>) {
    if meta.headline() != meta.message {
        lines.push(format!("Meta: {}", meta.message));
    }
    // The number itself and the trace id have fields of their own in every report.
    lines.extend(meta.row().map(|row| row.meaning.to_owned()));
    lines.extend(meta.details.clone());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::graph::{
        error::{CallContext, failed},
        send::{
            call::{Bearer, Method},
            transport::TransportError,
        },
    };

    fn facts() -> CallContext {
        CallContext {
            doing: "read solution 795".to_owned(),
            method: Method::Get,
            bearer: Bearer::System,
            place: Some("MPS_SYSTEM_TOKEN".into()),
            id: Some("795".to_owned()),
            solution: true,
            host: "graph.facebook.com".to_owned(),
            loopback: false,
            status: Some(400),
            request_id: Some("AbC".to_owned()),
            version_asked: "v20.0".to_owned(),
            version_served: Some("v21.0".to_owned()),
            tries: 4,
            elapsed: Duration::from_millis(6300),
            wait: None,
        }
    }

    /// The whole error as a person reads it.
    fn page(error: &Error) -> String {
        let causes = error.causes().join("\n  ");
        format!(
            "{error}\n  {causes}\n> {}",
            error.advice().unwrap_or_default()
        )
    }

    fn meta(code: i64, subcode: Option<i64>) -> MetaError {
        MetaError {
            code: Some(code),
            subcode,
            message: "Meta's message".to_owned(),
            fbtrace_id: Some("Xyz".to_owned()),
            ..MetaError::default()
        }
    }

    #[test]
    fn an_error_of_meta() {
        let error = failed(facts(), ErrorCause::Meta(Box::new(meta(190, Some(463)))));
        insta::assert_snapshot!(page(&error), @r"
        could not read solution 795: Meta's message
          the session is over
          our system token came from MPS_SYSTEM_TOKEN
          HTTP 400, request AbC
          asked v20.0, Meta served v21.0
          tried 4 times in 6.3 s
        > make a new token for our system user (Business settings > System users, with manage_app_solution) and set MPS_SYSTEM_TOKEN; `mps list` tries it
        ");
    }

    #[test]
    fn meta_s_words_for_people_come_first() {
        let mut facts = facts();
        (facts.tries, facts.version_served) = (1, None);
        let meta = MetaError {
            user_title: Some("Wrong name".to_owned()),
            user_msg: Some("Use fewer characters.".to_owned()),
            details: Some("wrong field: solution_name".to_owned()),
            ..meta(100, None)
        };
        let error = failed(facts, ErrorCause::Meta(Box::new(meta)));
        insta::assert_snapshot!(page(&error), @r"
        could not read solution 795: Wrong name: Use fewer characters.
          Meta: Meta's message
          a parameter is not valid
          wrong field: solution_name
          HTTP 400, request AbC
        > check the id 795: `mps list` shows those that our token sees; `-vv` shows what was sent
        ");
    }

    #[test]
    fn what_to_do_about_answers_that_are_none() {
        let meta = "graph.facebook.com";
        for (why, status, host, expected) in [
            (Unreadable::MetaPage, 500, meta, "metastatus.com"),
            (
                Unreadable::MetaPage,
                404,
                meta,
                "check the path and the ids",
            ),
            (Unreadable::ServiceUnavailable, 200, meta, "metastatus.com"),
            (
                Unreadable::ProxyPage,
                403,
                meta,
                "let graph.facebook.com through",
            ),
            (Unreadable::ProxyPage, 502, meta, "wait some minutes"),
            (Unreadable::Text, 503, meta, "wait some minutes"),
            (Unreadable::Empty, 502, meta, "wait some minutes"),
            (Unreadable::Text, 200, meta, "the same command with `-vv`"),
            (
                Unreadable::TooLong,
                200,
                meta,
                "the same command with `-vv`",
            ),
            (
                Unreadable::Text,
                200,
                "graph.example",
                "check `--graph-url`",
            ),
            (Unreadable::Text, 503, "127.0.0.1:1", "mps sandbox"),
            (Unreadable::ProxyAuth, 407, meta, "into HTTPS_PROXY"),
        ] {
            let facts = CallContext {
                status: Some(status),
                host: host.to_owned(),
                loopback: host.starts_with("127."),
                ..facts()
            };
            let error = failed(facts, ErrorCause::Unreadable(why, String::new()));
            let advice = error.advice().unwrap();
            assert!(
                advice.contains(expected),
                "{why:?} {status} {host}: {advice}"
            );
        }
    }

    #[test]
    fn no_answer_and_no_json() {
        let mut facts = facts();
        (facts.status, facts.version_served) = (None, None);
        let lost = ErrorCause::Transport(TransportError::Lost("connection reset".to_owned()));
        insta::assert_snapshot!(page(&failed(facts.clone(), lost)), @r"
        could not read solution 795: the connection to graph.facebook.com was lost before the answer was complete
          tried 4 times in 6.3 s
        > type the same command again
        ");
        (facts.status, facts.tries) = (Some(403), 1);
        let blocked = ErrorCause::Unreadable(Unreadable::ProxyPage, "Blocked by policy".to_owned());
        insta::assert_snapshot!(page(&failed(facts, blocked)), @r"
        could not read solution 795: a proxy or firewall answered in place of graph.facebook.com, with a web page (HTTP 403)
          it began: Blocked by policy
          HTTP 403, request AbC
        > ask the keepers of your network to let graph.facebook.com through, or set HTTPS_PROXY and NO_PROXY
        ");
    }
}
