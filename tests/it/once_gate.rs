//! A gate between mps and the sandbox: counts requests, and acts when the n-th has come.
//!
//! The one decision: it knows no clock, so a test kills, holds or closes at the same moment on every
//! machine; and it can be waited for until what a dead client has sent is worked off.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
};

use mps::testing::sandbox::Sandbox;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Latch, Running};

/// What the gate does when its moment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The request has come and does not go on: Meta never sees it.
    BeforeMeta,
    /// Meta has answered, and the answer does not go on.
    AfterMeta,
}

/// Stands between mps and the sandbox, lets everything through, and counts.
pub(crate) struct Gate {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Where the sandbox listens.
    pub(crate) sandbox: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    witness: Mutex<Option<Witness>>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Requests so far, since it was armed last.
    seen: usize,
    under_way: usize,
    armed: Option<Armed>,
    beside: Option<(usize, Deed)>,
    spoilt: Option<Spoilt>,
    victim: Option<i32>,
    markers: usize,
    closed: bool,
}

#[derive(Clone)]
struct Armed {
    at: usize,
    moment: Moment,
    only: String,
    action: Action,
}

/// An answer that is not what Meta says.
#[derive(Clone)]
struct Spoilt {
    only: String,
    carried_out: bool,
    body: String,
}

/// What somebody else does while a run is under way.
type Deed = Box<dyn FnOnce() + Send>;

/// Sees the first line of each request before Meta does.
type Witness = Box<dyn Fn(&str) + Send>;

/// What happens at the moment.
#[derive(Clone)]
enum Action {
    /// The run is killed, as by a power cut.
    Kill,
    /// The request, or its answer, waits.
    Hold(Latch),
}

impl Gate {
    pub(crate) fn before(sandbox: &Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().unwrap();
        let sandbox: SocketAddr = sandbox
            .url()
            .trim_start_matches("http://")
            .parse()
            .expect("the sandbox's address");
        let shared = Arc::<Shared>::default();
        let own = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if own.state.lock().unwrap().closed {
                    return;
                }
                let shared = Arc::clone(&own);
                shared.state.lock().unwrap().under_way += 1;
                thread::spawn(move || {
                    shared.pass(&stream, sandbox);
                    shared.state.lock().unwrap().under_way -= 1;
                    shared.changed.notify_all();
                });
            }
        });
        Self {
            address,
            sandbox,
            shared,
        }
    }

    /// Where mps is to ask.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Counts from here; when the `at`-th request whose first line contains `only` has come, or its
    /// answer, the run that is named by [`Gate::victim`] is killed.
    pub(crate) fn kill_at(&self, at: usize, moment: Moment, only: &str) {
        self.arm(at, moment, only, Action::Kill);
    }

    /// The same, but there the request or its answer waits for the latch, and then goes on.
    pub(crate) fn hold_at(&self, at: usize, moment: Moment, only: &str) -> Latch {
        let latch = Latch::new();
        self.arm(at, moment, only, Action::Hold(latch.clone()));
        latch
    }

    fn arm(&self, at: usize, moment: Moment, only: &str, action: Action) {
        let mut state = self.shared.state.lock().unwrap();
        state.seen = 0;
        state.victim = None;
        state.armed = Some(Armed {
            at,
            moment,
            only: only.to_owned(),
            action,
        });
    }

    /// Shows somebody each request before Meta sees it.
    pub(crate) fn witnessed(&self, witness: impl Fn(&str) + Send + 'static) {
        *self.shared.witness.lock().unwrap() = Some(Box::new(witness));
    }

    /// From here each request whose first line contains `only` is answered so, whether Meta carries it out or never
    /// sees it; `ID` in it is the id that Meta gave.
    pub(crate) fn answers(&self, only: &str, carried_out: bool, body: &str) {
        self.shared.state.lock().unwrap().spoilt = Some(Spoilt {
            only: only.to_owned(),
            carried_out,
            body: body.to_owned(),
        });
    }

    /// When the `at`-th request from here has come, somebody else does this before Meta sees it.
    pub(crate) fn beside(&self, at: usize, deed: impl FnOnce() + Send + 'static) {
        self.shared.state.lock().unwrap().beside = Some((at, Box::new(deed)));
    }

    /// Whom to kill.
    pub(crate) fn victim(&self, run: &Running) {
        self.shared.state.lock().unwrap().victim = Some(run.pid());
        self.shared.changed.notify_all();
    }

    /// Lets everything through again; how many requests came since it was armed.
    pub(crate) fn disarm(&self) -> usize {
        let mut state = self.shared.state.lock().unwrap();
        state.armed = None;
        state.beside = None;
        state.spoilt = None;
        state.seen
    }

    /// From here nobody listens.
    pub(crate) fn close(&self) {
        self.shared.state.lock().unwrap().closed = true;
        while TcpStream::connect(self.address).is_ok() {}
    }

    /// Waits until everything that a dead client has sent has been worked off: connections are taken in
    /// their order, so when a marker has come through, all before it have.
    pub(crate) fn quiet(&self) {
        let markers = self.shared.state.lock().unwrap().markers;
        drop(TcpStream::connect(self.address).expect("the gate listens"));
        let state = self.shared.state.lock().unwrap();
        let settled = |state: &mut State| state.markers == markers || state.under_way > 0;
        drop(self.shared.changed.wait_while(state, settled).unwrap());
    }
}

