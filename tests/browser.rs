//! A real browser over WebDriver, and what a person does in it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests: to fail is its way of telling"
)]

mod driver;
mod paper;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::error::{WebDriverErrorInner as Why, no_such_element};
use thirtyfour::extensions::query::ElementPollerWithTimeout;
use thirtyfour::prelude::*;

use driver::Driver;
pub use driver::{Engine, Wish, chromium_only, left_out};

/// What goes wrong between test and browser; every use of it ends the test.
pub type Problem = WebDriverError;

/// How many times slower the pages of Chromium run than this machine, as `DUNG_HEN_SLOWER` says: what merely tends to
/// be there in time comes too late then. Everybody's patience grows with it.
fn slower() -> u32 {
    let asked = std::env::var("DUNG_HEN_SLOWER").ok();
    asked
        .and_then(|times| times.parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// How long a person would wait for anything here. Only a failing test waits that long.
fn patience() -> Duration {
    Duration::from_secs(20) * slower()
}

/// A frame of the browser passes; the machine has two cores. A tab behind another draws none.
const FRAME: &str = "document.hidden ? setTimeout(arguments[0], 50) : requestAnimationFrame(() => setTimeout(arguments[0]))";

/// What was to be looked at or pressed went while it was: drawn anew, covered, or gone with its page. A person looks again.
fn slipped(problem: &Problem) -> bool {
    match problem.as_inner() {
        Why::StaleElementReference(_)
        | Why::ElementClickIntercepted(_)
        | Why::ElementNotInteractable(_)
        | Why::NoSuchElement(_) => true,
        // The three engines have no word in common for a page that is left while its script runs.
        Why::JavascriptError(info)
        | Why::UnknownError(info)
        | Why::NoSuchWindow(info)
        | Why::NoSuchFrame(info) => {
            let told = info.to_string();
            ["unload", "navigation", "execution context"]
                .iter()
                .any(|word| told.contains(word))
        }
        _ => false,
    }
}

/// Watches for what a strict policy refused and for errors nobody caught. The icon of a page is the browser's own wish.
const WATCH: &str = "window.__wrong = [];
    addEventListener('securitypolicyviolation', (e) => e.blockedURI.endsWith('/favicon.ico') || __wrong.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI));
    addEventListener('error', (e) => __wrong.push('error: ' + e.message));
    addEventListener('unhandledrejection', (e) => __wrong.push('rejection: ' + e.reason));";

/// The module the element itself would load: the same address, so the same instance.
const PART: &str = "const part = async (name) => import('/embed/' + (await (await fetch('/embed/v1/manifest.json')).json()).version + '/parts/' + name + '.js');";

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

    /// The same for somebody who has set it so.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn wishing(wish: Wish) -> Result<Self, Problem> {
        Self::as_wished(Engine::asked(), Some(wish)).await
    }

    /// A new browser of this kind.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn of(engine: Engine) -> Result<Self, Problem> {
        Self::as_wished(engine, None).await
    }

    async fn as_wished(engine: Engine, wish: Option<Wish>) -> Result<Self, Problem> {
        // A browser that a busy machine does not let begin within the driver's minute is begun again.
        let mut last = Self::begin(engine, wish).await;
        for _ in 0..2 {
            match &last {
                Err(problem) if matches!(problem.as_inner(), Why::SessionNotCreated(_)) => {
                    last = Self::begin(engine, wish).await;
                }
                _ => break,
            }
        }
        last
    }

    async fn begin(engine: Engine, wish: Option<Wish>) -> Result<Self, Problem> {
        let (program, url) = Driver::start(engine, wish).await;
        // axe takes long on a machine at work. Not the element's own patience: WebKit's driver waits by the page's clock,
        // which a test may have hurried.
        let longest = 3 * patience() + Duration::from_secs(1);
        let poller = ElementPollerWithTimeout::new(patience(), Duration::from_millis(50));
        let driver = WebDriver::builder(url, engine.capabilities(wish))
            .request_timeout(2 * longest)
            .poller(Arc::new(poller))
            .await?;
        driver.set_script_timeout(longest).await?;
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
            match wish {
                Some(Wish::NoScripts) => {
                    let off = json!({ "value": true });
                    page.cdp("Emulation.setScriptExecutionDisabled", off)
                        .await?;
                }
                Some(wish) => {
                    let (name, value) = wish.media();
                    let features = json!({ "features": [{ "name": name, "value": value }] });
                    page.cdp("Emulation.setEmulatedMedia", features).await?;
                }
                None => {}
            }
        }
        page.slow_down().await?;
        if engine == Engine::Gecko {
            page.open_a_plain_window().await?;
        }
        Ok(page)
    }

    /// Firefox's own windows are never narrower than what stands in their bars; one without bars is.
    async fn open_a_plain_window(&self) -> Result<(), Problem> {
        let opened = "open('about:blank', '', 'popup,width=1280,height=900')";
        self.driver.execute(opened, Vec::new()).await?;
        let first = self.driver.window().await?;
        for window in self.driver.windows().await? {
            if window != first {
                self.driver.close_window().await?;
                return self.driver.switch_to_window(window).await;
            }
        }
        panic!("no window without bars");
    }

    /// The tab that is at hand runs as on a slower machine, whatever it goes to.
    async fn slow_down(&self) -> Result<(), Problem> {
        if self.engine == Engine::Blink && slower() > 1 {
            let rate = json!({ "rate": slower() });
            self.cdp("Emulation.setCPUThrottlingRate", rate).await?;
        }
        Ok(())
    }

    /// Opens another tab and goes on there; the handle of the one before.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn another_tab(&self) -> Result<WindowHandle, Problem> {
        let before = self.driver.window().await?;
        // Firefox's window without bars has no place for a second tab.
        let tab = if self.engine == Engine::Gecko {
            self.driver.new_window().await?
        } else {
            self.driver.new_tab().await?
        };
        self.driver.switch_to_window(tab).await?;
        self.slow_down().await?;
        Ok(before)
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
    /// # Panics
    /// In another engine than Chromium: a journey that cannot do without begins with [`chromium_only`].
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn cdp(&self, method: &str, parameters: Value) -> Result<Value, Problem> {
        let engine = self.engine;
        assert_eq!(engine, Engine::Blink, "{method} is Chromium's own");
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
        let done = self.driver.execute(&*script, Vec::new()).await;
        let done = done.inspect_err(|problem| {
            if !slipped(problem) {
                eprintln!("in {script}");
            }
        });
        Ok(done?.json().clone())
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
            // Also after a machine has stood still for as long, it is looked once more.
            let waited = begun.elapsed();
            let value = match self.run(script).await {
                Err(problem) if slipped(&problem) => Value::Null,
                value => value?,
            };
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return Ok(value);
            }
            if waited > patience() {
                let shown = self.run("return root ? root.querySelector('.dh')?.innerText : document.body.innerText").await?;
                panic!("never true: {script}\nshown: {shown}");
            }
            self.frame().await?;
        }
    }

    /// Waits until what was begun in this frame has been drawn.
    async fn frame(&self) -> Result<(), Problem> {
        match self.driver.execute_async(FRAME, Vec::new()).await {
            Err(problem) if !slipped(&problem) => Err(problem),
            _ => Ok(()),
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
        // Not through the driver's shadow roots: Firefox's does not take what the client asks of them.
        let script = format!(
            "return document.querySelector('dung-hen').shadowRoot.querySelector({})",
            json!(css)
        );
        loop {
            self.until(&format!(
                "return !!root && !!root.querySelector({})",
                json!(css)
            ))
            .await?;
            let found = self.driver.execute(&*script, Vec::new()).await?;
            // Else it has just been drawn anew.
            if !found.json().is_null() {
                return found.element();
            }
        }
    }

    /// Something on a page that is still on its way, where no page runs a script.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn arrives(&self, css: &str) -> Result<WebElement, Problem> {
        let begun = tokio::time::Instant::now();
        loop {
            match self.driver.query(By::Css(css)).first().await {
                Err(problem) if slipped(&problem) && begun.elapsed() < patience() => {}
                found => return found,
            }
        }
    }

    /// Presses the first visible thing that fits `css` and holds `text`, as soon as it stands still. What is drawn anew
    /// under the finger is pressed again: the first press has not met it.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn press(&self, css: &str, text: &str) -> Result<(), Problem> {
        let pick = format!(
            "[...root.querySelectorAll({})].find((e) => e.innerText.includes({}) && (e.checkVisibility ? e.checkVisibility() : e.getClientRects().length))",
            json!(css),
            json!(text)
        );
        // One place in two frames: what comes above it does not push it away from under the finger.
        let still = format!(
            "const pick = () => {pick}, found = pick();
             if (!found) return false;
             found.scrollIntoView({{ block: 'center', behavior: 'instant' }});
             const place = () => {{ const box = found.getBoundingClientRect(); return [box.x, box.y, box.width, box.height].join() }}, before = place();
             for (let frames = 0; frames < 2 && !document.hidden; frames++) await new Promise(requestAnimationFrame);
             return pick() === found && place() === before"
        );
        let begun = tokio::time::Instant::now();
        loop {
            self.until(&still).await?;
            let pressed = self.press_once(&pick).await;
            match pressed {
                Err(problem) if slipped(&problem) && begun.elapsed() < patience() => {}
                pressed => return pressed,
            }
        }
    }

    async fn press_once(&self, pick: &str) -> Result<(), Problem> {
        if self.by_script {
            return self.run(&format!("{pick}.click()")).await.map(|_| ());
        }
        let script =
            format!("const root = document.querySelector('dung-hen').shadowRoot; return {pick}");
        let found = self.driver.execute(script, Vec::new()).await?;
        if found.json().is_null() {
            return Err(no_such_element("what was to be pressed".to_owned()));
        }
        found.element()?.click().await
    }

    /// Types code and proof into the form and sends it with the Enter key.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn look_up(&self, case_code: &str, proof: &str) -> Result<(), Problem> {
        // What has just been shown takes the focus with its first frame: nobody types faster.
        self.frame().await?;
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
        self.until("return location.pathname === '/tra-cuu' && !!document.body?.innerText.includes('Vì sao là ngày này')")
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

    /// Gives the page this width in CSS pixels.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn width(&self, width: u32) -> Result<(), Problem> {
        if self.engine == Engine::Blink {
            let metrics =
                json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
            self.cdp("Emulation.setDeviceMetricsOverride", metrics)
                .await?;
        } else {
            self.driver.set_window_rect(0, 0, width, 800).await?;
        }
        self.until(&format!("return innerWidth === {width}"))
            .await
            .map(drop)
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
