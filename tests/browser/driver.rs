//! The programs behind a page: which browser, its driver, and the screen it needs.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
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

/// Whether this journey is left out in the browser that was asked for, because that browser cannot be told to do what the
/// journey needs, or has nothing of the kind; the reason stands in the log, whether the journeys pass or fail.
#[must_use]
pub fn left_out(engines: &[Engine], why: &str) -> bool {
    let engine = Engine::asked();
    let left_out = engines.contains(&engine);
    if left_out {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or_default();
        // Not `eprintln!`: what a passing test prints is thrown away.
        let line = format!("left out in {engine:?}: {name}: {why}\n");
        let _ = std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes());
    }
    left_out
}

/// The same for a journey that needs a command which only Chromium's own protocol has ([`super::Page::cdp`]).
#[must_use]
pub fn chromium_only(why: &str) -> bool {
    left_out(&[Engine::Gecko, Engine::WebKit], why)
}

/// What a person has set in the browser or the system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    /// A dark scheme.
    Dark,
    /// As little motion as possible.
    LessMotion,
    /// A few colours of the person's own. WebKitGTK has nothing of the kind.
    ForcedColours,
    /// No page runs a script; the driver's own still do, in every engine.
    NoScripts,
}

impl Wish {
    /// The feature of media that tells a page of it, and its value.
    pub(super) fn media(self) -> (&'static str, &'static str) {
        match self {
            Self::Dark => ("prefers-color-scheme", "dark"),
            Self::LessMotion => ("prefers-reduced-motion", "reduce"),
            Self::ForcedColours => ("forced-colors", "active"),
            Self::NoScripts => ("scripting", "none"),
        }
    }

    /// Firefox's setting, and its value.
    fn preference(self) -> (&'static str, Value) {
        match self {
            Self::Dark => ("layout.css.prefers-color-scheme.content-override", json!(0)),
            Self::LessMotion => ("ui.prefersReducedMotion", json!(1)),
            Self::ForcedColours => ("browser.display.document_color_use", json!(2)),
            Self::NoScripts => ("javascript.enabled", json!(false)),
        }
    }
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

    pub(super) fn capabilities(self, wish: Option<Wish>) -> Capabilities {
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
            Self::Gecko => {
                // The tests bring their own network: nothing else is asked of it.
                let mut preferences = json!({ "network.captive-portal-service.enabled": false, "network.connectivity-service.enabled": false });
                if let Some((name, value)) = wish.map(Wish::preference) {
                    preferences[name] = value;
                }
                json!({
                    "browserName": "firefox",
                    "moz:firefoxOptions": {
                        "binary": "/usr/bin/firefox-esr",
                        "args": ["-headless", "--width=1280", "--height=900"],
                        "prefs": preferences,
                    },
                })
            }
            Self::WebKit => {
                let mut arguments = vec!["--automation"];
                match wish {
                    Some(Wish::Dark) => arguments.push("--dark-mode"),
                    Some(Wish::NoScripts) => arguments.push("--enable-javascript-markup=false"),
                    Some(Wish::LessMotion | Wish::ForcedColours) | None => {}
                }
                json!({ "browserName": "MiniBrowser", "webkitgtk:browserOptions": { "args": arguments } })
            }
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

/// A driver program, and the screen and the settings it needs.
pub(super) struct Driver {
    _program: Group,
    _desk: Option<(Group, tempfile::TempDir)>,
}

/// The bars of WebKit's browser as small as can be, so that its windows are as narrow as a phone.
const SMALL: &str = "* { min-width: 0; margin: 0; padding: 0; border-width: 0; font-size: 1px; -gtk-icon-transform: scale(.1); }";

impl Driver {
    /// Starts it on a port that the system gives it, where it can tell which; its address.
    pub(super) async fn start(engine: Engine, wish: Option<Wish>) -> (Self, String) {
        let (program, desk, port) = match engine {
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
                let settings = Self::settings(wish);
                let (program, port) = Self::webkit(&display, settings.path()).await;
                (program, Some((screen, settings)), port.to_string())
            }
        };
        let driver = Self {
            _program: program,
            _desk: desk,
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
    async fn webkit(display: &str, settings: &Path) -> (Group, u16) {
        loop {
            let port = std::net::TcpListener::bind("127.0.0.1:0")
                .and_then(|probe| probe.local_addr())
                .expect("a free port")
                .port();
            let mut group = Group::spawn(
                Command::new("WebKitWebDriver")
                    .arg(format!("--port={port}"))
                    .env("DISPLAY", display)
                    .env("XDG_CONFIG_HOME", settings)
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

    /// What the system is set to.
    fn settings(wish: Option<Wish>) -> tempfile::TempDir {
        let settings = tempfile::tempdir().expect("a directory");
        let gtk = settings.path().join("gtk-3.0");
        let moving = i32::from(wish != Some(Wish::LessMotion));
        let moving = format!("[Settings]\ngtk-enable-animations={moving}\n");
        std::fs::create_dir(&gtk)
            .and_then(|()| std::fs::write(gtk.join("gtk.css"), SMALL))
            .and_then(|()| std::fs::write(gtk.join("settings.ini"), moving))
            .expect("settings");
        settings
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
