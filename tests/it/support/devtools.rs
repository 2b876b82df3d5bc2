//! The DevTools protocol: calls, and events that can be waited for.
//!
//! The one decision: messages are JSON values, not the thousands of generated types that whole drivers carry (a minute of
//! compiling for eight methods). One thread asks and listens in turn; what arrives meanwhile is kept in order.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    net::TcpStream,
};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket, protocol::WebSocketConfig};

use super::PATIENCE;

/// A connection to a browser.
pub(crate) struct DevTools {
    socket: RefCell<WebSocket<TcpStream>>,
    last_id: Cell<u64>,
    events: RefCell<VecDeque<Value>>,
}

impl DevTools {
    /// Connects to `ws://127.0.0.1:PORT/devtools/browser/…`, as the browser said it.
    pub(crate) fn connect(url: &str) -> Self {
        let address = url
            .strip_prefix("ws://")
            .and_then(|rest| rest.split('/').next())
            .expect("a WebSocket's address");
        let stream = TcpStream::connect(address).expect("the browser listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.set_nodelay(true).expect("no delay");
        // A screenshot is one large message.
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let (socket, _) = tungstenite::client::client_with_config(url, stream, Some(config))
            .expect("the browser speaks WebSocket");
        Self {
            socket: RefCell::new(socket),
            last_id: Cell::new(0),
            events: RefCell::default(),
        }
    }

    /// Calls a method, of a page when there is a session; the error is what the browser said.
    pub(crate) fn call(
        &self,
        session: Option<&str>,
        method: &str,
        params: &Value,
    ) -> Result<Value, String> {
        self.call_unless(session, method, params, |_| false)
    }

    /// The same for a call that may end its own page: an event that fits `over` stands for the answer, since
    /// a page that closes under the mouse gives none. The event stays.
    pub(crate) fn call_unless(
        &self,
        session: Option<&str>,
        method: &str,
        params: &Value,
        over: impl Fn(&Value) -> bool,
    ) -> Result<Value, String> {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let mut message = json!({"id": id, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.socket
            .borrow_mut()
            .send(Message::text(message.to_string()))
            .map_err(|error| format!("{method}: {error}"))?;
        loop {
            let mut message = self.read().map_err(|error| format!("{method}: {error}"))?;
            if message["id"] == id {
                return match message.get("error") {
                    Some(error) => Err(format!("{method}: {error}")),
                    None => Ok(message["result"].take()),
                };
            }
            let ended = over(&message);
            self.events.borrow_mut().push_back(message);
            if ended {
                return Ok(Value::Null);
            }
        }
    }

    /// Clicks at a place (`x`, `y`) of the page with this session and target.
    pub(crate) fn click(&self, session: &str, target: &str, place: &Value) -> Result<(), String> {
        let gone = |event: &Value| {
            event["method"] == "Target.targetDestroyed" && event["params"]["targetId"] == target
        };
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": place["x"], "y": place["y"], "button": "left", "clickCount": 1});
            self.call_unless(Some(session), "Input.dispatchMouseEvent", &event, gone)?;
        }
        Ok(())
    }

    /// Waits for the first event that fits, takes it, and gives what was found in it.
    #[track_caller]
    pub(crate) fn wait_for<T>(&self, what: &str, fits: impl Fn(&Value) -> Option<T>) -> T {
        let found = {
            let mut events = self.events.borrow_mut();
            let at = events.iter().position(|event| fits(event).is_some());
            at.and_then(|at| events.remove(at))
        };
        if let Some(found) = found.as_ref().and_then(&fits) {
            return found;
        }
        loop {
            let event = self
                .read()
                .unwrap_or_else(|error| panic!("waited for {what}: {error}"));
            if let Some(found) = fits(&event) {
                return found;
            }
            self.events.borrow_mut().push_back(event);
        }
    }

    /// The events so far that fit; they stay.
    pub(crate) fn seen<T>(&self, fits: impl Fn(&Value) -> Option<T>) -> Vec<T> {
        self.events.borrow().iter().filter_map(fits).collect()
    }

    fn read(&self) -> Result<Value, String> {
        loop {
            let message = self.socket.borrow_mut().read();
            match message.map_err(|error| error.to_string())? {
                Message::Text(text) => {
                    return serde_json::from_str(&text).map_err(|error| error.to_string());
                }
                Message::Close(_) => return Err("the browser closed the connection".to_owned()),
                _ => {}
            }
        }
    }
}
