//! The check-up behind `mps doctor`: every precondition of a run, in the order in which a run meets them.
//!
//! The one decision: a check never ends the check-up. What cannot be asked because something before it
//! failed is shown as not checked, so that the first ✗ is the one to mend.

mod files;
mod here;
mod meta;
mod options;
mod row;
mod token;
mod values;

use crate::context::Context;

pub use self::{
    meta::system_token,
    options::DoctorOptions,
    row::{Mark, Row, verdict},
    values::why_not,
};

/// All checks, in order.
pub async fn all(ctx: &Context, options: &DoctorOptions) -> Vec<Row> {
    let mut rows = vec![here::profile(ctx)];
    rows.extend(here::settings(ctx));
    let way_is_set = rows.iter().all(|row| !row.closes_the_way());
    let (rows_of_secrets, secrets) = here::secrets(ctx, options);
    rows.extend(rows_of_secrets);
    rows.push(files::modes(ctx));
    rows.extend(meta::all(ctx, &secrets, way_is_set).await);
    rows.push(here::port(options.port).await);
    rows.push(here::certificate(ctx));
    rows.push(here::browser(ctx, options.port));
    rows.push(here::journal(ctx));
    rows
}
