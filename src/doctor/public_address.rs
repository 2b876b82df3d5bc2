//! Whether the public address leads here.
//!
//! The one decision: it is looked at only where one is set and can be used at all; what is wrong with its text stands in
//! the row of the setting.

use serde_json::json;

use super::check::CheckRow;
use crate::{
    context::Context,
    sign_in::{DoorArgs, reach},
};

/// The row; none without a public address.
pub(super) async fn row(ctx: &Context, port: u16) -> Option<CheckRow> {
    const CHECK: &str = "public_address";
    let public = DoorArgs::default().public(ctx).ok()??;
    let shown = public.origin().ascii_serialization();
    let row = match reach::leads_elsewhere(ctx, &public, port).await {
        Ok(None) => CheckRow::good(CHECK, format!("{shown} leads to port {port} of this machine")),
        Ok(Some(why)) => {
            CheckRow::warning(CHECK, format!("{shown} does not lead here: {why}")).remedy(format!(
                "the tunnel or proxy must point to http://localhost:{port} (plain http, every path) and pass on the Host \
                 it was asked for; another port is --port"
            ))
        }
        Err(failure) => CheckRow::skipped(CHECK, failure.message).remedy("mend the checks above"),
    };
    Some(row.details(json!({"public_url": shown, "port": port})))
}
