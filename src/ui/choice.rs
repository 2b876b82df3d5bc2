//! A choice of many: which items are shown, ticked and current, key by key.
//!
//! The one decision: what a key does is a pure step, so that it is tested without a terminal. The current line is told by
//! a sign, which no colour is needed for; letters search, so that one of two hundred is found.

use console::Key;

use super::Label;

/// The choice as it stands.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    items: Vec<(String, bool)>,
    search: String,
    /// Which of the shown ones is current.
    current: usize,
}

/// The room that it is drawn in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) color: bool,
}

/// What is typed, behind the question: whoever comes from a yes or a no types a letter here.
const KEYS: [&str; 2] = [
    " (space marks, Enter goes on, type to search)",
    " (space, then Enter)",
];

/// Rows beside those of items: the question, and what can be typed.
const OTHER_ROWS: usize = 3;

impl Choice {
    /// Of these items, each ticked or not.
    pub(super) fn of(items: Vec<(String, bool)>) -> Self {
        Self {
            items,
            search: String::new(),
            current: 0,
        }
    }

    /// The indexes that fit what was searched for.
    fn shown(&self) -> Vec<usize> {
        let wanted = self.search.to_lowercase();
        let fits = |text: &str| text.to_lowercase().contains(&wanted);
        let items = self.items.iter().enumerate();
        items
            .filter(|(_, (text, _))| fits(text))
            .map(|(index, _)| index)
            .collect()
    }

    /// One key. `true`: the choice is made.
    pub(super) fn press(&mut self, key: &Key) -> bool {
        let shown = self.shown();
        let last = shown.len().saturating_sub(1);
        match key {
            Key::Enter => return true,
            Key::ArrowUp => self.current = self.current.checked_sub(1).unwrap_or(last),
            Key::ArrowDown if self.current >= last => self.current = 0,
            Key::ArrowDown => self.current += 1,
            Key::PageUp => self.current = self.current.saturating_sub(10),
            Key::PageDown => self.current = (self.current + 10).min(last),
            Key::ArrowRight => self.tick(&shown, |_| true),
            Key::ArrowLeft => self.tick(&shown, |_| false),
            Key::Char(' ') => {
                let current = shown.get(self.current).copied();
                self.tick(current.as_slice(), |ticked| !ticked);
            }
            Key::Backspace => drop(self.search.pop()),
            Key::Escape => self.search.clear(),
            Key::Char(c) if !c.is_control() => {
                self.search.push(*c);
                self.current = 0;
            }
            _ => {}
        }
        self.current = self.current.min(self.shown().len().saturating_sub(1));
        false
    }

    fn tick(&mut self, indexes: &[usize], to: impl Fn(bool) -> bool) {
        for index in indexes {
            if let Some((_, ticked)) = self.items.get_mut(*index) {
                *ticked = to(*ticked);
            }
        }
    }

    /// The indexes that are ticked.
    pub(super) fn ticked(&self) -> Vec<usize> {
        let items = self.items.iter().enumerate();
        items
            .filter(|(_, (_, ticked))| *ticked)
            .map(|(index, _)| index)
            .collect()
    }

    /// `3 of 200`.
    pub(super) fn count(&self) -> String {
        format!("{} of {}", self.ticked().len(), self.items.len())
    }

