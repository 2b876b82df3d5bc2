//! Breaks what is too wide for a terminal, between words.
//!
//! The one decision: a word is never cut. A link, an id or a path that is wider than the terminal has a line of its own
//! and overflows it, so that it can still be copied whole. A command that is broken says so with the backslash that a
//! shell reads on from.

use console::measure_text_width;

/// What a shell reads on behind.
const READS_ON: &str = " \\";

/// A column deeper than this share of the width is too narrow to write on in.
const DEEPEST: usize = 2;

/// Every line at most so wide, but for words that are wider. A line goes on below the text that it began with.
pub fn lines(text: &str, width: u16) -> String {
    let width = usize::from(width);
    let ended = text.split_inclusive('\n').map(|line| {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        if measure_text_width(line) <= width {
            return format!("{line}{end}");
        }
        let plain = console::strip_ansi_codes(line);
        let (before, hang) = (blanks(&plain), hanging(&plain, width));
        // Blanks that only a colour begins before stay where they are.
        let lead = if line.starts_with(' ') { before } else { 0 };
        let first = width.saturating_sub(lead);
        let broken = broken(&line[lead..], first, width.saturating_sub(hang));
        let mut text = String::new();
        for (at, part) in broken.iter().enumerate() {
            let indent = if at == 0 { lead } else { hang };
            let fits = width.saturating_sub(measure_text_width(part));
            let lead = " ".repeat(indent.min(fits));
            text += &format!("{}{lead}{part}", if at == 0 { "" } else { "\n" });
        }
        text + end
    });
    ended.collect()
}

/// The words in lines at most so wide, but for words that are wider.
pub fn words(text: &str, width: usize) -> Vec<String> {
    broken(text, width, width)
}

