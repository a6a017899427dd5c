//! A running server, a client, and cases to ask for.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use dung_hen_server::clock::Clock;
use dung_hen_server::config::Province;
use dung_hen_server::connector::intake::import_text;
use dung_hen_server::guard::Guard;
use dung_hen_server::http::Http;
use dung_hen_server::http::limits::Limits;
use dung_hen_server::http::serve::serve;
use dung_hen_server::keys::Keys;
use dung_hen_server::reference::Reference;
use dung_hen_server::routes::{router, service};
use dung_hen_server::state::{AppState, Parts, connector_key_from};
use dung_hen_server::store::Store;
use dung_hen_server::waiting::Waiting;
use serde_json::{Value, json};

#[path = "../../../../tests/citizen.rs"]
mod citizen;
pub(crate) use citizen::{Citizen, rating};

#[path = "../../../../tests/until.rs"]
#[expect(unreachable_pub, reason = "other tests use it too")]
mod until;
pub(crate) use until::{PATIENCE, until};

#[path = "../../../../tests/postgres.rs"]
#[expect(dead_code, unreachable_pub, reason = "other tests use the rest of it")]
mod postgres;

/// One cluster for all tests of this process, where `DUNG_HEN_TEST_DATABASE=postgres` asks for it.
static CLUSTER: LazyLock<Option<postgres::Cluster>> = LazyLock::new(|| {
    std::env::var("DUNG_HEN_TEST_DATABASE")
        .is_ok_and(|kind| kind == "postgres")
        .then(|| postgres::Cluster::start(false))
});

/// The clock of all these tests: Thursday 15 October 2026.
pub(crate) const NOW: &str = "2026-10-15T09:00:00+07:00";

/// The secret of the portal that signs with HS256.
pub(crate) const PORTAL_SECRET: &str = "a secret of the portal, long enough";
/// The key shared with portals: 32 zero bytes.
pub(crate) static IDENTITY_KEY: std::sync::LazyLock<String> =
    std::sync::LazyLock::new(|| "A".repeat(43));

const PROVINCE: &str = r#"
code = "H98"
hotline = "1022"
name = { vi = "Tỉnh Mẫu", en = "Sample Province" }
agencies = [
  { code = "H98.1", name = "UBND phường Một", level = "commune" },
  { code = "H98.2", name = "UBND phường Hai", level = "commune" },
]
"#;

/// A province with a commune and a department.
pub(crate) const TWO_LEVELS: &str = r#"
code = "H98"
name = { vi = "Tỉnh Mẫu", en = "Sample Province" }
agencies = [
  { code = "H98.1", name = "UBND phường Một", level = "commune" },
  { code = "H98.9", name = "Sở Chín", level = "province" },
]
"#;

/// A server on a port of its own; gone with the value.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) state: AppState,
    /// Where its database is.
    pub(crate) database: String,
    pub(crate) directory: tempfile::TempDir,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    serving: Option<tokio::task::JoinHandle<()>>,
    runtime: tokio::runtime::Runtime,
}

