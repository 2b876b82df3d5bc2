//! The sandbox on the wire; the only use of tiny_http in this folder.
//!
//! The one decision: a thread per request. Answers may be held back for longer than any time-out, so a
//! fixed number of workers could all be asleep. Every pause ends at once when the sandbox stops.

use std::{
    io::{self, Read, Write},
    net::Ipv4Addr,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use super::{
    forwarder::Forwarder,
    kept::StateFile,
    rate_limit::RateLimit,
    store::SandboxState,
    subscriptions, webhook_wire,
    wire::{Delivery, Request, Response},
};

/// Longest body that is read, in bytes.
const MAX_BODY: u64 = 1 << 20;

/// How long is waited after each time that a webhook was not taken.
const TRIES: [Duration; 3] = [
    Duration::from_millis(100),
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// A flag that can be waited for.
#[derive(Default)]
struct StopFlag {
    set: Mutex<bool>,
    changed: Condvar,
}

impl StopFlag {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self) {
        *self.lock() = true;
        self.changed.notify_all();
    }

    fn is_set(&self) -> bool {
        *self.lock()
    }

    /// Waits for the flag, at most this long.
    fn wait_for(&self, pause: Duration) {
        if !pause.is_zero() {
            drop(
                self.changed
                    .wait_timeout_while(self.lock(), pause, |set| !*set),
            );
        }
    }

    /// Waits for the flag.
    fn wait(&self) {
        drop(self.changed.wait_while(self.lock(), |set| !*set));
    }
}

/// What all threads share.
struct ServerShared {
    front: Forwarder,
    inner: tiny_http::Server,
    state: Mutex<SandboxState>,
    kept: Option<StateFile>,
    quit: StopFlag,
    latency: Duration,
    rate_limit: Option<Mutex<RateLimit>>,
    base: String,
}

/// A server that runs until it is dropped.
pub(super) struct SandboxServer {
    shared: Arc<ServerShared>,
}

impl SandboxServer {
    /// Listens on 127.0.0.1.
    pub(super) fn start(
        port: u16,
        latency: Duration,
        rate_limit: Option<u32>,
        state: SandboxState,
        kept: Option<StateFile>,
    ) -> io::Result<Self> {
        let inner = tiny_http::Server::http((Ipv4Addr::LOCALHOST, 0)).map_err(io::Error::other)?;
        let address = inner.server_addr().to_ip();
        let address = address.ok_or_else(|| io::Error::other("no address to listen on"))?;
        let front = Forwarder::open(port, address)?;
        let base = format!("http://{}", front.address());
        let shared = Arc::new(ServerShared {
            front,
            inner,
            state: Mutex::new(state),
            kept,
            quit: StopFlag::default(),
            latency,
            rate_limit: rate_limit
                .map(|per_second| Mutex::new(RateLimit::new(per_second, Instant::now()))),
            base,
        });
        let server = Self { shared };
        let shared = Arc::clone(&server.shared);
        thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || dispatch(&shared))?;
        Ok(server)
    }

    /// `http://127.0.0.1:PORT`
    pub(super) fn base(&self) -> &str {
        &self.shared.base
    }

    /// Reads or changes the state between two requests.
    pub(super) fn with_state<T>(&self, work: impl FnOnce(&mut SandboxState) -> T) -> T {
        work(&mut self.shared.state())
    }

    /// Blocks until the server stops.
    pub(super) fn wait(&self) {
        self.shared.quit.wait();
    }

    /// Stops: the port is free, every connection closed. Twice is once.
    pub(super) fn stop(&self) {
        if !self.shared.quit.is_set() {
            self.shared.quit.set();
            self.shared.front.close();
            self.shared.inner.unblock();
        }
    }
}

impl Drop for SandboxServer {
    fn drop(&mut self) {
        self.stop();
    }
}

impl ServerShared {
    fn state(&self) -> MutexGuard<'_, SandboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For how long no call is answered, where this one comes too soon.
    fn refused(&self) -> Option<Duration> {
        let limit = self.rate_limit.as_ref()?;
        let mut limit = limit.lock().unwrap_or_else(PoisonError::into_inner);
        limit.take(Instant::now()).err()
    }

    fn answer(&self, request: &Request) -> Response {
        let mut state = self.state();
        let response = self.answered(&mut state, request);
        // What is answered is kept: whoever restarts a sandbox must not find less than they were told.
        let reads = request.method == "GET" && request.parts().last() != Some(&"access_token");
        match self.kept.as_ref().filter(|_| !reads) {
            Some(file) => match file.write(&StateFile::content(&state)) {
                Ok(()) => response,
                Err(why) => {
                    let said = format!("the sandbox could not keep its state: {why}\n");
                    Response::new(500, "text/plain; charset=utf-8", said)
                }
            },
            None => response,
        }
    }

