//! The table of a watch on a terminal: who is expected, who came, how far they are.
//!
//! The one decision: it is drawn from the journal, so it shows what another mps does too; whoever is at it stands on top,
//! and those who did not come yet are only counted, so that it stays short.

use jiff::Timestamp;

use super::hall::{Hall, locked};
use crate::{
    ids::{AppId, SolutionId},
    journal::{InvitationStatus, LinkState},
    ui::{
        Label,
        table::{self, Cell},
    },
};

/// The columns.
const HEADER: [&str; 5] = ["REF", "CAME (UTC)", "STATE", "APPS", "SOLUTIONS"];
/// From this width on there is room for all of them.
const WIDE: u16 = 70;
/// The characters of a label that are shown.
const LABEL: usize = 24;

/// How many links have a line.
const LINES: usize = 8;

/// The states in the order of their lines: what needs somebody, what is under way, what is done.
const ORDER: [LinkState; 8] = [
    LinkState::Failed,
    LinkState::Initiated,
    LinkState::SignedIn,
    LinkState::Opened,
    LinkState::Active,
    LinkState::Unopened,
    LinkState::Expired,
    LinkState::Revoked,
];

impl Hall {
    /// Draws it as it is now, where there is a terminal and no question on it.
    pub(super) async fn draw_board(&self) {
        if self.ctx.ui.bars().is_hidden() {
            return;
        }
        let Ok(_no_question) = self.question.try_lock() else {
            return;
        };
        // What cannot be read now is drawn at the next look.
        let Ok(all) = self.invitations.list().await else {
            return;
        };
        let ui = &self.ctx.ui;
        let style = BoardStyle {
            width: ui.streams().width.saturating_sub(1),
            color: ui.color_err(),
        };
        let text = board(&all, self.session.graph.quota_used(), style);
        let mut board = locked(&self.board);
        if board.is_none() {
            *board = ui.bars().board();
        }
        if let Some(task) = &*board {
            // A blank line sets it apart, and is all that stays where a terminal's own ^C moved the cursor down.
            task.say(format!("\n{text}"));
        }
    }

    /// Clears it: a question comes, or the end.
    pub(super) fn take_board_away(&self) {
        locked(&self.board).take();
    }
}

#[derive(Clone, Copy)]
struct BoardStyle {
    width: u16,
    color: bool,
}

/// The lines of the table.
fn board(all: &[InvitationStatus], quota: Option<u16>, style: BoardStyle) -> String {
    let mut shown: Vec<&InvitationStatus> = all
        .iter()
        .filter(|status| {
            !matches!(
                status.state,
                LinkState::Unopened | LinkState::Expired | LinkState::Revoked
            )
        })
        .collect();
    shown.sort_by_key(|status| {
        let place = ORDER.iter().position(|state| *state == status.state);
        (place, std::cmp::Reverse(status.invitation.opened_at))
    });
    let mut text = Label::Strong.paint(&summary(all, quota), style.color);
    if !shown.is_empty() {
        // Where there is no room for all, what stands in the list elsewhere goes.
        let wide = style.width >= WIDE;
        let columns: Vec<usize> = if wide {
            vec![0, 1, 2, 3, 4]
        } else {
            vec![0, 2, 3]
        };
        let header: Vec<_> = columns.iter().map(|at| HEADER[*at]).collect();
        let rows: Vec<_> = shown
            .iter()
            .take(LINES)
            .map(|status| {
                let cells = line(status);
                columns.iter().map(|at| cells[*at].clone()).collect()
            })
            .collect();
        text += "\n";
        text += table::render(&header, &rows, style.width, style.color).trim_end();
    }
    if let Some(more @ 1..) = shown.len().checked_sub(LINES) {
        let more = format!("and {more} more: mps invite list");
        text += &format!("\n{}", Label::Dim.paint(&more, style.color));
    }
    text
}

fn summary(all: &[InvitationStatus], quota: Option<u16>) -> String {
    let mut counts = Vec::new();
    for state in ORDER {
        let count = all.iter().filter(|status| status.state == state).count();
        if count > 0 {
            counts.push(format!("{count} {}", state.in_words()));
        }
    }
    let links = match all.len() {
        0 => "Nobody is invited yet: mps invite --for LABEL".to_owned(),
        1 => format!("1 link: {}", counts.join(", ")),
        many => format!("{many} links: {}", counts.join(", ")),
    };
    match quota {
        Some(used) => format!("{links} · quota {used} %"),
        None => links,
    }
}