/// An answer.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: Vec<(String, String)>,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Server {
    /// A server with these lines of envelopes imported.
    pub(crate) fn with(cases: &str) -> Self {
        Self::build(cases, PROVINCE, "secret-of-the-connector")
    }

    /// A server of a province configured otherwise.
    pub(crate) fn configured(cases: &str, extra: &str) -> Self {
        Self::build(
            cases,
            &format!("{extra}\n{PROVINCE}"),
            "secret-of-the-connector",
        )
    }

    /// A server of this province.
    pub(crate) fn of_province(cases: &str, province: &str) -> Self {
        Self::build(cases, province, "secret-of-the-connector")
    }

    /// A server whose connector key is set to this.
    pub(crate) fn with_connector_key(key: &str) -> Self {
        Self::build("", PROVINCE, key)
    }

    /// A server with other limits, serving the files of this directory.
    pub(crate) fn limited(limits: Limits, dist: Option<&Path>) -> Self {
        Self::start("", PROVINCE, "secret-of-the-connector", limits, dist)
    }

    /// A server of a province configured otherwise, serving the files of this directory.
    pub(crate) fn serving(extra: &str, dist: &Path) -> Self {
        let province = format!("{extra}\n{PROVINCE}");
        let limits = Limits::default();
        Self::start("", &province, "secret-of-the-connector", limits, Some(dist))
    }

    fn build(cases: &str, province: &str, connector_key: &str) -> Self {
        Self::start(cases, province, connector_key, Limits::default(), None)
    }

    fn start(
        cases: &str,
        province: &str,
        connector_key: &str,
        limits: Limits,
        dist: Option<&Path>,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let database = CLUSTER.as_ref().map_or_else(
            || format!("sqlite:{}", directory.path().join("test.db").display()),
            postgres::Cluster::database,
        );
        let store = Store::open(&database).unwrap();
        let keys = Keys::new([7; 32])
            .with_identity_key(Some(&IDENTITY_KEY))
            .unwrap();
        let clock: Clock = NOW.parse().unwrap();
        let province = Province::parse(province).unwrap();
        let guard = Guard::of(&province, Some(PORTAL_SECRET)).unwrap();
        let http = Http::new(limits, province.origins.clone());
        let reference = Arc::new(Reference::new(province).unwrap());
        if !cases.is_empty() {
            import_text(&store, cases, &keys, clock.now(), &reference).unwrap();
        }
        let waiting = Waiting::open(&directory.path().join("waiting")).unwrap();
        let state = AppState::from(Parts {
            waiting,
            store,
            keys,
            clock,
            steady: Arc::default(),
            reference,
            dist: dist.map(Path::to_owned),
            connector_key: connector_key_from(Some(connector_key.to_owned())),
            http: Arc::new(http),
            guard: Arc::new(guard),
            gates: Arc::default(),
            owed: Arc::default(),
            issuers: Arc::default(),
            demo: false,
        });
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = service(state.clone());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let http = Arc::clone(&state.http);
        let serving = runtime.spawn(serve(listener, app, http, async move {
            let _ = stopped.await;
        }));
        Self {
            url,
            state,
            database,
            directory,
            stop: Some(stop),
            serving: Some(serving),
            runtime,
        }
    }

    /// Sets the clock. The server is started anew on the same store: its clock is a value, not a thing.
    pub(crate) fn at(&mut self, moment: &str) {
        self.state.clock = moment.parse().unwrap();
        let listener = self
            .runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        self.url = format!("http://{}", listener.local_addr().unwrap());
        let (app, http) = (service(self.state.clone()), Arc::clone(&self.state.http));
        self.runtime
            .spawn(serve(listener, app, http, std::future::pending()));
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Tells the server to stop, and goes on at once.
    pub(crate) fn ask_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until the server has stopped.
    pub(crate) fn stopped(&mut self) {
        self.runtime.block_on(self.serving.take().unwrap()).unwrap();
    }

    /// Every byte at rest: the files of SQLite, write-ahead log included, or every row of PostgreSQL.
    pub(crate) fn everything_kept(&self) -> Vec<u8> {
        let mut kept = Vec::new();
        let waiting = self.directory.path().join("waiting");
        for directory in [self.directory.path(), &waiting] {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    kept.extend(std::fs::read(path).unwrap());
                }
            }
        }
        if self.database.starts_with("postgres:") {
            let mut client =
                ::postgres::Client::connect(&self.database, ::postgres::NoTls).unwrap();
            let tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'";
            for table in client.query(tables, &[]).unwrap() {
                let table: String = table.get(0);
                let rows = format!("SELECT t::text FROM {table} t");
                for row in client.query(&rows, &[]).unwrap() {
                    kept.extend(row.get::<_, String>(0).into_bytes());
                }
            }
        }
        assert!(!kept.is_empty());
        kept
    }

    /// What look-ups left to be written is in the database.
    pub(crate) fn written(&self) {
        let (owed, store) = (&self.state.owed, &self.state.store);
        self.block_on(owed.write(store)).unwrap();
    }

    /// Another server on the same database, or the next one after this was killed: what this one owes it does not know.
    /// Its state and its address.
    pub(crate) fn another(&self, moment: &str) -> (AppState, String) {
        let mut state = self.state.clone();
        state.owed = std::sync::Arc::default();
        state.clock = moment.parse().unwrap();
        let listener = self
            .runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (app, http) = (service(state.clone()), Arc::clone(&state.http));
        self.runtime
            .spawn(serve(listener, app, http, std::future::pending()));
        (state, url)
    }

    /// Runs this to its end.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The same database, keys and waiting room under another clock.
    pub(crate) fn restart_at(&mut self, moment: &str) {
        self.state.clock = moment.parse().unwrap();
        let listener = self
            .runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        self.url = format!("http://{}", listener.local_addr().unwrap());
        let app = router(self.state.clone());
        self.runtime
            .spawn(async move { axum::serve(listener, app).await.unwrap() });
    }

    /// Starts this beside what the test does.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> tokio::task::JoinHandle<T> {
        self.runtime.spawn(work)
    }

    /// Runs this to its end on a worker: the waiting room blocks in place.
    pub(crate) fn on_a_worker<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> T {
        self.runtime.block_on(self.runtime.spawn(work)).unwrap()
    }

    /// What the clock brings about once a day.
    pub(crate) fn keep_house(&self) {
        let state = self.state.clone();
        self.on_a_worker(async move { dung_hen_server::service::settle::keep_house(&state).await })
            .unwrap();
    }

    /// Lets into the database what has company: whoever rates does not wait for it, whoever looks there does.
    pub(crate) fn settle(&self) {
        let state = self.state.clone();
        self.on_a_worker(async move { dung_hen_server::service::settle::settle(&state).await })
            .unwrap();
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        read(agent().get(format!("{}{path}", self.url)).call().unwrap())
    }

    /// `GET` of a page or an image.
    pub(crate) fn get_page(&self, path: &str) -> (u16, String) {
        let mut answer = agent().get(format!("{}{path}", self.url)).call().unwrap();
        (
            answer.status().as_u16(),
            answer.body_mut().read_to_string().unwrap(),
        )
    }

    /// Another envelope, as a connector sends it.
    pub(crate) fn import(&self, envelope: &str) {
        let now = self.state.now();
        let reference = &self.state.reference;
        import_text(
            &self.state.store,
            envelope,
            &self.state.keys,
            now,
            reference,
        )
        .unwrap();
    }

    /// `GET` with one header more.
    pub(crate) fn get_with(&self, path: &str, name: &str, value: &str) -> Answer {
        let request = agent()
            .get(format!("{}{path}", self.url))
            .header(name, value);
        read(request.call().unwrap())
    }

    /// `HEAD`, with a tag that the asker has.
    pub(crate) fn head(&self, path: &str, tag: Option<&str>) -> Answer {
        let request = agent().head(format!("{}{path}", self.url));
        let request = match tag {
            Some(tag) => request.header("if-none-match", tag),
            None => request,
        };
        read(request.call().unwrap())
    }

    /// The question before a `POST` with these headers from a page of another origin.
    pub(crate) fn preflight(&self, path: &str, headers: &str) -> Answer {
        let request = ureq::http::Request::options(format!("{}{path}", self.url))
            .header("origin", "https://portal.example.vn")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", headers)
            .body(())
            .unwrap();
        read(agent().run(request).unwrap())
    }

    /// `POST`; after a rating what has company has entered the database, too.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        let answer = self.post_raw(path, "application/json", &body.to_string(), None);
        if path == "/api/v1/ratings" {
            self.settle();
        }
        answer
    }

    /// `POST` to another server than this one.
    pub(crate) fn post_at(url: &str, path: &str, body: &Value) -> Answer {
        let request = agent()
            .post(format!("{url}{path}"))
            .header("content-type", "application/json");
        read(request.send(body.to_string()).unwrap())
    }

    pub(crate) fn post_raw(
        &self,
        path: &str,
        content_type: &str,
        body: &str,
        bearer: Option<&str>,
    ) -> Answer {
        let mut request = agent()
            .post(format!("{}{path}", self.url))
            .header("content-type", content_type);
        if let Some(bearer) = bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        read(request.send(body).unwrap())
    }

    /// `POST` of a JSON body with these headers.
    pub(crate) fn post_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut request = agent()
            .post(format!("{}{path}", self.url))
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.send(body.to_string()).unwrap())
    }

    pub(crate) fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let mut answer = agent()
            .post(format!("{}{path}", self.url))
            .send_form(fields.iter().copied())
            .unwrap();
        (
            answer.status().as_u16(),
            answer.body_mut().read_to_string().unwrap(),
        )
    }

    /// The same with what a portal's proxy adds.
    pub(crate) fn post_form_as(
        &self,
        authorization: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (u16, String) {
        let mut answer = agent()
            .post(format!("{}{path}", self.url))
            .header("authorization", authorization)
            .send_form(fields.iter().copied())
            .unwrap();
        (
            answer.status().as_u16(),
            answer.body_mut().read_to_string().unwrap(),
        )
    }

    /// The ballot of a case, by the citizen of this seed.
    pub(crate) fn ballot(&self, code: &str, seed: u32) -> Value {
        let citizen = Citizen::new(seed);
        let answer = self.post("/api/v1/ballots", &citizen.ask(code, "1234"));
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        citizen.ballot(&answer.body, &self.get("/api/v1/ballots/keys").body)
    }

    pub(crate) fn lookup(&self, code: &str, proof: Option<&str>) -> Answer {
        self.post(
            "/api/v1/lookup",
            &json!({ "case_code": code, "proof": proof }),
        )
    }
}

pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into()
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Answer {
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("").to_owned()))
        .collect();
    let text = answer.body_mut().read_to_string().unwrap();
    Answer {
        status: answer.status().as_u16(),
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        headers,
    }
}

/// A case of agency H98.1 as a sender would write it; `extra` overrides fields.
pub(crate) fn case(code: &str, status: &str, extra: Value) -> String {
    case_of("H98.1", code, status, extra)
}

/// The code of a case, for each number another one.
pub(crate) fn code(number: impl std::fmt::Display) -> String {
    format!("H98.1-261005-{number:0>4}")
}

/// A case that was finished a day before its promise.
pub(crate) fn finished(code: &str) -> String {
    case(code, "10", json!({ "NgayKetThucXuLy": "20261013100000" }))
}

/// A case of this agency.
pub(crate) fn case_of(agency: &str, code: &str, status: &str, extra: Value) -> String {
    // Đăng ký thường trú, 7 working days: Mon 5/10/2026 → Wed 14/10/2026.
    let mut item = json!({
        "MaHoSo": code,
        "MaTTHC": "1.004222",
        "TenTTHC": "Đăng ký thường trú",
        "TenLinhVuc": "Đăng ký, quản lý cư trú",
        "ChuHoSo": "Trần Thị Riêng Tư",
        "LoaiDoiTuong": "1",
        "MaDoiTuong": "079000123456",
        "Email": "rieng.tu@example.vn",
        "SoDienThoai": "0900001234",
        "NgayTiepNhan": "20261005080000",
        "NgayHenTra": "20261014170000",
        "TrangThaiHoSo": status,
        "HinhThuc": "0",
        "DonViXuLy": "Công an phường Một",
        "MaTraCuu": "K7QF-2MWX",
    });
    for (key, value) in extra.as_object().unwrap() {
        item[key] = value.clone();
    }
    json!({ "service": "DongBoHoSoMC", "isUpdating": "False", "madonvi": agency, "data": [item] })
        .to_string()
}

/// 32 bytes in base64url: `fill` forty-three times is none, so the last character is fixed.
pub(crate) fn number(fill: char) -> String {
    let mut text: String = std::iter::repeat_n(fill, 42).collect();
    text.push('A');
    text
}
