//! A host of our own. As a server it does what the real one never does: answers of a newer server, nonsense, silence.
//! As a portal it shows pages around the real server's element, from another origin and under any policy.

#![expect(
    clippy::expect_used,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::server::dist;

/// What the real server allows its own pages.
pub const POLICY: &str =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";

/// What the host answers to one call of the API.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Status, content type, body.
    With(u16, &'static str, String),
    /// The connection is closed without an answer.
    HangUp,
    /// The connection stays open and silent.
    Silence,
}

/// A request that has come in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Without the query.
    pub path: String,
    /// Header lines in lower case, one a line.
    pub headers: String,
    /// The body.
    pub body: String,
}

impl Asked {
    /// A header's value, in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key == name).then(|| value.trim())
        })
    }
}

/// A page or a file with the policy it is served under.
#[derive(Clone)]
struct Shown {
    policy: String,
    content_type: &'static str,
    body: Vec<u8>,
}

#[derive(Default)]
struct Told {
    replies: HashMap<String, Vec<Reply>>,
    pages: HashMap<String, Shown>,
    asked: Vec<Asked>,
}

/// The host.
pub struct Host {
    address: String,
    told: Arc<Mutex<Told>>,
}

impl Host {
    /// Starts on a free port; ends with the process.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let told: Arc<Mutex<Told>> = Arc::default();
        let shared = Arc::clone(&told);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream, &told));
            }
        });
        Self { address, told }
    }

    /// The same, with a page that holds nothing but the element.
    ///
    /// # Panics
    /// As [`Host::start`].
    #[must_use]
    pub fn with_element() -> Self {
        let host = Self::start();
        host.page(
            "/",
            "<dung-hen></dung-hen><script type=\"module\" src=\"/embed/v1/embed.js\"></script>",
        );
        host
    }

    /// The address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().expect("no thread of the host panicked")
    }

    /// Answers `path` (such as `/api/v1/lookup`) so from now on.
    pub fn reply(&self, path: &str, reply: Reply) {
        self.replies(path, vec![reply]);
    }

    /// Answers `path` with one after the other, and with the last from then on.
    pub fn replies(&self, path: &str, replies: Vec<Reply>) {
        self.told().replies.insert(path.to_owned(), replies);
    }

    /// What has been asked of `path` so far.
    #[must_use]
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let told = self.told();
        told.asked
            .iter()
            .filter(|asked| asked.path == path)
            .cloned()
            .collect()
    }

    /// Shows this body as a page at `path`.
    pub fn page(&self, path: &str, body: &str) {
        self.page_under(
            path,
            POLICY,
            &format!(
                "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Cổng</title>\
                 <meta name=\"viewport\" content=\"width=device-width\"></head><body><main><h1>Cổng</h1>{body}</main></body></html>"
            ),
        );
    }

    /// Shows a whole page at `path`, under a policy of its own; none when that is empty.
    pub fn page_under(&self, path: &str, policy: &str, page: &str) {
        self.show(path, policy, "text/html; charset=utf-8", page.as_bytes());
    }

    /// Serves these bytes at `path`.
    pub fn show(&self, path: &str, policy: &str, content_type: &'static str, body: &[u8]) {
        let shown = Shown {
            policy: policy.to_owned(),
            content_type,
            body: body.to_owned(),
        };
        self.told().pages.insert(path.to_owned(), shown);
    }
}

fn answer(stream: TcpStream, told: &Mutex<Told>) {
    let Some(asked) = request(&stream) else {
        return;
    };
    let path = asked.path.clone();
    let (reply, shown) = {
        let mut told = told.lock().expect("no thread of the host panicked");
        told.asked.push(asked);
        let reply = told.replies.get_mut(&path).and_then(|left| {
            if left.len() > 1 {
                Some(left.remove(0))
            } else {
                left.first().cloned()
            }
        });
        (reply, told.pages.get(&path).cloned())
    };
    match reply {
        Some(Reply::With(status, content_type, body)) => {
            return send(&stream, status, content_type, POLICY, body.as_bytes());
        }
        Some(Reply::HangUp) => return,
        // Until the browser gives up.
        Some(Reply::Silence) => {
            let _ = (&stream).read(&mut [0; 1]);
            return;
        }
        None => {}
    }
    if let Some(shown) = shown {
        return send(&stream, 200, shown.content_type, &shown.policy, &shown.body);
    }
    let file: PathBuf = dist().join(path.trim_start_matches('/'));
    let content_type = content_type(&file);
    match std::fs::read(&file) {
        Ok(bytes) if !path.contains("..") => send(&stream, 200, content_type, POLICY, &bytes),
        _ => send(&stream, 404, "text/plain", POLICY, b"nothing here"),
    }
}

/// By the ending of its name.
#[must_use]
pub fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("html") => "text/html; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// Reads a request whole.
fn request(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.split('?').next()?.to_owned();
    let mut length = 0u64;
    let mut headers = String::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        headers.push_str(&header.to_ascii_lowercase());
    }
    let mut asked = Asked {
        path,
        headers,
        body: String::new(),
    };
    if let Some(value) = asked.header("content-length") {
        length = value.parse().ok()?;
    }
    let mut body = Vec::new();
    let read = reader.take(length).read_to_end(&mut body).ok()?;
    // Whoever died half-way has not asked.
    if (read as u64) < length {
        return None;
    }
    asked.body = String::from_utf8_lossy(&body).into_owned();
    Some(asked)
}

fn send(mut stream: &TcpStream, status: u16, content_type: &str, policy: &str, body: &[u8]) {
    let mut head = format!(
        "HTTP/1.1 {status} As told\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    );
    if !policy.is_empty() {
        head += &format!("content-security-policy: {policy}\r\n");
    }
    let _ = stream
        .write_all((head + "\r\n").as_bytes())
        .and_then(|()| stream.write_all(body));
}
