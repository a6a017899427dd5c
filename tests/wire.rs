//! The wire between a browser and the real server, in every engine alike. It can be cut: what is cut gets no answer, and
//! the server never hears of it. It can hold an answer up. And it can lay a script before all others of the portal's page,
//! where a test changes what the page finds in its browser.

#![expect(
    clippy::expect_used,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

use crate::server::Server;

/// Where the script stands that comes first.
const FIRST: &str = "/first.js";

#[derive(Default)]
struct Rules {
    cut: Vec<String>,
    held: Vec<String>,
    first: Option<String>,
}

#[derive(Default)]
struct Shared {
    rules: Mutex<Rules>,
    changed: Condvar,
}

impl Shared {
    fn change(&self, what: impl FnOnce(&mut Rules)) {
        what(&mut self.rules.lock().expect("the rules"));
        self.changed.notify_all();
    }
}

/// An address that leads to the server.
pub struct Wire {
    address: String,
    shared: Arc<Shared>,
}

impl Wire {
    /// To this server, on a port of its own; ends with the process.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn to(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let far = server.url().replace("http://", "");
        let shared: Arc<Shared> = Arc::default();
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let (far, shared) = (far.clone(), Arc::clone(&shared));
                std::thread::spawn(move || carry(&near, &far, &shared));
            }
        });
        Self {
            address,
            shared: own,
        }
    }

    /// Where the server is for the browser.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on exactly these paths are cut; by an empty list none.
    pub fn cut(&self, paths: &[&str]) {
        self.shared
            .change(|rules| rules.cut = paths.iter().map(|&path| path.to_owned()).collect());
    }

    /// From now on the answers to exactly these paths are held up; by an empty list they go.
    pub fn hold(&self, paths: &[&str]) {
        self.shared
            .change(|rules| rules.held = paths.iter().map(|&path| path.to_owned()).collect());
    }

    /// From now on the portal's page runs this script before any other; by an empty one, none.
    pub fn first(&self, script: &str) {
        self.shared
            .change(|rules| rules.first = (!script.is_empty()).then(|| script.to_owned()));
    }
}

/// One request and its answer. The connection ends with them, so that each request can be cut.
fn carry(mut near: &TcpStream, far: &str, shared: &Shared) -> Option<()> {
    let mut reader = BufReader::new(near);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.split('?').next()?.to_owned();
    let (cut, first) = {
        let rules = shared.rules.lock().ok()?;
        (rules.cut.contains(&path), rules.first.clone())
    };
    let shows_first = first.is_some() && path == "/";
    let (mut head, mut length) = (line, 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        let name = name.to_ascii_lowercase();
        // A page that a script is to be laid into comes whole and as text.
        let whole = ["accept-encoding", "if-none-match", "if-modified-since"];
        if name == "connection" || shows_first && whole.contains(&&*name) {
            continue;
        }
        if name == "content-length" {
            length = value.trim().parse().ok()?;
        }
        head += &line;
    }
    if cut {
        return near.shutdown(std::net::Shutdown::Both).ok();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    if let Some(script) = first.as_deref().filter(|_| path == FIRST) {
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/javascript\r\ncache-control: no-store\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{script}",
            script.len()
        );
        return near.write_all(answer.as_bytes()).ok();
    }
    let mut server = TcpStream::connect(far).ok()?;
    server
        .write_all(format!("{head}connection: close\r\n\r\n").as_bytes())
        .ok()?;
    server.write_all(&body).ok()?;
    drop(
        shared
            .changed
            .wait_while(shared.rules.lock().ok()?, |rules| {
                rules.held.contains(&path)
            }),
    );
    if shows_first {
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).ok()?;
        near.write_all(&with_first(&answer)).ok()?;
    } else {
        std::io::copy(&mut server, &mut near).ok()?;
    }
    near.shutdown(std::net::Shutdown::Both).ok()
}

/// The answer that shows a page, with the script before everything in its head.
fn with_first(answer: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(answer);
    let (head, page) = text.split_once("\r\n\r\n").expect("a head and a page");
    assert!(
        !head.to_ascii_lowercase().contains("transfer-encoding"),
        "a page of a known length"
    );
    let head: Vec<_> = head
        .lines()
        .filter(|line| {
            // Nor is it kept: the next one may have another script.
            let line = line.to_ascii_lowercase();
            !["content-length:", "etag:", "last-modified:"]
                .iter()
                .any(|name| line.starts_with(name))
        })
        .collect();
    let at = page.find("<head>").expect("a head") + "<head>".len();
    let (before, after) = page.split_at(at);
    let page = format!("{before}<script src=\"{FIRST}\"></script>{after}");
    format!(
        "{}\r\ncontent-length: {}\r\n\r\n{page}",
        head.join("\r\n"),
        page.len()
    )
    .into_bytes()
}
