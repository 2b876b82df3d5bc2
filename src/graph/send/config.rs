//! What a client is made of.

use std::{path::PathBuf, time::Duration};

use super::{
    pace::{Pace, StopSignal},
    proxy::Proxies,
    url::BaseUrl,
    version::ApiVersion,
};
use crate::{graph::observe::event::SharedObserver, redact::Redactor, secret::AppSecret};

/// Where a client asks, in which version, and by which rules.
pub struct ClientConfig {
    /// Where the API is.
    pub base: BaseUrl,
    /// The version to ask for.
    pub version: ApiVersion,
    /// Certificate authorities (PEM) to trust in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// The proxies of the environment.
    pub proxies: Proxies,
    /// The secret of our app; with it every call carries its proof.
    pub app_secret: Option<AppSecret>,
    /// Learns every token that is used, and cleans every text that leaves this client.
    pub redactor: Redactor,
    /// None: a used-up quota is an error at once. Some: wait for it, in all at most so long per token.
    pub wait_quota: Option<Duration>,
    /// Sees what happens.
    pub observer: SharedObserver,
    /// Delays and time-outs.
    pub pace: Pace,
    /// Ends every pause when it turns true. What is on its way is not cut off.
    pub stop: Option<StopSignal>,
}
