//! What only Meta can tell: whether we reach it, whose tokens these are, how much of the quota is left.
//!
//! The one decision: the fewest calls that tell the most. Reading our own app proves the way there, the
//! host, the signature and the app at once; the clock and the quota come with the answers.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use url::Url;

use super::{
    check::{CheckRow, Mark},
    machine::FoundSecrets,
    solutions, token,
};
use crate::{
    context::{Context, request_narration, settings},
    exit::Kind,
    graph::{self, ApiVersion, Error, Graph, Route, Token, VersionStatus, table_is_old},
    ids::AppId,
    secret::{AppSecret, SystemToken},
    session::token_checker::TokenChecker,
};

/// How long the way there may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// From how many seconds on a wrong clock is worth a word.
const SKEW: i64 = 60;

/// What is skipped when Meta cannot be reached or our app is not known.
const ASKED: [&str; 7] = [
    "app",
    "system_token_scopes",
    "user_token_scopes",
    "solutions",
    "twins",
    "clock",
    "quota",
];

/// All checks that need Meta, and the version's. `way_is_set`: the settings that lead there are sound.
pub(crate) async fn all(ctx: &Context, secrets: &FoundSecrets, way_is_set: bool) -> Vec<CheckRow> {
    let mut rows = vec![version(ctx)];
    if !way_is_set {
        let network = CheckRow::skipped("network", "a setting above has to be mended first");
        rows.push(network);
        rows.extend(skipped("Meta was not asked"));
        return rows;
    }
    let graph = match ctx.graph() {
        Ok(graph) => graph,
        Err(failure) => {
            rows.push(CheckRow::failed("network", failure));
            rows.extend(skipped("Meta could not be asked"));
            return rows;
        }
    };
    let partner = ctx.partner().ok();
    let route = graph.route();
    let way = format!("{} answers{}", graph.base().host_label(), way(&route));
    let Some((partner, token)) = partner
        .as_ref()
        .and_then(|id| Some((id, any_token(id, secrets)?)))
    else {
        let row = way_alone(ctx, &graph, &way, &route).await;
        rows.push(row.details(way_details(&route)));
        rows.extend(skipped("needs our app's id and a token"));
        return rows;
    };
    let app = graph.app(token, partner).await;
    if let Err(error) = &app
        && error.status().is_none()
    {
        let row = CheckRow::failed("network", error.clone().into());
        rows.push(row.details(way_details(&route)));
        rows.extend(skipped("Meta could not be reached"));
        return rows;
    }
    rows.push(CheckRow::good("network", way).details(way_details(&route)));
    rows.push(app_row(app, partner, secrets));
    rows.extend(tokens(&graph, partner, secrets).await);
    rows.extend(solutions::all(ctx, &graph, partner, secrets).await);
    rows.push(clock(&graph));
    rows.push(quota(&graph));
    rows
}

fn skipped(why: &str) -> impl Iterator<Item = CheckRow> {
    ASKED
        .into_iter()
        .map(move |check| CheckRow::skipped(check, why))
}

/// Any token that Meta would listen to; the system's proves the most.
fn any_token<'a>(partner: &'a AppId, secrets: &'a FoundSecrets) -> Option<Token<'a>> {
    let system = secrets
        .system
        .as_ref()
        .map(|held| Token::System(&held.token));
    let app = secrets
        .secret
        .as_ref()
        .map(|secret| Token::App(partner, secret));
    let user = secrets.user.as_ref().map(|held| Token::User(&held.token));
    system.or(app).or(user)
}

/// How we get there, in words: the way that the client itself takes.
fn way(route: &Route) -> String {
    match route {
        Route::Direct => String::new(),
        Route::Exempt(variable) => format!(", without a proxy, as {variable} says"),
        Route::Through(proxy) => format!(", through the proxy {proxy} of {}", proxy.variable()),
        Route::System => ", as the system's proxy settings say".to_owned(),
    }
}

/// The same as data.
fn way_details(route: &Route) -> Value {
    let (proxy, source) = match route {
        Route::Through(proxy) => (Some(proxy.to_string()), Some(proxy.variable())),
        Route::Exempt(variable) => (None, Some(*variable)),
        Route::Direct | Route::System => (None, None),
    };
    json!({"proxy": proxy, "source": source})
}

/// The way there without a token.
async fn way_alone(ctx: &Context, graph: &Graph, way: &str, route: &Route) -> CheckRow {
    let base = graph.base().to_string();
    let Ok(url) = base.parse::<Url>() else {
        return CheckRow::skipped("network", "no address");
    };
    let ca_file = ctx
        .settings
        .pick(settings::CA_FILE, ctx.globals.ca_file.as_deref());
    let ca_file = ca_file.map(|picked| std::path::PathBuf::from(picked.value));
    match graph::fetch(&url, ca_file.as_deref(), PATIENCE, route).await {
        Ok((status, _)) => CheckRow::good("network", format!("{way} (HTTP {status})")),
        Err(why) => CheckRow::bad("network", Kind::Io, why)
            .remedy("check the network, DNS and HTTPS_PROXY; any command that asks Meta says more"),
    }
}

