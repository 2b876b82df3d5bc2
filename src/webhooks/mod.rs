//! What Meta sends by itself: its question whether the address is ours, and what became of solutions and accounts.
//!
//! The one decision: nothing here remembers or acts. A request comes in whole, and is either refused or read into
//! [`WebhookChange`]s, which whoever holds the door keeps before Meta hears that they were taken.

mod change;
mod door;
mod handshake;
mod notice;
mod reading;
mod signature;

pub use self::{
    change::{ChangeField, WebhookChange, identity_of_body},
    door::{DoorCounts, PATH, SignedPost, WebhookDoor},
    notice::NoticeKey,
};
