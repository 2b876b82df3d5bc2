//! `mps init`, by a person on a terminal and by flags.

use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;

use crate::{
    profile::profile,
    stage::{PARTNER, Stage},
    support::{Home, Key, Mps, MpsTerminal},
};

const FILE: &str = "config/profiles/default.toml";

pub(crate) fn secrets(stage: &Stage) -> (String, String) {
    let text = |secret: &mps::testing::secret::Secret| secret.expose().to_owned();
    (
        text(stage.sandbox.app_secret().secret()),
        text(stage.sandbox.system_token().secret()),
    )
}

#[test]
fn a_person_is_led_through() {
    let stage = Stage::new();
    let (secret, token) = secrets(&stage);
    let person = Mps::at(&stage.home)
        .secret(&secret)
        .secret(&token)
        .args([
            "init",
            "--graph-url",
            stage.sandbox.url(),
            "--secret-store",
            "file",
        ])
        .on_terminal_of(110, 60);
    person
        .sees("A new profile, default")
        .sees("? App id")
        .answers("12x");
    person.sees("not a zero\n? App id").answers(PARTNER);
    person
        .sees("App Dashboard, App settings, Basic")
        .sees("App secret (not shown");
    person.answers_unseen("ffffffffffffffffffffffffffffffff");
    // A wrong one is asked for again.
    person
        .sees("check our app's id and secret")
        .sees("App secret once more (not");
    person
        .answers_unseen(&secret)
        .sees("the secret of Brightline Messaging");
    person
        .sees("Business Settings, Users, System users")
        .sees("System token (not shown");
    person.answers_unseen(&token);
    person.sees("SYSTEM_USER");
    person.sees("? Name").press(Key::Enter);
    person
        .sees("? both, partner or tech-provider")
        .answers("nobody")
        .sees("tech-provider\n? both, partner or tech-provider")
        .press(Key::Enter);
    person
        .sees("? Public address (Enter: none)")
        .answers("http://onboarding.example.com")
        .sees("Meta asks for\n? Public address (Enter: none)")
        .answers("https://onboarding.example.com");
    person
        .sees("Verify token (not shown; Enter: a new random one)")
        .answers_unseen("");
    // An address that is none, and one where nobody is.
    person
        .sees("The journal's address (not shown; Enter: none)")
        .answers_unseen("mysql://ana@h/mps");
    person
        .sees("it does not begin with postgres://")
        .sees("The journal's address once more")
        .answers_unseen("postgres://ana@127.0.0.1:1/mps");
    person
        .sees("the database cannot be reached")
        .sees("Keep it? [y/N]")
        .press(Key::Enter);
    person
        .sees("? The journal's address once more")
        .answers_unseen("");
    // What was asked for last is what was come for.
    person.sees("Write this? [Y/n]").press(Key::Enter);
    person.sees("Wrote profile default");
    person.finish().code(0);
    let text = stage.home.read(FILE);
    assert!(
        text.contains(&format!("partner_app_id = \"{PARTNER}\""))
            && text.contains("partner_name = \"Brightline Messaging\"")
            && text.contains("messaging = \"both\"")
            && text.contains("system_token_file = "),
        "{text}"
    );
    for name in [
        FILE,
        "config/secrets/default.system_token",
        "config/secrets/default.app_secret",
        "config/secrets/default.verify_token",
    ] {
        let meta = stage.home.path().join(name).metadata().unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{name}");
    }
    // What it made is enough.
    Mps::at(&stage.home)
        .secret(&token)
        .args(["doctor", "--port", "0"])
        .run()
        .code(0)
        .stdout_has("default.system_token");
}

#[test]
fn every_answer_can_be_gone_back_to_and_nothing_pasted_is_lost() {
    let stage = Stage::new();
    let (secret, token) = secrets(&stage);
    let person = Mps::at(&stage.home)
        .secret(&secret)
        .secret(&token)
        .env("MPS_GRAPH_URL", stage.sandbox.url())
        .args(["init", "--secret-store", "file"])
        .on_terminal_of(110, 90);
    person.sees("? App id").answers(PARTNER);
    // What a sandbox left in the environment stays out, unless it is wanted.
    person
        .sees("Keep that in the profile? [y/N]")
        .press(Key::Enter);
    person.sees("App secret (not shown").answers_unseen(&secret);
    person.sees("the secret of Brightline Messaging");
    person
        .sees("System token (not shown")
        .answers_unseen(&token);
    person.sees("? Name").answers("Akme");
    person.sees("? both").answers("<");
    person.sees("? Name (Akme)").answers("Acme");
    person.sees("Name · Acme").sees("? both").press(Key::Enter);
    person.sees("? Public address").press(Key::Enter);
    person.sees("? The journal's address").answers_unseen("<");
    person.sees("? Public address").press(Key::Enter);
    person
        .sees("? The journal's address")
        .answers_unseen("")
        .sees("(not shown; Enter: none) · (left empty)");
    person.sees("? Write this? [Y/n]").answers("n");
    person.sees("What shall be changed?").press(Key::Enter);
    for question in [
        "? App id",
        "? MPS_GRAPH_URL leads",
        "App secret (not shown; Enter: keep what you gave)",
        "System token (not shown; Enter: keep what you gave)",
        "? Name (Acme)",
        "? both",
        "? Public address",
        "? The journal's address",
        "? Write this? [Y/n]",
    ] {
        let person = person.sees(question);
        if question.contains("not shown") || question.contains("journal") {
            person.answers_unseen("");
        } else {
            person.press(Key::Enter);
        }
    }
    person.sees("Wrote profile default");
    person.finish().code(0);
    let text = stage.home.read(FILE);
    assert!(
        text.contains("partner_name = \"Acme\"") && !text.contains("graph_url"),
        "{text}"
    );
    let kept = stage.home.read("config/secrets/default.system_token");
    assert_eq!(kept.trim(), token);
    assert!(text.contains("app_secret_file"), "{text}");
}

