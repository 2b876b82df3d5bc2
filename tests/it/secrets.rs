//! Where secrets come from, and where they do not go.

use std::fs;

use crate::{
    profile::{chmod, profile},
    stage::{PARTNER, SOLUTIONS, Stage},
    support::{Mps, Outcome, SYSTEM, needs},
};

/// A stage whose profile finds the system token so; nothing of it in the environment.
fn stage(place: &str) -> Stage {
    let stage = Stage::new();
    profile(
        &stage.home,
        "default",
        &format!(
            "partner_app_id = \"{PARTNER}\"\ngraph_url = \"{}\"\n{place}\n",
            stage.sandbox.url()
        ),
    );
    stage.seed_status(0, "INITIATED");
    stage
}

fn token(stage: &Stage) -> String {
    stage.sandbox.system_token().secret().expose().to_owned()
}

fn accept(stage: &Stage) -> Mps {
    Mps::at(&stage.home)
        .secret(&token(stage))
        .env("MPS_LOOK_PAUSES", "0,0,0")
        .args(["accept", SOLUTIONS[0]])
}

fn accepted(run: &Outcome) {
    run.code(0).stdout(format!("{}\n", SOLUTIONS[0]));
}

#[test]
fn a_command_gets_neither_our_secrets_nor_our_stdin_and_its_words_are_redacted() {
    let stage = stage("system_token_command = \"$HOME/vault\"");
    let script = format!(
        "test -z \"$MPS_USER_TOKEN$MPS_APP_SECRET\" || exit 9\ncat >$HOME/stdin\necho 'unlocked {0}' >&2\necho {0}",
        token(&stage)
    );
    stage.home.program("vault", &script);
    let run = accept(&stage)
        .env("MPS_USER_TOKEN", "EAATESTuserTOKEN0123456789abcdef")
        .args(["--no-check"])
        .run();
    accepted(&run);
    run.stderr_has("system_token_command: unlocked (redacted)");
    assert_eq!(stage.home.read("stdin"), "");
}

#[test]
fn a_command_that_fails_is_an_error_with_its_words() {
    let stage = stage("system_token_command = \"echo 'no session' >&2; exit 3\"");
    accept(&stage)
        .run()
        .code(1)
        .stderr_has(
            "the system token of profile default: the command of system_token_command failed",
        )
        .stderr_has("no session")
        .stderr_has("run the command by hand");
    assert_eq!(stage.requests(), 0);
}

#[test]
fn a_file_of_mps_is_its_owners_alone_and_another_is_warned_about() {
    let stage = stage("system_token_file = \"../secrets/default.system_token\"");
    let ours = stage
        .home
        .file("config/secrets/default.system_token", token(&stage));
    chmod(&ours, 0o644);
    let run = accept(&stage).run();
    run.code(1)
        .stderr_has("others can read it (mode 0644), so it is not used")
        .stderr_has("chmod 600 /");
    chmod(&ours, 0o600);
    accepted(&accept(&stage).run());
    // The same by option.
    chmod(&ours, 0o640);
    let named = |path: &std::path::Path| accept(&stage).arg("--system-token-file").arg(path).run();
    named(&ours).code(1);
    let mounted = stage.home.file("mounted", token(&stage));
    chmod(&mounted, 0o444);
    named(&mounted)
        .code(0)
        .stderr_has("warning:")
        .stderr_has("holds a secret and others can read it (mode 0444)")
        .stderr_has("not from profile default (/");
}

#[test]
fn the_order_of_secrets() {
    let stage = stage("system_token_command = \"echo EAATESTofprofile0123456789abcdef\"");
    // The environment beats the profile; its token is the right one here.
    accepted(&accept(&stage).env("MPS_SYSTEM_TOKEN", token(&stage)).run());
    // A named profile beats the environment.
    let run = accept(&stage)
        .env("MPS_SYSTEM_TOKEN", token(&stage))
        .args(["--profile", "default"])
        .run();
    run.code(4);
    let file = stage.home.file("token", token(&stage));
    chmod(&file, 0o600);
    let run = accept(&stage)
        .args(["--profile", "default", "--system-token-file"])
        .arg(&file)
        .run();
    accepted(&run);
}

