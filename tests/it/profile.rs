//! Profiles in the real program: which one is read, what it overrides, and the commands that look after them.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use serde_json::json;

use crate::{
    stage::{PARTNER, SOLUTIONS, Stage},
    support::{Home, Mps, Outcome, is_root},
};

/// Writes a profile and gives its path.
pub(crate) fn profile(home: &Home, name: &str, text: &str) -> std::path::PathBuf {
    let path = home.file(&format!("config/profiles/{name}.toml"), text);
    chmod(&path, 0o600);
    path
}

pub(crate) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The rows of `doctor --json`, by check.
fn source_of(home: &Home, args: &[&str], env: &[(&str, &str)], check: &str) -> (String, String) {
    let mut mps = Mps::at(home).args(["doctor", "--json", "--graph-url", "http://127.0.0.1:9"]);
    for (name, value) in env {
        mps = mps.env(name, value);
    }
    let run = mps.args(args).run();
    run.code(4);
    let rows = run.json_lines();
    let row = rows.iter().find(|row| row["check"] == check);
    let details = &row.unwrap_or_else(|| panic!("no {check}\n{run}"))["details"];
    let text = |key: &str| details[key].as_str().unwrap_or("").to_owned();
    (text("value"), text("source"))
}

#[test]
fn precedence() {
    let home = Home::new();
    profile(&home, "default", "jobs = 3\npartner_app_id = \"7\"\n");
    profile(&home, "work", "jobs = 5\npartner_app_id = \"8\"\n");
    for (args, env, expected) in [
        (&[][..], &[][..], ("3", "profile")),
        (&[], &[("MPS_JOBS", "4")], ("4", "environment")),
        (
            &["--profile", "work"],
            &[("MPS_JOBS", "4")],
            ("5", "profile"),
        ),
        (&[], &[("MPS_PROFILE", "work")], ("5", "profile")),
        (
            &[],
            &[("MPS_PROFILE", "work"), ("MPS_JOBS", "4")],
            ("4", "environment"),
        ),
        (
            &["--profile", "default"],
            &[("MPS_PROFILE", "work")],
            ("3", "profile"),
        ),
    ] {
        let (value, source) = source_of(&home, args, env, "jobs");
        assert_eq!(
            (value.as_str(), source.as_str()),
            expected,
            "{args:?} {env:?}"
        );
    }
    let (value, source) = source_of(
        &home,
        &["--profile", "work", "--partner-app-id", "9"],
        &[],
        "partner_app_id",
    );
    assert_eq!((value.as_str(), source.as_str()), ("9", "option"));
}

#[test]
fn a_whole_run_from_a_profile_alone() {
    let stage = Stage::new();
    let secret = stage.sandbox.system_token().secret().expose().to_owned();
    stage.home.file("secret", &secret);
    profile(
        &stage.home,
        "work",
        &format!(
            "partner_app_id = \"{PARTNER}\"\ngraph_url = \"{}\"\nsystem_token_command = \"cat $HOME/secret\"\n",
            stage.sandbox.url()
        ),
    );
    stage.seed_status(0, "INITIATED");
    let run = Mps::at(&stage.home)
        .secret(&secret)
        .env("MPS_LOOK_PAUSES", "0,0,0")
        .args(["accept", SOLUTIONS[0], "--profile", "work"])
        .run();
    run.code(0)
        .stdout(format!("{}\n", SOLUTIONS[0]))
        .stderr_has("SANDBOX");
    // The journal knows the profile; `history` reads it.
    let history = Mps::at(&stage.home)
        .args(["history", "--events", "--json"])
        .run();
    history.code(0);
    assert_eq!(history.json_lines()[0]["profile"], "work");
}

