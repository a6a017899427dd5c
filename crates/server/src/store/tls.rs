//! TLS to PostgreSQL, chosen by the address as libpq chooses it: `?sslmode=…&sslrootcert=…`.
//!
//! | `sslmode` | |
//! |---|---|
//! | `disable` | never |
//! | `prefer` (usual) | where the server offers it; its certificate is not checked |
//! | `require` | always; its certificate is not checked |
//! | `verify-full` | always; the certificate must be of this host, and vouched for by `sslrootcert` (PEM) or the machine |
//!
//! With a password (SCRAM) the channel itself is checked as well, whatever the mode: who sits between cannot pass it on.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{ErrorKind, StoreError};

/// Where a database is, and how it is spoken to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
}

fn wrong(message: impl Into<String>) -> StoreError {
    StoreError::new(ErrorKind::Other, message.into())
}

impl Target {
    /// Reads an address.
    pub(super) fn read(url: &str) -> Result<Self, StoreError> {
        let (address, verify, roots) = split(url)?;
        let config: Config = address.parse().map_err(|_| {
            wrong(
                "the address of the database is malformed (postgres://user:password@host:port/name)",
            )
        })?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|_| wrong("TLS is not possible on this machine"))?;
        let tls = if verify {
            builder
                .with_root_certificates(root_store(roots.as_deref())?)
                .with_no_client_auth()
        } else {
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
                .with_no_client_auth()
        };
        Ok(Self {
            config,
            tls: MakeRustlsConnect::new(tls),
        })
    }
}

/// The address without what the driver does not know; whether the certificate is checked; the file of authorities.
fn split(url: &str) -> Result<(String, bool, Option<String>), StoreError> {
    let Some((address, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), false, None));
    };
    let (mut verify, mut roots, mut kept) = (false, None, Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", "verify-full")) => {
                verify = true;
                kept.push("sslmode=require".to_owned());
            }
            Some(("sslmode", "verify-ca")) => {
                return Err(wrong(
                    "sslmode=verify-ca: use verify-full, which checks the host as well",
                ));
            }
            Some(("sslrootcert", path)) => roots = Some(unescape(path)),
            _ => kept.push(pair.to_owned()),
        }
    }
    if roots.is_some() && !verify {
        return Err(wrong("sslrootcert is used with sslmode=verify-full alone"));
    }
    let query = kept.join("&");
    let address = if query.is_empty() {
        address.to_owned()
    } else {
        format!("{address}?{query}")
    };
    Ok((address, verify, roots))
}

/// `%2F` and its like.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let escaped = more
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn root_store(path: Option<&str>) -> Result<RootCertStore, StoreError> {
    let mut store = RootCertStore::empty();
    match path {
        Some(path) => {
            let all = CertificateDer::pem_file_iter(path)
                .map_err(|_| wrong(format!("sslrootcert {path}: cannot be read")))?;
            for certificate in all.flatten() {
                // One of another form vouches for nothing.
                let _ = store.add(certificate);
            }
        }
        None => {
            for certificate in rustls_native_certs::load_native_certs().certs {
                let _ = store.add(certificate);
            }
        }
    }
    if store.is_empty() {
        return Err(wrong(
            "sslmode=verify-full: no certificate of an authority (sslrootcert=FILE, or install ca-certificates)",
        ));
    }
    Ok(store)
}

/// Believes any certificate, as libpq does without `verify-full`: against those who listen, not against those who lie.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_it_is_spoken_to() {
        let read = |url: &str| split(url).ok();
        let plain = "postgres://u@h/d";
        assert_eq!(read(plain), Some((plain.to_owned(), false, None)));
        assert_eq!(
            read(
                "postgres://u@h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem&application_name=x"
            ),
            Some((
                "postgres://u@h/d?sslmode=require&application_name=x".to_owned(),
                true,
                Some("/etc/ca.pem".to_owned())
            ))
        );
        for wrong in [
            "sslmode=verify-ca",
            "sslrootcert=a",
            "sslmode=require&sslrootcert=a",
        ] {
            assert!(read(&format!("{plain}?{wrong}")).is_none(), "{wrong}");
        }
    }
}
