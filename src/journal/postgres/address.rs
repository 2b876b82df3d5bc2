//! The address of a database, as `MPS_JOURNAL` has it.
//!
//! The one decision: it is read here and not by the driver, whose parser knows neither `verify-full` nor
//! `sslrootcert`; and whatever is wrong with it is said without repeating it, since a password stands in it.

use std::{fmt, net::IpAddr, path::PathBuf, time::Duration};

use tokio_postgres::{
    Config,
    config::{SslMode, TargetSessionAttrs},
};

use crate::secret::Secret;

/// Where the socket of a server on this machine is, where nobody says so.
const SOCKETS: &str = "/var/run/postgresql";

/// How the way to the server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// The server shows a certificate of a known authority for the name that was asked for.
    VerifyFull,
    /// The same without the name.
    VerifyCa,
    /// Encrypted; who is there is not asked.
    Require,
    /// In the clear.
    Disable,
}

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Another scheme, or none.
    #[error("it does not begin with postgres://")]
    Scheme,
    /// A percent sign without two hexadecimal digits behind it.
    #[error("a % in it is not followed by two hexadecimal digits (a % itself is written %25)")]
    Percent,
    /// No number, or none that a port can have.
    #[error("its port is no number from 1 to 65535")]
    Port,
    /// A parameter that this mps does not know; its name may be a piece of a password.
    #[error(
        "it has a parameter that mps does not know (known: host, port, user, password, dbname, sslmode, sslrootcert)"
    )]
    Parameter,
    /// A mode that goes on in the clear where the server, or somebody on the way, wants so.
    #[error("sslmode {0} goes on in the clear if anybody on the way says so")]
    Opportunistic(&'static str),
    /// A mode that does not exist.
    #[error("its sslmode is none of verify-full, verify-ca, require, disable")]
    Mode,
    /// A certificate was named for a connection without TLS.
    #[error("it names sslrootcert for a connection without TLS")]
    RootsUnused,
}

impl AddressError {
    /// How to write it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Opportunistic(_) | Self::Mode | Self::RootsUnused => {
                "leave sslmode out (verify-full; none on a socket or loopback address), or name verify-full, \
                 verify-ca, require or disable"
            }
            _ => {
                "write it as postgres://USER@HOST/DATABASE, or postgres:///DATABASE?host=/DIRECTORY for a socket; \
                 in a user or a password @ is written %40, / %2F, ? %3F, % %25"
            }
        }
    }
}

/// Where the database is, and who asks.
#[derive(Clone)]
pub struct DatabaseAddress {
    pub(super) config: Config,
    pub(super) tls: TlsMode,
    pub(super) roots: Option<PathBuf>,
    shown: String,
    database: String,
    passwords: Vec<Secret>,
}

impl DatabaseAddress {
    /// Reads an address.
    pub fn parse(address: &Secret) -> Result<Self, AddressError> {
        let text = address.expose();
        let rest = ["postgres://", "postgresql://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        let rest = rest.ok_or(AddressError::Scheme)?;
        let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        // A password may have an @ or a slash in it; a host has neither.
        let (who, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
        let (user, password) = who.split_once(':').unwrap_or((who, ""));
        let mut parts = Parts {
            user: unescaped(user)?,
            password: unescaped(password)?,
            database: unescaped(database)?,
            ..Parts::default()
        };
        for host in hosts.split(',').filter(|host| !host.is_empty()) {
            parts.add_host(host)?;
        }
        for pair in parameters.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or(AddressError::Parameter)?;
            parts.set(name, unescaped(value)?)?;
        }
        parts.address(password)
    }

    /// Every spelling of the password, which no text may show.
    pub fn passwords(&self) -> impl Iterator<Item = &Secret> {
        self.passwords.iter()
    }

    /// The database's name.
    pub fn database(&self) -> &str {
        &self.database
    }
}

impl fmt::Display for DatabaseAddress {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseAddress({})", self.shown)
    }
}

