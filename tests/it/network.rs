//! Ways to the network that must not be taken.

use std::net::TcpListener;

use crate::{
    button::{Serving, interrupted},
    stage::{APPS, Stage},
    support::{Mps, Reply, Script, USER},
};

#[test]
fn the_loopback_never_goes_through_a_proxy() {
    let stage = Stage::new();
    // A script without a step: any request to it fails the test, and so does a connection that says nothing.
    let trap = Script::new().serve();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    silent.set_nonblocking(true).unwrap();
    for proxy in [
        trap.url(),
        format!("http://{}", silent.local_addr().unwrap()),
    ] {
        let mut run = stage.mps(["onboard", "--all", "--yes"]);
        for name in [
            "HTTP_PROXY",
            "http_proxy",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            run = run.env(name, &proxy);
        }
        run.run().code(0);
    }
    assert_eq!(trap.lines(), Vec::<String>::new());
    assert!(silent.accept().is_err(), "nobody knocked");
    let mut built_in = Mps::new().args(["onboard", "--sandbox", "--all", "--yes"]);
    for name in ["HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
        built_in = built_in.env(name, trap.url());
    }
    built_in.run().code(0);
}

#[test]
fn the_loopback_needs_no_certificate_store() {
    let stage = Stage::new();
    let without = |mps: Mps| {
        mps.env("SSL_CERT_FILE", "/dev/null")
            .env("SSL_CERT_DIR", "/nonexistent")
            .run()
            .code(0);
    };
    without(stage.mps(["create", "--app-id", APPS[0]]));
    without(Mps::new().args(["onboard", "--sandbox", "--all", "--yes"]));
}

#[test]
fn the_stand_in_of_the_script_needs_none_either() {
    let meta = Script::new()
        .on("GET", "/sdk.js")
        .answer(Reply::html(200, "/* nothing to see here */"))
        .serve();
    let serving = Serving::start(
        Mps::new()
            .against(&meta)
            .env("MPS_PARTNER_APP_ID", "7")
            .env("MPS_PARTNER_NAME", "Acme")
            .env("SSL_CERT_FILE", "/dev/null")
            .env("SSL_CERT_DIR", "/nonexistent")
            .args(["serve-button", "--http", "--port", "0"]),
    );
    assert_eq!(meta.lines(), ["GET /sdk.js"]);
    interrupted(serving.run);
}

#[test]
fn a_redirect_is_not_followed() {
    let trap = Script::new().serve();
    let served = Script::new()
        .on("GET", "/me/permissions")
        .token(USER)
        .reply(302, serde_json::json!({}))
        .header("location", &format!("{}/v26.0/me/permissions", trap.url()))
        .repeat()
        .beside_the_checks(&["/me/application_details", "/me/assigned_applications"])
        .serve();
    let run = Mps::new()
        .args(["list-apps", "--partner-app-id", "1"])
        .env("MPS_USER_TOKEN", USER)
        .against(&served)
        .run();
    run.code(1).stdout("");
}

#[test]
fn a_host_that_is_not_there_is_said() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let run = Mps::new()
        .args(["create", "--app-id", "2", "--partner-app-id", "1", "--json"])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_GRAPH_URL", url)
        .run();
    run.code(1);
    assert_eq!(run.error()["kind"], "transient");
}
