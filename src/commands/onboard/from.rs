//! `mps onboard --from`: several Tech Providers whose user tokens are there already.
//!
//! The one decision: a line is a Tech Provider of their own. Nobody's bad line, dead token or refusal costs another
//! one anything; what is common (our token, our side, the journal, the one question) is common.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt as _, StreamExt as _, stream};

use super::{
    args::OnboardArgs,
    drive::rows_of,
    messages::{DoneApp, messages},
};
use crate::{
    commands::{
        Output,
        args::{SolutionArgs, not_our_own, one_reads_stdin},
        input::table::{self, TableCells, TableLine},
        rows::{self, AppRow, RowOrigin},
    },
    context::{Context, Sourced, failure::Failure},
    engine::{Actor, Engine, Job, Policy, choose::NameTemplate, look::Survey},
    exit::Kind,
    graph::Status,
    ids::AppId,
    journal::LinkLabel,
    redact::looks_secret,
    secret::{Secret, SystemToken, UserToken},
    session::{
        self, Consent, Needs, Session, UserSession, invitations,
        plan::Plan,
        run::{self, RunOptions},
        select::{self, NameBase, Selection},
        token_check,
    },
    ui::epilogue::Epilogue,
};

/// The columns of the file.
const COLUMNS: &[&str] = &["ref", "user_token_file", "app_ids"];

/// A line that can be begun.
struct FromLine {
    row: AppRow,
    label: LinkLabel,
    number: u64,
    token: Sourced<UserToken>,
    selection: Selection,
    policy: Policy,
    template: NameTemplate,
}

/// A line whose Tech Provider is known and whose apps are planned.
struct PlannedLine {
    row: AppRow,
    label: LinkLabel,
    user: UserSession,
    policy: Policy,
    jobs: Vec<Job>,
}

/// What all lines share while they are read.
struct LineReader<'a> {
    ctx: &'a Context,
    args: &'a OnboardArgs,
    partner: &'a AppId,
    system: Option<&'a SystemToken>,
    /// What the invitations say of each label.
    expected: HashMap<LinkLabel, crate::journal::Expectation>,
}

/// Onboards them all.
pub(super) async fn onboard(
    args: OnboardArgs,
    ctx: &Arc<Context>,
    file: &Path,
) -> Result<Output, Failure> {
    let partner = ctx.partner()?;
    let reads_lines: &[&str] = if file == Path::new("-") {
        &["--from -"]
    } else {
        &[]
    };
    one_reads_stdin(ctx, &[args.system.reader()], reads_lines)?;
    let system = args.system_token(ctx)?;
    args.check_consent(ctx, false)?;
    let at_once = args.pace.at_once(ctx)?;
    let policy = args.policy(ctx, &args.solution)?;
    if !args.dry_run {
        ctx.journal()?;
    }
    let expected = invitations::all(ctx, &partner)?.into_iter();
    let expected = expected.map(|status| (status.invitation.label, status.invitation.expectation));
    let reader = LineReader {
        ctx,
        args: &args,
        partner: &partner,
        system: system.as_ref().map(|system| &system.token),
        expected: expected.collect(),
    };
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    for line in table::read(ctx, file, COLUMNS)? {
        let (number, row) = (line.number, reader.row(&line));
        match reader.read(line, &row) {
            Ok(line) => lines.push(line),
            Err(failure) => {
                let what = format!("line {number}");
                failed.push(rows::item_failed(ctx, &partner, &what, failure, &row));
            }
        }
    }
    let epilogue = Epilogue::default();
    if lines.is_empty() {
        let lines = stream::iter(failed.into_iter().map(Ok));
        return Ok(rows_of(lines.boxed(), epilogue));
    }

    args.pace.apply(ctx);
    let needs = Needs {
        system,
        purpose: args.purpose(),
        ..Needs::default()
    };
    let mut session = session::unless_stopped(ctx, Session::open(ctx, needs)).await?;
    let mut plan = Plan::of_none();
    let mut planned: Vec<PlannedLine> = Vec::new();
    for line in lines {
        let (number, row) = (line.number, line.row.clone());
        let planning = line.planned(ctx, &mut session, &mut plan);
        match session::unless_stopped(ctx, planning.map(Ok)).await? {
            Ok(line) => planned.push(line),
            Err(failure) => {
                let what = format!("line {number}");
                failed.push(rows::item_failed(ctx, &partner, &what, failure, &row));
            }
        }
    }
    // Whose tokens they are was told line by line.
    session.user = None;
    if plan.apps().len() > 0 {
        plan.show(ctx, &session, &policy, !args.dry_run && !args.yes)?;
    }
    let failed = stream::iter(failed.into_iter().map(Ok));
    if args.dry_run {
        let mut apps = plan.apps();
        let would = planned.iter().flat_map(|line| {
            let apps = apps.by_ref().take(line.jobs.len());
            let lines = apps.map(|app| rows::would_line(ctx, &partner, app, &line.row));
            let lines = lines.map(|line| Ok(session::plan::row_below(ctx, line)));
            lines.collect::<Vec<_>>()
        });
        let would: Vec<_> = would.collect();
        return Ok(rows_of(failed.chain(stream::iter(would)).boxed(), epilogue));
    }
    if planned.is_empty() {
        return Ok(rows_of(failed.boxed(), epilogue));
    }
    let consent = if plan.writes() {
        session::confirm(ctx, &plan.question(policy.goal), args.yes, true).await?
    } else {
        Consent::Arguments
    };
    let ended = work(
        ctx,
        &session,
        planned,
        (policy, plan.survey),
        consent,
        at_once,
        &epilogue,
    );
    Ok(rows_of(failed.chain(ended.await?).boxed(), epilogue))
}

