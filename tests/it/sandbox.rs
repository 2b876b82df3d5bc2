//! `mps sandbox`, from outside: the process, its variables, and other runs that use them.

use rustix::process::Signal;
use serde_json::json;

use crate::{
    stage::{APPS, PARTNER, SOLUTIONS},
    support::{API_VERSION, Home, Key, Mps, Outcome, Running, http},
};

/// The variables that a running sandbox printed.
fn variables(sandbox: &Running) -> Vec<(String, String)> {
    sandbox.wait_for_stdout_line("MPS_STATE_DIR");
    read(&sandbox.stdout_so_far())
}

fn read(text: &str) -> Vec<(String, String)> {
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    lines
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect()
}

fn with(variables: &[(String, String)], home: &Home) -> Mps {
    variables
        .iter()
        .fold(Mps::at(home), |mps, (name, value)| mps.env(name, value))
}

#[test]
fn several_runs_share_it() {
    let home = Home::new();
    let sandbox = Mps::at(&home)
        .args(["sandbox", "--port", "0", "--apps", "4"])
        .stdout_may_hold_token()
        .start();
    let vars = variables(&sandbox);
    let names: Vec<_> = vars.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "MPS_GRAPH_URL",
            "MPS_PARTNER_APP_ID",
            "MPS_USER_TOKEN",
            "MPS_SYSTEM_TOKEN",
            "MPS_APP_SECRET",
            "MPS_STATE_DIR"
        ]
    );
    let mps = |args: &[&str]| with(&vars, &home).args(args);
    let listed = mps(&["list-apps"]).run();
    listed.code(0);
    assert_eq!(listed.lines().len(), 4);
    mps(&["create", "--app-id", APPS[0]])
        .run()
        .code(0)
        .stdout(format!("{}\n", SOLUTIONS[0]));
    mps(&["accept"]).stdin(SOLUTIONS[0]).run().code(0);
    let walked = mps(&["onboard", "--all", "--yes"]).run();
    walked.code(0);
    assert_eq!(walked.lines().len(), 4);
    mps(&["handoff", SOLUTIONS[0]])
        .run()
        .code(0)
        .stdout_has(SOLUTIONS[0]);
    sandbox.signal(Signal::INT);
    sandbox.finish().code(0);
}

#[test]
fn it_listens_on_the_loopback_alone_and_ends_on_a_signal() {
    for signal in [Signal::INT, Signal::TERM] {
        let sandbox = Mps::new()
            .args(["sandbox", "--port", "0", "--json"])
            .stdout_may_hold_token()
            .start();
        let line = sandbox.wait_for_stdout_line("MPS_GRAPH_URL");
        let vars: serde_json::Value = serde_json::from_str(&line).expect("one object");
        assert_eq!(vars["MPS_PARTNER_APP_ID"], PARTNER);
        let url = vars["MPS_GRAPH_URL"].as_str().unwrap();
        let address = url
            .strip_prefix("http://127.0.0.1:")
            .expect("a loopback address");
        let address = format!("127.0.0.1:{address}").parse().unwrap();
        assert_eq!(
            http::get(address, &format!("/{API_VERSION}/me")).status,
            400
        );
        sandbox.signal(signal);
        let ended = sandbox.finish();
        ended.code(0);
        assert_eq!(ended.json_lines().len(), 1);
        ended.stderr_json_lines();
    }
}

#[test]
fn what_comes_too_soon_is_refused_for_want_of_quota() {
    let sandbox = Mps::new()
        .args(["sandbox", "--port", "0", "--rate-limit", "1", "--json"])
        .stdout_may_hold_token()
        .start();
    let line = sandbox.wait_for_stdout_line("MPS_GRAPH_URL");
    let vars: serde_json::Value = serde_json::from_str(&line).expect("one object");
    let port = vars["MPS_GRAPH_URL"].as_str().unwrap().rsplit(':').next();
    let address = format!("127.0.0.1:{}", port.unwrap()).parse().unwrap();
    let refused = (0..20)
        .map(|_| http::get(address, &format!("/{API_VERSION}/me")))
        .find(|answer| answer.header("Retry-After") == Some("1"))
        .expect("twenty calls take less than twenty seconds");
    assert!(refused.text().contains("(#4)"), "{}", refused.text());
    assert_eq!(
        http::get(address, "/sandbox/state").status,
        200,
        "its own paths are not counted"
    );
    sandbox.signal(Signal::INT);
    sandbox.finish().code(0);
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = Mps::new().args(["sandbox", "--port", &port]).run();
    run.code(1)
        .stdout("")
        .stderr_has(&port)
        .stderr_has("--port 0");
    for form in [&["sandbox"][..], &["sandbox", "--json"]] {
        let shell = Mps::new()
            .args(form)
            .args(["--shell", "--port", &port])
            .run();
        // What evaluates it fails as well.
        let evaluated = if form.len() == 1 { "false\n" } else { "" };
        shell.code(1).stdout(evaluated).stderr_has(&port);
        assert_eq!(
            shell.stderr_text().matches("--shell --port 0").count(),
            1,
            "said once"
        );
    }
    let script = format!("eval \"$(mps sandbox --shell --port {port})\" || exit 7");
    let evaluated = shell(&Home::new(), &script).run();
    evaluated.code(7).stderr_has(&port);
}

