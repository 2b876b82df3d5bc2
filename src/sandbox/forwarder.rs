//! The door in front of tiny_http, so that any connection can be ended at any time.
//!
//! The one decision: tiny_http never lets go of a connection by itself (it drops `Connection: close` from
//! answers and keeps reading). So callers connect here, and every byte goes through to tiny_http on an
//! inner loopback port. Ending the inner half makes tiny_http finish what it writes and close, in order:
//! that is how an answer is cut, dropped, or simply the last one, and how a stop leaves nothing open.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// How long to wait after a failed accept (out of descriptors, say) before the next.
const AFTER_FAILURE: Duration = Duration::from_millis(20);

/// The two halves of a connection: the caller's, and the one to tiny_http.
struct ConnectionPair {
    caller: TcpStream,
    inner: TcpStream,
}

/// The open connections, by the address under which tiny_http knows them.
#[derive(Default)]
struct OpenConnections {
    open: Mutex<HashMap<SocketAddr, ConnectionPair>>,
    stopping: AtomicBool,
}

impl OpenConnections {
    fn open(&self) -> MutexGuard<'_, HashMap<SocketAddr, ConnectionPair>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The door.
pub(super) struct Forwarder {
    shared: Arc<OpenConnections>,
    address: SocketAddr,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Forwarder {
    /// Opens the door on a loopback port (0 is any) and passes everything to `inner`.
    pub(super) fn open(port: u16, inner: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::<OpenConnections>::default();
        let its_own = Arc::clone(&shared);
        let accepting = thread::Builder::new()
            .name("sandbox door".to_owned())
            .spawn(move || accept(&listener, inner, &its_own))?;
        Ok(Self {
            shared,
            address,
            accepting: Mutex::new(Some(accepting)),
        })
    }

    /// Where callers connect.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether a peer of tiny_http came through this door.
    pub(super) fn knows(&self, peer: SocketAddr) -> bool {
        self.shared.open().contains_key(&peer)
    }

    /// No further request from this peer: what is being written goes out, then the connection closes.
    pub(super) fn end(&self, peer: SocketAddr) {
        if let Some(halves) = self.shared.open().get(&peer) {
            // An error means that it is closed already.
            let _ = halves.inner.shutdown(Shutdown::Write);
        }
    }

    /// Closes the door and every connection. When this returns the port is free.
    pub(super) fn close(&self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        // A connection of our own wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        let accepting = self
            .accepting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        // It returns nothing, and a panic in it would have closed the door as well.
        drop(accepting.map(JoinHandle::join));
        for halves in self.shared.open().values() {
            let _ = halves.caller.shutdown(Shutdown::Both);
            let _ = halves.inner.shutdown(Shutdown::Both);
        }
    }
}

fn accept(listener: &TcpListener, inner: SocketAddr, shared: &Arc<OpenConnections>) {
    for caller in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        // One connection that fails is no reason to stop; the caller sees it closed.
        if caller
            .and_then(|caller| admit(caller, inner, shared))
            .is_err()
        {
            thread::sleep(AFTER_FAILURE);
        }
    }
}

/// Joins a caller with tiny_http, a thread per direction.
fn admit(caller: TcpStream, inner: SocketAddr, shared: &Arc<OpenConnections>) -> io::Result<()> {
    let inner = TcpStream::connect(inner)?;
    // Without this an answer of two writes waits for the other side's delayed acknowledgement.
    caller.set_nodelay(true)?;
    inner.set_nodelay(true)?;
    let peer = inner.local_addr()?;
    let halves = ConnectionPair {
        caller: caller.try_clone()?,
        inner: inner.try_clone()?,
    };
    let (mut from_caller, mut to_inner) = (caller.try_clone()?, inner.try_clone()?);
    let (mut from_inner, mut to_caller) = (inner, caller);
    shared.open().insert(peer, halves);
    let forget = Arc::clone(shared);
    let spawned = thread::Builder::new().spawn(move || {
        let _ = io::copy(&mut from_inner, &mut to_caller);
        let _ = to_caller.shutdown(Shutdown::Both);
        let _ = from_inner.shutdown(Shutdown::Both);
        forget.open().remove(&peer);
    });
    let spawned = spawned.and_then(|_| {
        thread::Builder::new().spawn(move || {
            let _ = io::copy(&mut from_caller, &mut to_inner);
            let _ = to_inner.shutdown(Shutdown::Write);
        })
    });
    if let Err(error) = spawned {
        shared.open().remove(&peer);
        return Err(error);
    }
    Ok(())
}
