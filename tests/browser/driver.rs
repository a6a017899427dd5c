//! The programs behind a page: which browser, its driver, and the screen it needs.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    /// Chromium: all journeys, and what only its own protocol can do ([`super::Page::cdp`]).
    Blink,
    /// Firefox ESR.
    Gecko,
    /// WebKitGTK's MiniBrowser, on a screen of its own: it has no mode without one.
    WebKit,
}

impl Engine {
    /// The one named in `DUNG_HEN_ENGINE` (`gecko`, `webkit`), else Chromium.
    #[must_use]
    pub fn asked() -> Self {
        match std::env::var("DUNG_HEN_ENGINE").as_deref() {
            Ok("gecko") => Self::Gecko,
            Ok("webkit") => Self::WebKit,
            _ => Self::Blink,
        }
    }

    pub(super) fn capabilities(self) -> Capabilities {
        let chromium = std::env::var("CHROMIUM")
            .ok()
            .filter(|name| !name.is_empty());
        let wanted = match self {
            Self::Blink => {
                let mut options = json!({ "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
                    "--window-size=1280,900",
                ] });
                if let Some(program) = chromium {
                    options["binary"] = json!(program);
                }
                json!({ "browserName": "chrome", "goog:chromeOptions": options })
            }
            Self::Gecko => json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": "/usr/bin/firefox-esr",
                    "args": ["-headless", "--width=1280", "--height=900"],
                    // The tests bring their own network: nothing else is asked of it.
                    "prefs": { "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false },
                },
            }),
            Self::WebKit => json!({ "browserName": "MiniBrowser" }),
        };
        match wanted {
            Value::Object(map) => map.into(),
            _ => panic!("capabilities are an object"),
        }
    }
}

/// Programs that end with the value: each leads a group of its own, so what it started ends with it, after a failed
/// test too.
struct Group(Child);

impl Group {
    fn spawn(command: &mut Command) -> Self {
        let name = command.get_program().to_owned();
        let child = command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{}: {error}; scripts/tools browser engines", name.display())
            });
        Self(child)
    }

    /// What follows these words in what the program says, up to the end of that word; `None` where it ends before. What it
    /// says later is read, too, and forgotten: a full pipe would hold it up.
    fn said(&mut self, before: &str) -> Option<String> {
        let mut lines = BufReader::new(self.0.stdout.take().expect("its output")).lines();
        let mut word = None;
        for line in lines.by_ref().map_while(Result::ok) {
            word = line
                .split_once(before)
                .and_then(|(_, rest)| rest.split_whitespace().next())
                .map(|word| word.trim_end_matches('.').to_owned());
            if word.is_some() {
                break;
            }
        }
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        word
    }
}

/// A driver program, and the screen it needs.
pub(super) struct Driver {
    _program: Group,
    _screen: Option<Group>,
}

impl Driver {
    /// Starts it on a port that the system gives it, where it can tell which; its address.
    pub(super) async fn start(engine: Engine) -> (Self, String) {
        let (program, screen, port) = match engine {
            Engine::Blink => {
                let named = std::env::var_os("CHROMEDRIVER").filter(|name| !name.is_empty());
                let name = named.unwrap_or_else(|| "chromedriver".into());
                let (program, port) =
                    Self::listening(&name, &["--port=0"], "started successfully on port ");
                (program, None, port)
            }
            Engine::Gecko => {
                // Two more ports of its own, so that several run side by side.
                let ports = ["--port=0", "--websocket-port=0"];
                let (program, port) =
                    Self::listening("geckodriver".as_ref(), &ports, "Listening on 127.0.0.1:");
                (program, None, port)
            }
            Engine::WebKit => {
                let (screen, display) = Self::screen();
                let (program, port) = Self::webkit(&display).await;
                (program, Some(screen), port.to_string())
            }
        };
        let driver = Self {
            _program: program,
            _screen: screen,
        };
        (driver, format!("http://127.0.0.1:{port}"))
    }

    /// Starts a driver that says where it listens. On a busy machine one now and then ends before it does: then it is
    /// started again.
    fn listening(name: &OsStr, arguments: &[&str], before: &str) -> (Group, String) {
        for _ in 0..5 {
            let mut command = Command::new(name);
            let mut program = Group::spawn(command.args(arguments).stdout(Stdio::piped()));
            if let Some(port) = program.said(before) {
                return (program, port);
            }
        }
        panic!("{} ends without a word of “{before}”", name.display());
    }

    /// WebKit's driver does not tell its port, so it is given one; where another program was quicker, another one.
    async fn webkit(display: &str) -> (Group, u16) {
        loop {
            let port = std::net::TcpListener::bind("127.0.0.1:0")
                .and_then(|probe| probe.local_addr())
                .expect("a free port")
                .port();
            let mut group = Group::spawn(
                Command::new("WebKitWebDriver")
                    .arg(format!("--port={port}"))
                    .env("DISPLAY", display)
                    .env_remove("WAYLAND_DISPLAY")
                    .stdout(Stdio::null()),
            );
            while group.0.try_wait().is_ok_and(|ended| ended.is_none()) {
                if tokio::net::TcpStream::connect(("127.0.0.1", port))
                    .await
                    .is_ok()
                {
                    return (group, port);
                }
                // The machine has few cores, and the driver needs one to begin.
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }

    /// A screen in memory, with a number that is free.
    fn screen() -> (Group, String) {
        let mut group = Group::spawn(
            Command::new("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1280x900x24",
                    "-nolisten",
                    "tcp",
                ])
                .stdout(Stdio::piped()),
        );
        let display = group.said("").expect("the number of the screen");
        (group, format!(":{display}"))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", self.0.id())])
            .status();
        let _ = self.0.wait();
    }
}
