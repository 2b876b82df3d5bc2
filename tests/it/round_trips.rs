//! How many answers one after another an operator waits for.
//!
//! The one decision: nothing is timed. Meta answers none of the calls that need no other one's answer before all of
//! them have come; a run that waited for one of them first would wait for ever.

use std::{
    collections::BTreeMap,
    io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use mps::testing::sandbox::SandboxConfig;
use serde_json::{Value, json};

use crate::{
    nginx::{Nginx, needs_nginx},
    stage::{Stage, app, solution},
    support::{Latch, Mps, SYSTEM, Script, USER},
};

const US: &str = "634974688087057";
const THEIRS: &str = "212022489970390";

/// What Meta says of a token.
fn about(kind: &str) -> Value {
    json!({"data": {"app_id": US, "type": kind, "is_valid": true, "expires_at": 0, "user_id": "8",
        "scopes": ["manage_app_solution", "whatsapp_business_management"]}})
}

/// Meta, with one app, which answers what comes before the first write when the latch opens; `together` tells whether
/// the owner's side is among it.
fn meta(latch: &Latch, together: bool) -> Script {
    let listing = format!("/{US}/whatsapp_business_solutions");
    let script = Script::new()
        .on("GET", "/debug_token")
        .query("input_token", SYSTEM)
        .reply(200, about("SYSTEM_USER"))
        .after(latch)
        .on("GET", "/debug_token")
        .query("input_token", USER)
        .reply(200, about("USER"))
        .after(latch)
        .on("GET", &format!("/{US}"))
        .reply(200, app(US, "Acme"))
        .after(latch)
        .on("GET", "/me/application_details")
        .reply(200, json!({"data": [app(THEIRS, "Lucky Shrub")]}))
        .after(latch)
        .on("GET", &listing)
        .reply(200, json!({"data": []}))
        .after(latch)
        .reply(
            200,
            json!({"data": [solution("77", THEIRS, US, "INITIATED")]}),
        )
        .on("GET", &format!("/{THEIRS}/whatsapp_business_solutions"))
        .reply(200, json!({"data": []}));
    let script = if together {
        script.after(latch)
    } else {
        script
    };
    script
        .on("POST", &format!("/{THEIRS}/whatsapp_business_solution"))
        .reply(200, json!({"solution_id": "77"}))
        .on("POST", "/77/accept")
        .reply(200, json!({"success": true}))
        .on("GET", "/77")
        .reply(200, solution("77", THEIRS, US, "ACTIVE"))
}

#[test]
fn one_app_takes_five_round_trips_where_it_is_named_and_six_with_all() {
    for (args, beside, after) in [
        (&["--app-id", THEIRS][..], 6, 4),
        // Whose side is asked, the list of apps tells.
        (&["--all"], 5, 5),
    ] {
        let latch = Latch::new();
        let served = meta(&latch, beside == 6).serve();
        let run = Mps::new()
            .against(&served)
            .args(["onboard", "--yes", "--json", "--partner-app-id", US])
            .args(args)
            .env("MPS_USER_TOKEN", USER)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .start();
        latch.reached_by(beside);
        assert_eq!(served.lines().len(), beside, "nothing else is asked");
        latch.open();
        run.finish().code(0);
        assert_eq!(served.lines().len(), beside + after);
    }
}

#[test]
fn the_list_of_apps_takes_a_round_trip_for_each_of_its_pages() {
    let latch = Latch::new();
    let next = |served: &str| json!({"cursors": {"after": served}, "next": "https://x"});
    let served = Script::new()
        .on("GET", "/debug_token")
        .query("input_token", USER)
        .reply(200, about("USER"))
        .after(&latch)
        .on("GET", "/me/application_details")
        .reply(
            200,
            json!({"data": [app(THEIRS, "Lucky Shrub")], "paging": next("p1")}),
        )
        .after(&latch)
        .reply(200, json!({"data": [app("2", "Two")]}))
        .on("GET", &format!("/{US}/whatsapp_business_solutions"))
        .reply(200, json!({"data": [solution("77", THEIRS, US, "ACTIVE")]}))
        .after(&latch)
        .serve();
    let run = Mps::new()
        .against(&served)
        .args(["list-apps", "--partner-app-id", US])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .start();
    latch.reached_by(3);
    latch.open();
    run.finish().code(0).stdout(format!("{THEIRS}\n2\n"));
    assert_eq!(served.lines().len(), 4, "{:?}", served.lines());
}

/// How often each call reached the sandbox.
fn by_endpoint(stage: &Stage) -> BTreeMap<String, u64> {
    let state = stage.sandbox.state();
    let calls = state["calls"].as_object().expect("calls");
    let count = |(name, count): (&String, &Value)| (name.clone(), count.as_u64().unwrap_or(0));
    calls.iter().map(count).collect()
}

#[test]
fn ten_apps_cost_three_calls_each_and_a_few_for_all_of_them() {
    let stage = Stage::with(SandboxConfig {
        apps: 10,
        ..SandboxConfig::default()
    });
    let onboard = ["onboard", "--all", "--yes"];
    stage.mps(onboard).run().code(0);
    let made = by_endpoint(&stage);
    assert_eq!(stage.statuses(), ["ACTIVE"; 10]);
    let all: u64 = made.values().sum();
    assert!(all <= 3 * 10 + 3 + 15, "{all}: {made:?}");
    assert_eq!((made["create"], made["accept"]), (10, 10), "{made:?}");
    // Once more: our side tells all, and costs no call per app.
    stage.mps(onboard).run().code(0);
    let again = by_endpoint(&stage);
    let more: u64 = again.values().sum::<u64>() - all;
    assert!(more <= 9, "{more} more: {made:?}, {again:?}");
    assert_eq!((again["create"], again["accept"]), (10, 10), "{again:?}");
}

#[test]
fn reading_back_ends_as_soon_as_each_of_them_was_seen() {
    let stage = Stage::with(SandboxConfig {
        apps: 10,
        ..SandboxConfig::default()
    });
    // Five pages of our side, older than what the run makes.
    let third = "587310249976318";
    stage.seed(&json!({"owner_app_id": third, "count": 450, "status": "ACTIVE"}));
    stage.mps(["onboard", "--all", "--yes"]).run().code(0);
    let made = by_endpoint(&stage);
    let (owners, before, look, back) = (10, 5, 5, 1);
    assert_eq!(made["list"], owners + before + look + back, "{made:?}");
    assert_eq!(
        (made["accept"], made.get("solution")),
        (10, None),
        "{made:?}"
    );
}

/// Passes every byte on to a server, and counts the connections.
fn counting(to: SocketAddr) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let here = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let pass = |mut from: TcpStream, mut to: TcpStream| {
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    };
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let far = TcpStream::connect(to).expect("the server listens");
            pass(
                near.try_clone().expect("a handle"),
                far.try_clone().expect("a handle"),
            );
            pass(far, near);
        }
    });
    (here, count)
}

#[test]
fn over_tls_one_connection_carries_a_whole_run() {
    if !needs_nginx() {
        return;
    }
    let stage = Stage::with(SandboxConfig {
        apps: 10,
        ..SandboxConfig::default()
    });
    let pair = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let cert = stage.home.file("cert.pem", pair.cert.pem());
    let key = stage.home.file("key.pem", pair.signing_key.serialize_pem());
    let (cert, key) = (cert.display().to_string(), key.display().to_string());
    let how = format!("ssl http2; ssl_certificate {cert}; ssl_certificate_key {key}");
    let back = stage.sandbox.url().trim_end_matches('/').rsplit(':').next();
    let nginx = Nginx::start(&stage.home, back.expect("a port"), &how);
    let (meta, connections) = counting(nginx.address);
    let onboard = [
        "onboard",
        "--all",
        "--yes",
        "--jobs",
        "64",
        "--ca-file",
        &cert,
    ];
    let run = stage.mps(onboard);
    run.env("MPS_GRAPH_URL", format!("https://{meta}"))
        .run()
        .code(0);
    assert_eq!(stage.statuses(), ["ACTIVE"; 10]);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}
