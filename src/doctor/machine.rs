//! What can be checked without asking Meta: settings, secrets, port, certificate, browser, journal.
//!
//! The one decision: everything is looked at by the same functions that the commands use, so that the
//! check-up cannot be of another opinion than they are.

use jiff::Timestamp;
use serde_json::json;

use super::{
    check::{CheckRow, Mark},
    options::DoctorOptions,
    values::why_not,
};
use crate::{
    button,
    context::{
        Context, Sourced,
        failure::Failure,
        settings::{self, Setting, name_of},
    },
    exit::Kind,
    graph,
    journal::DatabaseHealth,
    profile::Profile,
    secret::{AppSecret, SystemToken, UserToken},
    ui::browser::BrowserVisibility,
};

/// The secrets that were found.
#[derive(Default)]
pub(crate) struct FoundSecrets {
    pub(crate) user: Option<Sourced<UserToken>>,
    pub(crate) system: Option<Sourced<SystemToken>>,
    pub(crate) secret: Option<AppSecret>,
}

/// The profile in use.
pub(crate) fn profile(ctx: &Context) -> CheckRow {
    const CHECK: &str = "profile";
    let name = ctx.profile.name();
    if let Some(failure) = ctx.profile.trouble() {
        return CheckRow::failed(CHECK, failure.clone());
    }
    let Some(profile) = ctx.profile.profile() else {
        return CheckRow::good(
            CHECK,
            "none; settings come from options and the environment",
        )
        .remedy("mps init keeps them in one");
    };
    let path = profile.path().display().to_string();
    let details = json!({"profile": name.as_str(), "file": path});
    match Profile::warnings(profile) {
        [] => CheckRow::good(CHECK, format!("{name}, {path}")),
        warnings => CheckRow::warning(CHECK, warnings.join("; ")).remedy(format!("edit {path}")),
    }
    .details(details)
}

/// Each setting that somebody set, our app's id in any case.
pub(crate) fn settings(ctx: &Context) -> Vec<CheckRow> {
    let globals = &ctx.globals;
    let option = |setting: Setting| match setting.option {
        "partner-app-id" => globals.partner_app_id.as_deref(),
        "partner-name" => globals.partner_name.as_deref(),
        "api-version" => globals.api_version.as_deref(),
        "graph-url" => globals.graph_url.as_deref(),
        "ca-file" => globals.ca_file.as_deref(),
        "log-file" => globals.log_file.as_deref(),
        _ => None,
    };
    settings::ALL
        .iter()
        .filter_map(|setting| row_of(ctx, *setting, option(*setting)))
        .collect()
}

fn row_of(ctx: &Context, setting: Setting, option: Option<&str>) -> Option<CheckRow> {
    let check = setting.key.unwrap_or("log_file");
    let Some(picked) = ctx.settings.pick(setting, option) else {
        let needed = setting.option == settings::PARTNER_APP_ID.option;
        return needed.then(|| match ctx.partner() {
            Err(failure) => CheckRow::failed(check, failure),
            Ok(id) => CheckRow::good(check, id.to_string()),
        });
    };
    let place = name_of(setting, picked.source);
    let details = json!({"value": picked.value, "source": picked.source.to_string()});
    let row = match wrong(ctx, setting, &picked.value) {
        Some(why) => CheckRow::bad(check, Kind::Usage, format!("{place}: {why}"))
            .remedy(format!("correct {place}")),
        None => CheckRow::good(check, format!("{}, from {place}", picked.value)),
    };
    Some(row.details(details))
}

/// What is wrong with a value.
fn wrong(ctx: &Context, setting: Setting, value: &str) -> Option<String> {
    match setting.option {
        "graph-url" => ctx.base_url().err().map(|failure| failure.message),
        "ca-file" => graph::no_authorities(value.as_ref()),
        _ => why_not(setting.key?, value),
    }
}

/// Where each secret comes from.
pub(crate) fn secrets(ctx: &Context, options: &DoctorOptions) -> (Vec<CheckRow>, FoundSecrets) {
    let mut secrets = FoundSecrets::default();
    let system = ctx.system_token(options.system_token_file.as_deref());
    let user = ctx.user_token(options.user_token_file.as_deref());
    let secret_file = ctx.globals.app_secret_file.as_deref();
    let secret = ctx.secret(settings::APP_SECRET, secret_file);
    let rows = vec![
        match system {
            Ok(Some(held)) => found("system_token", &held.source, || secrets.system = Some(held.clone())),
            Ok(None) => CheckRow::bad("system_token", Kind::Auth, "none; accept and onboard need it").remedy(
                "make one in Business Settings, System users, with manage_app_solution, and keep it: mps init",
            ),
            Err(failure) => CheckRow::failed("system_token", failure),
        },
        match user {
            Ok(Some(held)) => found("user_token", &held.source, || secrets.user = Some(held.clone())),
            Ok(None) => CheckRow::good("user_token", "none; it comes from the Tech Provider's click"),
            Err(failure) => CheckRow::failed("user_token", failure),
        },
        match secret {
            Ok(Some(held)) => found("app_secret", &held.place, || {
                secrets.secret = Some(held.secret.clone().into());
            }),
            Ok(None) => CheckRow::warning(
                "app_secret",
                "none; calls are not signed, and tokens cannot be looked at",
            )
            .remedy("it stands in Meta's App Dashboard, App settings, Basic; keep it: mps init"),
            Err(failure) => CheckRow::failed("app_secret", failure),
        },
    ];
    (rows, secrets)
}

