//! A script being served: finds the answer to a request, keeps the record, and says what went wrong.
//!
//! The one decision: every request is recorded and judged before its answer leaves, so a test that has seen the answer
//! has seen the record; and the verdict falls when the test lets go, so none can forget to ask for it.

use std::{
    fmt::Write as _,
    io::BufReader,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Instant,
};

use super::{PATIENCE, Reply, Request, graph_error, http::without_version};

/// What a request must hold; the error says what it does not.
pub(super) type Matcher = Box<dyn Fn(&Request) -> Result<(), String> + Send>;

/// One announced request and its answers.
pub(super) struct Step {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) matchers: Vec<Matcher>,
    pub(super) replies: Vec<Reply>,
    /// How often the last reply is given at least.
    pub(super) least: usize,
    /// Whether it is given as often as asked after that.
    pub(super) open_end: bool,
    pub(super) given: usize,
}

impl Step {
    fn expected(&self) -> usize {
        self.replies.len() - 1 + self.least
    }

    /// Why a request is not this step's; the empty list when it is.
    fn mismatches(&self, request: &Request) -> Vec<String> {
        self.matchers
            .iter()
            .filter_map(|matcher| matcher(request).err())
            .collect()
    }

    fn is_used_up(&self) -> bool {
        !self.open_end && self.given >= self.expected()
    }

    fn next_reply(&mut self) -> Reply {
        let reply = self.replies[self.given.min(self.replies.len() - 1)].clone();
        self.given += 1;
        reply
    }
}

struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    steps: Vec<Step>,
    tokens: Vec<String>,
    requests: Vec<Request>,
    complaints: Vec<String>,
    closed: bool,
}

impl Shared {
    /// Answers the requests of one connection.
    fn talk(&self, stream: &TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut reader = BufReader::new(stream);
        let mut writer = stream;
        while let Ok(Some(request)) = Request::read(&mut reader) {
            let reply = self.state.lock().unwrap().take(&request);
            self.arrived.notify_all();
            // A client that went away (or was killed) does not hear the answer, which is what the test wanted.
            if !reply.send(&request, &mut writer).unwrap_or(false) {
                return;
            }
        }
    }
}

impl State {
    /// Records a request and finds its answer.
    fn take(&mut self, request: &Request) -> Reply {
        self.requests.push(request.clone());
        for (name, value) in &request.query {
            if name != "input_token" && (name == "access_token" || self.tokens.contains(value)) {
                self.complaints
                    .push(format!("a token in the URL of {}: {name}", request.line()));
            }
        }
        let mut near = String::new();
        for step in &mut self.steps {
            if step.method != request.method || step.path != request.path {
                continue;
            }
            let mismatches = step.mismatches(request);
            if mismatches.is_empty() && !step.is_used_up() {
                return step.next_reply();
            }
            let why = if mismatches.is_empty() {
                format!("all {} were answered", step.expected())
            } else {
                mismatches.join("; ")
            };
            let _ = write!(near, "\n    announced, but {why}");
        }
        self.complaints.push(format!(
            "unexpected request {} {:?} {}{near}",
            request.line(),
            request.query,
            request.text()
        ));
        Reply::json(
            400,
            graph_error(100, "the script of this test announces no such request"),
        )
    }

    /// All that is wrong so far.
    fn judgement(&self) -> Vec<String> {
        let unused = self
            .steps
            .iter()
            .filter(|step| step.given < step.expected())
            .map(|step| {
                format!(
                    "{} {} came {} times of {}",
                    step.method,
                    step.path,
                    step.given,
                    step.expected()
                )
            });
        self.complaints.iter().cloned().chain(unused).collect()
    }
}

/// A script being served, and the record of what came. It is verified when the test lets go of it.
pub(crate) struct Served {
    address: SocketAddr,
    tokens: Vec<String>,
    shared: Arc<Shared>,
}

impl Served {
    /// Serves the steps on a free port of 127.0.0.1.
    pub(super) fn start(steps: Vec<Step>, tokens: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let served = Self {
            address: listener.local_addr().expect("its address"),
            tokens: tokens.clone(),
            shared: Arc::new(Shared {
                state: Mutex::new(State {
                    steps,
                    tokens,
                    ..State::default()
                }),
                arrived: Condvar::new(),
            }),
        };
        let shared = Arc::clone(&served.shared);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.state.lock().unwrap().closed {
                    return;
                }
                let shared = Arc::clone(&shared);
                if let Ok(stream) = stream {
                    thread::spawn(move || shared.talk(&stream));
                }
            }
        });
        served
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The variables that point mps here, with no pauses between looks; [`super::Mps::against`] sets them.
    pub(crate) fn vars(&self) -> Vec<(&'static str, String)> {
        vec![
            ("MPS_GRAPH_URL", self.url()),
            ("MPS_LOOK_PAUSES", "0,0,0,0,0".to_owned()),
        ]
    }

    /// The tokens that the script names.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.tokens.clone()
    }

    /// Every request that came, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.state.lock().unwrap().requests.clone()
    }

    /// The same as `METHOD path` lines, to compare whole.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().iter().map(Request::line).collect()
    }

    /// How often this was asked.
    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        let path = without_version(path);
        self.requests()
            .iter()
            .filter(|request| request.method == method && request.path == path)
            .count()
    }

    /// Waits until this was asked, and gives the first such request.
    #[track_caller]
    pub(crate) fn wait_for(&self, method: &str, path: &str) -> Request {
        let path = without_version(path);
        let deadline = Instant::now() + PATIENCE;
        let mut state = self.shared.state.lock().unwrap();
        loop {
            let found = state
                .requests
                .iter()
                .find(|request| request.method == method && request.path == path);
            if let Some(request) = found {
                return request.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{method} {path} never came");
            state = self.shared.arrived.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Fails if something unexpected came or something announced did not; then forgets it.
    #[track_caller]
    pub(crate) fn verify(&self) {
        let mut state = self.shared.state.lock().unwrap();
        let judgement = state.judgement();
        state.complaints.clear();
        state.steps.clear();
        drop(state);
        assert!(judgement.is_empty(), "{}", judgement.join("\n"));
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap().closed = true;
        // Wakes the listening thread, so that it sees the end and frees the port.
        let _ = TcpStream::connect(self.address);
        if !thread::panicking() {
            self.verify();
        }
    }
}
