//! A real browser over WebDriver, and what a person does in it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests: to fail is its way of telling"
)]

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// What goes wrong between test and browser; every use of it ends the test.
pub type Problem = WebDriverError;

/// How long a person would wait for anything here. Only a failing test waits that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// Watches for what a strict policy refused and for errors nobody caught. The icon of a page is the browser's own wish.
const WATCH: &str = "window.__wrong = [];
    addEventListener('securitypolicyviolation', (e) => e.blockedURI.endsWith('/favicon.ico') || __wrong.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI));
    addEventListener('error', (e) => __wrong.push('error: ' + e.message));
    addEventListener('unhandledrejection', (e) => __wrong.push('rejection: ' + e.reason));";

/// The module the element itself would load: the same address, so the same instance.
const PART: &str = "const part = async (name) => import('/embed/' + (await (await fetch('/embed/v1/manifest.json')).json()).version + '/parts/' + name + '.js');";

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    /// Chromium: all journeys, and what only its own protocol can do ([`Page::cdp`]).
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

    fn capabilities(self) -> Capabilities {
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
}

/// A driver program, and the screen it needs.
struct Driver {
    _program: Group,
    _screen: Option<Group>,
}

impl Driver {
    async fn start(engine: Engine) -> (Self, String) {
        let named = std::env::var_os("CHROMEDRIVER").filter(|name| !name.is_empty());
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|probe| probe.local_addr())
            .expect("a free port")
            .port();
        let mut screen = None;
        let mut command = match engine {
            Engine::Blink => Command::new(named.unwrap_or_else(|| "chromedriver".into())),
            Engine::Gecko => {
                let mut command = Command::new("geckodriver");
                // Two more ports of its own, so that several run side by side.
                command.args(["--websocket-port", "0"]);
                command
            }
            Engine::WebKit => {
                let (group, display) = Self::screen();
                screen = Some(group);
                let mut command = Command::new("WebKitWebDriver");
                command
                    .env("DISPLAY", display)
                    .env_remove("WAYLAND_DISPLAY");
                command
            }
        };
        command.arg(format!("--port={port}")).stdout(Stdio::null());
        let driver = Self {
            _program: Group::spawn(&mut command),
            _screen: screen,
        };
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            tokio::task::yield_now().await;
        }
        (driver, format!("http://127.0.0.1:{port}"))
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
        let mut line = String::new();
        let out = group.0.stdout.take().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line)
            .expect("the number of the screen");
        (group, format!(":{}", line.trim()))
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

/// A page in a browser of its own.
pub struct Page {
    /// The session.
    pub driver: WebDriver,
    engine: Engine,
    by_script: bool,
    _program: Driver,
}

impl Drop for Page {
    fn drop(&mut self) {
        // The program is killed next: there is nobody left to say goodbye to.
        let _ = self.driver.clone().leak();
    }
}