    fn answered(&self, state: &mut SandboxState, request: &Request) -> Response {
        if let Some(own) = state.answer_own(request) {
            return own;
        }
        if let Some(mut answers) = state.answer_batch(request) {
            answers.delay += self.latency;
            return answers;
        }
        let mut response = match self.refused() {
            Some(wait) => state.over_the_limit(wait),
            None => state.answer(request),
        };
        response.delay += self.latency;
        response
    }
}

/// Takes requests and gives each a thread.
fn dispatch(shared: &Arc<ServerShared>) {
    while !shared.quit.is_set() {
        let Ok(request) = shared.inner.recv() else {
            continue;
        };
        let own = Arc::clone(shared);
        let spawned = thread::Builder::new().spawn(move || serve(&own, request));
        // No thread to be had: the request was dropped with the closure, its caller sees a 500.
        drop(spawned);
    }
}

fn serve(shared: &Arc<ServerShared>, mut raw: tiny_http::Request) {
    let Some(peer) = raw.remote_addr().copied() else {
        return;
    };
    if !shared.front.knows(peer) {
        drop(raw.into_writer());
        return;
    }
    let response = match read(&mut raw, &shared.base) {
        Ok(mut request) => {
            if let Some((callback, token)) = subscriptions::handshake_of(&request) {
                request.callback_verified = webhook_wire::verified(&callback, &token);
            }
            let response = shared.answer(&request);
            tell(shared, request.now);
            response
        }
        Err(_) => Response::new(400, "text/plain", "unreadable request\n"),
    };
    shared.quit.wait_for(response.delay);
    // A caller that has gone is no concern of ours.
    let _ = send(raw.into_writer(), &response);
    shared.front.end(peer);
}

/// Sends the webhooks of what has changed, in a thread of their own.
fn tell(shared: &Arc<ServerShared>, now: u64) {
    let news = shared.state().news(now);
    if news.is_empty() {
        return;
    }
    let own = Arc::clone(shared);
    let spawned = thread::Builder::new().spawn(move || {
        for webhook in news {
            own.quit.wait_for(Duration::from_millis(webhook.late));
            for pause in TRIES {
                if own.quit.is_set()
                    || webhook_wire::send(&webhook).is_ok_and(|status| status == 200)
                {
                    break;
                }
                own.quit.wait_for(pause);
            }
        }
    });
    // No thread to be had: they are lost, as webhooks can be.
    drop(spawned);
}

/// Reads a request to its end.
fn read(raw: &mut tiny_http::Request, base: &str) -> io::Result<Request> {
    let mut body = Vec::new();
    raw.as_reader().take(MAX_BODY).read_to_end(&mut body)?;
    let mut request = Request::new(&raw.method().to_string(), raw.url(), &body);
    request.bearer = raw
        .headers()
        .iter()
        .find(|header| header.field.equiv("Authorization"))
        .and_then(|header| header.value.as_str().split_once(' '))
        .filter(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("Bearer") || scheme.eq_ignore_ascii_case("OAuth")
        })
        .map(|(_, token)| token.trim().to_owned());
    request.now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    base.clone_into(&mut request.base);
    Ok(request)
}

/// Writes an answer by hand: tiny_http's own would leave out `Connection: close`.
fn send(mut writer: Box<dyn Write + Send>, response: &Response) -> io::Result<()> {
    let body = match response.delivery {
        Delivery::Whole => Some(&response.body[..]),
        Delivery::Cut => Some(&response.body[..response.body.len() / 2]),
        Delivery::Dropped => None,
    };
    let Some(body) = body else { return Ok(()) };
    let mut bytes = head(response).into_bytes();
    bytes.extend_from_slice(body);
    writer.write_all(&bytes)?;
    writer.flush()
}

