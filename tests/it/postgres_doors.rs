//! The ways to a team's database: where its address stands, TLS, servers that are no place for a journal, clocks.
//!
//! The one decision: whatever is wrong with the way is said before anything is sent.

use std::{
    fs,
    net::TcpListener,
    time::{Duration, Instant},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;

use crate::{
    button::free_port,
    once_world::{Moment, World},
    postgres::team,
    support::{Home, Mps, PostgresServer, needs, needs_postgres},
};

const CREATE: &str = "whatsapp_business_solution ";

#[test]
fn the_address_comes_from_a_file_or_from_the_profile() {
    let Some((mut world, server, database)) = team(1) else {
        return;
    };
    let url = world.database.take().unwrap();
    let odd = url.replace("admin@", "admin:correct-horse@");
    let file = world.home.file("address", format!("{odd}\r\n"));
    let file = file.to_str().unwrap();
    let made = world.mps(&format!("create --all --journal-file {file}"));
    made.run().code(0);
    assert_eq!(
        server.sql(&database, "SELECT count(*) FROM mps.entries"),
        "1"
    );
    let store = |mps: Mps| {
        let shown = mps.run();
        assert!(!shown.code(0).stdout_text().contains("horse"));
        shown.json()["store"].as_str().unwrap().to_owned()
    };
    let status = || world.mps("journal status --json");
    assert_eq!(store(status()), "sqlite");
    let profile = world.home.config().join("profiles/default.toml");
    fs::create_dir_all(profile.parent().unwrap()).unwrap();
    for place in [
        format!("journal_file = \"{file}\"\n"),
        format!("journal_command = \"cat {file}\"\n"),
    ] {
        fs::write(&profile, place).unwrap();
        assert_eq!(store(status()), "postgresql");
    }
    // What overrides the profile's is said.
    let other = server.database();
    let run = world
        .mps("journal status --json")
        .env("MPS_JOURNAL", server.url(&other))
        .run();
    run.code(0)
        .stderr_has("the journal's address comes from MPS_JOURNAL, not from profile default");
    assert!(run.json()["place"].as_str().unwrap().contains(&other));
    // What is wrong with it names its place, and never what stands there.
    world
        .home
        .file("address", "mysql://ana:correct-horse@h/mps");
    world
        .mps(&format!("create --all --journal-file {file}"))
        .run()
        .code(2)
        .stderr_has(format!("{file} is no address of a database"))
        .stderr_lacks("horse");
    world
        .mps("create --all --journal-file - --user-token-file -")
        .stdin("x")
        .run()
        .code(2)
        .stderr_has("--journal-file");
    assert_eq!(world.calls("create"), 1);
}

/// An authority, and a server's certificate of it for `localhost`: the authority's PEM, the certificate's, its key's.
fn certificates() -> [String; 3] {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let own = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&own, &issuer).unwrap().pem();
    [authority, certificate, own.serialize_pem()]
}

#[test]
fn tls_proves_who_the_database_is() {
    if !needs_postgres() {
        return;
    }
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let database = server.database();
    let mut world = World::of(1);
    let [authority, certificate, key] = certificates();
    let [stranger, ..] = certificates();
    let roots = world.home.file("authority.pem", authority);
    let wrong = world.home.file("stranger.pem", stranger);
    let (roots, wrong) = (roots.display(), wrong.display());
    let port = free_port();
    let at = |host: &str, more: &str| format!("postgres://admin@{host}:{port}/{database}?{more}");
    let run = |world: &mut World, command: &str, url: String| {
        world.database = Some(url);
        world.mps(command).run()
    };
    let plain = at("localhost", "sslmode=verify-full");
    server.tell("stop");
    server.port(&port, "");
    server.tell("start");
    let refused = run(
        &mut world,
        "create --all",
        at("localhost", "sslmode=require"),
    );
    refused.code(1).stderr_has("no TLS connection");
    server.tell("stop");
    fs::write(server.dir().join("server.crt"), certificate).unwrap();
    fs::write(server.dir().join("server.key"), key).unwrap();
    server.tell("certificate");
    server.port(&port, "-c ssl=on");
    server.tell("start");
    for (url, code, said) in [
        // Nobody of the system's trust store vouches for it.
        (plain, 1, "sslrootcert"),
        (
            at(
                "localhost",
                &format!("sslmode=verify-full&sslrootcert={wrong}"),
            ),
            1,
            "no TLS connection",
        ),
        (
            at(
                "127.0.0.1",
                &format!("sslmode=verify-full&sslrootcert={roots}"),
            ),
            1,
            "no TLS connection",
        ),
        (
            at(
                "localhost",
                "sslmode=verify-full&sslrootcert=/no/such/file.pem",
            ),
            1,
            "/no/such/file.pem",
        ),
        (at("localhost", "sslmode=allow"), 2, "sslmode allow"),
    ] {
        let refused = run(&mut world, "create --all", url);
        refused.code(code).stderr_has(said);
    }
    assert_eq!(world.calls("create"), 0, "nothing was sent");
    for url in [
        at(
            "localhost",
            &format!("sslmode=verify-full&sslrootcert={roots}"),
        ),
        at(
            "127.0.0.1",
            &format!("sslmode=verify-ca&sslrootcert={roots}"),
        ),
        at("127.0.0.1", "sslmode=require"),
    ] {
        run(&mut world, "onboard --all --yes", url.clone()).code(0);
        let doctor = run(&mut world, "doctor --json --port 0", url);
        doctor.any_code();
        let mut checks = doctor.json_lines();
        checks.retain(|line| line["check"] == "journal");
        let seen = checks[0]["seen"].as_str().unwrap();
        assert!(seen.contains("TLSv1."), "{seen}");
    }
    assert_eq!(world.calls("create"), 1);
    world.is_whole();
}

