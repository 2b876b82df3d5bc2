//! `mps snippet signup`: Meta's Embedded Signup for clients, into one solution.
//!
//! The one decision: the solution is read first, since Meta shows clients of a solution that is not ACTIVE an error which
//! nobody but them sees. Whether the page is made is one pure rule, [`fitness`].

use std::sync::Arc;

use clap::Args;

use crate::{
    button::{self, PagePurpose, PageText, SignupText},
    commands::args::{SystemTokenArg, UserTokenArg, one_reads_stdin},
    context::{Context, failure::Failure, missing, settings},
    exit::Kind,
    graph::{NextStep, Solution},
    ids::{AppId, ConfigId, SolutionId},
    session::{self, Needs, Session, set_partner_name, shown},
};

/// Embedded Signup for clients of one solution, as one HTML file
///
/// Clients share a WhatsApp Business account with us on it, or make one, and come into the solution. Where your code
/// receives the code that Meta hands over is said in its first lines: window.mpsReceive, a function that gets the
/// code and the ids, sends them to your server, and returns what the page shall say if they were refused. The solution
/// must be ACTIVE: it is read from Meta first, with the system token or else the user token.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  mps snippet signup --solution-id 795033096057724 --signup-config-id 9876543210 > signup.html\n  mps snippet signup --solution-id 795033096057724 --signup-config-id 9876543210 --lang es > alta.html"
)]
pub(super) struct SignupArgs {
    /// The solution that the clients come into
    #[arg(long, value_name = "ID")]
    solution_id: SolutionId,
    /// Our app's configuration of Facebook Login for Business for Embedded Signup
    #[arg(long, value_name = "ID")]
    signup_config_id: ConfigId,
    /// Make the page also where the solution is not ACTIVE, or cannot be read
    #[arg(long)]
    force: bool,
    /// The page's language: en, es, pt-BR, fr, id or hi
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
    #[command(flatten)]
    system: SystemTokenArg,
    #[command(flatten)]
    user: UserTokenArg,
}

/// Whether clients can be onboarded with a solution.
#[derive(Debug, PartialEq, Eq)]
enum SignupFitness {
    /// They can.
    Ready,
    /// They can, and something is to be known.
    ReadyBut(String),
    /// They cannot: why, and what to do.
    Not(String, String),
}

/// Whether clients can be onboarded with it by our app.
fn fitness(partner: &AppId, solution: &Solution) -> SignupFitness {
    let id = &solution.id;
    let owned = solution
        .owner_app
        .as_ref()
        .is_some_and(|owner| owner.id == *partner);
    if !owned && solution.has_partner(partner) == Some(false) {
        return SignupFitness::Not(
            format!("our app {partner} has no part in solution {id}"),
            format!("see whose it is: mps show {id}"),
        );
    }
    let why = || {
        format!(
            "solution {id} is {}: Embedded Signup shows clients an error unless it is ACTIVE",
            solution.status
        )
    };
    match solution.status.next(&solution.pending) {
        NextStep::Nobody => SignupFitness::Ready,
        NextStep::DeactivationAnswer => SignupFitness::ReadyBut(format!(
            "somebody has asked for the deactivation of solution {id}: the page works until the other side agrees"
        )),
        NextStep::Unknown if solution.status.is_live() => SignupFitness::Ready,
        NextStep::PartnerAnswers if !owned => SignupFitness::Not(
            why(),
            format!("accept it first: mps accept {id}; --force makes the page before that"),
        ),
        NextStep::NewSolution => SignupFitness::Not(
            why(),
            format!(
                "it is over: name another one, see mps list --status ACTIVE; its story: mps show {id}"
            ),
        ),
        _ => SignupFitness::Not(
            why(),
            format!("who must act next: mps show {id}; --force makes the page before that"),
        ),
    }
}

/// Who shares the client with us, in words for people.
fn other(partner: &AppId, solution: &Solution) -> Option<String> {
    let owner = solution.owner_app.iter();
    let invited = solution.partners.iter().flatten().map(|side| &side.app);
    let others = owner.chain(invited).filter(|app| app.id != *partner);
    let names: Vec<&str> = others.map(|app| app.name.trim()).collect();
    let known = !names.is_empty() && names.iter().all(|name| !name.is_empty());
    known.then(|| names.join(", "))
}

/// What is on the page of us and of the solution.
struct Known {
    partner: AppId,
    partner_name: String,
    other: Option<String>,
}