#[test]
fn what_overrides_is_said_once() {
    let stage = Stage::new();
    profile(
        &stage.home,
        "default",
        "partner_app_id = \"1\"\njobs = 8\nuser_token_command = \"false\"\nsystem_token_command = \"false\"\n\
         app_secret_command = \"false\"\n",
    );
    let run = stage.mps(["list-apps", "--jobs-is-none"]).run();
    run.code(2);
    let run = stage
        .mps(["create", "--all", "--dry-run", "--jobs", "2"])
        .run();
    run.code(0)
        .stderr_has("--jobs \"2\" overrides jobs \"8\" of the profile")
        .stderr_has("the user token comes from MPS_USER_TOKEN, not from profile default (command)");
    let said = format!("MPS_PARTNER_APP_ID {PARTNER:?} overrides");
    assert_eq!(run.stderr_text().matches(&said).count(), 1, "{run}");
    // Where nothing is asked, no token is used.
    let local = stage.mps(["handoff", "--for", "nobody"]).run();
    local.code(1).stderr_lacks("comes from");
}

#[test]
fn what_is_wrong_with_a_profile() {
    let home = Home::new();
    let accept = |args: &[&str]| Mps::at(&home).args(["accept", "1"]).args(args).run();
    accept(&["--profile", "nope"])
        .code(2)
        .stderr_has("there is no profile nope")
        .stderr_has("mps init --profile nope");
    accept(&["--profile", "../x"])
        .code(2)
        .stderr_has("no name of a profile");
    let path = profile(&home, "default", "partner_app_id = \"7\"\njobs = \n");
    accept(&[]).code(2).stderr_has("default.toml, line 2:");
    fs::write(&path, "partner_ap_id = \"7\"\n").unwrap();
    accept(&[])
        .code(4)
        .stderr_has("line 1: partner_ap_id is no setting; did you mean partner_app_id?");
    fs::write(&path, "system_token = \"EAATESTpasted0123456789abcdef\"\n").unwrap();
    accept(&[])
        .code(2)
        .stderr_has("a profile holds no secrets")
        .stderr_lacks("EAATESTpasted");
    chmod(&path, 0o606);
    accept(&[])
        .code(1)
        .stderr_has("can be changed by others")
        .stderr_has("chmod go-w ");
    // What does not need it goes on.
    for args in [
        &["profile", "list"][..],
        &["history"],
        &["completions", "bash"],
    ] {
        Mps::at(&home).args(args).run().code(0);
    }
}

#[test]
fn a_hostile_environment_cannot_name_a_host_but_a_profile_can() {
    let home = Home::new();
    profile(
        &home,
        "default",
        "partner_app_id = \"7\"\ngraph_url = \"https://graph.invalid\"\nca_file = \"/nowhere.pem\"\n",
    );
    Mps::at(&home)
        .env("MPS_SYSTEM_TOKEN", "EAATESTsystem0123456789abcdef")
        .args(["accept", "1"])
        .run()
        .code(1)
        .stderr_has("host graph.invalid")
        .stderr_has("/nowhere.pem");
}

#[test]
fn list_show_delete() {
    let home = Home::new();
    let list = || Mps::at(&home).args(["profile", "list"]).run();
    list().code(0).stdout("");
    let work = profile(
        &home,
        "work",
        "partner_app_id = \"7\"\nsystem_token_command = \"op read x\"\napp_secret_file = \"../secrets/work.app_secret\"\n",
    );
    let file = home.file(
        "config/secrets/work.app_secret",
        "0123456789abcdef0123456789abcdef\n",
    );
    profile(&home, "broken", "=\n");
    list().code(0).stdout("broken\nwork\n");
    let show = Mps::at(&home)
        .args(["profile", "show", "work", "--json"])
        .run();
    show.code(0).stdout_lacks("0123456789abcdef");
    let show = show.json();
    assert_eq!(show["settings"], json!({"partner_app_id": "7"}));
    assert_eq!(
        show["secrets"]["system_token"],
        json!({"store": "command", "command": "op read x"})
    );
    assert_eq!(show["secrets"]["user_token"], json!(null));
    Mps::at(&home)
        .args(["profile", "delete", "work"])
        .run()
        .code(2)
        .stderr_has("--yes");
    assert!(work.exists() && file.exists());
    let person = Mps::at(&home)
        .args(["profile", "delete", "work"])
        .on_terminal();
    person
        .sees("Delete profile work and its secrets")
        .answers("n");
    person.finish().code(1);
    Mps::at(&home)
        .args(["profile", "delete", "work", "--yes"])
        .run()
        .code(0)
        .stdout("");
    assert!(!work.exists() && !file.exists());
    Mps::at(&home)
        .args(["profile", "delete", "broken", "--yes"])
        .run()
        .code(0);
    Mps::at(&home)
        .args(["profile", "delete", "work", "--yes"])
        .run()
        .code(2);
}