    /// What is drawn, a row each.
    pub(super) fn rows(&self, question: &str, room: Room) -> Vec<String> {
        let shown = self.shown();
        let fit = room.rows.saturating_sub(OTHER_ROWS).max(1);
        // The current line is always on the screen.
        let first = (self.current + 1).saturating_sub(fit);
        // A row that wraps would be two, and what is drawn over it too little.
        let cut = |line: &str| {
            let cut = console::truncate_str(line, room.columns.saturating_sub(1), "…");
            cut.into_owned()
        };
        let fits = |line: &&str| console::measure_text_width(line) < room.columns;
        let asked = |keys: &str| format!("? {question}{keys}");
        let rest = match self.search.as_str() {
            "" => KEYS.into_iter().find(|keys| fits(&asked(keys).as_str())),
            _ => None,
        };
        let search = match (rest, self.search.as_str()) {
            (Some(keys), _) => keys.to_owned(),
            (None, "") => String::new(),
            (None, text) => format!(" › {text}"),
        };
        let mut rows = vec![cut(&asked(&search))];
        for (at, index) in shown.iter().enumerate().skip(first).take(fit) {
            let Some((text, ticked)) = self.items.get(*index) else {
                continue;
            };
            let is_current = at == self.current;
            let sign = if is_current { ">" } else { " " };
            let tick = if *ticked { "[x]" } else { "[ ]" };
            let line = cut(&format!("{sign} {tick} {text}"));
            let label = if is_current {
                Label::Hint
            } else {
                Label::Plain
            };
            rows.push(label.paint(&line, room.color));
        }
        if shown.is_empty() {
            rows.push("  nothing fits; Esc shows all".to_owned());
        }
        let count = self.count();
        let helps = [
            format!("  {count} marked; → marks all shown, ← none, Esc ends the search"),
            format!("  {count} marked; → all, ← none"),
        ];
        let help = helps.iter().map(String::as_str).find(fits);
        let help = help.unwrap_or(count.as_str());
        rows.push(Label::Dim.paint(&cut(help), room.color));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room {
        rows: 6,
        columns: 40,
        color: false,
    };

    fn choice() -> Choice {
        let items = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"];
        Choice::of(items.map(|name| (name.to_owned(), name != "Beta")).into())
    }

    fn pressed(keys: &[Key]) -> Choice {
        let mut choice = choice();
        for key in keys {
            assert!(!choice.press(key));
        }
        choice
    }

    #[test]
    fn keys() {
        let search = |word: &str| word.chars().map(Key::Char).collect::<Vec<_>>();
        let all = vec![0, 2, 3, 4];
        for (keys, ticked) in [
            (vec![], all.clone()),
            (vec![Key::Char(' ')], vec![2, 3, 4]),
            (vec![Key::ArrowDown, Key::Char(' ')], vec![0, 1, 2, 3, 4]),
            (vec![Key::ArrowUp, Key::Char(' ')], vec![0, 2, 3]),
            (vec![Key::ArrowLeft], vec![]),
            (vec![Key::ArrowRight], vec![0, 1, 2, 3, 4]),
            (
                [search("LTA"), vec![Key::ArrowLeft]].concat(),
                vec![0, 2, 4],
            ),
            (
                [search("nobody"), vec![Key::Char(' '), Key::Escape]].concat(),
                all.clone(),
            ),
            (
                [
                    search("ga"),
                    vec![Key::Backspace, Key::Backspace, Key::ArrowLeft],
                ]
                .concat(),
                vec![],
            ),
        ] {
            assert_eq!(pressed(&keys).ticked(), ticked, "{keys:?}");
        }
        assert!(choice().press(&Key::Enter));
    }

    #[test]
    fn the_current_line_has_a_sign_and_is_on_the_screen() {
        let rows = choice().rows("Which?", ROOM);
        assert_eq!(rows[0], "? Which? (space, then Enter)");
        let wide = Room {
            columns: 80,
            ..ROOM
        };
        let asked = "? Which? (space marks, Enter goes on, type to search)";
        assert_eq!(choice().rows("Which?", wide)[0], asked);
        assert_eq!(rows[1..4], ["> [x] Alpha", "  [ ] Beta", "  [x] Gamma"]);
        assert_eq!(rows[4], "  4 of 5 marked; → all, ← none");
        assert_eq!(rows.len(), 5);
        let rows = pressed(&[Key::ArrowUp]).rows("Which?", ROOM);
        assert_eq!(rows[1..4], ["  [x] Gamma", "  [x] Delta", "> [x] Epsilon"]);
        let rows = pressed(&[Key::Char('m')]).rows("Which?", ROOM);
        assert_eq!(rows[..2], ["? Which? › m", "> [x] Gamma"]);
        let narrow = Room { columns: 8, ..ROOM };
        assert_eq!(choice().rows("Which?", narrow)[1], "> [x] …");
    }
}
