//! A host of our own for what the real server never does: answers of a newer server, nonsense, silence.
//! It serves the built element under the same policy and answers the API as told.

#![expect(
    clippy::expect_used,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::server::dist;

const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";

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

/// The misbehaving host.
pub struct Host {
    address: String,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    pages: Arc<Mutex<HashMap<String, String>>>,
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
        let replies: Arc<Mutex<HashMap<String, Reply>>> = Arc::default();
        let pages: Arc<Mutex<HashMap<String, String>>> = Arc::default();
        let (told, shown) = (Arc::clone(&replies), Arc::clone(&pages));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (told, shown) = (Arc::clone(&told), Arc::clone(&shown));
                std::thread::spawn(move || answer(stream, &told, &shown));
            }
        });
        Self {
            address,
            replies,
            pages,
        }
    }

    /// The address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers `path` (such as `/api/v1/lookup`) so from now on.
    ///
    /// # Panics
    /// When a thread of the host panicked.
    pub fn reply(&self, path: &str, reply: Reply) {
        self.replies
            .lock()
            .expect("replies")
            .insert(path.to_owned(), reply);
    }

    /// Shows this body as a page at `path`.
    ///
    /// # Panics
    /// When a thread of the host panicked.
    pub fn page(&self, path: &str, body: &str) {
        let page = format!(
            "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Cổng</title>\
             <meta name=\"viewport\" content=\"width=device-width\"></head><body><main><h1>Cổng</h1>{body}</main></body></html>"
        );
        self.pages
            .lock()
            .expect("pages")
            .insert(path.to_owned(), page);
    }
}

fn answer(
    stream: TcpStream,
    replies: &Mutex<HashMap<String, Reply>>,
    pages: &Mutex<HashMap<String, String>>,
) {
    let Some(path) = request(&stream) else { return };
    if let Some(reply) = replies.lock().expect("replies").get(&path).cloned() {
        return match reply {
            Reply::With(status, content_type, body) => {
                send(&stream, status, content_type, body.as_bytes())
            }
            Reply::HangUp => (),
            // Until the browser gives up.
            Reply::Silence => {
                let _ = (&stream).read(&mut [0; 1]);
            }
        };
    }
    if let Some(page) = pages.lock().expect("pages").get(&path) {
        return send(&stream, 200, "text/html; charset=utf-8", page.as_bytes());
    }
    let file: PathBuf = dist().join(path.trim_start_matches('/'));
    let content_type = match file.extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("html") => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
    match std::fs::read(&file) {
        Ok(bytes) if !path.contains("..") => send(&stream, 200, content_type, &bytes),
        _ => send(&stream, 404, "text/plain", b"nothing here"),
    }
}

/// Reads a request whole, and returns its path.
fn request(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.split('?').next()?.to_owned();
    let mut length = 0u64;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
    Some(path)
}

fn send(mut stream: &TcpStream, status: u16, content_type: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {status} As told\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\
         content-security-policy: {POLICY}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body));
}