/// What was read.
#[derive(Default)]
struct Parts {
    user: String,
    password: String,
    database: String,
    hosts: Vec<(String, Option<u16>)>,
    port: Option<u16>,
    tls: Option<TlsMode>,
    roots: Option<PathBuf>,
}

impl Parts {
    fn add_host(&mut self, text: &str) -> Result<(), AddressError> {
        let (host, port) = match text.strip_prefix('[').and_then(|six| six.split_once(']')) {
            Some((host, rest)) => (host, rest.strip_prefix(':')),
            None => match text.rsplit_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        let port = port.filter(|port| !port.is_empty());
        let port = port.map(read_port).transpose()?;
        self.hosts.push((unescaped(host)?, port));
        Ok(())
    }

    fn set(&mut self, name: &str, value: String) -> Result<(), AddressError> {
        match name {
            "host" => {
                let named = value.split(',').map(|host| (host.to_owned(), None));
                self.hosts = named.collect();
            }
            "port" => self.port = Some(read_port(&value)?),
            "user" => self.user = value,
            "password" => self.password = value,
            "dbname" => self.database = value,
            "sslrootcert" => self.roots = Some(value.into()),
            "sslmode" => {
                self.tls = Some(match value.as_str() {
                    "verify-full" => TlsMode::VerifyFull,
                    "verify-ca" => TlsMode::VerifyCa,
                    "require" => TlsMode::Require,
                    "disable" => TlsMode::Disable,
                    "prefer" => return Err(AddressError::Opportunistic("prefer")),
                    "allow" => return Err(AddressError::Opportunistic("allow")),
                    _ => return Err(AddressError::Mode),
                });
            }
            _ => return Err(AddressError::Parameter),
        }
        Ok(())
    }

    fn address(mut self, raw_password: &str) -> Result<DatabaseAddress, AddressError> {
        if self.hosts.is_empty() {
            self.hosts.push((SOCKETS.to_owned(), None));
        }
        let near = self.hosts.iter().all(|(host, _)| is_near(host));
        let tls = self.tls.unwrap_or(if near {
            TlsMode::Disable
        } else {
            TlsMode::VerifyFull
        });
        if tls == TlsMode::Disable && self.roots.is_some() {
            return Err(AddressError::RootsUnused);
        }
        let mut config = Config::new();
        how_long(&mut config);
        config.application_name("mps").ssl_mode(match tls {
            TlsMode::Disable => SslMode::Disable,
            _ => SslMode::Require,
        });
        let mut places = Vec::new();
        for (host, port) in &self.hosts {
            let port = port.or(self.port).unwrap_or(5432);
            config.host(host).port(port);
            places.push(if host.starts_with('/') {
                format!("{host}:{port}")
            } else if host.contains(':') {
                format!("[{host}]:{port}")
            } else {
                format!("{host}:{port}")
            });
        }
        if self.hosts.len() > 1 {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if !self.user.is_empty() {
            config.user(&self.user);
        }
        if !self.password.is_empty() {
            config.password(&self.password);
        }
        if !self.database.is_empty() {
            config.dbname(&self.database);
        }
        let spellings = [raw_password, &self.password];
        let passwords = spellings.iter().filter_map(|text| Secret::parse(text).ok());
        Ok(DatabaseAddress {
            config,
            tls,
            roots: self.roots,
            shown: format!("database {:?} at {}", self.database, places.join(", ")),
            passwords: passwords.collect(),
            database: self.database,
        })
    }
}

/// How long the driver waits for what.
fn how_long(config: &mut Config) {
    config
        .connect_timeout(Duration::from_secs(10))
        .tcp_user_timeout(Duration::from_secs(15))
        .keepalives_idle(Duration::from_secs(10))
        .keepalives_interval(Duration::from_secs(5))
        .keepalives_retries(3);
}

/// A socket, or an address that no packet leaves this machine for.
fn is_near(host: &str) -> bool {
    let loopback = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    host.starts_with('/') || host.eq_ignore_ascii_case("localhost") || loopback
}

fn read_port(text: &str) -> Result<u16, AddressError> {
    let port = text.parse().ok().filter(|port| *port > 0);
    port.ok_or(AddressError::Port)
}

/// Undoes percent escapes.
fn unescaped(text: &str) -> Result<String, AddressError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (digit(rest.next()), digit(rest.next())) {
            (Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
            }
            _ => return Err(AddressError::Percent),
        }
    }
    String::from_utf8(bytes).map_err(|_| AddressError::Percent)
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::Host;

