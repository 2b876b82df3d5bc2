//! Every example of the help does what it says.
//!
//! The one decision: the examples are taken from the tree and run in a shell against a sandbox; one that cannot be run
//! here is named with its reason, and a new one runs or fails.

use crate::{
    profile::{chmod, profile},
    stage::{PARTNER, Stage},
    support::{Mps, Outcome},
    tree::commands,
};

/// What waits for a person, runs for ever, or needs a program that not every machine has.
const NOT_HERE: &[(&str, &str)] = &[
    ("mps onboard", "waits for a click"),
    (
        "mps watch --public-url https://onboarding.example.com",
        "runs until it is stopped",
    ),
    (
        "mps watch --public-url https://onboarding.example.com --yes --json >> onboarded.ndjson",
        "runs until it is stopped",
    ),
    (
        "mps watch --public-url https://onboarding.example.com --yes --notify https://crm.example.com/mps",
        "runs until it is stopped",
    ),
    (
        "mps listen --public-url https://onboarding.example.com --subscribe",
        "runs until it is stopped",
    ),
    (
        "mps listen --public-url https://onboarding.example.com --exec 'jq -r .solution_id >> changed.txt'",
        "runs until it is stopped",
    ),
    (
        "mps wait 795033096057724 --until deactivated --timeout 2h",
        "waits for the Tech Provider",
    ),
    ("mps onboard --sandbox", "waits for a click"),
    ("mps onboard --app-id 212022489970390 --no-accept", "asks"),
    (
        "mps onboard --for lucky-shrub --public-url https://onboarding.example.com",
        "waits for a click",
    ),
    (
        "mps history verify --from 5e0f1b2c7d4a69830f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978",
        "is the hash of another journal",
    ),
    (
        "mps invite list --json | jq -r 'select(.state == \"unopened\").ref'",
        "needs jq",
    ),
    (
        "mps serve-button --token-out token.txt",
        "waits for a click",
    ),
    (
        "mps serve-button | mps list-apps --user-token-file -",
        "waits for a click",
    ),
    (
        "mps serve-button --public-url https://mps.example.com --for lucky-shrub",
        "waits for a click",
    ),
    (
        "mps invite --for lucky-shrub --json | jq -r .link",
        "needs jq",
    ),
    (
        "MPS_JOURNAL=postgres://ada@db.example.com/mps mps history import journal.ndjson",
        "needs a database",
    ),
    ("mps history export journal.ndjson", "needs a journal"),
    (
        "mps journal unlock 212022489970390 --yes",
        "needs a database",
    ),
    ("mps journal grants | psql mps", "needs a database"),
    ("mps init", "asks"),
    ("mps init --profile work", "asks"),
    (
        "mps sandbox --port 4010 --apps 5",
        "runs until it is stopped",
    ),
    (
        "mps sandbox --state sandbox.json --fault partner-lag --shapes openapi",
        "runs until it is stopped",
    ),
    (
        "eval \"$(mps sandbox --shell)\"; mps list-apps",
        "leaves a server running",
    ),
];

/// Every example once, with the command that shows it.
fn examples() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (path, command) in commands() {
        let after = command.get_after_help().map(ToString::to_string);
        let after = after.unwrap_or_default();
        let lines = after.lines().filter_map(|line| line.strip_prefix("  "));
        for line in lines.filter(|line| line.contains("mps ") && !line.starts_with(' ')) {
            if found.iter().all(|(_, other)| other != line) {
                found.push((path.clone(), line.to_owned()));
            }
        }
    }
    found
}

/// A morning of an operator: tokens in files and in the environment, a profile, a solution that waits for its acceptance.
fn run(example: &str) -> Outcome {
    let stage = Stage::of(&["INITIATED"]);
    let text = |secret: &mps::testing::secret::Secret| secret.expose().to_owned();
    let token = text(stage.sandbox.user_token().secret());
    let file = stage.home.file("token.txt", &token);
    chmod(&file, 0o600);
    let url = stage.sandbox.url();
    stage
        .home
        .program("token.sh", "echo EAATESTsystemTOKEN0123456789abcdef");
    stage
        .home
        .file("system", text(stage.sandbox.system_token().secret()));
    let keys = "system_token_command = \"cat $HOME/system\"";
    let keys = format!("partner_app_id = \"{PARTNER}\"\ngraph_url = \"{url}\"\n{keys}\n");
    profile(&stage.home, "work", &keys);
    let logo = "<svg xmlns='http://www.w3.org/2000/svg'></svg>";
    stage.home.file("logo.svg", logo);
    let file = "ref,app_ids,user_token_file\nlucky-shrub,212022489970390,token.txt\n";
    stage.home.file("tech-providers.csv", file);
    // What is about a Tech Provider that is known by then.
    let before = if example.contains(" handoff --for") || example.contains(" revoke") {
        "(mps invite --for lucky-shrub; mps onboard --from tech-providers.csv --yes) > before"
    } else if [
        " deactivate request",
        " snippet signup",
        " business-token ",
        " wait ",
    ]
    .iter()
    .any(|command| example.contains(command))
    {
        "mps accept 795033096057724 > before"
    } else if example.contains(" deactivate ") {
        "(mps accept 795033096057724; mps deactivate request --yes 795033096057724) > before"
    } else {
        ""
    };
    let script = format!(
        "cd; mkdir -p ~/.local/share/bash-completion/completions ~/.config/fish/completions\n{before}\n{example}"
    );
    let dir = std::path::Path::new(env!("CARGO_BIN_EXE_mps"));
    let dir = dir.parent().expect("its directory").display();
    Mps::program(&stage.home, "/bin/bash")
        .args(["-euo", "pipefail", "-c", &script])
        .envs(stage.vars())
        .env("MPS_PUBLIC_URL", "https://onboarding.example.com")
        .env("EDITOR", "true")
        .env("PATH", format!("{dir}:/usr/bin:/bin"))
        .run()
}

#[test]
fn the_examples_of_the_help() {
    let examples = examples();
    assert!(examples.len() > 30, "{examples:?}");
    for (named, why) in NOT_HERE {
        assert!(
            examples.iter().any(|(_, example)| example == named),
            "{named} ({why}) is no example any more"
        );
    }
    for (path, example) in examples {
        if NOT_HERE.iter().any(|(named, _)| *named == example) {
            continue;
        }
        let outcome = run(&example);
        let ended = outcome.ended();
        assert_eq!(ended, Some(0), "{path} --help shows: {example}\n{outcome}");
    }
}