#[test]
fn no_keyring_is_an_error_and_not_a_hang() {
    let stage = stage("system_token_store = \"keyring\"");
    accept(&stage)
        .run()
        .code(1)
        .stderr_has("could not read the keyring")
        .stderr_has("there is no D-Bus session here");
    // A bus that is not there.
    accept(&stage)
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .run()
        .code(1)
        .stderr_has("could not read the keyring");
}

#[test]
fn a_bus_without_a_keyring_is_an_error_and_not_a_hang() {
    if !needs("dbus-run-session") {
        return;
    }
    let stage = stage("system_token_store = \"keyring\"");
    let config = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>\
        <policy context='default'><allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>";
    let file = stage.home.file("bus.conf", config);
    let run = Mps::program(&stage.home, "/usr/bin/dbus-run-session")
        .arg("--config-file")
        .arg(&file)
        .args(["--", env!("CARGO_BIN_EXE_mps"), "accept", SOLUTIONS[0]])
        .run();
    run.code(1).stderr_has("could not read the keyring");
}

#[test]
fn the_keyring_of_linux_keeps_and_forgets() {
    if !needs("dbus-run-session") || !needs("gnome-keyring-daemon") {
        return;
    }
    let stage = stage("");
    let token = token(&stage);
    let file = stage.home.file("token", &token);
    chmod(&file, 0o600);
    let script = stage.home.program(
        "walk",
        r#"set -e
mkdir -p "$XDG_RUNTIME_DIR"
printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null
rm "$MPS_CONFIG_DIR"/profiles/default.toml
"$MPS" init --partner-app-id "$APP" --graph-url "$URL" --secret-store keyring --system-token-file "$HOME/token"
grep -q 'system_token_store = "keyring"' "$MPS_CONFIG_DIR"/profiles/default.toml
rm "$HOME/token"
"$MPS" doctor --json --port 0 > "$HOME/doctor" || true
"$MPS" accept "$ID"
"$MPS" profile delete default --yes
printf 'system_token_store = "keyring"\n' > "$MPS_CONFIG_DIR"/profiles/default.toml
"$MPS" accept "$ID" --partner-app-id "$APP" --graph-url "$URL" && exit 9
exit 0"#,
    );
    let run = Mps::program(&stage.home, "/usr/bin/dbus-run-session")
        .arg("--")
        .arg(script)
        .secret(&token)
        .env("MPS", env!("CARGO_BIN_EXE_mps"))
        .env("APP", PARTNER)
        .env("URL", stage.sandbox.url())
        .env("ID", SOLUTIONS[0])
        .env("MPS_LOOK_PAUSES", "0,0,0")
        .env("XDG_RUNTIME_DIR", stage.home.path().join("run"))
        .env("XDG_DATA_HOME", stage.home.path().join("data"))
        .run();
    run.code(0)
        .stdout_has(SOLUTIONS[0])
        .stderr_has("Stored system_token (keyring)")
        .stderr_has("Deleted system_token from keyring")
        .stderr_has("the keyring has no default/system_token");
    let doctor = stage.home.read("doctor");
    assert!(
        doctor.contains(r#""check":"system_token","result":"ok","seen":"from keyring""#),
        "{doctor}"
    );
    for file in stage.home.files() {
        let bytes = fs::read(stage.home.path().join(&file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(&token), "the token is in {}", file.display());
    }
}

#[test]
fn a_token_from_the_environment_reaches_no_child() {
    // The launcher of the browser is tested with the page; here it is the command of a profile.
    let stage =
        stage("app_secret_command = \"env > $HOME/env; echo 0123456789abcdef0123456789abcdef\"");
    accept(&stage).env("MPS_SYSTEM_TOKEN", SYSTEM).run().code(4);
    let seen = stage.home.read("env");
    assert!(
        !seen.contains(SYSTEM) && seen.contains("MPS_STATE_DIR"),
        "{seen}"
    );
}
