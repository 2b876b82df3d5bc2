//! Debian's nginx in front of the page, as the README's recipe has it: over plain http, and ending TLS.
//!
//! The one decision: what is shown is the proxy's part (Host, Origin, the link, every request of a whole sign-in); a
//! tunnel does the same with names and accounts that a test has not.

use std::{
    net::{SocketAddr, TcpStream},
    os::unix::process::CommandExt as _,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{
    button::{Person, Serving, Stage, free_port, grant, interrupted},
    support::{Home, PATIENCE, browser::CHROMIUM, http, needs, watched::Watched},
};

/// A running nginx; it ends when the test lets go of it.
pub(crate) struct Nginx {
    pub(crate) address: SocketAddr,
    _child: Watched,
}

impl Nginx {
    /// Starts one that passes everything on to a port of this machine. `how`: what follows the port in `listen`, and
    /// more lines for the server.
    pub(crate) fn start(home: &Home, back: &str, how: &str) -> Self {
        let front: u16 = free_port().parse().expect("a port");
        let folder = home.path().display();
        let conf = home.file(
            "nginx.conf",
            format!(
                "pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off; worker_processes 1;\n\
                 events {{}}\n\
                 http {{ access_log off;\n\
                   client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;\n\
                   uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;\n\
                   server {{ listen 127.0.0.1:{front} {how};\n\
                     location / {{ proxy_pass http://127.0.0.1:{back}; proxy_set_header Host $http_host; }} }} }}\n"
            ),
        );
        let child = Command::new("/usr/sbin/nginx")
            .arg("-c")
            .arg(conf)
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("nginx");
        let address = ([127, 0, 0, 1], front).into();
        let (mut child, deadline) = (Watched::new(child), Instant::now() + PATIENCE);
        while TcpStream::connect(address).is_err() {
            let ended = Instant::now() > deadline || child.has_ended();
            assert!(!ended, "nginx ended: {}", home.read("error.log"));
            std::thread::yield_now();
        }
        Self {
            _child: child,
            address,
        }
    }
}

/// nginx is in a folder of its own.
pub(crate) fn needs_nginx() -> bool {
    std::path::Path::new("/usr/sbin/nginx").exists() || needs("nginx")
}

#[test]
fn over_plain_http_the_link_survives_and_a_token_comes() {
    if !needs_nginx() {
        return;
    }
    let back = free_port();
    let stage = Stage::new();
    let nginx = Nginx::start(&stage.home, &back, "");
    let host = format!("localhost:{}", nginx.address.port());
    let address = format!("http://{host}");
    let serve = || {
        let mps = stage.mps().env("MPS_PUBLIC_URL", &address);
        Serving::start(
            mps.args(["serve-button", "--port", &back, "--for", "Lucky Shrub"])
                .stdout_may_hold_token(),
        )
    };
    let serving = serve();
    serving.run.wait_for_line("must point to");
    serving
        .run
        .wait_for_line("The link stays the same after a restart, and holds until");
    let link = serving.url.clone();
    let path = link.strip_prefix(&address).expect("the public address");
    assert_eq!(path.len(), 23, "{path}");
    let through = |method: &str, path: &str, headers: &[(&str, &str)], body: &str| {
        let mut all = vec![("Host", host.as_str())];
        all.extend_from_slice(headers);
        http::request(nginx.address, method, path, &all, body)
    };
    assert_eq!(through("GET", path, &[], "").status, 200);
    assert_eq!(through("GET", "/", &[], "").status, 404);
    assert!(!interrupted(serving.run).contains("does not lead here"));
    // The same link after a restart, and in the invitation; and the whole way of a token.
    let invite = stage
        .mps()
        .env("MPS_PUBLIC_URL", &address)
        .args(["invite", "--for", "Lucky Shrub", "--json"])
        .run();
    invite.code(0);
    let invited = invite.json();
    assert_eq!(invited["link"], link);
    assert_eq!(invited["ref"], "Lucky Shrub");
    let serving = serve();
    assert_eq!(serving.url, link);
    let page = through("GET", path, &[], "").text();
    let after = page.split_once("\"nonce\":\"").expect("a nonce").1;
    let nonce = after.split('"').next().unwrap_or_default();
    let headers = [
        ("Origin", address.as_str()),
        ("Content-Type", "application/json"),
        ("X-Mps-Nonce", nonce),
    ];
    let answer = through("POST", "/token", &headers, &grant(&stage));
    assert_eq!(answer.status, 202);
    serving.run.finish().code(0).stdout_has("EAA");
}

#[test]
fn where_the_proxy_ends_tls_a_browser_comes_through() {
    if !needs_nginx() || !needs(CHROMIUM) {
        return;
    }
    let back = free_port();
    let stage = Stage::new();
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let cert = stage.home.file("cert.pem", pair.cert.pem());
    let key = stage.home.file("key.pem", pair.signing_key.serialize_pem());
    let how = format!(
        "ssl http2; ssl_certificate {}; ssl_certificate_key {}",
        cert.display(),
        key.display()
    );
    let nginx = Nginx::start(&stage.home, &back, &how);
    let address = format!("https://localhost:{}", nginx.address.port());
    let serving = Serving::start(
        stage
            .mps()
            .env("MPS_PUBLIC_URL", &address)
            .env("MPS_CA_FILE", cert.display().to_string())
            .args(["serve-button", "--port", &back])
            .stdout_may_hold_token(),
    );
    let page = serving.visited();
    assert_eq!(page.url(), format!("{address}/"));
    let protocol = "performance.getEntriesByType('navigation')[0].nextHopProtocol";
    assert_eq!(
        page.evaluate(protocol),
        "h2",
        "the browser's side is nginx's"
    );
    page.grants_all();
    page.is_in("received");
    assert_eq!(page.errors(), Vec::<String>::new());
    let outcome = serving.run.finish();
    outcome
        .code(0)
        .stdout_has("EAA")
        .stderr_lacks("does not lead here")
        .stderr_has("The link is for this run only");
}
