//! The sockets that a server listens on.
//!
//! The one decision: `localhost` means IPv4 or IPv6, as the browser likes, so we listen on both with the
//! same port; and never on anything else unless a proxy of the operator's stands before us.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use tokio::net::{TcpListener, TcpSocket};

use super::error::Error;

/// How often a free port is looked for that is free on both.
const TRIES: usize = 10;

/// Whether the page could be served on this port right now. The port is let go again.
pub async fn port_is_free(port: u16) -> Result<(), Error> {
    let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    once(&loopback, port).await.map(drop)
}

/// The addresses to listen on.
pub(crate) fn addresses(
    listen: Option<IpAddr>,
    behind_a_proxy: bool,
) -> Result<Vec<IpAddr>, Error> {
    match listen {
        None => Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]),
        Some(addr) if addr.is_loopback() || behind_a_proxy => Ok(vec![addr]),
        Some(addr) => Err(Error::ListenNeedsPublicUrl { addr }),
    }
}

/// What `localhost` also means where only one of its two addresses is listened on.
pub(crate) enum OtherLoopback {
    /// We listen there too, or nobody can be there.
    Ours,
    /// Held, so that nobody else can wait there for who means us.
    Held(#[allow(dead_code)] TcpSocket),
    /// Somebody else has it.
    Taken(SocketAddr),
}

/// Holds the other loopback address, without listening there.
pub(crate) fn hold_other_loopback(addresses: &[IpAddr], port: u16) -> OtherLoopback {
    let [only] = addresses else {
        return OtherLoopback::Ours;
    };
    let (socket, other) = match only {
        IpAddr::V4(addr) if addr.is_loopback() => (TcpSocket::new_v6(), Ipv6Addr::LOCALHOST.into()),
        IpAddr::V6(addr) if addr.is_loopback() => (TcpSocket::new_v4(), Ipv4Addr::LOCALHOST.into()),
        _ => return OtherLoopback::Ours,
    };
    let addr = SocketAddr::new(other, port);
    match socket.and_then(|socket| socket.bind(addr).map(|()| socket)) {
        Ok(socket) => OtherLoopback::Held(socket),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => OtherLoopback::Taken(addr),
        // A machine without the other one.
        Err(_) => OtherLoopback::Ours,
    }
}

/// Listens on all addresses with one port; 0 takes a free one. Returns the port.
pub(crate) async fn listen(
    addresses: &[IpAddr],
    port: u16,
) -> Result<(Vec<TcpListener>, u16), Error> {
    for _ in 1..TRIES {
        match once(addresses, port).await {
            // Free on the first, taken on the second.
            Err(Error::PortTaken { .. }) if port == 0 => {}
            result => return result,
        }
    }
    once(addresses, port).await
}

/// One try.
async fn once(addresses: &[IpAddr], mut port: u16) -> Result<(Vec<TcpListener>, u16), Error> {
    let mut listeners = Vec::new();
    for address in addresses {
        let addr = SocketAddr::new(*address, port);
        match TcpListener::bind(addr).await {
            Ok(listener) => {
                let listen = |source| Error::Listen { addr, source };
                port = listener.local_addr().map_err(listen)?.port();
                listeners.push(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(Error::PortTaken { port });
            }
            // A machine without IPv6 has the other one still.
            Err(_) if !listeners.is_empty() => {}
            Err(source) => return Err(Error::Listen { addr, source }),
        }
    }
    Ok((listeners, port))
}
