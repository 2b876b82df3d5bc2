//! What is typed after `mps onboard --from`.

use crate::{ids::SolutionId, journal::LinkLabel, shell};

/// An app whose solution is there.
pub(super) struct DoneApp {
    /// Where it stands in the plan.
    pub(super) place: usize,
    /// Its Tech Provider.
    pub(super) label: LinkLabel,
    /// Its solution, where that is still to be accepted.
    pub(super) open: Option<SolutionId>,
}

/// What is typed next, in the order of the plan: a message is for one Tech Provider.
pub(super) fn messages(done: &[DoneApp], no_accept: bool) -> String {
    let open = done.iter().filter_map(|app| app.open.as_ref());
    let open: Vec<&str> = open.map(SolutionId::as_str).collect();
    let mut text = if no_accept && !open.is_empty() {
        let ids = open.join(" ");
        format!("\nA colleague with the system token accepts with:\n  mps accept {ids}\n")
    } else {
        String::new()
    };
    text += "\nThe message to each Tech Provider:\n";
    let mut labels: Vec<&LinkLabel> = Vec::new();
    for DoneApp { label, .. } in done {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    for label in labels {
        text += &format!("  mps handoff --for {}\n", shell::word(label.as_str()));
    }
    text
}
