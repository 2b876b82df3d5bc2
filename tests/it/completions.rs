//! The completions, in the shells that they are for.

use crate::{
    profile::profile,
    stage::{SOLUTIONS, Stage},
    support::{Home, Mps, needs},
};

/// A script in a shell; `mps` is on its path.
fn in_shell(home: &Home, shell: &str, script: &str) -> Mps {
    let dir = std::path::Path::new(env!("CARGO_BIN_EXE_mps"))
        .parent()
        .unwrap();
    Mps::program(home, format!("/usr/bin/{shell}"))
        .args(["-c", script])
        .env("PATH", format!("{}:/usr/bin:/bin", dir.display()))
}

/// What bash proposes behind these words.
fn bash(home: &Home, option: &str, words: &str) -> Vec<String> {
    let script = format!(
        "eval \"$(mps completions bash {option})\"
words=({words}); COMP_WORDS=(\"${{words[@]}}\"); COMP_CWORD=$((${{#words[@]}}-1))
COMP_LINE=\"${{words[*]}}\"; COMP_POINT=${{#COMP_LINE}}
function=$(complete -p mps | sed 's/.*-F \\([^ ]*\\).*/\\1/')
$function mps \"${{words[-1]}}\" \"${{words[-2]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    lines(in_shell(home, "bash", &script))
}

fn fish(home: &Home, option: &str, line: &str) -> Vec<String> {
    let script = format!("mps completions fish {option} | source; complete -C '{line}' | cut -f1");
    lines(in_shell(home, "fish", &script))
}

/// What zsh makes of the line, which has one completion: it only completes at a prompt, so a second zsh is asked on a
/// pseudo-terminal.
fn zsh(home: &Home, option: &str, line: &str) -> Vec<String> {
    let script = format!(
        r#"zmodload zsh/zpty
mps completions zsh {option} > $HOME/_mps
cat > $HOME/setup <<'SETUP'
PS1=; fpath=($HOME $fpath); autoload -Uz compinit; compinit -u -D
tell() {{ print -r -- "LINE:$BUFFER:" }}; zle -N tell; bindkey '^T' tell
print REA''DY
SETUP
zpty z zsh -f -i
zpty -w z '. $HOME/setup'
zpty -r z out '*READY*'
zpty -n -w z $'{line}\t\C-t'
zpty -r z out '*LINE:*:*'
print -r -- "$out""#
    );
    let run = in_shell(home, "zsh", &script).run();
    run.code(0);
    let shown = console::strip_ansi_codes(run.stdout_text()).into_owned();
    let line = shown.split("LINE:").last().unwrap_or_default();
    let line = line.split(':').next().unwrap_or_default();
    line.split_whitespace().map(str::to_owned).collect()
}

fn lines(mps: Mps) -> Vec<String> {
    let run = mps.run();
    run.code(0).stderr("");
    run.lines().iter().map(|line| (*line).to_owned()).collect()
}

/// A home with two profiles and a solution in its journal.
fn home() -> Home {
    let stage = Stage::new();
    stage.mps(["create", "--all"]).run().code(0);
    profile(&stage.home, "home", "");
    profile(&stage.home, "work", "");
    stage.home
}

type Shell = fn(&Home, &str, &str) -> Vec<String>;

fn plain(shell: Shell) {
    let home = Home::new();
    let has = |line: &str, word: &str| {
        let words = shell(&home, "", line);
        assert!(
            words.iter().any(|other| other == word),
            "{line:?}: no {word} in {words:?}"
        );
    };
    has("mps on", "onboard");
    has("mps accept --no-ch", "--no-check");
    has("mps accept --color al", "always");
}

fn dynamic(shell: Shell) {
    let home = home();
    let has = |line: &str, word: &str| {
        let words = shell(&home, "--dynamic", line);
        assert!(
            words.iter().any(|other| other == word),
            "{line:?}: no {word} in {words:?}"
        );
    };
    has("mps doctor --profile wo", "work");
    has("mps profile show ho", "home");
    has("mps accept 79503309605772", SOLUTIONS[0]);
    has("mps on", "onboard");
}

#[test]
fn in_bash() {
    if needs("bash") {
        plain(bash);
        dynamic(bash);
        // bash splits a word at its equals sign.
        let words = bash(&home(), "--dynamic", "mps doctor --profile = wo");
        assert_eq!(words, ["work"]);
    }
}

#[test]
fn in_fish() {
    if needs("fish") {
        plain(fish);
        dynamic(fish);
    }
}

#[test]
fn in_zsh() {
    if needs("zsh") {
        plain(zsh);
        dynamic(zsh);
    }
}

#[test]
fn words_begin_as_the_one_that_is_typed() {
    let home = home();
    for (of, beginning, words) in [
        ("profiles", "wo", &["work"][..]),
        ("profiles", "", &["home", "work"]),
        ("profiles", "-", &[]),
        ("solutions", SOLUTIONS[0], &SOLUTIONS[..1]),
        ("solutions", "no id", &[]),
    ] {
        let run = Mps::at(&home).args(["complete-words", of, beginning]).run();
        run.code(0).stderr("");
        let lines = run.lines();
        let shown = lines
            .iter()
            .map(|line| line.split('\t').next().unwrap_or(line));
        assert!(shown.eq(words.iter().copied()), "{of} {beginning}: {run}");
    }
}

#[test]
fn words_never_fail() {
    let home = Home::new();
    home.file("state/journal.db", "no journal");
    for of in ["profiles", "solutions"] {
        Mps::at(&home)
            .args(["complete-words", of])
            .run()
            .code(0)
            .stdout("")
            .stderr("");
    }
    Mps::at(&home)
        .args(["completions", "elvish", "--dynamic"])
        .run()
        .code(2);
    Mps::at(&home)
        .arg("--help")
        .run()
        .code(0)
        .stdout_lacks("complete-words");
}
