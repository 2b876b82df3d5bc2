//! The certificate of `https://localhost`: the operator's own, or a kept self-signed one.
//!
//! The one decision: a self-signed certificate is kept, because every new one brings a new warning in the
//! browser (facebook-login.md, 4.3). Certificate and key share one file, so that two runs at once never
//! mix two pairs; the day it ends stands in clear text above them, so that nothing has to read X.509.

use std::{fs, path::Path, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use super::{error::Error, store};

/// The names of this machine's loopback.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// How long a self-signed certificate holds: Apple takes none of more than 825 days, others 398.
const HOLDS: SignedDuration = SignedDuration::from_hours(24 * 390);

/// How long before its end it is renewed; a link sent out today must not meet an expired one tomorrow.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long before now it begins, for clocks that are a little behind.
const BEGAN_BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// What stands above the pair.
const UNTIL: &str = "# Made by mps for https://localhost. Holds until ";

/// A certificate with its chain, and its key.
type CertAndKey = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// TLS with the operator's files.
pub(crate) fn own(cert: &Path, key: Option<&Path>) -> Result<Arc<ServerConfig>, Error> {
    let chain = read(cert)?;
    let key_file = key.unwrap_or(cert);
    let pair = pair(cert, &chain, key_file, &read(key_file)?)?;
    tls(pair).map_err(wrong(key_file))
}

/// TLS with the kept self-signed pair, made or renewed if need be.
pub(crate) fn kept(directory: &Path, now: Timestamp) -> Result<Arc<ServerConfig>, Error> {
    let file = directory.join("localhost.pem");
    if let Some(text) = store::read(&file)?.filter(|text| still_holds(text, now)) {
        let kept = pair(&file, text.as_bytes(), &file, text.as_bytes()).ok();
        if let Some(config) = kept.and_then(|pair| tls(pair).ok()) {
            return Ok(config);
        }
    }
    let text = make(now).map_err(|error| wrong(&file)(error))?;
    store::write(&file, &text)?;
    tls(pair(&file, text.as_bytes(), &file, text.as_bytes())?).map_err(wrong(&file))
}

/// Until when the kept certificate of a state directory holds; none: the next page makes a new one.
/// Nothing is made or changed.
pub fn kept_until(state_dir: &Path, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let text = store::read(&state_dir.join("button").join("localhost.pem"))?;
    Ok(text
        .filter(|text| still_holds(text, now))
        .and_then(|text| until(&text)))
}

/// The day that stands above a kept pair.
fn until(text: &str) -> Option<Timestamp> {
    text.lines().next()?.strip_prefix(UNTIL)?.parse().ok()
}

/// Whether a kept pair holds long enough.
fn still_holds(text: &str, now: Timestamp) -> bool {
    let Some(until) = until(text) else {
        return false;
    };
    // One that ends too late was made by a wrong clock and may not have begun yet.
    let left = until.duration_since(now);
    left > RENEW_BEFORE && left <= HOLDS
}

/// Makes a pair: PEM, the key in PKCS#8, on the crypto provider that is here anyway.
fn make(now: Timestamp) -> Result<String, rcgen::Error> {
    let until = now + HOLDS;
    let mut params = CertificateParams::new(NAMES.map(str::to_owned))?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "mps on this machine");
    // rcgen counts in days.
    let date = |moment: Timestamp| {
        let day = moment.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        rcgen::date_time_ymd(
            i32::from(day.year()),
            day.month().unsigned_abs(),
            day.day().unsigned_abs(),
        )
    };
    params.not_before = date(now - BEGAN_BEFORE);
    // A day more, because the hours are dropped and the line above the pair must not promise too much.
    params.not_after = date(until + SignedDuration::from_hours(24));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let cert = params.self_signed(&key)?;
    Ok(format!(
        "{UNTIL}{until}\n{}{}",
        cert.pem(),
        key.serialize_pem()
    ))
}

/// Reads the operator's file.
fn read(file: &Path) -> Result<Vec<u8>, Error> {
    fs::read(file).map_err(|error| wrong(file)(&crate::io_words::io_words(&error)))
}

/// Reads a pair from PEM.
fn pair(cert: &Path, chain: &[u8], key_file: &Path, key: &[u8]) -> Result<CertAndKey, Error> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain)
        .collect::<Result<_, _>>()
        .map_err(wrong(cert))?;
    if chain.is_empty() {
        return Err(wrong(cert)("there is no certificate in it"));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(wrong(key_file))?;
    Ok((chain, key))
}

/// TLS with a pair. Only HTTP/1.1 is offered: the inner server knows nothing else.
fn tls((chain, key): CertAndKey) -> Result<Arc<ServerConfig>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Makes the error about one file.
fn wrong<T: ToString>(file: &Path) -> impl FnOnce(T) -> Error {
    move |why| Error::Certificate {
        file: file.to_owned(),
        why: why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn when_a_kept_pair_is_renewed() {
        let line = |until: &str| format!("{UNTIL}{until}\n-----BEGIN CERTIFICATE-----\n");
        let now = at("2026-11-22T12:00:00Z");
        for (text, holds) in [
            (line("2027-11-22T12:00:00Z"), true),
            (line("2026-12-22T12:00:01Z"), true),
            (line("2026-12-22T12:00:00Z"), false),
            (line("2026-11-01T12:00:00Z"), false),
            (line("2029-11-22T12:00:00Z"), false),
            (line("soon"), false),
            ("-----BEGIN CERTIFICATE-----\n".into(), false),
            (String::new(), false),
        ] {
            assert_eq!(still_holds(&text, now), holds, "{text}");
        }
    }

    #[test]
    fn a_pair_is_kept_and_renewed_before_its_end() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("localhost.pem");
        let pair_at = |now: &str| {
            kept(dir.path(), at(now)).unwrap();
            fs::read_to_string(&file).unwrap()
        };
        let first = pair_at("2026-11-22T12:00:00Z");
        assert!(first.starts_with(&format!(
            "{UNTIL}2027-12-17T12:00:00Z\n-----BEGIN CERTIFICATE-----"
        )));
        assert!(first.contains("-----BEGIN PRIVATE KEY-----"), "PKCS#8");
        assert_eq!(pair_at("2027-11-17T11:59:59Z"), first);
        let second = pair_at("2027-11-17T12:00:00Z");
        assert_ne!(second, first);
        fs::write(&file, format!("{UNTIL}2028-12-01T00:00:00Z\nnonsense")).unwrap();
        assert_ne!(pair_at("2027-11-17T12:00:00Z"), second);
    }

    #[test]
    fn what_is_wrong_with_the_operators_files() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let now = at("2026-11-22T12:00:00Z");
        let both = make(now).unwrap();
        let (cert, key) = both.split_at(both.find("-----BEGIN PRIVATE").unwrap());
        let (cert, key) = (file("cert", cert), file("key", key));
        let (both, other) = (file("both", &both), file("other", &make(now).unwrap()));
        let (text, gone) = (file("text", "no PEM"), dir.path().join("gone"));
        assert!(own(&cert, Some(&key)).is_ok());
        assert!(own(&both, None).is_ok());
        for (cert, key, wrong) in [
            (&gone, Some(&key), &gone),
            (&cert, Some(&gone), &gone),
            (&text, Some(&key), &text),
            (&cert, Some(&text), &text),
            (&cert, None, &cert),
            (&cert, Some(&other), &other),
        ] {
            match own(cert, key.map(PathBuf::as_path)) {
                Err(Error::Certificate { file, .. }) => assert_eq!(&file, wrong),
                other => panic!("{other:?}"),
            }
        }
    }
}