impl SignupArgs {
    /// The page.
    pub(super) async fn html(self, ctx: &Arc<Context>) -> Result<String, Failure> {
        let (lang, brand) = (
            shown::lang(ctx, self.lang.as_deref(), None)?,
            shown::brand(ctx)?,
        );
        one_reads_stdin(ctx, &[self.system.reader(), self.user.reader()], &[])?;
        let version = ctx.api_version()?.to_string();
        let base = ctx.base_url()?;
        // A page that was tried on a stand-in would teach nothing if it asked Meta.
        let scheme = if base.is_tls() { "https" } else { "http" };
        let stand_in = base
            .is_loopback()
            .then(|| format!("{scheme}://{}", base.host_label()));
        let known = session::unless_stopped(ctx, self.known(ctx)).await?;
        if let Some(origin) = &stand_in {
            ctx.ui.warning(&format!(
                "the page is for the stand-in at {origin}: without --graph-url it is for Meta"
            ));
        }
        Ok(button::snippet(&PageText {
            partner_app_id: &known.partner,
            partner_name: &shown::name_on_page(ctx, &known.partner_name),
            api_version: &version,
            login_config_id: None,
            story: PagePurpose::ServeButton,
            lang,
            brand: &brand,
            signup: Some(SignupText {
                solution_id: &self.solution_id,
                other: known.other.as_deref(),
                config_id: &self.signup_config_id,
                stand_in: stand_in.as_deref(),
            }),
        }))
    }

    /// Reads the solution, and says no where its page would not work.
    async fn known(&self, ctx: &Context) -> Result<Known, Failure> {
        let needs = Needs {
            system: self.system.read(ctx)?,
            user: self.user.read(ctx)?,
            ..Needs::default()
        };
        if needs.system.is_none() && needs.user.is_none() {
            if !self.force {
                let remedy = "it reads the solution first; --force makes the page unread";
                return Err(missing(settings::SYSTEM_TOKEN, remedy));
            }
            ctx.ui.warning(&format!(
                "whether solution {} is ACTIVE was not asked: no token was given",
                self.solution_id
            ));
            let partner = ctx.partner()?;
            return Ok(Known {
                partner_name: set_partner_name(ctx).unwrap_or_else(|| partner.to_string()),
                partner,
                other: None,
            });
        }
        let session = Session::open(ctx, needs).await?;
        let app = session.app()?;
        let mut known = Known {
            partner: app.id.clone(),
            partner_name: app.name.clone(),
            other: None,
        };
        let solution = match session.read(&self.solution_id).await {
            Ok(solution) => solution,
            Err(failure) if self.force => {
                ctx.ui.warning(&format!(
                    "whether solution {} is ACTIVE could not be read: {}",
                    self.solution_id, failure.message
                ));
                return Ok(known);
            }
            Err(failure) => return Err(failure),
        };
        match fitness(&known.partner, &solution) {
            SignupFitness::Ready => {}
            SignupFitness::ReadyBut(warning) => ctx.ui.warning(&warning),
            SignupFitness::Not(why, _) if self.force => ctx.ui.warning(&why),
            SignupFitness::Not(why, hint) => return Err(Failure::new(Kind::State, why).hint(hint)),
        }
        known.other = other(&known.partner, &solution);
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{App, Partner};

    fn solution(status: &str, pending: &str, owner: &str, invited: &str) -> Solution {
        let app = |id: &str, name: &str| App {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            link: None,
        };
        Solution {
            id: "795".parse().unwrap(),
            name: "N".to_owned(),
            status: status.into(),
            pending: pending.into(),
            owner_app: Some(app(owner, "Owner")),
            owner_permissions: None,
            partners: Some(vec![Partner {
                app: app(invited, "Invited"),
                permissions: Vec::new(),
                id: None,
                status: None,
            }]),
        }
    }

    #[test]
    fn with_which_solutions_clients_can_be_onboarded() {
        let us: AppId = "1".parse().unwrap();
        for (status, pending, owner, invited, expected) in [
            ("ACTIVE", "NONE", "2", "1", "ready"),
            ("ACTIVE", "NONE", "1", "2", "ready"),
            (
                "ACTIVE",
                "PENDING_DEACTIVATION",
                "2",
                "1",
                "until the other side agrees",
            ),
            (
                "PENDING_DEACTIVATION",
                "NONE",
                "2",
                "1",
                "until the other side agrees",
            ),
            (
                "INITIATED",
                "PENDING_ACTIVATION",
                "2",
                "1",
                "mps accept 795",
            ),
            ("INITIATED", "PENDING_ACTIVATION", "1", "2", "mps show 795"),
            ("DRAFT", "NONE", "2", "1", "mps show 795"),
            ("REJECTED", "NONE", "2", "1", "it is over"),
            ("DEACTIVATED", "NONE", "2", "1", "it is over"),
            ("SOMETHING_NEW", "NONE", "2", "1", "mps show 795"),
            ("ACTIVE", "NONE", "2", "3", "whose it is"),
        ] {
            let said = match fitness(&us, &solution(status, pending, owner, invited)) {
                SignupFitness::Ready => "ready".to_owned(),
                SignupFitness::ReadyBut(warning) => warning,
                SignupFitness::Not(_, hint) => hint,
            };
            assert!(said.contains(expected), "{status} {pending}: {said}");
        }
    }

    #[test]
    fn the_other_company_is_the_one_that_is_not_us() {
        let us: AppId = "1".parse().unwrap();
        for (owner, invited, expected) in [
            ("2", "1", Some("Owner")),
            ("1", "2", Some("Invited")),
            ("1", "1", None),
        ] {
            let named = other(&us, &solution("ACTIVE", "NONE", owner, invited));
            assert_eq!(named.as_deref(), expected);
        }
    }
}