/// A profile whose command would leave a trace.
fn tempting(home: &Home) -> std::path::PathBuf {
    let command = "system_token_command = 'touch \"$HOME\"/ran; echo EAATEST0123456789abcdef'\n";
    profile(home, "default", command)
}

/// A command that needs the profile, and uses it as soon as it is read.
fn reads(home: &Home) -> Outcome {
    let accept = ["accept", "1", "--graph-url", "http://127.0.0.1:9"];
    Mps::at(home).args(accept).run()
}

#[test]
fn a_profile_that_others_can_write_is_not_used_until_it_is_mended() {
    type Spoil = fn(&Home, &Path);
    let spoils: [(&str, Spoil); 5] = [
        ("config/profiles/default.toml", |_, file| chmod(file, 0o620)),
        ("config/profiles/default.toml", |_, file| chmod(file, 0o602)),
        ("config/profiles", |home, _| {
            chmod(&home.config().join("profiles"), 0o770);
        }),
        ("config", |home, _| chmod(&home.config(), 0o757)),
        ("shared dir", |home, file| {
            let there = home.file("shared dir/of-all.toml", fs::read(file).unwrap());
            fs::remove_file(file).unwrap();
            std::os::unix::fs::symlink(&there, file).unwrap();
            chmod(there.parent().unwrap(), 0o777);
        }),
    ];
    for (spoilt, spoil) in spoils {
        let home = Home::new();
        let file = tempting(&home);
        spoil(&home, &file);
        let run = reads(&home);
        run.code(1).stderr_has("can be changed by others (mode 0");
        let ran = || home.path().join("ran").exists();
        assert!(!ran(), "{spoilt}: its command ran");
        // The hint is typed as it stands.
        let hint = run
            .stderr_text()
            .lines()
            .find(|line| line.contains("chmod go-w "));
        let hint = hint.unwrap_or_else(|| panic!("no command\n{run}"));
        assert!(hint.contains(spoilt), "{hint}");
        let command = &hint[hint.find("chmod").unwrap()..];
        Mps::program(&home, "/bin/sh")
            .args(["-c", command])
            .run()
            .code(0);
        reads(&home).code(1).stderr_has("nothing listens");
        assert!(ran(), "{command}");
    }
}

#[test]
fn a_profile_of_another_user_is_not_used_until_it_is_given_to_us() {
    if !is_root("gives files to other users") {
        return;
    }
    for spoilt in ["config/profiles/default.toml", "config/profiles", "config"] {
        let home = Home::new();
        tempting(&home);
        let path = home.path().join(spoilt);
        std::os::unix::fs::chown(&path, Some(4711), None).unwrap();
        let run = reads(&home);
        let command = format!("chown 0 {}", path.display());
        run.code(1)
            .stderr_has("belongs to another user (uid 4711)")
            .stderr_has(&command);
        assert!(
            !home.path().join("ran").exists(),
            "{spoilt}: its command ran"
        );
        Mps::program(&home, "/bin/sh")
            .args(["-c", &command])
            .run()
            .code(0);
        reads(&home).code(1).stderr_has("nothing listens");
        assert!(home.path().join("ran").exists(), "{command}");
    }
}

#[test]
fn no_profile_is_made_where_others_could_change_it() {
    let home = Home::new();
    chmod(&home.config(), 0o777);
    let init = ["init", "--no-input", "--no-check", "--partner-app-id", "7"];
    Mps::at(&home)
        .args(init)
        .run()
        .code(1)
        .stderr_has("chmod go-w ");
    assert!(!home.files().iter().any(|file| file.starts_with("config")));
    // What needs no profile goes on, and one that was given up can be deleted.
    chmod(&home.config(), 0o700);
    let file = tempting(&home);
    chmod(&file, 0o666);
    Mps::at(&home).args(["history"]).run().code(0);
    let delete = ["profile", "delete", "default", "--yes"];
    Mps::at(&home).args(delete).run().code(0);
    assert!(!file.exists());
}