/// The status line and the headers.
fn head(response: &Response) -> String {
    let reason = match response.status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    };
    let date = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    let mut head = format!(
        "HTTP/1.1 {} {reason}\r\nDate: {date}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\
         Connection: close\r\nCache-Control: no-store\r\n",
        response.status,
        response.media,
        response.body.len()
    );
    for (name, value) in &response.headers {
        // A message may echo what a caller sent; it must not become a header of its own.
        let value = value.replace(|c: char| c.is_control() || !c.is_ascii(), " ");
        head.push_str(name);
        head.push_str(": ");
        head.push_str(&value);
        head.push_str("\r\n");
    }
    head + "\r\n"
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::{
        super::{
            faults::{Fault, Faults, Operation, Rule},
            records::{SYSTEM_TOKEN, USER_TOKEN},
            store::ApiShape,
        },
        *,
    };

    /// A raw exchange: what came back until the connection ended.
    fn exchange(server: &SandboxServer, request: &str) -> String {
        let mut stream = TcpStream::connect(server.shared.front.address()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        // A dropped connection may end with a reset.
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    fn get(server: &SandboxServer, path: &str, token: &str) -> String {
        exchange(
            server,
            &format!(
                "GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
            ),
        )
    }

    fn post(server: &SandboxServer, path: &str, token: &str, body: &str) -> String {
        exchange(
            server,
            &format!(
                "POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        )
    }

    fn start(rules: Vec<Rule>) -> SandboxServer {
        let faults = Faults {
            rules,
            ..Faults::default()
        };
        let state = SandboxState::new(3, "Us", ApiShape::Guide, faults);
        SandboxServer::start(0, Duration::ZERO, None, state, None).unwrap()
    }

    const CREATE: &str = r#"{"owner_permissions":["MESSAGING"],"partner_permissions":["MESSAGING"],
        "partner_app_id":"634974688087057","solution_name":"A name"}"#;

    #[test]
    fn a_whole_walk_over_the_wire() {
        let server = start(vec![]);
        let apps = get(&server, "/v26.0/me/application_details", USER_TOKEN);
        assert!(apps.starts_with("HTTP/1.1 200 OK\r\n"), "{apps}");
        assert!(apps.contains("Connection: close") && apps.contains("facebook-api-version: v26.0"));
        assert!(apps.contains("Lucky Shrub"));
        let app = super::super::records::owner_app(0).id;
        let path = format!("/v26.0/{app}/whatsapp_business_solution");
        let made = post(&server, &path, USER_TOKEN, CREATE);
        assert!(
            made.ends_with("{\"solution_id\":\"795033096057724\"}"),
            "{made}"
        );
        let path = "/v26.0/795033096057724/accept";
        let accepted = post(&server, path, SYSTEM_TOKEN, "{}");
        assert!(accepted.ends_with("{\"success\":true}"), "{accepted}");
        let state = get(&server, "/sandbox/state", "");
        assert!(state.contains("\"status\":\"ACTIVE\""), "{state}");
    }

    #[test]
    fn answers_that_are_cut_and_dropped() {
        let app = super::super::records::owner_app(0).id;
        let path = format!("/v26.0/{app}/whatsapp_business_solution");
        for (fault, commit, solutions) in [
            (Fault::Drop, None, 1),
            (Fault::Drop, Some(false), 0),
            (Fault::Cut, None, 1),
        ] {
            let rule = Rule {
                commit,
                ..Rule::new(Operation::Create, fault.clone())
            };
            let server = start(vec![rule]);
            let answer = post(&server, &path, USER_TOKEN, CREATE);
            assert_eq!(answer.is_empty(), fault == Fault::Drop, "{answer}");
            assert!(!answer.contains("795033096057724"), "{answer}");
            let made = server.with_state(|state| state.solutions.len());
            assert_eq!(made, solutions, "{fault:?} {commit:?}");
        }
    }

    #[test]
    fn a_large_body_arrives_whole() {
        let server = start(vec![]);
        let long = "x".repeat(70_000);
        let app = super::super::records::owner_app(0).id;
        let path = format!("/v26.0/{app}/whatsapp_business_solution");
        let body = format!("{{\"solution_name\":\"{long}\"}}");
        assert!(post(&server, &path, USER_TOKEN, &body).contains("between 2 and 75"));
    }

    #[test]
    fn a_stop_ends_everything_at_once() {
        let server = start(vec![Rule::new(
            Operation::Any,
            Fault::Delay { ms: 3_600_000 },
        )]);
        let address = server.shared.front.address();
        let mut idle = TcpStream::connect(address).unwrap();
        let mut held = TcpStream::connect(address).unwrap();
        held.write_all(b"GET /v26.0/me HTTP/1.1\r\nHost: h\r\n\r\n")
            .unwrap();
        drop(server);
        let mut rest = Vec::new();
        let _ = idle.read_to_end(&mut rest);
        let _ = held.read_to_end(&mut rest);
        // The port can be taken again by the next one.
        let state = SandboxState::new(1, "Us", ApiShape::Guide, Faults::default());
        let next = SandboxServer::start(address.port(), Duration::ZERO, None, state, None).unwrap();
        assert!(get(&next, "/", "").contains("stand-in for Meta"));
    }

    #[test]
    fn the_inner_port_answers_only_what_came_by_the_door() {
        let server = start(vec![]);
        let address = server.shared.inner.server_addr().to_ip().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert_eq!(answer, "");
    }

    #[test]
    fn an_echo_cannot_make_a_header() {
        let server = start(vec![]);
        let answer = get(&server, "/v26.0/1?access_token=x%0d%0aEvil:%201", "");
        assert!(!answer.contains("\nEvil"), "{answer}");
    }
}