fn version(ctx: &Context) -> CheckRow {
    const CHECK: &str = "api_version_life";
    let option = ctx.globals.api_version.as_deref();
    let version = match ctx
        .settings
        .parse::<ApiVersion>(settings::API_VERSION, option)
    {
        Ok(picked) => picked.map(|picked| picked.value).unwrap_or_default(),
        Err(_) => return CheckRow::skipped(CHECK, "the version is not known"),
    };
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
    let life = version.life(today);
    let row = match request_narration::end_of_version(version, life) {
        None if let Some(day) = table_is_old(today) => CheckRow::warning(
            CHECK,
            format!("this mps knows Meta's versions as of {day}; {version} is served as far as it knows"),
        )
        .remedy("look for a newer mps; https://developers.facebook.com/docs/graph-api/changelog lists Meta's versions"),
        None => CheckRow::good(
            CHECK,
            request_narration::unchecked_version(version, life)
                .unwrap_or_else(|| format!("{version} is served")),
        ),
        Some(warning) => CheckRow::warning(CHECK, warning)
            .remedy("choose another: --api-version, or api_version in the profile"),
    };
    row.details(
        json!({"version": version.to_string(), "expired": matches!(life, VersionStatus::Expired { .. })}),
    )
}

/// Whether our app is there and signs well.
fn app_row(app: Result<graph::App, Error>, partner: &AppId, secrets: &FoundSecrets) -> CheckRow {
    match app {
        Ok(app) => {
            let signed = if secrets.secret.is_some() {
                "calls are signed (appsecret_proof)"
            } else {
                "calls are not signed"
            };
            CheckRow::good("app", format!("{} ({}), {signed}", app.name, app.id)).details(
                json!({"id": app.id, "name": app.name, "signed": secrets.secret.is_some()}),
            )
        }
        Err(error) if error.is_about_proof() => {
            let seen = format!("the app secret is not that of app {partner}");
            CheckRow::bad("app", Kind::Auth, seen).remedy(
                "it stands in Meta's App Dashboard, App settings, Basic; store it anew: mps init",
            )
        }
        Err(error) => CheckRow::failed("app", error.into()),
    }
}

/// What Meta says of the two tokens.
async fn tokens(graph: &Graph, partner: &AppId, secrets: &FoundSecrets) -> [CheckRow; 2] {
    let checker = TokenChecker {
        graph,
        partner,
        secret: secrets.secret.as_ref(),
        system: secrets.system.as_ref().map(|system| &system.token),
        any_scope: false,
    };
    let system = match &secrets.system {
        Some(system) => token::system(&checker, &system.token).await,
        None => CheckRow::skipped("system_token_scopes", "there is no system token"),
    };
    let user = match &secrets.user {
        Some(user) => token::user(&checker, &user.token).await,
        None => CheckRow::skipped("user_token_scopes", "there is no user token"),
    };
    [system, user]
}

/// What Meta says of a system token; with our app's secret more than without.
pub async fn system_token(
    graph: &Graph,
    partner: &AppId,
    secret: Option<&AppSecret>,
    system: &SystemToken,
) -> CheckRow {
    let checker = TokenChecker {
        graph,
        partner,
        secret,
        system: None,
        any_scope: false,
    };
    token::system(&checker, system).await
}

fn clock(graph: &Graph) -> CheckRow {
    match graph.clock_ahead().map(|ahead| ahead.as_secs()) {
        None => CheckRow::skipped("clock", "the answers carried no time"),
        Some(ahead) => clock_row(ahead),
    }
}

fn clock_row(ahead: i64) -> CheckRow {
    let row = match ahead {
        _ if ahead.abs() <= SKEW => CheckRow::good("clock", "agrees with Meta's"),
        _ => {
            let side = if ahead > 0 { "ahead of" } else { "behind" };
            let seen = format!("{} seconds {side} Meta's", ahead.abs());
            CheckRow::warning("clock", seen)
                .remedy("set the clock: expiry dates and certificates are judged by it")
        }
    };
    row.details(json!({"ahead_seconds": ahead}))
}

fn quota(graph: &Graph) -> CheckRow {
    match graph.quota_used() {
        None => CheckRow::good("quota", "Meta says nothing of it")
            .details(json!({"used_percent": null})),
        Some(used) => quota_row(used),
    }
}

fn quota_row(used: u16) -> CheckRow {
    let mark = match used {
        0..75 => Mark::Good,
        75..95 => Mark::Warning,
        _ => Mark::Bad(Kind::Quota),
    };
    let row = CheckRow::new("quota", mark, format!("{used} % used"))
        .details(json!({"used_percent": used}));
    if mark == Mark::Good {
        row
    } else {
        row.remedy("it is one of a rolling hour: wait, or let create wait with --wait-quota")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_quotas() {
        for (ahead, mark) in [
            (0, Mark::Good),
            (-60, Mark::Good),
            (61, Mark::Warning),
            (-400, Mark::Warning),
        ] {
            assert_eq!(clock_row(ahead).mark, mark, "{ahead}");
        }
        assert_eq!(clock_row(-400).seen, "400 seconds behind Meta's");
        for (used, mark) in [
            (0, Mark::Good),
            (74, Mark::Good),
            (75, Mark::Warning),
            (95, Mark::Bad(Kind::Quota)),
            (300, Mark::Bad(Kind::Quota)),
        ] {
            assert_eq!(quota_row(used).mark, mark, "{used}");
        }
    }
}