/// What a lone word needs: the widest one.
pub fn widest_word(text: &str) -> usize {
    let words = text.split_whitespace().map(measure_text_width);
    words.max().unwrap_or(0)
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

/// Where a line goes on: below the second of two columns or behind a bullet, else a little deeper than it began; prose
/// goes on where it began.
fn hanging(plain: &str, width: usize) -> usize {
    let before = blanks(plain);
    let text = &plain[before..];
    let column = text.find("  ").map(|at| {
        let gap = &text[at..];
        before + measure_text_width(&text[..at]) + blanks(gap)
    });
    let bullet = ["- ", "# "].iter().find(|sign| text.starts_with(**sign));
    let number = text.split_once(". ").filter(|(number, _)| {
        !number.is_empty() && number.len() < 3 && number.bytes().all(|c| c.is_ascii_digit())
    });
    let sign = bullet.map(|sign| sign.len());
    let sign = sign.or_else(|| number.map(|(number, _)| number.len() + 2));
    let deepest = width / DEEPEST;
    match (column.filter(|column| *column <= deepest), sign) {
        (Some(column), _) => column,
        (None, Some(sign)) => before + sign,
        (None, None) if is_prose(text) => before,
        (None, None) => (before + 2).min(deepest),
    }
}

/// Whole sentences, with no word like `warning:` before them.
fn is_prose(text: &str) -> bool {
    let labelled = text
        .split(' ')
        .next()
        .is_some_and(|word| word.ends_with(':'));
    !labelled && text.ends_with(['.', '?', '!', ':', '।'])
}

fn broken(text: &str, first: usize, others: usize) -> Vec<String> {
    let command = command(text);
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    let parts = parts(text, command);
    for (index, part) in parts.iter().enumerate() {
        let room = if lines.is_empty() { first } else { others };
        let width = measure_text_width(part.text);
        let within = part.in_command && index > 0 && parts[index - 1].in_command;
        let reads_on = parts.get(index + 1).is_some_and(|next| next.in_command);
        let kept = if part.in_command && reads_on {
            READS_ON.len()
        } else {
            0
        };
        let needed = if part.in_command && !within {
            whole_command(&parts[index..])
        } else {
            width + kept
        };
        if used > 0 && used + part.gap + needed > room {
            let end = if within { READS_ON } else { "" };
            lines.push(format!("{}{end}", line.trim_end()));
            part.text.clone_into(&mut line);
            used = width;
        } else {
            let gap = if lines.is_empty() || used > 0 {
                part.gap
            } else {
                0
            };
            line += &" ".repeat(gap);
            line += part.text;
            used += gap + width;
        }
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// The width of a command that is not broken.
fn whole_command(parts: &[SpacedWord<'_>]) -> usize {
    let widths = parts
        .iter()
        .map(|part| part.gap + measure_text_width(part.text));
    let all: usize = widths.sum();
    all - parts.first().map_or(0, |part| part.gap)
}

/// The text of a word, the blanks before it, and whether a shell is to read it.
#[derive(Debug, Clone, Copy)]
struct SpacedWord<'a> {
    gap: usize,
    text: &'a str,
    in_command: bool,
}

/// The words; what stands in quotes within a command is one.
fn parts(text: &str, command: Option<usize>) -> Vec<SpacedWord<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut gap, mut quote) = (None, 0, None);
    let mut push = |start: usize, end: usize, gap: usize| {
        parts.push(SpacedWord {
            gap,
            text: &text[start..end],
            in_command: command.is_some_and(|command| start >= command),
        });
    };
    for (at, c) in text.char_indices() {
        let in_command = command.is_some_and(|command| at >= command);
        match quote {
            Some(open) if c == open => quote = None,
            None if in_command && matches!(c, '\'' | '"') => quote = Some(c),
            _ => {}
        }
        if c == ' ' && quote.is_none() {
            match start.take() {
                Some(start) => {
                    push(start, at, gap);
                    gap = 1;
                }
                None => gap += 1,
            }
        } else {
            start.get_or_insert(at);
        }
    }
    if let Some(start) = start {
        push(start, text.len(), gap);
    }
    parts
}

/// Where a command begins that stands behind a colon and ends the text; `None`: it is prose to its end.
fn command(text: &str) -> Option<usize> {
    let begins = |at: &usize| {
        let before = console::strip_ansi_codes(&text[..*at]).into_owned();
        before.trim_end().ends_with(':')
    };
    let found = text.match_indices("mps ").map(|(at, _)| at);
    let at = found.filter(begins).last()?;
    let prose = [", ", "; ", " ("];
    (!prose.iter().any(|sign| text[at..].contains(sign))).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "795033096057724";

    #[test]
    fn no_word_is_cut_and_a_line_goes_on_where_it_can_be_read() {
        for (width, text, expected) in [
            (80, "it fits\n", "it fits\n"),
            (
                20,
                "Creating a solution for app 42.\n",
                "Creating a solution\nfor app 42.\n",
            ),
            (
                30,
                "  because: the user token covers 1, 2\n",
                "  because: the user token\n    covers 1, 2\n",
            ),
            (
                30,
                "warning: this is worth a look at once\n",
                "warning: this is worth a look\n  at once\n",
            ),
            (
                30,
                "MPS_JOBS  how many apps are worked on at once\n",
                "MPS_JOBS  how many apps are\n          worked on at once\n",
            ),
            (
                30,
                "Acme needs your permission for it. It takes two minutes:",
                "Acme needs your permission for\nit. It takes two minutes:",
            ),
            (
                30,
                "  It stands in the names of solutions and in messages.",
                "  It stands in the names of\n  solutions and in messages.",
            ),
            (
                24,
                "1. Open this link in a browser",
                "1. Open this link in a\n   browser",
            ),
            (
                20,
                "Open this page: https://localhost:8443/abcdef\n",
                "Open this page:\nhttps://localhost:8443/abcdef\n",
            ),
            (
                30,
                "  run 1a, log /home/ada/.local/state/l\n",
                "  run 1a, log\n    /home/ada/.local/state/l\n",
            ),
            (8, "\n\n", "\n\n"),
        ] {
            assert_eq!(lines(text, width), expected);
        }
    }

    #[test]
    fn a_command_that_is_broken_can_be_pasted() {
        for (width, text, expected) in [
            (
                40,
                format!("  hint: when they are mended: mps accept {ID} {ID} --jobs 1"),
                format!("  hint: when they are mended:\n    mps accept {ID} \\\n    {ID} --jobs 1"),
            ),
            (
                30,
                "  hint: mps create --name '{app_name} + us' --all".to_owned(),
                "  hint:\n    mps create --name \\\n    '{app_name} + us' --all".to_owned(),
            ),
            (
                30,
                "  hint: mps list shows the solutions, mps history what was done".to_owned(),
                "  hint: mps list shows the\n    solutions, mps history\n    what was done"
                    .to_owned(),
            ),
        ] {
            assert_eq!(lines(&text, width), expected);
        }
    }

    #[test]
    fn colours_take_no_room() {
        let red = "\u{1b}[31mfailed:\u{1b}[0m the one and the other";
        assert_eq!(
            lines(red, 20),
            "\u{1b}[31mfailed:\u{1b}[0m the one and\n  the other"
        );
        assert_eq!(lines(red, 33), red);
    }

    proptest::proptest! {
        #[test]
        fn every_word_is_there_and_no_line_is_wider_than_it_must_be(
            text in "[ a-z:.'{}#-]{0,90}|(mps |hint: )?[a-z0-9 ]{0,90}|[花a ]{0,60}",
            width in 20_u16..60,
        ) {
            let broken = lines(&text, width);
            let words = |text: &str| text.replace(" \\\n", "\n").split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            proptest::prop_assert_eq!(words(&broken), words(&text));
            for line in broken.lines() {
                let lone = parts(line.trim(), command(line.trim())).len() <= 1 || line.ends_with('\\');
                proptest::prop_assert!(lone || measure_text_width(line) <= usize::from(width), "{}", line);
            }
        }
    }
}
