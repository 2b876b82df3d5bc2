//! `mps resume --not-made`: the operator says that Meta made nothing of a lost create.
//!
//! The one decision: the journal says first whether anything waits, then Meta is asked, and only then the operator.

use std::{collections::HashSet, sync::Arc};

use super::{args::ResumeArgs, look::look};
use crate::{
    commands::Output,
    context::{Context, failure::Failure},
    engine::{
        Engine,
        look::Survey,
        not_made::{NotMade, waits},
    },
    exit::Kind,
    ids::{AppId, SolutionId},
    journal::{Goal, Key},
    session::{
        self, Consent, Needs, Session,
        run::{self, RunOptions},
        token_checker::Purpose,
    },
};

/// Closes the row of the one app.
pub(super) async fn close(args: ResumeArgs, ctx: &Arc<Context>) -> Result<Output, Failure> {
    let partner = ctx.partner()?;
    let [owner] = args.app_ids.as_slice() else {
        return Err(Failure::usage("--not-made closes the row of one app")
            .hint("run it once for each --app-id"));
    };
    let key = Key {
        owner: owner.clone(),
        partner,
        name: args.name.clone().filter(|name| !name.is_empty()),
    };
    let at_once = args.pace.at_once(ctx)?;
    let user = args.user.read(ctx)?;
    let system = args.system.read(ctx)?;
    ctx.announce_host()?;
    if !is_waiting(ctx, &key)? {
        return Err(nothing_waits(owner));
    }
    args.pace.apply(ctx);
    let needs = Needs {
        system,
        purpose: Purpose::Onboard,
        ..Needs::default()
    };
    let looking = look(ctx, needs, user);
    let (session, listed) = session::unless_stopped(ctx, looking).await?;
    let mut engine = engine(ctx, &session, &listed, owner, at_once)?;
    holds(&key, engine.weigh_not_made(&key).await?)?;
    let question =
        format!("Close what was sent for app {owner}, since Meta has no solution of it?");
    let consent = session::confirm(ctx, &question, args.yes, true).await?;
    consent.word().clone_into(&mut engine.actor.consent);
    holds(&key, engine.close_not_made(&key).await?)?;
    ctx.ui.status(&format!(
        "Closed: nothing was made for app {owner}. The next mps create posts anew."
    ));
    Ok(Output::Nothing)
}

/// What the journal says, read without making one.
fn is_waiting(ctx: &Context, key: &Key) -> Result<bool, Failure> {
    let Some(reader) = ctx.journal_reader()? else {
        return Ok(false);
    };
    let host = ctx.base_url()?.host_label().to_owned();
    let rows = reader.entries(Some(&host))?;
    Ok(rows.iter().any(|(_, row)| row.key == *key && waits(row)))
}

fn engine(
    ctx: &Context,
    session: &Session,
    listed: &HashSet<AppId>,
    owner: &AppId,
    at_once: usize,
) -> Result<Engine, Failure> {
    let options = RunOptions {
        consent: Consent::Arguments,
        link_label: None,
        apps: 0,
        listener: None,
        survey: Survey::default(),
        at_once,
    };
    let policy = run::policy(ctx, Goal::Initiated)?;
    let mut engine = session.engine(ctx, policy, options)?;
    if !listed.contains(owner) {
        engine.user = None;
        engine.actor.user_id = None;
        engine.actor.scopes.clear();
    }
    Ok(engine)
}

/// Goes on only where nothing contradicts the operator.
fn holds(key: &Key, weighed: NotMade) -> Result<(), Failure> {
    let owner = &key.owner;
    match weighed {
        NotMade::Holds => Ok(()),
        NotMade::NothingWaits => Err(nothing_waits(owner)),
        NotMade::Shown(id) => {
            Err(stays_open(owner, &id).hint(format!("mps resume --app-id {owner}")))
        }
        NotMade::Another(id) => Err(stays_open(owner, &id).hint(format!("mps accept {id}"))),
        NotMade::UnderWay(until) => Err(Failure::new(
            Kind::State,
            format!(
                "the row of app {owner} stays open: what had no answer may still be made until {}",
                until.strftime("%H:%M:%S UTC")
            ),
        )
        .hint("the same command, after that time")),
    }
}

fn stays_open(owner: &AppId, shown: &SolutionId) -> Failure {
    let said = format!("the row of app {owner} stays open: Meta shows solution {shown}");
    Failure::new(Kind::State, said)
}

fn nothing_waits(owner: &AppId) -> Failure {
    Failure::new(
        Kind::State,
        format!("nothing that was sent for app {owner} waits for an answer here"),
    )
    .hint("see what is unfinished: mps resume --dry-run")
}
