//! The one loop of a watch.
//!
//! The one decision: the loop only hears; whatever takes time is a task of its own, and after a stop no new one begins
//! and those under way are waited for.

use std::{sync::Arc, time::Duration};

use tokio::{task::JoinSet, time::MissedTickBehavior};

use super::hall::Hall;
use crate::{
    button::{Happening, PageEvent},
    sign_in::Reception,
};

/// How often the journal is asked what else was done, for the table and for the pages.
const LOOK: Duration = Duration::from_secs(1);
/// How long pages may fetch their last state when the watch ends.
const GRACE: Duration = Duration::from_secs(10);

impl Hall {
    /// Stays until it is stopped.
    pub(super) async fn stay(self) {
        let hall = Arc::new(self);
        let mut tasks = JoinSet::new();
        let background = Arc::clone(&hall);
        tasks.spawn(async move {
            background.take_up().await;
            background.look_now_and_then().await;
        });
        let listening = Arc::clone(&hall);
        tasks.spawn(async move { listening.heed_webhooks().await });
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let happening = tokio::select! {
                biased;
                () = hall.ctx.stop.wait() => break,
                Some(_) = tasks.join_next(), if !tasks.is_empty() => continue,
                happening = hall.reception.next(&hall.ctx) => happening,
                _ = look.tick() => {
                    hall.show_accepted().await;
                    hall.draw_board().await;
                    continue;
                }
            };
            hall.hear(happening, &mut tasks).await;
        }
        hall.take_board_away();
        while tasks.join_next().await.is_some() {}
        if let Some(Hall { reception, ctx, .. }) = Arc::into_inner(hall) {
            reception.close(&ctx, GRACE).await;
        }
    }

    async fn hear(self: &Arc<Self>, happening: Happening, tasks: &mut JoinSet<()>) {
        let Happening {
            label,
            visitor,
            event,
        } = happening;
        match (event, visitor) {
            (PageEvent::Grant(grant), Some(visitor)) => {
                let hall = Arc::clone(self);
                tasks.spawn(async move { hall.visit(visitor, label, *grant).await });
            }
            (event, visitor) => {
                if event == PageEvent::Opened {
                    self.came(label.as_deref()).await;
                }
                let happening = Happening {
                    label,
                    visitor,
                    event,
                };
                Reception::say(&self.ctx, &happening);
            }
        }
    }

    /// Somebody opened a page: a bell, and the link's row says so.
    async fn came(&self, label: Option<&str>) {
        let ui = &self.ctx.ui;
        if ui.streams().stderr && !ui.json() && !ui.quiet() {
            ui.raw_talk("\u{7}");
        }
        if let Some(invitation) = self.invitation(label).await {
            self.noted(self.invitations.note_opened(&invitation.path).await);
        }
    }
}
