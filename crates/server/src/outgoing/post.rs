//! One request to an endpoint: no redirect is followed, no proxy of the environment is used, nothing of the answer's body
//! is read, and an address is asked only where it may stand.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use ureq::config::Config;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// Why an address is not asked.
const FORBIDDEN: &str = "the address is not one that may be asked (private_network)";

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The status, and the seconds after which to come again where it named them.
    Status(u16, Option<u32>),
    /// None came; why, in words without any value of the other side.
    None(String),
}

/// Whether an endpoint may stand at this address. Link-local addresses never: cloud machines keep their credentials there.
#[must_use]
pub fn may_be_asked(address: IpAddr, private_network: bool) -> bool {
    match address {
        IpAddr::V4(address) => v4(address, private_network),
        IpAddr::V6(address) => v6(address, private_network),
    }
}

fn v4(address: Ipv4Addr, private_network: bool) -> bool {
    let [first, second, third, _] = address.octets();
    let never = first == 0
        || address.is_link_local()
        || address.is_multicast()
        || first >= 240
        || (first, second, third) == (192, 0, 0);
    let inside = address.is_private()
        || address.is_loopback()
        // Carriers' shared addresses.
        || (first == 100 && (64..128).contains(&second));
    !never && (private_network || !inside)
}

fn v6(address: Ipv6Addr, private_network: bool) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return v4(inner, private_network);
    }
    let segments = address.segments();
    // 64:ff9b::/96: an IPv4 address behind a translator.
    if segments[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [.., a, b, c, d] = address.octets();
        return v4(Ipv4Addr::new(a, b, c, d), private_network);
    }
    let never = address.is_unspecified()
        || address.is_multicast()
        || segments[0] & 0xffc0 == 0xfe80
        // 2002::/16, 2001::/32 and the old site-local addresses lead elsewhere.
        || segments[0] == 0x2002
        || segments[..2] == [0x2001, 0]
        || segments[0] & 0xffc0 == 0xfec0;
    let inside = address.is_loopback() || segments[0] & 0xfe00 == 0xfc00;
    !never && (private_network || !inside)
}

/// Looks names up, and leaves out what may not be asked: after the look-up, so that no name leads inside.
#[derive(Debug)]
struct Guarded {
    private_network: bool,
    inner: DefaultResolver,
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for address in found.iter() {
            if may_be_asked(address.ip(), self.private_network) {
                kept.push(*address);
            }
        }
        if kept.is_empty() {
            return Err(ureq::Error::Other(FORBIDDEN.into()));
        }
        Ok(kept)
    }
}

/// What posts to one endpoint.
#[derive(Clone, Debug)]
pub struct Poster(ureq::Agent);

impl Poster {
    /// Trusts the certificates of `authority` (PEM), or the machine's. `time` is from the look-up of the name to the
    /// head of the answer.
    ///
    /// # Errors
    /// A sentence, where there are none.
    pub fn new(
        private_network: bool,
        authority: Option<&[u8]>,
        time: Duration,
    ) -> Result<Self, String> {
        let tls = TlsConfig::builder()
            .root_certs(roots(authority)?)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = ureq::Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(time))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .http_status_as_error(false)
            .user_agent(concat!("dung-hen/", env!("CARGO_PKG_VERSION")))
            .build();
        let guarded = Guarded {
            private_network,
            inner: DefaultResolver::default(),
        };
        Ok(Self(ureq::Agent::with_parts(
            config,
            DefaultConnector::default(),
            guarded,
        )))
    }

    /// Posts a body of JSON with these headers, and waits for the head of the answer.
    #[must_use]
    pub fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Answer {
        let mut request = self.0.post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        match request.send(body) {
            Ok(answer) => Answer::Status(answer.status().as_u16(), wait(answer.headers())),
            Err(error) => Answer::None(reason(&error)),
        }
    }

    /// Gets a text of at most `most` bytes, with these headers. The status, and the text.
    ///
    /// # Errors
    /// Why none came, in words without any value of the other side.
    pub fn get(
        &self,
        url: &str,
        headers: &[(&str, String)],
        most: u64,
    ) -> Result<(u16, String), String> {
        let mut request = self.0.get(url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut answer = request.call().map_err(|error| reason(&error))?;
        let status = answer.status().as_u16();
        let text = answer
            .body_mut()
            .with_config()
            .limit(most)
            .read_to_string()
            .map_err(|error| reason(&error))?;
        Ok((status, text))
    }
}