impl LineReader<'_> {
    /// What its rows carry.
    fn row(&self, line: &TableLine) -> AppRow {
        let label = line
            .cells
            .as_ref()
            .ok()
            .and_then(|cells| cells.filled("ref"));
        AppRow::Onboard(RowOrigin {
            label: label.map(|label| self.ctx.redactor.clean(label).into_owned()),
            line: Some(line.number),
        })
    }

    /// All that can be wrong with a line before anything is sent.
    fn read(&self, line: TableLine, row: &AppRow) -> Result<FromLine, Failure> {
        let cells = line.cells.map_err(Failure::usage)?;
        let label = cells.get("ref").unwrap_or_default();
        let label: LinkLabel = label
            .parse()
            .map_err(|error| Failure::usage(format!("ref: {error}")))?;
        invitations::no_secret(self.ctx, &label)?;
        let ids = table::app_ids(cells.get("app_ids").unwrap_or_default())?;
        let expected = self.expected.get(&label).cloned().unwrap_or_default();
        let all = self.args.all && ids.is_empty();
        let ids = if ids.is_empty() && !all {
            expected.app_ids.clone()
        } else {
            ids
        };
        not_our_own(&ids, self.partner)?;
        let token = self.token(&cells)?;
        if let Some(system) = self.system.filter(|_| !self.args.no_accept) {
            token_check::must_differ(&token.token, system)?;
        }
        let solution: SolutionArgs = self.args.solution.expecting(&expected);
        Ok(FromLine {
            row: row.clone(),
            label,
            number: line.number,
            token,
            selection: Selection { ids, all },
            policy: self.args.policy(self.ctx, &solution)?,
            template: solution.template(self.ctx)?,
        })
    }

    fn token(&self, cells: &TableCells) -> Result<Sourced<UserToken>, Failure> {
        let file = cells.filled("user_token_file").ok_or_else(|| {
            Failure::usage(
                "user_token_file is missing: the file that holds this Tech Provider's token",
            )
        })?;
        if file == "-" {
            return Err(Failure::usage(
                "user_token_file: a line has no stdin of its own",
            ));
        }
        if looks_secret(file) && !Path::new(file).exists() {
            if let Ok(secret) = Secret::parse(file) {
                self.ctx.redactor.know(&secret);
            }
            return Err(Failure::usage(
                "user_token_file holds a token, where the name of a file that holds it belongs",
            )
            .hint("keep each token in a file of its own, mode 0600"));
        }
        let token = self.ctx.user_token(Some(Path::new(file)));
        let token = token.map_err(|failure| match failure.kind {
            Kind::Io => failure.hint("see that the file is there and that you may read it"),
            _ => failure,
        })?;
        token.ok_or_else(|| Failure::usage(format!("user_token_file: {file} holds no token")))
    }
}