impl Page {
    /// Opens a new browser at `url`.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn open(url: &str) -> Result<Self, Problem> {
        let page = Self::blank().await?;
        page.goto(url).await?;
        Ok(page)
    }

    /// A new browser that shows nothing yet, of the kind that was asked for.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn blank() -> Result<Self, Problem> {
        Self::of(Engine::asked()).await
    }

    /// A new browser of this kind.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn of(engine: Engine) -> Result<Self, Problem> {
        let (program, url) = Driver::start(engine).await;
        let driver = WebDriver::new(url, engine.capabilities()).await?;
        // axe takes long on a machine at work. Not the element's own patience: WebKit's driver waits by the page's clock,
        // which a test may have hurried.
        let patience = 3 * PATIENCE + Duration::from_secs(1);
        driver.set_script_timeout(patience).await?;
        let page = Self {
            driver,
            engine,
            by_script: false,
            _program: program,
        };
        if engine == Engine::Blink {
            let source = json!({ "source": WATCH });
            page.cdp("Page.addScriptToEvaluateOnNewDocument", source)
                .await?;
        }
        Ok(page)
    }

    /// Goes there. Other engines than Chromium watch for errors from here on, not from the first line of the page.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn goto(&self, url: &str) -> Result<(), Problem> {
        self.driver.goto(url).await?;
        if self.engine != Engine::Blink {
            self.driver.execute(WATCH, Vec::new()).await?;
        }
        Ok(())
    }

    /// From here on presses and types by script where the driver's own hands do not reach: WebKit's can neither focus nor
    /// press anything in a sandboxed document. What the page does with it is the same.
    #[must_use]
    pub fn sandboxed(mut self) -> Self {
        self.by_script = self.engine == Engine::WebKit;
        self
    }

    /// A command of the DevTools protocol.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn cdp(&self, method: &str, parameters: Value) -> Result<Value, Problem> {
        self.driver.cdp().send_raw(method, parameters).await
    }

    /// Runs a script in the page; `root` is the first element's shadow root, `part` imports what the element loads
    /// on demand.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn run(&self, script: &str) -> Result<Value, Problem> {
        let script = format!(
            "return (async () => {{ const host = document.querySelector('dung-hen'); const root = host && host.shadowRoot; {PART} {script} }})()"
        );
        Ok(self
            .driver
            .execute(script, Vec::new())
            .await?
            .json()
            .clone())
    }

    /// Waits until the script returns something true, and returns it.
    ///
    /// # Panics
    /// When that never happens; the message shows the element's text.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn until(&self, script: &str) -> Result<Value, Problem> {
        let begun = tokio::time::Instant::now();
        // Text that waits for its first frame has been drawn, but nobody sees it yet: style/case.css.
        let script = &format!(
            "if (!document.hidden && root?.querySelector('.dh-new .dh-card')) return false; {script}"
        );
        loop {
            let value = self.run(script).await?;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return Ok(value);
            }
            if begun.elapsed() > PATIENCE {
                let shown = self.run("return root ? root.querySelector('.dh')?.innerText : document.body.innerText").await?;
                panic!("never true: {script}\nshown: {shown}");
            }
            // A frame of the browser passes; the machine has two cores. A tab behind another draws none.
            let frame = "document.hidden ? setTimeout(arguments[0], 50) : requestAnimationFrame(() => arguments[0]())";
            self.driver.execute_async(frame, Vec::new()).await?;
        }
    }

    /// Waits for this text inside the element.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn sees(&self, text: &str) -> Result<(), Problem> {
        let script = format!(
            "return !!root && (root.querySelector('.dh')?.innerText || '').includes({})",
            json!(text)
        );
        self.until(&script).await.map(|_| ())
    }

    /// The text of the element, as shown.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn text(&self) -> Result<String, Problem> {
        let text = self
            .run("return root.querySelector('.dh').innerText")
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Something inside the first element's shadow root.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn find(&self, css: &str) -> Result<WebElement, Problem> {
        self.until(&format!(
            "return !!root && !!root.querySelector({})",
            json!(css)
        ))
        .await?;
        // Not through the driver's shadow roots: Firefox's does not take what the client asks of them.
        let script = format!(
            "return document.querySelector('dung-hen').shadowRoot.querySelector({})",
            json!(css)
        );
        self.driver.execute(script, Vec::new()).await?.element()
    }

    /// Presses the first visible thing that fits `css` and holds `text`.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn press(&self, css: &str, text: &str) -> Result<(), Problem> {
        let pick = format!(
            "return [...root.querySelectorAll({})].find((e) => e.innerText.includes({}) && e.checkVisibility())",
            json!(css),
            json!(text)
        );
        self.until(&pick.replacen("return ", "return !!", 1))
            .await?;
        if self.by_script {
            let press = format!("{}.click()", pick.replacen("return ", "", 1));
            return self.run(&press).await.map(|_| ());
        }
        let script = format!("const root = document.querySelector('dung-hen').shadowRoot; {pick}");
        let element = self.driver.execute(script, Vec::new()).await?.element()?;
        element.scroll_into_view().await?;
        element.click().await
    }

    /// Types code and proof into the form and sends it with the Enter key.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn look_up(&self, case_code: &str, proof: &str) -> Result<(), Problem> {
        if self.by_script {
            let type_in = format!(
                "for (const [name, value] of {}) {{
                    const field = root.querySelector(`input[name=${{name}}]`);
                    field.value = value;
                    field.dispatchEvent(new Event('input', {{ bubbles: true, composed: true }}));
                 }}
                 root.querySelector('form').requestSubmit()",
                json!([["case_code", case_code], ["proof", proof]])
            );
            return self.run(&type_in).await.map(|_| ());
        }
        for (name, value) in [("case_code", case_code), ("proof", proof)] {
            let field = self.find(&format!("input[name={name}]")).await?;
            field.clear().await?;
            // WebKit's driver takes no empty text.
            if !value.is_empty() {
                field.send_keys(value).await?;
            }
        }
        self.find("input[name=proof]")
            .await?
            .send_keys(Key::Enter + "")
            .await
    }

    /// Waits until the element has its form.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn has_form(&self) -> Result<(), Problem> {
        self.until("return !!root && !!root.querySelector('form')")
            .await
            .map(drop)
    }

    /// Waits until the server's own page shows a case to its holder: where the element could not.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn sees_the_plain_case(&self) -> Result<(), Problem> {
        self.until("return location.pathname === '/tra-cuu' && document.body.innerText.includes('Vì sao là ngày này')")
            .await
            .map(drop)
    }

    /// The look-up of a sample case, as its holder, until it is on screen.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn look_up_situation(&self, key: &str) -> Result<crate::Situation, Problem> {
        let one = crate::situation(key);
        self.look_up(&one.case_code, &one.proof).await?;
        self.until(&format!(
            "return root.querySelector('.dh-holder')?.innerText.includes({})",
            json!(one.case_code)
        ))
        .await?;
        Ok(one)
    }

    /// Asserts that axe finds nothing, with every rule on, colour contrast too.
    ///
    /// # Panics
    /// When it finds something; the message names rule and place.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn axe(&self, state: &str) -> Result<(), Problem> {
        self.axe_of("html", state).await
    }

    /// The same for what fits `css`, where the rest of the page is not ours to judge.
    ///
    /// # Panics
    /// When it finds something; the message names rule and place.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn axe_of(&self, css: &str, state: &str) -> Result<(), Problem> {
        let path = std::env::var("AXE_JS").unwrap_or_else(|_| {
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../node_modules/axe-core/axe.min.js"
            )
            .to_owned()
        });
        let axe = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{path}: {error}; npm ci"));
        if self.run("return typeof axe === 'undefined'").await? == json!(true) {
            self.driver.execute(axe, Vec::new()).await?;
        }
        let script = "const [css, done] = arguments;
            axe.run(document.querySelector(css), { resultTypes: ['violations'] }).then((found) => done(found.violations.map((one) =>
                one.id + ': ' + one.nodes.map((node) => node.target.join(' ') + ' ' + node.failureSummary).join(' | '))),
                (error) => done(['axe failed: ' + error]))";
        let found: Vec<String> = self
            .driver
            .execute_async(script, vec![json!(css)])
            .await?
            .convert()?;
        assert!(
            found.is_empty(),
            "axe in state “{state}”:\n{}",
            found.join("\n")
        );
        Ok(())
    }

    /// Asserts that nothing was refused by the policy and no error went uncaught.
    ///
    /// # Panics
    /// When something was.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn nothing_wrong(&self) -> Result<(), Problem> {
        assert_eq!(self.run("return window.__wrong || []").await?, json!([]));
        Ok(())
    }

    /// Gives the page this width in CSS pixels; in other engines than Chromium the window, which may stay wider.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn width(&self, width: u32) -> Result<(), Problem> {
        if self.engine != Engine::Blink {
            return self.driver.set_window_rect(0, 0, width, 800).await;
        }
        let metrics =
            json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await
            .map(|_| ())
    }

    /// Asserts that nothing reaches past the right edge.
    ///
    /// # Panics
    /// When something does; the message names it.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn no_sideways_scroll(&self) -> Result<(), Problem> {
        let wide = self
            .run("const limit = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= limit) return [];
                return [...document.querySelectorAll('*'), ...(root ? root.querySelectorAll('*') : [])]
                    .filter((e) => e.getBoundingClientRect().right > limit + 1).map((e) => e.tagName + '.' + e.className)")
            .await?;
        assert_eq!(wide, json!([]));
        Ok(())
    }

    /// Closes the browser.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn close(self) -> Result<(), Problem> {
        self.driver.clone().quit().await
    }
}