impl Shared {
    /// One connection; both sides close it after one exchange.
    fn pass(&self, mut client: &TcpStream, sandbox: SocketAddr) {
        let Some((line, request)) = read_request(client) else {
            self.state.lock().unwrap().markers += 1;
            return;
        };
        if let Some(witness) = &*self.witness.lock().unwrap() {
            witness(&line);
        }
        if let Some(deed) = self.deed() {
            deed();
        }
        let now = self.due(&line);
        let at = |moment| now.clone().filter(|armed| armed.moment == moment);
        if self.ends_here(at(Moment::BeforeMeta)) {
            let _ = client.shutdown(Shutdown::Both);
            return;
        }
        let spoilt = self.state.lock().unwrap().spoilt.clone();
        let spoilt = spoilt.filter(|spoilt| line.contains(&spoilt.only));
        let mut answer = Vec::new();
        if spoilt.as_ref().is_none_or(|spoilt| spoilt.carried_out) {
            let mut meta = TcpStream::connect(sandbox).expect("the sandbox listens");
            let _ = meta.write_all(&request);
            let _ = meta.read_to_end(&mut answer);
        }
        if let Some(spoilt) = spoilt {
            answer = spoilt.instead_of(&answer);
        }
        if !self.ends_here(at(Moment::AfterMeta)) {
            let _ = client.write_all(&answer);
        }
        let _ = client.shutdown(Shutdown::Both);
    }

    /// Does what the moment asks for; whether the exchange ends with it.
    fn ends_here(&self, armed: Option<Armed>) -> bool {
        match armed.map(|armed| armed.action) {
            None => false,
            Some(Action::Hold(latch)) => !latch.pass(),
            Some(Action::Kill) => {
                let state = self.state.lock().unwrap();
                let unnamed = |state: &mut State| state.victim.is_none();
                let state = self.changed.wait_while(state, unnamed).unwrap();
                let pid = state.victim.and_then(Pid::from_raw).expect("a process id");
                kill_process(pid, Signal::KILL).expect("the victim is there");
                true
            }
        }
    }

    /// What is to be done beside this request.
    fn deed(&self) -> Option<Deed> {
        let mut state = self.state.lock().unwrap();
        let (at, deed) = state.beside.take()?;
        if at > 1 {
            state.beside = Some((at - 1, deed));
            return None;
        }
        Some(deed)
    }

    /// Whether this request is the one.
    fn due(&self, line: &str) -> Option<Armed> {
        let mut state = self.state.lock().unwrap();
        let armed = state.armed.clone()?;
        if !line.contains(&armed.only) {
            return None;
        }
        state.seen += 1;
        (state.seen == armed.at).then_some(armed)
    }
}

impl Spoilt {
    fn instead_of(&self, answer: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(answer);
        let id = text
            .split_once("\"solution_id\":\"")
            .map_or("", |(_, rest)| rest);
        let id = id.split('"').next().unwrap_or_default();
        let body = self.body.replace("ID", id);
        let length = body.len();
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// The first line of a request and all its bytes; `None` where there is none.
fn read_request(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut bytes, mut length) = (String::new(), Vec::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        bytes.extend_from_slice(line.as_bytes());
        if first.is_empty() {
            first.clone_from(&line);
        }
        if line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    bytes.extend(body);
    Some((first, bytes))
}