#[test]
fn a_full_disk_and_a_role_without_rights_are_said_before_anything_is_sent() {
    let Some((world, server, database)) = team(1) else {
        return;
    };
    world
        .mps("invite --for acme --public-url https://mps.example.com")
        .run()
        .code(0);
    server.sql(
        &database,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON mps.events EXECUTE FUNCTION full_disk()",
    );
    let full = world.mps("onboard --all --yes").run();
    full.code(1)
        .stderr_has("the database's disk is full")
        .stderr_has("make room");
    let stranger = format!("stranger_{database}");
    server.sql(&database, &format!("CREATE ROLE {stranger} LOGIN"));
    let run = world.mps("onboard --all --yes");
    run.env("MPS_JOURNAL", server.url_of(&stranger, &database))
        .run()
        .code(1)
        .stderr_has("lacks a right")
        .stderr_has("mps journal grants");
    assert_eq!(world.calls("create"), 0, "nothing was sent");
    server.sql(&database, "DROP TRIGGER full_disk ON mps.events");
    world.mps("onboard --all --yes").run().code(0);
    world.is_whole();
}

#[test]
fn what_was_sent_is_as_old_as_the_database_says() {
    // By how much the database's clock is ahead of this machine's, in hours.
    for ahead in [24, -24] {
        let Some((world, server, database)) = team(1) else {
            return;
        };
        let invite = "invite --for acme --public-url https://mps.example.com";
        world.mps(invite).run().code(0);
        server.sql(
            &database,
            &format!(
                "CREATE FUNCTION mps.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
                    $$ SELECT pg_catalog.clock_timestamp() + interval '{ahead} hours' $$"
            ),
        );
        let sent = world.gate.hold_at(1, Moment::BeforeMeta, CREATE);
        let run = world.mps("create --all").start();
        sent.reached();
        world.gate.disarm();
        run.kill().killed_by(9);
        drop(sent);
        let there = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(ahead);
        let since = there.duration_since(world.row().posts[0].sent_at);
        assert!(
            since.as_secs().abs() < 300,
            "sent at the database's time: {since}"
        );
        // Neither is it of the future nor old, for whoever looks and for whoever acts.
        for (command, code, said) in [
            ("create --all --dry-run --json", 0, "would_look_for_it"),
            ("create --all --json", 6, "10 minutes after it"),
        ] {
            let run = world.mps(command).run();
            run.code(code)
                .stdout_has(said)
                .stderr_lacks("in the future");
        }
        let doctor = world.mps("doctor --json --port 0").run();
        doctor.any_code();
        let mut checks = doctor.json_lines();
        checks.retain(|line| line["check"] == "open_creates");
        let remedy = checks[0]["remedy"].as_str().unwrap();
        assert!(remedy.contains("mps resume, after"), "{remedy}");
    }
}

/// A run on a machine whose clock is off by so much.
fn with_clock(mps: Mps, off: &str) -> Mps {
    mps.env("LD_PRELOAD", "/usr/$LIB/faketime/libfaketimeMT.so.1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME", off)
}

#[test]
fn two_machines_whose_clocks_are_days_apart_agree_on_how_old_a_post_is() {
    if !needs("faketime") {
        return;
    }
    for (one, other) in [("+1d", "-1d"), ("-1d", "+1d")] {
        let Some((world, ..)) = team(1) else { return };
        // Nobody knows of it but the journal.
        world.faults(json!({"rules": [{"call": "list", "fault": "empty_listing", "times": 0}]}));
        let created = world.gate.hold_at(1, Moment::AfterMeta, CREATE);
        let run = with_clock(world.mps("create --all"), one).start();
        created.reached();
        world.gate.disarm();
        run.kill().killed_by(9);
        created.open();
        let second = Home::new();
        for home in [&second, &world.home] {
            let off = if home.path() == second.path() {
                other
            } else {
                one
            };
            let run = with_clock(world.at(home, "create --all"), off).run();
            run.code(6)
                .stderr_has("10 minutes after it")
                .stderr_lacks("in the future");
        }
        assert_eq!(world.calls("create"), 1);
        world.faults(json!({}));
        world.age();
        let run = with_clock(world.at(&second, "onboard --all --yes"), other);
        run.run().code(0);
        assert_eq!(world.calls("create"), 1);
        world.is_whole();
    }
}

#[test]
fn nobody_waits_long_for_a_database_that_is_away() {
    // Takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut world = World::of(1);
    world.database = Some(format!("postgres://ana@127.0.0.1:{port}/mps"));
    let begun = Instant::now();
    let words = world.mps("complete-words solutions").run();
    words.code(0).stdout("").stderr("");
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    let begun = Instant::now();
    let doctor = world.mps("doctor --json --port 0").run();
    doctor.any_code();
    let mut checks = doctor.json_lines();
    checks.retain(|line| line["check"] == "journal");
    let seen = checks[0]["seen"].as_str().unwrap();
    assert!(seen.contains("the database cannot be reached"), "{seen}");
    assert!(
        begun.elapsed() < Duration::from_secs(9),
        "{:?}",
        begun.elapsed()
    );
    // A keyring or a password manager is not asked in the middle of a line.
    world.database = None;
    let asked = world.home.path().join("asked");
    let profile = world.home.config().join("profiles/default.toml");
    fs::create_dir_all(profile.parent().unwrap()).unwrap();
    fs::write(
        profile,
        format!("journal_command = \"touch {}\"\n", asked.display()),
    )
    .unwrap();
    world
        .mps("complete-words solutions")
        .run()
        .code(0)
        .stdout("")
        .stderr("");
    assert!(!asked.exists());
}
