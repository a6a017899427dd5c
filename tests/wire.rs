//! The wire between a browser and the real server, where it can be cut: what is cut gets no answer, in every engine
//! alike, and the server never hears of it.

#![expect(
    clippy::expect_used,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::server::Server;

/// An address that leads to the server.
pub struct Wire {
    address: String,
    cut: Arc<Mutex<Vec<String>>>,
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
        let cut: Arc<Mutex<Vec<String>>> = Arc::default();
        let shared = Arc::clone(&cut);
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let (far, cut) = (far.clone(), Arc::clone(&shared));
                std::thread::spawn(move || carry(&near, &far, &cut));
            }
        });
        Self { address, cut }
    }

    /// Where the server is for the browser.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on exactly these paths are cut; by an empty list none.
    ///
    /// # Panics
    /// Never: no thread panics while it holds the list.
    pub fn cut(&self, paths: &[&str]) {
        let paths = paths.iter().map(|&path| path.to_owned()).collect();
        *self.cut.lock().expect("the list") = paths;
    }
}

/// One request and its answer. The connection ends with them, so that each request can be cut.
fn carry(near: &TcpStream, far: &str, cut: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(near);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let path = first.split(' ').nth(1)?.split('?').next()?;
    let (mut head, mut length) = (first.clone(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("connection") {
            continue;
        }
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        head += &line;
    }
    if cut.lock().ok()?.iter().any(|one| one == path) {
        return near.shutdown(std::net::Shutdown::Both).ok();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut server = TcpStream::connect(far).ok()?;
    server
        .write_all(format!("{head}connection: close\r\n\r\n").as_bytes())
        .ok()?;
    server.write_all(&body).ok()?;
    std::io::copy(&mut server, &mut &*near).ok()?;
    near.shutdown(std::net::Shutdown::Both).ok()
}