fn line(status: &InvitationStatus) -> [Cell; 5] {
    let label = match status.state {
        LinkState::Active => Label::Good,
        LinkState::Failed => Label::Bad,
        LinkState::Initiated => Label::Warning,
        _ => Label::Plain,
    };
    let time = |at: Timestamp| at.strftime("%d %b %H:%M").to_string();
    [
        shortened(status.invitation.label.as_str()).into(),
        status
            .invitation
            .opened_at
            .map(time)
            .unwrap_or_default()
            .into(),
        Cell::marked(status.state.in_words(), label),
        few(status.app_ids.iter().map(AppId::as_str)).into(),
        few(status.solution_ids.iter().map(SolutionId::as_str)).into(),
    ]
}

/// The beginning of a label.
fn shortened(label: &str) -> String {
    match label.char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", &label[..end]),
        None => label.to_owned(),
    }
}

/// One id, and how many others there are.
fn few<'a>(mut ids: impl ExactSizeIterator<Item = &'a str>) -> String {
    let others = ids.len().saturating_sub(1);
    match (ids.next(), others) {
        (None, _) => String::new(),
        (Some(id), 0) => id.to_owned(),
        (Some(id), others) => format!("{id} +{others}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Expectation, Invitation};

    fn status(label: &str, state: LinkState, minute: Option<i64>) -> InvitationStatus {
        let at = |minute: i64| Timestamp::from_second(60 * minute).unwrap();
        InvitationStatus {
            invitation: Invitation {
                label: label.parse().unwrap(),
                path: "/x".to_owned(),
                made_at: at(0),
                expires_at: at(1000),
                revoked_at: None,
                opened_at: minute.map(at),
                signed_in_at: None,
                expectation: Expectation::default(),
            },
            state,
            app_ids: vec!["1".parse().unwrap(), "2".parse().unwrap()],
            solution_ids: Vec::new(),
        }
    }

    const PLAIN: BoardStyle = BoardStyle {
        width: 80,
        color: false,
    };

    #[test]
    fn nobody_one_and_several() {
        let none = board(&[], None, PLAIN);
        assert_eq!(none, "Nobody is invited yet: mps invite --for LABEL");
        let one = [status("acme", LinkState::Unopened, None)];
        assert_eq!(
            board(&one, Some(7), PLAIN),
            "1 link: 1 unopened · quota 7 %"
        );
        let several = [
            status("done", LinkState::Active, Some(1)),
            status("later", LinkState::Unopened, None),
            status("early", LinkState::Opened, Some(2)),
            status("late", LinkState::Opened, Some(3)),
            status("bad", LinkState::Failed, Some(0)),
            status("gone", LinkState::Revoked, Some(0)),
        ];
        assert_eq!(
            board(&several, None, PLAIN),
            "6 links: 1 failed, 2 opened, 1 ACTIVE, 1 unopened, 1 revoked\n\
             REF    CAME (UTC)    STATE   APPS  SOLUTIONS\n\
             bad    01 Jan 00:00  failed  1 +1\n\
             late   01 Jan 00:03  opened  1 +1\n\
             early  01 Jan 00:02  opened  1 +1\n\
             done   01 Jan 00:01  ACTIVE  1 +1"
        );
    }

    #[test]
    fn it_stays_short_and_narrow() {
        let many: Vec<_> = (0..50)
            .map(|minute| {
                status(
                    &format!("provider {minute}"),
                    LinkState::Opened,
                    Some(minute),
                )
            })
            .collect();
        for width in [40, 69, 80, 200] {
            let style = BoardStyle {
                width,
                color: false,
            };
            let text = board(&many, Some(12), style);
            assert!(
                text.contains("provider 49") && !text.contains("provider 3"),
                "{text}"
            );
            assert!(text.ends_with("and 42 more: mps invite list"), "{text}");
            assert!(
                text.lines()
                    .all(|line| line.chars().count() <= width.into()),
                "{text}"
            );
        }
    }
}
