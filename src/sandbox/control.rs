//! The sandbox's own paths, beside those of Meta: `/sandbox/…`, the dialog and the SDK.
//!
//! The one decision: everything that a test can do in the same process it can do over the wire too, so
//! that a black-box test of the program needs no second way.
//!
//! | path | does |
//! | --- | --- |
//! | `GET /sandbox/state` | apps, solutions, live solutions per app, a count of every call |
//! | `GET`, `POST /sandbox/faults` | what goes wrong; a POST replaces all of it, `{}` ends it |
//! | `GET /sandbox` | a page on which a person plays the other side, and says what goes wrong |
//! | `POST /sandbox/play` | what the Tech Provider does in the dashboard, and the client who is asked to move |
//! | `POST /sandbox/switches` | `{"name","on"}`: one of the things that can go wrong, by its name |
//! | `POST /sandbox/grant` | `{"apps":[…]}`: a user token for these apps, as the dialog mints it |
//! | `POST /sandbox/signup` | `{"solution_id","business"}`: a client comes into a solution, as Embedded Signup's window does it |
//! | `POST /sandbox/solutions` | puts solutions there, or sets the status of one |

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    dialog,
    error::{Error, Result},
    faults::Faults,
    records::TokenRequest,
    signup::{self, SignupWish},
    store::{SandboxState, Seed},
    switches::{self, FaultSwitch},
    wire::{Request, Response},
};

/// The page of the other side.
const BOARD: &str = include_str!("board.html");
const BOARD_CSS: &str = include_str!("board.css");
const BOARD_JS: &str = concat!(include_str!("parts.js"), include_str!("board.js"));

/// A switch turned on or off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchWish {
    name: String,
    on: bool,
}

impl SandboxState {
    /// Answers what is no call of the Graph API; `None` if it is one.
    pub(super) fn answer_own(&mut self, request: &Request) -> Option<Response> {
        let parts = request.parts();
        let response = match (request.method.as_str(), parts.as_slice()) {
            ("GET", []) => Response::new(200, "text/plain; charset=utf-8", WELCOME),
            ("GET", ["sandbox"]) => dialog::page_of(BOARD.to_owned()),
            ("GET", ["sandbox", "board.css"]) => style(BOARD_CSS),
            ("GET", ["sandbox", "board.js"]) => script(BOARD_JS.to_owned()),
            ("GET", ["favicon.ico"]) => Response::new(204, "image/x-icon", ""),
            ("GET", ["sdk.js"]) => script(dialog::sdk(&request.base)),
            ("GET", [_, "dialog", "oauth"]) if signup::is_asked(request) => {
                signup::page(self, request)
            }
            ("GET", [_, "dialog", "oauth"]) => dialog::page(self, request),
            ("GET", ["sandbox", "dialog.css"]) => style(dialog::CSS),
            ("GET", ["sandbox", "dialog.js"]) => script(dialog::JS.to_owned()),
            ("GET", ["sandbox", "signup.js"]) => script(signup::JS.to_owned()),
            (method, ["sandbox", rest @ ..]) => match self.control(method, rest, request) {
                Ok(value) => Response::json(200, &value),
                Err(error) => error.response("sandbox"),
            },
            _ => return None,
        };
        Some(response)
    }

    fn control(&mut self, method: &str, parts: &[&str], request: &Request) -> Result<Value> {
        match (method, parts) {
            ("GET", ["state"]) => Ok(self.report()),
            ("GET", ["board"]) => Ok(self.board()),
            ("POST", ["play"]) => self.play(&body(request)?),
            ("POST", ["switches"]) => {
                let wish: SwitchWish = body(request)?;
                let switch = FaultSwitch::named(&wish.name).ok_or_else(|| {
                    Error::parameter(format!("(#100) There is no switch {}", wish.name))
                })?;
                let mut faults = self.faults.clone();
                switch.set(&mut faults, wish.on);
                self.set_faults(faults);
                Ok(switches::shown(&self.faults))
            }
            ("GET", ["faults"]) => Ok(json!(self.faults)),
            ("POST", ["faults"]) => {
                let faults: Faults = body(request)?;
                self.set_faults(faults);
                Ok(json!(self.faults))
            }
            ("POST", ["grant"]) => self.grant(&body::<TokenRequest>(request)?, request.now),
            ("POST", ["signup"]) => self.sign_up(&body::<SignupWish>(request)?, request.now),
            ("POST", ["solutions"]) => {
                let ids = self.seed(&body::<Seed>(request)?)?;
                Ok(json!({ "solution_ids": ids }))
            }
            _ => Err(Error::new(
                2500,
                format!("Unknown path components: /sandbox/{}", parts.join("/")),
            )),
        }
    }
}

fn style(text: &str) -> Response {
    Response::new(200, "text/css; charset=utf-8", text)
}

fn script(text: String) -> Response {
    Response::new(200, "text/javascript; charset=utf-8", text)
}

/// The body as what a path takes, or what is wrong with it.
fn body<T: DeserializeOwned>(request: &Request) -> Result<T> {
    serde_json::from_value(Value::Object(request.body.clone()))
        .map_err(|error| Error::parameter(format!("(#100) {error}")))
}

const WELCOME: &str = "\
This is the sandbox of mps: a stand-in for Meta on this machine. Nothing here reaches Meta.

  GET  /v26.0/...          the calls of the Graph API that mps makes
  GET  /v26.0/dialog/oauth the consent dialog
  GET  /sdk.js             the stand-in for Meta's JavaScript SDK
  GET  /sandbox            a page: play the other side, and say what goes wrong
  GET  /sandbox/state      what there is and what was called
  POST /sandbox/faults     what shall go wrong
";
