//! Values that cannot be what they stand for: told before anything is sent, in words, and no token among them.

use serde_json::{Value, json};

use crate::{
    profile::profile,
    support::{Home, Mps, SYSTEM, Script},
};

#[test]
fn what_can_be_no_token_is_refused_before_it_is_sent() {
    let home = Home::new();
    for (text, why) in [
        ("\"EAATEST\"", "it has quotes"),
        ("{\"access_token\":\"EAATEST\"}", "it is JSON"),
        ("access_token=EAATEST", "it is NAME=VALUE"),
        (
            "https://localhost/#access_token=EAATEST",
            "it is an address",
        ),
        ("EAA%20TEST", "it holds a %"),
        ("Bearer EAATEST", "it begins with Bearer"),
        ("<TOKEN>", "in place of a token"),
        ("EAA TEST", "a blank"),
    ] {
        let list = || Mps::at(&home).args(["list", "--partner-app-id", "7"]);
        list()
            .env("MPS_SYSTEM_TOKEN", text)
            .run()
            .code(2)
            .stderr_has("the system token from MPS_SYSTEM_TOKEN")
            .stderr_has(why)
            .stderr_lacks("EAA");
        list()
            .args(["--system-token-file", "-"])
            .stdin(text)
            .run()
            .code(2)
            .stderr_has("from stdin")
            .stderr_has(why);
    }
    // What a profile's command prints, too, by its key.
    profile(
        &home,
        "default",
        "partner_app_id = \"7\"\nsystem_token_command = \"echo '{}'\"\n",
    );
    Mps::at(&home)
        .args(["list"])
        .run()
        .code(1)
        .stderr_has("the system token of profile default")
        .stderr_has("it is JSON");
}

#[test]
fn a_token_where_an_id_belongs_is_not_shown() {
    let token = "EAATESTOKENTHATISLONGENOUGH0123456789";
    for words in [
        vec!["show", token],
        vec!["create", "--app-id", token],
        vec!["list", "--partner-app-id", token],
        vec!["accept", token],
        vec!["create", token],
        vec![
            "create",
            "--partner-app-id",
            "7",
            "--user-token-file",
            token,
            "--all",
        ],
        vec!["profile", "show", token],
    ] {
        Mps::new()
            .args(words)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .run()
            .code(2)
            .stderr_has("looks like a token")
            .stderr_lacks("EAAT");
    }
    let served = Script::new().serve();
    Mps::new()
        .args(["list"])
        .env("MPS_PARTNER_APP_ID", token)
        .against(&served)
        .run()
        .code(2)
        .stderr_has("MPS_PARTNER_APP_ID: what looks like a token")
        .stderr_lacks("EAAT");
}

#[test]
fn what_libraries_say_is_put_into_words() {
    for (words, said) in [
        (
            "list --partner-app-id 7 --system-token-file /no/such",
            "there is no such file or directory",
        ),
        (
            "list --partner-app-id 7 --system-token-file /",
            "it is a directory",
        ),
        (
            "serve-button --partner-app-id 7 --public-url foo",
            "\"foo\" is not an address; it looks like https://",
        ),
        (
            "list --partner-app-id 7 --ca-file /no/such --system-token-file token",
            "there is no such file or directory",
        ),
    ] {
        let home = Home::new();
        home.file("token", SYSTEM);
        let run = Mps::at(&home).args(words.split(' ')).run();
        run.stderr_has(said)
            .stderr_lacks("os error")
            .stderr_lacks("relative URL");
        assert_ne!(run.ended(), Some(0), "{words}");
    }
}

#[test]
fn a_raw_call_without_a_method_reads() {
    let served = Script::new()
        .on("GET", "/me")
        .query("deep", "true")
        .query("q", "x")
        .reply(200, json!({"id": "1"}))
        .serve();
    let api = |words: &[&str]| {
        Mps::new()
            .arg("api")
            .args(words)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
    };
    api(&["me", "-F", "deep=true", "-f", "q=x"])
        .against(&served)
        .run()
        .code(0)
        .stdout_has("\"1\"");
    api(&["put", "me"])
        .run()
        .code(2)
        .stderr_has("\"put\" is no method of the Graph API: it has get, post and delete");
    api(&["GET"])
        .run()
        .code(2)
        .stderr_has("mps api GET needs a path");
    api(&["me", "--input", "-"])
        .stdin("{}")
        .run()
        .code(2)
        .stderr_has("--input goes with POST");
    api(&["post", "1/x", "--input", "-"])
        .stdin("[]")
        .run()
        .code(2)
        .stderr_has("stdin holds JSON, but no object");
    let body: Value =
        json!({"a": [1, "2"], "b": null, "c": "7", "name": "Acme", "text": "from a file\n"});
    let served = Script::new()
        .on("POST", "/1/x")
        .body(body)
        .reply(200, json!({"success": true}))
        .serve();
    let home = Home::new();
    home.file("text.txt", "from a file\n");
    Mps::at(&home)
        .args([
            "api",
            "post",
            "1/x",
            "-F",
            "a=[1,\"2\"]",
            "-F",
            "b=null",
            "-f",
            "c=7",
        ])
        .args(["-F", "text=@text.txt", "--input", "-"])
        .stdin("{\"name\": \"Acme\"}")
        .env("MPS_SYSTEM_TOKEN", SYSTEM)
        .against(&served)
        .run()
        .code(0);
}

