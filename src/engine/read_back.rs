//! After an accept: what Meta shows.
//!
//! The one decision: the reading decides, not the answer. A refusal of what is ACTIVE is a success, and a
//! success that no reading shows is one that is not verified.

use super::{
    Engine, Error, Event, OurApp,
    accept::{Accepted, Answer},
    choose,
    job::Job,
};
use crate::{
    exit::Kind,
    graph::{Sent, Solution},
};

impl<P: OurApp> Engine<P> {
    /// What Meta shows decides. A clear refusal of a solution that is not ACTIVE is a failure; so is an
    /// unclear answer that the readings do not settle, as an unknown outcome.
    pub(crate) async fn read_back(
        &self,
        job: Option<&Job>,
        mut solution: Solution,
        answer: Answer,
    ) -> Result<Accepted, Error> {
        let error = answer.err();
        let refused = error
            .as_ref()
            .is_some_and(|error| error.sent() != Sent::Unknown);
        // Meta may refuse because it is ACTIVE already, and readings may lag behind that.
        let one_look = refused
            && !error
                .as_ref()
                .is_some_and(|error| matches!(error.kind(), Kind::Input | Kind::State));
        let mut readable = false;
        for pause in &self.policy.pauses.read_back {
            if !self.policy.check && error.is_none() {
                break;
            }
            // The first reading takes no time, so a stop does not forbid it.
            if !pause.is_zero() && !self.stop.pause(*pause).await {
                break;
            }
            match self.read(&solution.id).await {
                Ok(now) => {
                    readable = true;
                    solution = now;
                    if choose::is_accepted(&solution.status) {
                        return Ok(Accepted {
                            solution,
                            verified: true,
                            seen: true,
                            before: refused,
                        });
                    }
                }
                Err(Error::Graph(error)) if error.is_not_visible() => {}
                Err(error)
                    if matches!(error.kind(), Kind::Permission | Kind::Auth | Kind::Input) =>
                {
                    break;
                }
                Err(_) => {}
            }
            if one_look || solution.status.is_over() {
                break;
            }
        }
        match error {
            _ if readable && solution.status.is_over() => Err(self.not_initiated(job, &solution)),
            None => Ok(self.not_verified(solution, readable)),
            Some(error) if refused => Err(error.into()),
            Some(_) if self.stop.is_set() => Err(Error::Interrupted(format!(
                "it was clear whether solution {} was accepted",
                solution.id
            ))),
            Some(error) => Err(Error::Unknown {
                doing: format!("accepting solution {}", solution.id),
                why: format!("Meta shows it {}", solution.status),
                error: Some(Box::new(error)),
            }),
        }
    }

    /// Meta said yes, and has not shown it.
    fn not_verified(&self, solution: Solution, readable: bool) -> Accepted {
        if self.policy.check {
            let seen = if readable {
                format!("Meta still shows it {}", solution.status)
            } else {
                "Meta does not show its status".to_owned()
            };
            self.tell(Event::Note(format!(
                "solution {} was accepted, but {seen}",
                solution.id
            )));
        }
        Accepted {
            solution,
            verified: false,
            seen: readable,
            before: false,
        }
    }
}