/// Between two keys the terminal is not in the mode in which a question reads them, and Ctrl-C is a signal like another.
#[test]
fn a_stop_at_a_question_leaves_everything_as_it_was() {
    let stops: [fn(&MpsTerminal); 5] = [
        |person| {
            person.press(Key::CtrlC);
        },
        |person| person.signal(Signal::INT),
        |person| person.signal(Signal::TERM),
        |person| person.signal(Signal::HUP),
        |person| person.signal(Signal::QUIT),
    ];
    for stop in stops {
        let home = Home::new();
        let person = Mps::at(&home).args(["init"]).on_terminal();
        person.sees("App id");
        stop(&person);
        person.sees("\nerror: interrupted");
        assert!(person.is_as_a_shell_wants_it());
        person.finish().code(130);
        let files = home.files();
        assert!(
            !files.iter().any(|file| file.starts_with("config")),
            "{files:?}"
        );
    }
}

#[test]
fn by_flags_and_never_over_what_is_there() {
    let home = Home::new();
    let init = |args: &[&str]| {
        Mps::at(&home)
            .args(["init", "--no-input", "--no-check"])
            .args(args)
            .run()
    };
    init(&[]).code(2).stderr_has("--partner-app-id");
    let run = init(&[
        "--partner-app-id",
        "7",
        "--jobs",
        "4",
        "--system-token-command",
        "echo EAATEST",
    ]);
    run.code(0)
        .stdout_has(FILE)
        .stderr_has("Next: mps doctor, then mps onboard");
    let with_comment = format!("# Ask Ada.\n{}", home.read(FILE));
    profile(&home, "default", &with_comment);
    // The same again changes nothing, and is no overwriting.
    init(&["--partner-app-id", "7"]).code(0);
    init(&["--partner-app-id", "8", "--jobs", "2"])
        .code(2)
        .stderr_has("would change partner_app_id, jobs")
        .stderr_has("--overwrite");
    assert_eq!(home.read(FILE), with_comment);
    init(&["--partner-app-id", "8", "--overwrite"]).code(0);
    let text = home.read(FILE);
    assert!(
        text.starts_with("# Ask Ada.\n") && text.contains("partner_app_id = \"8\""),
        "{text}"
    );
    assert!(
        text.contains("system_token_command = \"echo EAATEST\""),
        "{text}"
    );
    init(&["--partner-app-id", "x", "--profile", "other"]).code(2);
    init(&[
        "--partner-app-id",
        "7",
        "--messaging",
        "nobody",
        "--profile",
        "other",
    ])
    .code(2)
    .stderr_has("none of both");
}

#[test]
fn a_secret_is_kept_where_it_is_said_and_nowhere_unasked() {
    let stage = Stage::new();
    let (_, token) = secrets(&stage);
    let init = |args: &[&str]| {
        Mps::at(&stage.home)
            .secret(&token)
            .args([
                "init",
                "--no-input",
                "--partner-app-id",
                PARTNER,
                "--graph-url",
                stage.sandbox.url(),
            ])
            .args(args)
            .stdin(&token)
            .run()
    };
    let from_stdin = ["--system-token-file", "-"];
    init(&from_stdin)
        .code(2)
        .stderr_has("where is the system token to be kept?");
    init(&["--system-token-file", "-", "--secret-store", "command"])
        .code(2)
        .stderr_has("--system-token-command");
    assert!(!stage.home.path().join("config/secrets").exists());
    init(&["--system-token-file", "-", "--secret-store", "file"])
        .code(0)
        .stderr_has("Stored system_token");
    assert_eq!(
        stage
            .home
            .read("config/secrets/default.system_token")
            .trim(),
        token
    );
    // What Meta refuses is not kept.
    let run = Mps::at(&stage.home)
        .args([
            "init",
            "--no-input",
            "--profile",
            "bad",
            "--partner-app-id",
            PARTNER,
        ])
        .args([
            "--graph-url",
            stage.sandbox.url(),
            "--secret-store",
            "file",
            "--system-token-file",
            "-",
        ])
        .stdin("EAATESTunknownTOKEN0123456789abcdef")
        .run();
    run.code(4);
    assert!(!stage.home.path().join("config/profiles/bad.toml").exists());
    // From a file to a command: the file goes.
    init(&[
        "--system-token-command",
        &format!("echo {token}"),
        "--overwrite",
    ])
    .code(0)
    .stderr_has("Deleted system_token from");
    assert!(
        !stage
            .home
            .path()
            .join("config/secrets/default.system_token")
            .exists()
    );
}
