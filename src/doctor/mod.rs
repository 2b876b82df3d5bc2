//! The check-up behind `mps doctor`: every precondition of a run, in the order in which a run meets them.
//!
//! The one decision: a check never ends the check-up. What cannot be asked because something before it
//! failed is shown as not checked, so that the first ✗ is the one to mend.

mod asked;
mod files;
mod here;
mod meta;
mod row;
mod token;
mod values;

use crate::context::Context;

pub use self::{
    asked::Asked,
    meta::system_token,
    row::{Mark, Row, verdict},
    values::why_not,
};

/// All checks, in order.
pub async fn all(ctx: &Context, asked: &Asked) -> Vec<Row> {
    let mut rows = vec![here::profile(ctx)];
    rows.extend(here::settings(ctx));
    let way_is_set = rows.iter().all(|row| !row.closes_the_way());
    let (secrets, hands) = here::secrets(ctx, asked);
    rows.extend(secrets);
    rows.push(files::modes(ctx));
    rows.extend(meta::all(ctx, &hands, way_is_set).await);
    rows.push(here::port(asked.port).await);
    rows.push(here::certificate(ctx));
    rows.push(here::browser(ctx, asked.port));
    rows.push(here::journal(ctx));
    rows
}