/// The seconds after which to come again, where they are named: as such, or as a moment by the clock of whoever answers.
fn wait(headers: &HeaderMap) -> Option<u32> {
    let said = |name: &str| Some(headers.get(name)?.to_str().ok()?.trim());
    let after = said("retry-after")?;
    if !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit()) {
        // More of them than a number holds are longer than anybody waits.
        return Some(after.parse().unwrap_or(u32::MAX));
    }
    let moment = |text: &str| DateTime::parse_from_rfc2822(text).ok();
    let wait = moment(after)? - moment(said("date")?)?;
    Some(u32::try_from(wait.num_seconds().max(0)).unwrap_or(u32::MAX))
}

fn roots(authority: Option<&[u8]>) -> Result<RootCerts, String> {
    let certificates: Vec<Certificate<'static>> = match authority {
        Some(text) => parse_pem(text)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect(),
        None => rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|der| Certificate::from_der(der).to_owned())
            .collect(),
    };
    if certificates.is_empty() && authority.is_some() {
        return Err("ca_file: no certificate in it".to_owned());
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

/// In words of our own: the other side must not write into our lists.
fn reason(error: &ureq::Error) -> String {
    use ureq::Error as E;
    let text = match error {
        E::Timeout(_) => "no answer in time",
        E::HostNotFound => "the name is not known",
        E::ConnectionFailed => "no connection",
        E::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => "the connection was refused",
            std::io::ErrorKind::ConnectionReset
            | std::io::ErrorKind::BrokenPipe
            | std::io::ErrorKind::UnexpectedEof => "the connection was cut",
            _ => "the connection failed",
        },
        E::Tls(_) | E::Rustls(_) => "the certificate does not hold",
        E::BodyExceedsLimit(_) => "the answer is too large",
        E::Other(inner) if inner.to_string() == FORBIDDEN => FORBIDDEN,
        _ => "the answer is not HTTP",
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In seconds, or as a moment by the clock of whoever answers (RFC 9110, 10.2.3).
    #[test]
    fn a_wait_is_read_in_both_its_forms() {
        let said = |after: &str, date: &str| {
            let headers = [("retry-after", after), ("date", date)];
            let headers = headers
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            wait(&headers.collect())
        };
        let now = "Thu, 15 Oct 2026 02:00:00 GMT";
        for (after, date, seconds) in [
            ("600", now, Some(600)),
            (" 600 ", "", Some(600)),
            ("Thu, 15 Oct 2026 02:10:00 GMT", now, Some(600)),
            ("Thu, 15 Oct 2026 01:00:00 GMT", now, Some(0)),
            // Longer than anybody waits; not "no wait at all".
            ("99999999999999999999", now, Some(u32::MAX)),
            ("Thu, 15 Oct 2950 02:10:00 GMT", now, Some(u32::MAX)),
            // Whose clock that is nobody says.
            ("Thu, 15 Oct 2026 02:10:00 GMT", "", None),
            ("soon", now, None),
            ("-5", now, None),
            ("", now, None),
        ] {
            assert_eq!(said(after, date), seconds, "{after:?}, {date:?}");
        }
    }

    #[test]
    fn addresses_inside_are_asked_only_where_they_may() {
        for (address, public, private) in [
            ("203.0.113.7", true, true),
            ("127.0.0.1", false, true),
            ("10.1.2.3", false, true),
            ("172.16.0.1", false, true),
            ("192.168.1.1", false, true),
            ("100.64.0.1", false, true),
            ("169.254.169.254", false, false),
            ("0.0.0.0", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
            ("::1", false, true),
            ("fd00::1", false, true),
            ("fe80::1", false, false),
            ("::", false, false),
            ("2400:cb00::1", true, true),
            ("::ffff:127.0.0.1", false, true),
            ("::ffff:169.254.169.254", false, false),
            ("64:ff9b::a9fe:a9fe", false, false),
            ("64:ff9b::7f00:1", false, true),
            ("2002:7f00:1::", false, false),
        ] {
            let ip: IpAddr = address.parse().unwrap();
            assert_eq!(may_be_asked(ip, false), public, "{address}");
            assert_eq!(may_be_asked(ip, true), private, "{address} inside");
        }
    }

    #[test]
    fn a_name_that_leads_inside_is_not_asked() {
        let poster = Poster::new(false, None, Duration::from_secs(5)).unwrap();
        let answer = poster.post("http://localhost:9/", &[], "{}");
        assert_eq!(answer, Answer::None(FORBIDDEN.to_owned()));
    }
}