#[test]
fn what_only_reads_says_so() {
    let run = Mps::new().args(["help", "--json"]).run();
    run.code(0);
    let tree = run.stdout_text();
    assert!(tree.contains("typed-field"), "{tree}");
}

/// The shell leaves nothing of `--name "$NAME"`; what is made without it stays for ever.
#[test]
fn an_option_that_is_given_nothing_is_refused() {
    for line in [
        &["create", "--all", "--name", ""][..],
        &["create", "--all", "--name="],
        &["--profile", "", "list"],
        &["list", "--profile", ""],
        &["invite", "--for", "x", "--public-url", ""],
        &["create", "--all", "--user-token-file", ""],
    ] {
        let option = line
            .iter()
            .find(|word| word.starts_with("--") && **word != "--all" && **word != "--for");
        let option = option.unwrap().trim_end_matches('=');
        Mps::new()
            .args(line.iter().copied())
            .run()
            .code(2)
            .stdout("")
            .stderr_has("lacks its value")
            .stderr_has(option);
    }
}

#[test]
fn what_is_behind_two_dashes_and_what_is_below_zero_is_called_so() {
    for (line, said, hint) in [
        (
            "create -- --all",
            r#""--all" stands behind --, where no option is read"#,
            "hint: mps create --all",
        ),
        (
            "create --all --jobs -1",
            r#"--jobs: "-1" is not a number"#,
            "mps create --help",
        ),
        ("accept -5", r#""-5" is not an id"#, "mps accept --help"),
        (
            "deactivate 1",
            "mps deactivate needs a word before the id, one of: request, accept, reject",
            "mps deactivate --help",
        ),
    ] {
        let run = Mps::new()
            .args(line.split(' '))
            .env("MPS_PARTNER_APP_ID", "42")
            .env("MPS_USER_TOKEN", crate::support::USER)
            .run();
        run.code(2).stderr_has(said).stderr_has(hint);
    }
}

/// Whatever is wrong usage ends with something to type.
#[test]
fn every_wrong_usage_has_a_hint() {
    for line in [
        "--profile ../x list",
        "--api-version 26 list",
        "--graph-url ftp://x list",
        "create --all --name {foo}",
        "create --all --name {app_name",
        "create --all --jobs x",
        "create --all --messaging nobody",
        "create --app-id -",
        "accept --frob",
        "serve-button --public-url x.example",
        "onboard --handoff - --json",
        "api https://evil.example/me",
        "api me/../../x",
    ] {
        let run = Mps::new()
            .args(line.split(' '))
            .env("MPS_PARTNER_APP_ID", "42")
            .env("MPS_USER_TOKEN", crate::support::USER)
            .env("MPS_SYSTEM_TOKEN", SYSTEM)
            .stdin("")
            .run();
        run.code(2);
        assert!(run.stderr_text().contains("hint"), "{line}\n{run}");
    }
}

/// No library's words of a file, and no name of a file that nobody has seen.
#[test]
fn a_place_that_cannot_be_written_is_told_in_words() {
    for line in [
        "serve-button --port 0 --token-out /dev/null/x",
        "man /dev/null/x",
    ] {
        Mps::new()
            .args(line.split(' '))
            .env("MPS_PARTNER_APP_ID", "42")
            .run()
            .code(1)
            .stderr_has("a part of the path is no directory")
            .stderr_lacks("os error");
    }
    let home = Mps::new()
        .env("MPS_STATE_DIR", "/dev/null/x")
        .env("MPS_PARTNER_APP_ID", "42")
        .args(["history"])
        .run();
    home.code(0).stderr_has("no log is written in /dev/null/x");
}