#[test]
fn a_shell_evaluates_it() {
    // Both streams are read to their ends: the server that stays must hold neither.
    for start in [
        "eval \"$(mps sandbox --shell --port 0 --apps 2)\"",
        "said=\"$(mps sandbox --shell --port 0 --apps 2 2>&1)\"; eval \"$(echo \"$said\" | grep ^export)\"",
    ] {
        let run = shell(
            &Home::new(),
            &format!("{start} && mps list-apps --json && kill $MPS_SANDBOX_PID"),
        )
        .run();
        run.code(0);
        assert_eq!(run.json_lines().len(), 2);
        assert_eq!(run.json_lines()[0]["solutions"], json!([]));
    }
}

/// A script that finds mps.
fn shell(home: &Home, script: &str) -> Mps {
    let path = std::path::Path::new(env!("CARGO_BIN_EXE_mps"))
        .parent()
        .unwrap();
    Mps::program(home, "/bin/sh")
        .args(["-c", script])
        .env("PATH", format!("{}:/usr/bin:/bin", path.display()))
}

#[test]
fn a_terminal_shows_no_token_and_the_line_that_points_another_window_at_it() {
    let home = Home::new();
    let lead = "In another window, point mps at it with:";
    let terminal = Mps::at(&home)
        .args(["sandbox", "--port", "0"])
        .secret("EAASANDBOX")
        .on_terminal_of(250, 30);
    terminal.sees("MPS_USER_TOKEN").sees(lead).sees("/env");
    let screen = terminal.screen();
    let mut lines = screen.lines().skip_while(|line| !line.starts_with(lead));
    let line = lines.nth(1).map(str::trim);
    let line = line.unwrap_or_else(|| panic!("no line to type\n{screen}"));
    let run = shell(&home, &format!("{line} && mps list-apps")).run();
    run.code(0);
    assert_eq!(run.lines().len(), 3);
    terminal.press(Key::CtrlC);
    terminal.finish().code(0).stderr_lacks("written down");
}

/// Ends what `mps sandbox --shell --json` left running.
pub(crate) fn end_sandbox(run: &Outcome) {
    let pid = run.json()["MPS_SANDBOX_PID"].as_str().map(str::to_owned);
    let pid = pid.and_then(|pid| rustix::process::Pid::from_raw(pid.parse().ok()?));
    rustix::process::kill_process(pid.expect("a process"), Signal::TERM).expect("it runs");
}

#[test]
fn json_on_a_terminal_is_masked_too_and_the_shells_is_an_object() {
    let home = Home::new();
    let terminal = Mps::at(&home)
        .args(["sandbox", "--port", "0", "--json"])
        .secret("EAASANDBOX")
        .on_terminal_of(250, 30);
    terminal.sees("MPS_STATE_DIR").sees("EAAS…");
    terminal.press(Key::CtrlC);
    terminal.finish().code(0);
    let run = Mps::at(&home)
        .args(["sandbox", "--shell", "--port", "0", "--json"])
        .stdout_may_hold_token()
        .run();
    run.code(0);
    end_sandbox(&run);
    assert!(run.json()["MPS_USER_TOKEN"].as_str().unwrap().len() > 20);
}

#[test]
fn nobody_who_reads_its_variables_is_no_error() {
    let run = Mps::new()
        .args(["sandbox", "--port", "0"])
        .stdout_closed()
        .run();
    run.code(0).stderr("");
    let full = Mps::new()
        .args(["sandbox", "--shell", "--port", "0"])
        .stdout_to("/dev/full")
        .run();
    full.code(1)
        .stderr_has("could not write to stdout")
        .stderr_lacks("background");
}

/// Starts a sandbox; gives its variables too.
fn started(home: &Home, more: &[&str]) -> (Running, Vec<(String, String)>) {
    let sandbox = Mps::at(home)
        .args(["sandbox", "--port", "0"])
        .args(more)
        .stdout_may_hold_token()
        .start();
    let vars = variables(&sandbox);
    (sandbox, vars)
}

