//! A public address that a browser and Meta would take: https, a name, nothing behind it.
//!
//! The one decision: it is judged in one place, so an invitation can never hold an address that the page
//! would refuse.

use url::{Host, Url};

use crate::http_server::error::Error;

/// The address, or what is wrong with it.
pub(super) fn checked(public: &Url) -> Result<Url, Error> {
    let loopback = match public.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(addr)) => addr.is_loopback(),
        Some(Host::Ipv6(addr)) => addr.is_loopback(),
        None => false,
    };
    let why = if public.host_str().is_none() {
        Some("has no host name")
    } else if public.scheme() != "https" && !(public.scheme() == "http" && loopback) {
        Some("is not https, which Meta asks for")
    } else if !public.username().is_empty() || public.password().is_some() {
        Some("holds a user name or password")
    } else if public.path() != "/" || public.query().is_some() || public.fragment().is_some() {
        Some("has something behind the host name; mps chooses the path")
    } else {
        None
    };
    match why {
        None => Ok(public.clone()),
        Some(why) => {
            let mut shown = public.clone();
            let _ = shown.set_password(None);
            Err(Error::PublicUrl {
                url: shown.to_string(),
                why,
            })
        }
    }
}

/// The address outside of a published port, or what is wrong with it: ours is https on this very machine.
pub(super) fn published(address: &Url) -> Result<Url, Error> {
    let why = if address.scheme() != "https" {
        Some("is not https, which the page speaks")
    } else if address.host_str() != Some("localhost") {
        Some("is not localhost, for which the certificate is made")
    } else if address.path() != "/" || address.query().is_some() || address.fragment().is_some() {
        Some("has something behind the port; mps chooses the path")
    } else if !address.username().is_empty() || address.password().is_some() {
        Some("holds a user name or password")
    } else {
        None
    };
    match why {
        None => Ok(address.clone()),
        Some(why) => Err(Error::Published { why }),
    }
}
