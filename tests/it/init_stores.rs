//! `mps init` on a terminal, when the secrets are to be in a keyring or come from a command.

use crate::{
    init::secrets,
    profile::chmod,
    stage::{PARTNER, Stage},
    support::{Key, Mps, MpsTerminal, needs},
};

const FILE: &str = "config/profiles/default.toml";

/// The questions behind the secrets, as they are proposed; the journal's address is the last.
fn keeps_the_rest(person: &MpsTerminal, is_a_command: bool) {
    person.sees("? Name").press(Key::Enter);
    person.sees("? both").press(Key::Enter);
    person.sees("? Public address").press(Key::Enter);
    person.sees("The address of a team's journal");
    if is_a_command {
        person.sees("? Command (Enter: none)").press(Key::Enter);
    } else {
        person.sees("? The journal's address").answers_unseen("");
    }
    person.sees("Write this?").answers("y");
    person.sees("Wrote profile ");
}

#[test]
fn without_a_system_token_it_is_said_what_that_means_and_how_to_add_it() {
    let stage = Stage::new();
    let (_, token) = secrets(&stage);
    let init = || {
        let mps = Mps::at(&stage.home).secret(&token);
        let mps = mps.args(["init", "--profile", "work", "--secret-store", "file"]);
        mps.args(["--graph-url", stage.sandbox.url()])
            .on_terminal_of(110, 90)
    };
    let person = init();
    person.sees("? App id").answers(PARTNER);
    person.sees("App secret (not shown").answers_unseen("");
    person
        .sees("System token (not shown")
        .answers_unseen("malformed");
    person
        .sees("what was sent is no token, or not a")
        .sees("System token once more")
        .answers_unseen("");
    person
        .sees("creates solutions and accepts none")
        .sees("To add it later: mps init --profile work\n");
    keeps_the_rest(&person, false);
    person.sees("mps onboard --no-accept --profile work");
    person.finish().code(0);
    // What was said adds it.
    let person = init();
    person.sees("? App id").press(Key::Enter);
    person.sees("App secret (not shown").answers_unseen("");
    person
        .sees("System token (not shown")
        .answers_unseen(&token);
    person.sees("✓ it works");
    keeps_the_rest(&person, false);
    let run = person.finish();
    run.code(0).stderr_lacks("--no-accept");
}

#[test]
fn a_command_that_fails_is_asked_for_again_and_one_that_works_is_remembered() {
    let stage = Stage::new();
    let (secret, token) = secrets(&stage);
    stage.home.file("secret", &secret);
    stage.home.file("token", &token);
    let person = Mps::at(&stage.home)
        .secret(&secret)
        .secret(&token)
        .args(["init", "--graph-url", stage.sandbox.url()])
        .args(["--partner-app-id", PARTNER])
        .on_terminal_of(110, 90);
    person.sees("? App id").press(Key::Enter);
    // Without a keyring none is offered; the reason stands there.
    person
        .sees("No keyring here")
        .sees("a command that prints them")
        .press(Key::Enter);
    person
        .sees("App Dashboard, App settings, Basic")
        .sees("Command (Enter: none)")
        .answers("echo no session >&2; exit 3");
    person
        .sees("the command of app_secret_command failed")
        .sees("and nothing else\n? Command (Enter: none)");
    person.answers("cat $HOME/secret");
    person
        .sees("the secret of Brightline Messaging")
        .sees("whatsapp_business_management.\n? Command (Enter: none)");
    person.answers("cat $HOME/token");
    person.sees("SYSTEM_USER");
    keeps_the_rest(&person, true);
    person.finish().code(0);
    let text = stage.home.read(FILE);
    assert!(
        text.contains("system_token_command = \"cat $HOME/token\"")
            && text.contains("app_secret_command = \"cat $HOME/secret\""),
        "{text}"
    );
    Mps::at(&stage.home)
        .secret(&token)
        .args(["doctor", "--port", "0"])
        .run()
        .code(0)
        .stdout_has("from command");
}

/// In a session with an open keyring of its own.
const SESSION: &str = r#"set -e
mkdir -p "$XDG_RUNTIME_DIR"
printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null
"$MPS" init --partner-app-id "$APP" --graph-url "$URL"
"$MPS" doctor --port 0 >"$HOME/doctor"
"$MPS" profile delete default
printf 'system_token_store = "keyring"\n' >"$MPS_CONFIG_DIR"/profiles/default.toml
"$MPS" accept 1 --partner-app-id "$APP" --graph-url "$URL" && exit 9
exit 0"#;

/// A profile whose secret is in the keyring, spoilt before it is deleted.
const SPOILT: &str = r#"set -e
mkdir -p "$XDG_RUNTIME_DIR"
printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null
"$MPS" init --no-input --partner-app-id "$APP" --graph-url "$URL" --secret-store keyring --system-token-file "$HOME/token"
printf '=\n' >"$MPS_CONFIG_DIR"/profiles/default.toml
"$MPS" profile delete default --yes"#;

/// The script in a session that a keyring can be opened in.
fn in_session(stage: &Stage, script: &str) -> Mps {
    Mps::program(&stage.home, "/usr/bin/dbus-run-session")
        .arg("--")
        .arg(stage.home.program("walk", script))
        .env("MPS", env!("CARGO_BIN_EXE_mps"))
        .env("APP", PARTNER)
        .env("URL", stage.sandbox.url())
        .env("MPS_LOOK_PAUSES", "0,0,0")
        .env("XDG_RUNTIME_DIR", stage.home.path().join("run"))
        .env("XDG_DATA_HOME", stage.home.path().join("data"))
}

#[test]
fn a_profile_that_cannot_be_read_leaves_nothing_in_the_keyring() {
    if !needs("dbus-run-session") || !needs("gnome-keyring-daemon") {
        return;
    }
    let stage = Stage::new();
    let (_, token) = secrets(&stage);
    let file = stage.home.file("token", &token);
    chmod(&file, 0o600);
    let run = in_session(&stage, SPOILT).secret(&token).run();
    run.code(0)
        .stderr_has("Stored system_token (keyring)")
        .stderr_has("Deleted system_token from keyring")
        .stderr_has("Deleted profile default");
}

#[test]
fn the_keyring_is_proposed_first_and_emptied_with_the_profile() {
    if !needs("dbus-run-session") || !needs("gnome-keyring-daemon") {
        return;
    }
    let stage = Stage::new();
    let (secret, token) = secrets(&stage);
    let person = in_session(&stage, SESSION)
        .secret(&secret)
        .secret(&token)
        .on_terminal_of(110, 90);
    person.sees("? App id").press(Key::Enter);
    person.sees("the keyring of this system").press(Key::Enter);
    person.sees("App secret (not shown").answers_unseen(&secret);
    person.sees("the secret of Brightline Messaging");
    person
        .sees("System token (not shown")
        .answers_unseen(&token);
    person.sees("SYSTEM_USER");
    keeps_the_rest(&person, false);
    person
        .sees(
            "Delete profile default and its secrets: system_token (keyring), app_secret (keyring)?",
        )
        .answers("y");
    person
        .sees("Deleted system_token from keyring")
        .sees("Deleted app_secret from keyring")
        .sees("the keyring has no default/system_token");
    person.finish().code(0);
    assert!(stage.home.read("doctor").contains("from keyring"));
}