fn found(check: &'static str, place: &str, take: impl FnOnce()) -> CheckRow {
    take();
    CheckRow::good(check, format!("from {place}")).details(json!({"source": place}))
}

/// Whether the button's page can be served.
pub(crate) async fn port(port: u16) -> CheckRow {
    let seen = |text: &str| format!("{port} {text}");
    match button::port_is_free(port).await {
        Ok(()) => CheckRow::good("port", seen("is free")),
        Err(error) => {
            let remedy = "end the other program, or choose another port: mps serve-button --port";
            CheckRow::warning("port", Failure::from(error).line()).remedy(remedy)
        }
    }
    .details(json!({"port": port}))
}

/// The certificate of the button's page.
pub(crate) fn certificate(ctx: &Context) -> CheckRow {
    const CHECK: &str = "certificate";
    let dir = match ctx.state_dir() {
        Ok(dir) => dir,
        Err(failure) => return CheckRow::failed(CHECK, failure),
    };
    match button::kept_until(dir, Timestamp::now()) {
        Ok(Some(until)) => CheckRow::good(
            CHECK,
            format!("self-signed for localhost, until {until:.0}"),
        )
        .details(json!({"until": until.to_string()})),
        Ok(None) => CheckRow::good(CHECK, "made for localhost when the page is first served"),
        Err(error) => CheckRow::failed(CHECK, error.into()),
    }
}

/// Whether a browser that opens would be seen.
pub(crate) fn browser(ctx: &Context, port: u16) -> CheckRow {
    const CHECK: &str = "browser";
    match BrowserVisibility::from_env(&ctx.settings.env) {
        BrowserVisibility::Here => CheckRow::good(CHECK, "opens on this desktop"),
        BrowserVisibility::OverSsh => CheckRow::warning(
            CHECK,
            "this is a session over SSH, where none is opened",
        )
        .remedy(format!(
            "on your own machine: ssh -L {port}:localhost:{port} HOST, then open the page there"
        )),
        BrowserVisibility::NoDisplay => CheckRow::warning(CHECK, "no display, so none is opened")
            .remedy(
                "open the URL that serve-button prints yourself, or have the Tech Provider open it",
            ),
    }
}

/// The journal and what is unfinished in it.
pub(crate) fn journal(ctx: &Context) -> CheckRow {
    const CHECK: &str = "journal";
    let place = match ctx.journal_place() {
        Ok(place) => place,
        Err(failure) => return CheckRow::failed(CHECK, failure),
    };
    let health = match ctx.journal_reader() {
        Ok(None) => return CheckRow::good(CHECK, format!("none yet; it will be made in {place}")),
        Ok(Some(reader)) => reader.health().map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    let health = match health {
        Ok(health) => health,
        Err(failure) => return CheckRow::failed(CHECK, failure),
    };
    let mut seen = format!(
        "{}, sound; {} keys, {} events, {} unfinished",
        health.place, health.entries, health.events, health.unfinished
    );
    if let Some(database) = &health.database {
        seen += &database.in_words();
    }
    let mut row = CheckRow::good(CHECK, seen);
    if health.network {
        row.mark = Mark::Warning;
        row.seen += "; on a network file system, which is slower and locks less well";
        row.remedy = Some("set MPS_STATE_DIR to a directory on a local disk".to_owned());
    }
    if let Some(forgotten) = &health.forgotten {
        row.mark = Mark::Warning;
        row.seen += &format!("; it is an older copy, or another one: {forgotten}");
        row.remedy = Some(
            "mps list shows what is at Meta, mps tidy what is there twice; what was done since is not known here".to_owned(),
        );
    }
    if health.unfinished > 0 {
        row.mark = Mark::Warning;
        row.remedy = Some("mps resume takes up what is unfinished".to_owned());
    }
    if let Some(database) = &health.database
        && (database.replica || !database.writes)
    {
        row.mark = Mark::Warning;
        row.remedy = Some("`mps journal grants` prints the SQL that gives a role its rights; a replica can only be read".to_owned());
    }
    row.details(json!({
        "path": health.path.as_ref().map(|path| path.display().to_string()), "place": health.place,
        "database": health.database.as_ref().map(DatabaseHealth::details), "entries": health.entries, "events": health.events,
        "unfinished": health.unfinished, "bytes": health.bytes, "network": health.network,
        "forgotten": health.forgotten.map(|forgotten| json!({"has": forgotten.has, "had": forgotten.had})),
    }))
}
