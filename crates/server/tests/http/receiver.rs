//! A receiver of events on a port of its own, and what a server does to reach it.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dung_hen_server::outgoing::courier::Courier;
use dung_hen_server::outgoing::endpoint::Endpoint;
use dung_hen_server::outgoing::watch;
use dung_hen_server::store::{DeliveryFilter, DeliveryRecord};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};

use crate::support::{Server, case};

pub(crate) const FIRST: &str = "H98.1-261005-0001";
pub(crate) const SECOND: &str = "H98.1-261005-0002";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Thursday 15 October 2026, 9:00: both cases were promised for the 14th.
pub(crate) const NOW: &str = "2026-10-15T09:00:00+07:00";

/// How the receiver answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    Takes,
    Fails(u16),
    /// Comes back later, and says when.
    Busy(u32),
    Redirects,
    /// Takes what it is sent, and dies before it answers.
    Dies,
    /// Never answers; the connection stays open.
    Hangs,
}

#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) id: String,
    pub(crate) at: i64,
    signature: String,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Checked as the specification says, with nothing of the server's own code.
    pub(crate) fn is_signed(&self) -> bool {
        let key = STANDARD
            .decode(SECRET.trim_start_matches("whsec_"))
            .unwrap();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", self.id, self.at, self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.signature.split(' ').any(|one| one == expected)
    }
}

/// A receiver on a port of its own. Its moods are used up one by one; then it takes everything.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    moods: Arc<Mutex<VecDeque<Mood>>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    pub(crate) fn start(moods: &[Mood]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            url: format!("http://{}/in", listener.local_addr().unwrap()),
            moods: Arc::new(Mutex::new(moods.iter().copied().collect())),
            received: Arc::default(),
        };
        let own = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let own = own.clone();
                std::thread::spawn(move || own.answer(stream.unwrap()));
            }
        });
        receiver
    }

    fn answer(&self, mut stream: TcpStream) {
        let Some(received) = read(&mut stream) else {
            return;
        };
        let mood = self
            .moods
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or(Mood::Takes);
        self.received.lock().unwrap().push(received);
        let head = match mood {
            Mood::Takes => "204 No Content\r\n".to_owned(),
            Mood::Fails(status) => format!("{status} No\r\n"),
            Mood::Busy(seconds) => format!("503 Later\r\nretry-after: {seconds}\r\n"),
            Mood::Redirects => format!("302 Found\r\nlocation: {}\r\n", self.url),
            Mood::Dies => return,
            Mood::Hangs => {
                // Until the other side has had enough.
                let _ = stream.read(&mut [0; 1]);
                return;
            }
        };
        let _ = write!(
            stream,
            "HTTP/1.1 {head}content-length: 0\r\nconnection: close\r\n\r\n"
        );
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Kind and case of each, as they came.
    pub(crate) fn told(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        self.received()
            .iter()
            .map(|one| {
                let json = one.json();
                (text(&json["type"]), text(&json["data"]["case_code"]))
            })
            .collect()
    }
}

fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer).ok()?;
        if length == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let header = |name: &str| {
            head.lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.to_owned())
                .unwrap_or_default()
        };
        if body.len() < header("content-length").parse().unwrap_or(0) {
            continue;
        }
        return Some(Received {
            id: header("webhook-id"),
            at: header("webhook-timestamp").parse().unwrap_or(0),
            signature: header("webhook-signature"),
            body: body.to_owned(),
        });
    }
}

pub(crate) fn endpoint(url: &str, extra: &str) -> Endpoint {
    let text = format!(
        "name = \"sms\"\nurl = \"{url}\"\nreads_as = [\"gateway\", \"agency\"]\nprivate_network = true\n{extra}"
    );
    let settings: dung_hen_server::config::WebhookSettings = toml::from_str(&text).unwrap();
    assert_eq!(settings.fault(), None);
    Endpoint::open(&settings, Path::new("."), |_| Some(SECRET.to_owned())).unwrap()
}

pub(crate) fn courier(server: &Server, endpoint: &Endpoint, moment: &str) -> Courier {
    Courier::new(
        server.state.store.clone(),
        moment.parse().unwrap(),
        Arc::clone(&server.state.http),
        vec![endpoint.clone()],
    )
    .unwrap()
}

/// Everything that is due at this moment is sent.
pub(crate) fn run(server: &Server, endpoint: &Endpoint, moment: &str) {
    let courier = courier(server, endpoint, moment);
    server.block_on(async move { courier.run_dry().await.unwrap() });
}

pub(crate) fn tell(server: &Server, moment: &str) -> watch::Told {
    let clock: dung_hen_server::clock::Clock = moment.parse().unwrap();
    watch::tell(&server.state.store, &server.state.reference, clock.now()).unwrap()
}

pub(crate) fn deliveries(server: &Server) -> Vec<DeliveryRecord> {
    server
        .state
        .store
        .read_now(|reader| reader.deliveries(&DeliveryFilter::default(), 100))
        .unwrap()
}

pub(crate) fn two_overdue_cases() -> Server {
    let cases = [case(FIRST, "4", json!({})), case(SECOND, "4", json!({}))];
    Server::with(&cases.join("\n"))
}

/// A key of this scope.
pub(crate) fn key(server: &Server, name: &str, scope: &str) -> String {
    let (keys, now) = (&server.state.keys, server.state.now());
    let (key, text) = dung_hen_server::service::apikey::make(keys, name, scope, None, now).unwrap();
    let store = &server.state.store;
    store.write_now(move |writer| writer.add_key(&key)).unwrap();
    text
}