impl FromLine {
    /// Checks the token, and plans what becomes of the apps, whose rows go to the whole plan.
    async fn planned(
        self,
        ctx: &Context,
        session: &mut Session,
        plan: &mut Plan,
    ) -> Result<PlannedLine, Failure> {
        session.user = None;
        session.add_user(ctx, self.token).await?;
        let granted = select::granted(session).await?;
        let mut selection = self.selection;
        if selection.ids.is_empty() && !selection.all {
            if granted.len() > 1 {
                return Err(super::plan::undecided_apps(&granted)
                    .hint("name them in the column app_ids, or take them all with --all"));
            }
            selection.all = true;
        }
        let app = session.app()?;
        let apps = select::select(granted, &selection, &app.id)?;
        let base = NameBase::today(app, self.label.as_str());
        let jobs = select::jobs(apps, &self.template, &base)?;
        let policy = Policy {
            pass_over_dead: selection.all,
            ..self.policy
        };
        let mut engine = session.planning_engine(ctx, policy.clone())?;
        engine.survey = plan.survey.clone();
        let planned = Plan::make(&engine, jobs).await?;
        let jobs = planned.apps().map(|app| app.job.clone()).collect();
        plan.take_in(planned);
        let user = session
            .user
            .take()
            .ok_or_else(|| Failure::usage("the user token is missing"))?;
        let who = user.checked.user_id.as_ref().map_or_else(
            || "somebody (Meta does not say who)".to_owned(),
            |id| format!("user {id}"),
        );
        ctx.ui.status(&format!(
            "Line {}, {}: the user token is from {}, {who}; proven: {}; messages: {}.",
            self.number,
            self.label,
            user.source,
            user.checked.proof.in_words(),
            policy.messaging.in_words()
        ));
        Ok(PlannedLine {
            row: self.row,
            label: self.label,
            user,
            policy,
            jobs,
        })
    }
}

/// Works on the apps of all lines at once, each under its own Tech Provider.
async fn work(
    ctx: &Arc<Context>,
    session: &Session,
    lines: Vec<PlannedLine>,
    (policy, survey): (Policy, Survey),
    consent: Consent,
    at_once: usize,
    epilogue: &Epilogue,
) -> Result<
    impl futures_util::Stream<Item = Result<crate::commands::Line, Failure>> + Send + use<>,
    Failure,
> {
    let known = rows::KnownSolutions::default();
    let apps = lines.iter().map(|line| line.jobs.len()).sum();
    let no_accept = policy.goal == crate::journal::Goal::Initiated;
    let options = RunOptions {
        consent,
        link_label: None,
        apps,
        listener: Some(known.listener(None)),
        survey,
        at_once,
    };
    let shared = session.engine(ctx, policy, options)?;
    let (mut running, mut before) = (Vec::new(), 0);
    for line in lines {
        let engine = Engine {
            user: Some(line.user.token),
            actor: Actor {
                user_id: line.user.checked.user_id,
                scopes: line.user.checked.scopes,
                link_label: Some(line.label.to_string()),
                ..shared.actor.clone()
            },
            policy: line.policy,
            // A dead token of one is no reason to stop for the others.
            halt: Arc::default(),
            ..shared.clone()
        };
        let (row, label) = (line.row, line.label);
        let (places, first) = (rows::Places::of_jobs(&line.jobs), before);
        before += line.jobs.len();
        let ended = run::start(engine, line.jobs).await?;
        running.push(ended.map(move |(app, ended)| {
            let place = first + places.at(&app.id);
            (row.clone(), label.clone(), place, app, ended)
        }));
    }
    let (ctx, partner) = (Arc::clone(ctx), session.app()?.id.clone());
    let done: Arc<Mutex<Vec<DoneApp>>> = Arc::default();
    let (told, epilogue) = (Arc::clone(&done), epilogue.clone());
    let lines = stream::select_all(running).map(move |(row, label, place, app, ended)| {
        let solution = ended.as_ref().ok().and_then(|made| made.solution.as_ref());
        if let Some(solution) = solution {
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            let open = solution.status == Status::Initiated;
            let open = open.then(|| solution.id.clone());
            done.push(DoneApp { place, label, open });
        }
        let ended = ended.map_err(Failure::from);
        let several = apps > 1;
        let line = rows::app_line(&ctx, &known, &partner, &app, ended, &row, several);
        Some(Ok(line.at(place)))
    });
    let last = stream::once(async move {
        let mut done = told.lock().unwrap_or_else(PoisonError::into_inner);
        if !done.is_empty() {
            done.sort_by_key(|app| app.place);
            epilogue.leave(messages(&done, no_accept));
        }
        None
    });
    Ok(lines.chain(last).filter_map(std::future::ready))
}