    use super::*;

    fn read(text: &str) -> Result<DatabaseAddress, AddressError> {
        DatabaseAddress::parse(&Secret::parse(text).unwrap())
    }

    #[test]
    fn tls_is_for_whatever_leaves_the_machine() {
        for (text, tls) in [
            ("postgres://u@db.example/mps", TlsMode::VerifyFull),
            ("postgresql://u@10.0.0.1/mps", TlsMode::VerifyFull),
            ("postgres://u@localhost/mps", TlsMode::Disable),
            ("postgres://u@127.0.0.2:5433/mps", TlsMode::Disable),
            ("postgres://u@[::1]:5433/mps", TlsMode::Disable),
            ("postgres:///mps?host=/tmp/sockets", TlsMode::Disable),
            ("postgres:///mps", TlsMode::Disable),
            ("postgres://u@localhost,db.example/mps", TlsMode::VerifyFull),
            (
                "postgres://u@localhost/mps?sslmode=verify-full",
                TlsMode::VerifyFull,
            ),
            (
                "postgres://u@db/mps?sslmode=verify-ca&sslrootcert=/ca.pem",
                TlsMode::VerifyCa,
            ),
            ("postgres://u@db/mps?sslmode=require", TlsMode::Require),
            ("postgres://u@db/mps?sslmode=disable", TlsMode::Disable),
        ] {
            assert_eq!(read(text).unwrap().tls, tls, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_says_so_without_repeating_it() {
        let opportunistic = AddressError::Opportunistic;
        for (text, error) in [
            ("mysql://u:hunter2secret@h/mps", AddressError::Scheme),
            ("postgres:/u:hunter2secret@h/mps", AddressError::Scheme),
            ("postgres://u:hunter2%secret@h/mps", AddressError::Percent),
            ("postgres://u:hunter2secret%ff@h/mps", AddressError::Percent),
            ("postgres://u@h:0/mps", AddressError::Port),
            ("postgres://u@h:x/mps", AddressError::Port),
            ("postgres://u:hunter2secret?x@h/mps", AddressError::Port),
            ("postgres://u@h/mps?sslmode=prefer", opportunistic("prefer")),
            ("postgres://u@h/mps?sslmode=allow", opportunistic("allow")),
            ("postgres://u@h/mps?sslmode=on", AddressError::Mode),
            (
                "postgres:///mps?sslrootcert=/ca.pem",
                AddressError::RootsUnused,
            ),
        ] {
            let found = read(text).unwrap_err();
            assert_eq!(found, error, "{text}");
            assert!(!found.to_string().contains("hunter2"), "{found}");
        }
    }

    #[test]
    fn a_password_of_odd_letters_comes_out_whole_and_is_never_shown() {
        for (written, password) in [
            ("pa:ss", "pa:ss"),
            ("p@ss/word", "p@ss/word"),
            ("p%40ss%2Fw%3F%25%20%C3%BC", "p@ss/w?% ü"),
            ("a#b&c=d", "a#b&c=d"),
        ] {
            let address = read(&format!("postgres://ana:{written}@db.example:6000/mps")).unwrap();
            assert_eq!(address.config.get_password(), Some(password.as_bytes()));
            assert_eq!(address.config.get_user(), Some("ana"));
            assert_eq!(address.config.get_ports(), [6000]);
            assert_eq!(
                address.config.get_hosts(),
                [Host::Tcp("db.example".to_owned())]
            );
            let shown = format!("{address} {address:?}");
            assert!(
                !shown.contains(password) && !shown.contains(written),
                "{shown}"
            );
            assert!(address.passwords().any(|known| known.expose() == written));
        }
    }
}
