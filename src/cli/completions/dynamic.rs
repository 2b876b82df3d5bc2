//! Completions that know this machine's profiles and the journal's solutions.
//!
//! The one decision: the plain script stays as it is, and what is dynamic asks the program by a hidden
//! command. These scripts hold the program's path, so they are made where they are used and never committed.

use clap::{Command, builder::ValueParser};
use clap_complete::Shell;

use crate::ids::SolutionId;

/// Makes a plain script dynamic; none for a shell that this is not written for.
pub(crate) fn script(tree: &Command, shell: Shell, plain: String, program: &str) -> Option<String> {
    let ask = format!("'{}' complete-words", program.replace('\'', r"'\''"));
    let commands = taking::<SolutionId>(tree);
    match shell {
        Shell::Bash => Some(plain + &bash(&commands, &ask)),
        Shell::Zsh => Some(zsh(&plain, &ask)),
        Shell::Fish => Some(plain + &fish(&commands, &ask)),
        _ => None,
    }
}

/// The commands that take a word of this type without an option before it.
fn taking<T: 'static>(tree: &Command) -> Vec<String> {
    let of_type = |parser: &ValueParser| parser.type_id() == std::any::TypeId::of::<T>();
    let takes = |command: &&Command| {
        let mut words = command.get_positionals();
        words.any(|word| of_type(word.get_value_parser()))
    };
    let commands = tree.get_subcommands().filter(takes);
    commands
        .map(|command| command.get_name().to_owned())
        .collect()
}

fn bash(commands: &[String], ask: &str) -> String {
    let commands = commands.join("|");
    format!(
        r#"
# Profiles and solutions of this machine; everything else is answered above.
_mps_known() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} before="" word what=""
    [[ $prev == "=" ]] && prev=${{COMP_WORDS[COMP_CWORD-2]}}
    [[ $cur == "=" ]] && prev=${{COMP_WORDS[COMP_CWORD-1]}} && cur=""
    if [[ $prev == --profile ]]; then
        what=profiles
    elif [[ $cur != -* && $prev != -* ]]; then
        for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
            case $before:$word in
                profile:show | profile:delete) what=profiles; break ;;
                profile:*) ;;
                :profile) before=profile ;;
                {commands}) what=solutions; break ;;
            esac
        done
    fi
    if [[ -n $what ]]; then
        COMPREPLY=($(compgen -W "$({ask} "$what" "$cur" 2>/dev/null | cut -f1)" -- "$cur"))
        [[ ${{#COMPREPLY[@]}} -gt 0 ]] && return 0
    fi
    _mps "$@"
}}
complete -F _mps_known -o bashdefault -o default mps
"#,
        commands = commands
            .split('|')
            .map(|command| format!(":{command}"))
            .collect::<Vec<_>>()
            .join(" | "),
    )
}

fn zsh(plain: &str, ask: &str) -> String {
    let functions = format!(
        r#"
_mps_known() {{
    local -a words_known
    words_known=("${{(@f)$({ask} $1 "$PREFIX" 2>/dev/null)}}")
    words_known=("${{(@)words_known:#}}")
    words_known=("${{(@)words_known//$'\t'/:}}")
    _describe "$1" words_known
}}
_mps_profiles() {{ _mps_known profiles }}
_mps_solutions() {{ _mps_known solutions }}
"#
    );
    let mut script = String::with_capacity(plain.len() * 2);
    for line in plain.lines() {
        let by = |function: &str| line.replace(":_default'", &format!(":{function}'"));
        let positional = |name: &str| {
            ["'*::", "'::", "':"]
                .iter()
                .any(|lead| line.starts_with(&format!("{lead}{name} -- ")))
        };
        script += &if line.starts_with("'--profile=") || positional("name") {
            by("_mps_profiles")
        } else if positional("ids") {
            by("_mps_solutions")
        } else {
            line.to_owned()
        };
        script.push('\n');
        if line.starts_with("#compdef") {
            script += &functions;
        }
    }
    script
}

fn fish(commands: &[String], ask: &str) -> String {
    let mut script =
        format!("\ncomplete -c mps -l profile -x -a \"({ask} profiles (commandline -ct))\"\n");
    script += &format!(
        "complete -c mps -n \"__fish_mps_using_subcommand profile; and __fish_seen_subcommand_from show delete\" -f -a \"({ask} profiles (commandline -ct))\"\n"
    );
    for command in commands {
        script += &format!(
            "complete -c mps -n \"__fish_mps_using_subcommand {command}\" -f -a \"({ask} solutions (commandline -ct))\"\n"
        );
    }
    script
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::{cli::Cli, profile::ProfileName};

    #[test]
    fn who_takes_solutions_and_profiles() {
        let commands = taking::<SolutionId>(&Cli::command());
        for command in ["accept", "reject", "show", "handoff"] {
            assert!(
                commands.iter().any(|other| other == command),
                "{commands:?}"
            );
        }
        assert!(
            taking::<ProfileName>(&Cli::command()).is_empty(),
            "only below `profile`"
        );
    }

    #[test]
    fn a_path_is_quoted() {
        let tree = Cli::command();
        let script = script(&tree, Shell::Fish, String::new(), "/it's/mps").unwrap();
        assert!(
            script.contains(r"'/it'\''s/mps' complete-words"),
            "{script}"
        );
        assert!(super::script(&tree, Shell::Elvish, String::new(), "/mps").is_none());
    }
}
