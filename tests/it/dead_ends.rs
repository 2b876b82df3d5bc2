//! Where an operator got stuck or was led astray: each way on, as it is told.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::json;

use crate::{
    profile::{chmod, profile},
    stage::{APPS, PARTNER, SOLUTIONS, Stage, app, granted},
    support::{Home, Key, Mps, SYSTEM, Script, USER},
};

const EDGE: &str = "/42/whatsapp_business_solutions";

fn permitted(script: Script) -> Script {
    let permission = json!({"data": [{"permission": "manage_app_solution", "status": "granted"}]});
    script
        .on("GET", "/me/permissions")
        .token(USER)
        .reply(200, permission)
}

fn both_tokens(home: &Home) -> Mps {
    Mps::at(home)
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_PARTNER_APP_ID", PARTNER)
}

#[test]
fn a_token_that_is_masked_can_still_be_kept() {
    let stage = Stage::new();
    let token = stage.sandbox.user_token().secret().expose().to_owned();
    for keeps in [true, false] {
        let person = stage
            .mps(["serve-button", "--paste"])
            .secret(&token)
            .on_terminal_of(110, 40);
        person
            .sees("The user token (not shown)")
            .answers_unseen(&token);
        person.sees("checked by").sees("File to keep the token in");
        if keeps {
            person.answers("no/such/folder/token");
            person.sees("cannot write in no/such/folder");
            person
                .answers("token.txt")
                .sees("The token is in token.txt");
        } else {
            person.press(Key::Enter).sees("The token was thrown away");
        }
        person.finish().code(0);
    }
    let file = stage.home.path().join("token.txt");
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{token}\n"));
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn another_app_is_listed_with_whichever_token_may() {
    let home = Home::new();
    let list = |script: Script| {
        let served = script.serve();
        both_tokens(&home)
            .args(["list", "--app-id", "42", "--role", "owner"])
            .against(&served)
            .run()
    };
    let found = json!({"data": [{"id": "795", "status": "ACTIVE"}]});
    let theirs = permitted(Script::new())
        .on("GET", EDGE)
        .token(USER)
        .reply(200, found.clone())
        .times(2);
    list(theirs).code(0).stdout("795\n");
    let ours = permitted(Script::new())
        .on("GET", EDGE)
        .token(USER)
        .reply_error(403, 10, "(#10) no")
        .on("GET", EDGE)
        .token(SYSTEM)
        .reply(200, found)
        .times(2);
    list(ours)
        .code(0)
        .stdout("795\n")
        .stderr_has("The system token is used, since the user token may not");
    let nobody = permitted(Script::new())
        .on("GET", EDGE)
        .reply_error(403, 10, "(#10) no")
        .times(2);
    list(nobody).code(4).stderr_has("with the system token: ");
}

#[test]
fn a_name_without_our_name_in_it_is_warned_about() {
    let create = |name: Option<&str>| {
        let served = granted(USER, &json!([app(APPS[0], "Lucky Shrub")]))
            .on("GET", &format!("/{}/whatsapp_business_solutions", APPS[0]))
            .reply(200, json!({"data": []}))
            .repeat()
            .on("GET", &format!("/{PARTNER}"))
            .reply_error(400, 100, "(#100) no")
            .any_times()
            .on("POST", &format!("/{}/whatsapp_business_solution", APPS[0]))
            .reply(200, json!({"solution_id": SOLUTIONS[0]}))
            .serve();
        Mps::new()
            .args(["create", "--app-id", APPS[0]])
            .args(name.into_iter().flat_map(|name| ["--name", name]))
            .env("MPS_USER_TOKEN", USER)
            .env("MPS_PARTNER_APP_ID", PARTNER)
            .against(&served)
            .run()
    };
    let warning = "new solutions are named with its id, 634974688087057";
    create(None)
        .code(0)
        .stderr_has(warning)
        .stderr_has("--partner-name NAME");
    create(Some("{app_name} for us"))
        .code(0)
        .stderr_lacks(warning);
}

#[test]
fn profiles_that_exist_are_named_and_one_can_be_used_from_now_on() {
    let home = Home::new();
    let mps = |words: &str| Mps::at(&home).args(words.split(' '));
    mps("list")
        .run()
        .code(2)
        .stderr_has("our app's id is not known")
        .stderr_has("mps init");
    profile(&home, "work", "partner_app_id = \"7\"\n");
    profile(&home, "zoo", "partner_app_id = \"8\"\n");
    mps("list")
        .run()
        .code(2)
        .stderr_has("there are profiles: work, zoo; mps profile use work takes")
        .stderr_has("--profile work once");
    mps("profile use nowhere")
        .run()
        .code(2)
        .stderr_has("there are: work, zoo");
    mps("profile use work").run().code(0).stdout("");
    // The token is missing now, not the id.
    mps("list")
        .run()
        .code(4)
        .stderr_has("the system token is missing");
    let app = |env: &str, words: &str| {
        let run = mps(words).env("MPS_PROFILE", env).run();
        run.code(0);
        run.json()["settings"]["partner_app_id"].clone()
    };
    assert_eq!(app("", "profile show --json"), "7");
    assert_eq!(app("zoo", "profile show --json"), "8");
    assert_eq!(app("zoo", "profile show --json --profile work"), "7");
    mps("profile use zoo")
        .env("MPS_PROFILE", "work")
        .run()
        .code(0)
        .stderr_has("MPS_PROFILE names another");
    assert_eq!(app("", "profile show --json"), "8");
    mps("profile delete zoo --yes").run().code(0);
    mps("list")
        .run()
        .code(2)
        .stderr_has("there are profiles: work");
}

#[test]
fn an_edited_profile_is_kept_only_if_it_can_be_read() {
    let home = Home::new();
    let file = profile(&home, "default", "partner_app_id = \"7\"\n");
    let editor = |line: &str| {
        home.program("editor", &format!("{line}\n"));
        let editor = home.path().join("editor").display().to_string();
        Mps::at(&home)
            .args(["profile", "edit"])
            .env("EDITOR", editor)
            .run()
    };
    let text = || fs::read_to_string(&file).unwrap();
    editor("true").code(0).stderr_has("Nothing was changed");
    editor("exit 3").code(1).stderr_has("nothing was changed");
    editor("echo 'jobs = \"x\"' >>\"$1\"")
        .code(2)
        .stderr_has("so default is as it was")
        .stderr_has("jobs: ")
        .stderr_has("opens your text again");
    assert_eq!(text(), "partner_app_id = \"7\"\n");
    // Nothing typed is lost: the next one begins with it.
    editor("sed -i s/x/4/ \"$1\"")
        .code(0)
        .stderr_has("your text of last time");
    assert_eq!(text(), "partner_app_id = \"7\"\njobs = \"4\"\n");
    Mps::at(&home)
        .args(["profile", "edit"])
        .run()
        .code(2)
        .stderr_has("EDITOR=nano mps profile edit");
    // A profile that cannot be read is mended the same way.
    fs::write(&file, "=\n").unwrap();
    editor("echo 'jobs = 2' >\"$1\"").code(0);
    assert_eq!(text(), "jobs = 2\n");
}

#[test]
fn a_directory_of_profiles_that_others_can_write_is_mended_by_the_hint() {
    let home = Home::new();
    profile(&home, "default", "partner_app_id = \"7\"\n");
    let dir = home.path().join("config/profiles");
    chmod(&dir, 0o777);
    let refused = Mps::at(&home).args(["list"]).run();
    let hint = format!("chmod go-w {}", dir.display());
    refused.code(1).stderr_has(&hint);
    Mps::program(&home, "/bin/sh")
        .args(["-c", &hint])
        .run()
        .code(0);
    Mps::at(&home).args(["profile", "show"]).run().code(0);
}

#[test]
fn access_to_data_that_is_over_is_called_so() {
    let home = Home::new();
    let info = json!({"data": {"app_id": PARTNER, "type": "USER", "is_valid": true, "scopes": ["manage_app_solution"],
        "expires_at": 0, "data_access_expires_at": 1_700_000_000, "user_id": "998"}});
    let served = Script::new()
        .on("GET", "/debug_token")
        .reply(200, info)
        .any_times()
        .on("GET", "/me/application_details")
        .reply(200, json!({"data": []}))
        .any_times()
        .on("GET", &format!("/{PARTNER}"))
        .reply(200, app(PARTNER, "Acme"))
        .any_times()
        .serve();
    Mps::at(&home)
        .args(["list-apps"])
        .env("MPS_USER_TOKEN", USER)
        .env("MPS_APP_SECRET", "0123456789abcdef0123456789abcdef")
        .env("MPS_PARTNER_APP_ID", PARTNER)
        .against(&served)
        .run()
        .code(4)
        .stderr_has("its access to data ended at 2023-11-14T22:13:20Z")
        .stderr_has("the user token came from MPS_USER_TOKEN")
        .stderr_lacks("ticked");
}

#[test]
fn quotes_that_nobody_took_away_are_warned_about_once() {
    let home = Home::new();
    let invite = |name: &str| {
        Mps::at(&home)
            .args([
                "invite",
                "--for",
                "x",
                "--public-url",
                "https://mps.example.com",
            ])
            .env("MPS_PARTNER_APP_ID", PARTNER)
            .env("MPS_PARTNER_NAME", name)
            .run()
    };
    let warned = invite("\"Acme\"");
    let warning = "MPS_PARTNER_NAME: the quotes belong to the value \"Acme\"";
    warned.code(0).stderr_has(warning);
    assert_eq!(warned.stderr_text().matches("quotes").count(), 1);
    invite("Acme \"&\" Co").code(0).stderr_lacks("quotes");
}

#[test]
fn a_log_that_cannot_be_written_is_told_once() {
    let run = Mps::new()
        .args(["profile", "list", "--log-file", "/dev/full"])
        .run();
    run.code(0).stderr_has(
        "the log /dev/full cannot be written: there is no space left on the disk; the run goes on without it",
    );
    assert_eq!(run.stderr_text().matches("/dev/full").count(), 1);
}