#[test]
fn what_there_is_outlives_a_restart_and_a_kill() {
    let home = Home::new();
    let file = home.path().join("kept/state.json").display().to_string();
    let (first, vars) = started(&home, &["--state", &file]);
    with(&vars, &home).args(["create", "--all"]).run().code(0);
    with(&vars, &home)
        .args(["accept", SOLUTIONS[0]])
        .run()
        .code(0);
    // Killed: what was answered is kept all the same.
    first.kill().killed_by(9);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (second, vars) = started(&home, &["--state", &file]);
    let listed = with(&vars, &home).args(["list", "--json"]).run();
    listed.code(0);
    let mut statuses: Vec<_> = listed
        .json_lines()
        .iter()
        .map(|line| line["status"].as_str().unwrap().to_owned())
        .collect();
    statuses.sort();
    assert_eq!(statuses, ["ACTIVE", "INITIATED", "INITIATED"]);
    second.signal(Signal::INT);
    second.finish().code(0);
    home.file("odd.json", "not what a sandbox wrote");
    let odd = home.path().join("odd.json").display().to_string();
    Mps::at(&home)
        .args(["sandbox", "--port", "0", "--state", &odd])
        .run()
        .code(1)
        .stdout("")
        .stderr_has("could not keep the sandbox's state in")
        .stderr_has("odd.json");
}

#[test]
fn its_answers_follow_the_openapi_file_where_that_is_asked() {
    let home = Home::new();
    let (sandbox, vars) = started(&home, &["--shapes", "openapi"]);
    let walked = with(&vars, &home).args(["onboard", "--all", "--yes"]).run();
    walked.code(0);
    let raw = with(&vars, &home)
        .args(["api", "GET", "me/application_details", "--token", "user"])
        .run();
    raw.code(1);
    for line in [
        &["deactivate", "request", "--yes"][..],
        &["deactivate", "reject", "--yes"],
        &["deactivate", "request", "--yes"],
        &["deactivate", "accept", "--yes"],
    ] {
        let run = with(&vars, &home)
            .args(line.iter().copied())
            .arg(SOLUTIONS[0]);
        run.run().code(0);
    }
    sandbox.signal(Signal::INT);
    sandbox.finish().code(0);
}

#[test]
fn each_fault_by_its_name_and_what_mps_makes_of_it() {
    for (fault, args, exit, said) in [
        (
            "strict-messaging",
            &["create", "--app-id", APPS[0]][..],
            1,
            "--messaging",
        ),
        ("rate-limit", &["list"], 5, "19"),
        ("lost-answers", &["create", "--app-id", APPS[0]], 0, ""),
        ("gateway-504", &["create", "--app-id", APPS[0]], 0, ""),
        ("owner-lag", &["onboard", "--all", "--yes"], 0, ""),
        ("partner-lag", &["onboard", "--all", "--yes"], 0, ""),
        ("no-owner-app", &["onboard", "--all", "--yes"], 0, ""),
        ("empty-partners", &["onboard", "--all", "--yes"], 0, ""),
        ("odd-fields", &["onboard", "--all", "--yes"], 0, ""),
        ("html", &["list"], 0, ""),
        ("expiring-tokens", &["list"], 0, "5 days"),
        (
            "other-scopes",
            &["create", "--app-id", APPS[0]],
            4,
            "manage_app_solution",
        ),
    ] {
        let home = Home::new();
        let (sandbox, vars) = started(&home, &["--fault", fault]);
        let run = with(&vars, &home)
            .args(args.iter().copied())
            .env("MPS_LOOK_PAUSES", "0,0,0")
            .run();
        run.code(exit).stderr_has(said);
        sandbox.signal(Signal::INT);
        sandbox.finish().code(0);
    }
    Mps::new()
        .args(["sandbox", "--fault", "rate-limits"])
        .run()
        .code(2)
        .stderr_has("rate-limit");
}

#[test]
fn its_page_is_named_and_there() {
    let home = Home::new();
    let (sandbox, vars) = started(&home, &[]);
    let line = sandbox.wait_for_line("Play the other side");
    let url = &vars[0].1;
    assert!(line.contains(&format!("{url}/sandbox")), "{line}");
    let address = url.trim_start_matches("http://").parse().unwrap();
    let page = http::get(address, "/sandbox");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("The other side"));
    sandbox.signal(Signal::INT);
    sandbox.finish().code(0);
}
