//! The words of other tools, and what they are called here.
//!
//! The one decision: a table, so that whoever comes from gh, stripe or kubectl is told our word the first time.

/// What to type for a command that other tools have.
pub(super) fn command(typed: &str) -> Option<&'static str> {
    Some(match typed {
        "status" | "st" | "ps" => {
            "mps list shows the solutions, mps history what was done, mps doctor whether all is well"
        }
        "login" | "auth" | "logon" | "signin" | "sign-in" | "setup" | "configure" => {
            "mps init asks for your settings and tokens, and checks each"
        }
        "logout" | "signout" => "mps profile delete NAME forgets a profile's secrets",
        "whoami" | "me" | "account" => {
            "mps profile show tells the settings, mps doctor whose tokens they are"
        }
        "config" | "settings" | "env" | "set" | "get" => {
            "mps profile show; mps profile set KEY VALUE"
        }
        "version" => "mps --version",
        "ls" | "solutions" => "mps list",
        "apps" => "mps list-apps",
        "get-solution" | "view" | "describe" | "info" | "inspect" => "mps show ID",
        "log" | "logs" | "audit" | "events" => "mps history",
        "serve" | "server" | "button" | "start" | "page" => {
            "mps serve-button hosts the page once, mps watch for days"
        }
        "link" | "links" => "mps invite --for LABEL",
        "check" | "diagnose" | "test" | "ping" | "health" => "mps doctor",
        "retry" | "continue" | "recover" | "repair" => "mps resume",
        "undo" | "delete" | "rm" | "remove" | "revoke" => {
            "a solution cannot be deleted; mps reject --help before it is active, mps invite revoke LABEL for a link"
        }
        "new" | "add" => "mps onboard --help for the whole flow, mps create --help for one step",
        "approve" | "confirm" => "mps accept --help",
        "completion" => "mps completions SHELL",
        "curl" | "call" | "request" | "graph" => "mps api PATH",
        "mock" | "demo" => "mps onboard --sandbox",
        "upgrade" | "update" | "self-update" => {
            "mps does not change itself; install it again as it was installed"
        }
        _ => return None,
    })
}

/// What to type for an option that other tools have. `words` is the whole line, since our answer has the command in it.
pub(super) fn option(typed: &str, words: &[&str]) -> Option<String> {
    let before: Vec<&str> = words
        .iter()
        .take_while(|word| !word.starts_with('-'))
        .enumerate()
        // The program may have been started by its path.
        .map(|(at, word)| if at == 0 { "mps" } else { word })
        .collect();
    let line = before.join(" ");
    let at = words.iter().position(|word| word.starts_with(typed))?;
    let joined = words[at].split_once('=').map(|(_, value)| value);
    let value = joined.or_else(|| words.get(at + 1).copied());
    let name = typed.split('=').next().unwrap_or(typed);
    Some(match name {
        "-o" | "--output" | "--format" | "--out" if value == Some("json") => {
            format!("{line} --json")
        }
        "--jq" | "--template" | "-t" | "--fields" => format!("{line} --json | jq ."),
        "-X" | "--method" | "--request" if line == "mps api" => {
            "the method is a word before the path: mps api post PATH".to_owned()
        }
        "--csv" | "-o" | "--output" | "--format" => {
            format!("{line} --json for programs; {line} --help names the rest")
        }
        "--yes" | "-y" | "--force" | "-f" | "--assume-yes" => {
            format!("nothing is asked here that needs it; {line} --help")
        }
        "--token" | "--access-token" => format!(
            "a token is never on the command line: --system-token-file FILE or MPS_SYSTEM_TOKEN, --user-token-file FILE or MPS_USER_TOKEN; {line} --help"
        ),
        "--system-token" | "--user-token" | "--app-secret" => {
            let variable = name.trim_start_matches('-').replace('-', "_");
            let variable = variable.to_ascii_uppercase();
            format!(
                "never on the command line, where others see it: {name}-file FILE or MPS_{variable}; {line} --help"
            )
        }
        "--app" | "--app_id" | "--appid" => format!("--app-id ID; {line} --help"),
        "--dryrun" | "-n" | "--plan" | "--check" => {
            format!("--dry-run, where there is a plan; {line} --help")
        }
        "--env" | "-p" => format!("--profile NAME; {line} --help"),
        "--debug" | "--trace" => format!("{line} -vv"),
        "--silent" => format!("{line} --quiet"),
        "--no-color" | "--no-colour" => format!("{line} --color never"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use crate::cli::Cli;

    /// Whoever adds a command takes its word out of the table.
    #[test]
    fn no_word_of_the_table_is_a_command_of_ours() {
        for command in Cli::command().get_subcommands() {
            assert_eq!(super::command(command.get_name()), None);
        }
    }

    #[test]
    fn options_are_answered_with_the_command_that_was_typed() {
        for (line, hint) in [
            ("mps list -o json", Some("mps list --json")),
            ("mps list --output=json", Some("mps list --json")),
            ("mps history --no-color", Some("mps history --color never")),
            ("mps list --frob", None),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            let typed = words.iter().find(|word| word.starts_with('-')).unwrap();
            let typed = typed.split('=').next().unwrap();
            assert_eq!(super::option(typed, &words).as_deref(), hint, "{line}");
        }
    }
}
