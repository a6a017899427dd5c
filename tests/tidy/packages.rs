//! Who may depend on whom, and which versions must be the same everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use super::{ROOT, none, read};

/// `cargo metadata`, for one platform or for all.
fn metadata(platform: Option<&str>) -> Value {
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    cargo
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(&*ROOT);
    if let Some(platform) = platform {
        cargo.args(["--filter-platform", platform]);
    }
    let out = cargo.output().expect("cargo runs");
    assert!(
        out.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).expect("cargo metadata prints JSON")
}

static ALL: LazyLock<Value> = LazyLock::new(|| metadata(None));

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn package<'a>(metadata: &'a Value, name: &str) -> &'a Value {
    list(metadata, "packages")
        .iter()
        .find(|p| text(p, "name") == name)
        .unwrap_or_else(|| panic!("no package {name}"))
}

/// What a package asks for itself, without what only its tests or its build need.
fn direct(name: &str) -> BTreeSet<String> {
    list(package(&ALL, name), "dependencies")
        .iter()
        .filter(|d| d["kind"].is_null())
        .map(|d| text(d, "name").to_owned())
        .collect()
}

/// Everything that ends up in what a package builds for a platform: names, each with the way that leads there.
fn reachable(name: &str, platform: &str) -> BTreeMap<String, String> {
    let metadata = metadata(Some(platform));
    let names: BTreeMap<&str, &str> = list(&metadata, "packages")
        .iter()
        .map(|p| (text(p, "id"), text(p, "name")))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"], "nodes")
        .iter()
        .map(|n| (text(n, "id"), n))
        .collect();
    let macros: BTreeSet<&str> = list(&metadata, "packages")
        .iter()
        .filter(|p| {
            list(p, "targets")
                .iter()
                .any(|t| list(t, "kind").iter().any(|k| k == "proc-macro"))
        })
        .map(|p| text(p, "id"))
        .collect();

    let start = text(package(&metadata, name), "id");
    let mut ways = BTreeMap::from([(start, name.to_owned())]);
    let mut open = vec![start];
    while let Some(id) = open.pop() {
        for dep in list(nodes[id], "deps") {
            let to = text(dep, "pkg");
            // What runs while compiling is not in what is built.
            let normal = list(dep, "dep_kinds").iter().any(|k| k["kind"].is_null());
            if normal && !macros.contains(to) && !ways.contains_key(to) {
                ways.insert(to, format!("{} -> {}", ways[id], names[to]));
                open.push(to);
            }
        }
    }
    ways.into_iter()
        .map(|(id, way)| (names[id].to_owned(), way))
        .collect()
}

fn host() -> String {
    let out = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc runs");
    let out = String::from_utf8_lossy(&out.stdout).into_owned();
    out.lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc names its host")
        .to_owned()
}

#[test]
fn the_domain_depends_on_serde_and_chrono_alone() {
    let found = direct("dung-hen-domain");
    let allowed: BTreeSet<String> = ["serde", "chrono"].map(String::from).into();
    let more: Vec<_> = found.difference(&allowed).cloned().collect();
    none(
        "crates/domain may depend on serde and chrono, nothing else:",
        &more,
    );
}

#[test]
fn the_element_depends_on_the_domain_and_the_browser() {
    let forbidden = [
        "dung-hen-server",
        "tokio",
        "regex",
        "url",
        "axum",
        "rusqlite",
        "hyper",
    ];
    let asked = direct("dung-hen");
    assert!(
        asked.contains("dung-hen-domain"),
        "the element takes its law from crates/domain"
    );
    none(
        "The element asks for packages that do not belong into a page:",
        &forbidden
            .iter()
            .filter(|f| asked.contains(**f))
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
    );
    let built = reachable("dung-hen", "wasm32-unknown-unknown");
    none(
        "The element is built with packages that do not belong into a page:",
        &[
            "dung-hen-server",
            "tokio",
            "axum",
            "rusqlite",
            "rand",
            "time",
        ]
        .iter()
        .filter_map(|f| built.get(*f).cloned())
        .collect::<Vec<_>>(),
    );
}

#[test]
fn the_server_knows_nothing_of_the_browser() {
    assert!(
        direct("dung-hen-server").contains("dung-hen-domain"),
        "the server takes its law from crates/domain"
    );
    let built = reachable("dung-hen-server", &host());
    none(
        "The server is built with packages of the element:",
        &[
            "dung-hen",
            "leptos",
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "gloo-net",
        ]
        .iter()
        .filter_map(|f| built.get(*f).cloned())
        .collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_reaches_outside_the_shadow_root() {
    let forbidden = ["leptos_router", "leptos_meta", "thaw", "leptos-use"];
    let found: Vec<_> = list(&ALL, "packages")
        .iter()
        .filter(|p| forbidden.contains(&text(p, "name")))
        .map(|p| format!("{} {}", text(p, "name"), text(p, "version")))
        .collect();
    none("These reach outside the shadow root:", &found);
}

#[test]
fn leptos_does_not_listen_on_the_window() {
    let names: BTreeMap<&str, &str> = list(&ALL, "packages")
        .iter()
        .map(|p| (text(p, "id"), text(p, "name")))
        .collect();
    let found: Vec<_> = list(&ALL["resolve"], "nodes")
        .iter()
        .filter(|n| list(n, "features").iter().any(|f| f == "delegation"))
        .map(|n| names[text(n, "id")].to_owned())
        .collect();
    none(
        "The feature `delegation` puts listeners on window, where submit and change of a shadow tree never arrive:",
        &found,
    );
}

#[test]
fn the_same_tools_are_named_everywhere() {
    let asked = list(package(&ALL, "dung-hen"), "dependencies")
        .iter()
        .find(|d| text(d, "name") == "wasm-bindgen")
        .map(|d| text(d, "req").to_owned())
        .expect("the element depends on wasm-bindgen");
    let locked = text(package(&ALL, "wasm-bindgen"), "version");
    assert_eq!(
        asked,
        format!("={locked}"),
        "Cargo.toml pins wasm-bindgen with = to the version of Cargo.lock"
    );

    let trunk = read("Trunk.toml");
    assert!(
        trunk.contains(&format!("wasm_bindgen = \"{locked}\"")),
        "Trunk.toml: [tools] wasm_bindgen must be \"{locked}\", as in Cargo.lock"
    );
    let npm: Value = serde_json::from_str(&read("package.json")).expect("package.json is JSON");
    let binaryen = text(&npm["devDependencies"], "binaryen")
        .split('.')
        .next()
        .unwrap_or_default()
        .to_owned();
    assert!(
        trunk.contains(&format!("wasm_opt = \"version_{binaryen}\"")),
        "Trunk.toml: [tools] wasm_opt must be \"version_{binaryen}\", as in package.json"
    );
    for (name, version) in npm["devDependencies"]
        .as_object()
        .expect("package.json has devDependencies")
    {
        let version = version.as_str().unwrap_or_default();
        assert!(
            version.starts_with(|c: char| c.is_ascii_digit()),
            "package.json: {name} must be an exact version, not {version}"
        );
    }
}

#[test]
fn every_crate_has_the_same_version_and_licence() {
    let members: BTreeSet<&str> = list(&ALL, "workspace_members")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let ours: Vec<_> = list(&ALL, "packages")
        .iter()
        .filter(|p| members.contains(text(p, "id")))
        .collect();
    assert!(
        ours.len() >= 4,
        "element, domain, server and tests are members"
    );
    let main = package(&ALL, "dung-hen");
    let found: Vec<_> = ours
        .iter()
        .filter(|p| {
            text(p, "version") != text(main, "version")
                || text(p, "license") != text(main, "license")
        })
        .map(|p| {
            format!(
                "{} {} {}",
                text(p, "name"),
                text(p, "version"),
                text(p, "license")
            )
        })
        .collect();
    none(
        "Every crate takes version and licence from the workspace:",
        &found,
    );
    let public = read("publiccode.yml");
    for line in [
        format!("softwareVersion: \"{}\"", text(main, "version")),
        format!("license: {}", text(main, "license")),
    ] {
        assert!(public.contains(&line), "publiccode.yml must say `{line}`");
    }
}

/// The units of systemd: the night's count is there, runs as the server does, and may do no more than it.
#[test]
fn every_night_counts_everything_again() {
    let timer = read("packaging/dung-hen-verify.timer");
    assert!(timer.contains("\nOnCalendar=*-*-* ") && timer.contains("\nPersistent=true\n"));
    let night = read("packaging/dung-hen-verify.service");
    assert!(night.contains("\nExecStart=/usr/local/bin/dung-hen verify\n"));
    let server = read("packaging/dung-hen.service");
    let of_server_alone = [
        "Type=",
        "Environment=DUNG_HEN_LISTEN=",
        "Environment=DUNG_HEN_METRICS_LISTEN=",
        "Environment=DUNG_HEN_LOG_FORMAT=",
        "ExecStart",
        "Restart=",
        "RestartSec=",
        "TimeoutStopSec=",
        "LimitNOFILE=",
    ];
    let (_, rest) = server.split_once("[Service]\n").expect("a service");
    let (service, _) = rest.split_once("\n[Install]").expect("an end of it");
    let lacking: Vec<String> = service
        .lines()
        .filter(|line| line.contains('=') && !line.starts_with('#'))
        .filter(|line| !of_server_alone.iter().any(|one| line.starts_with(one)))
        .filter(|line| !night.lines().any(|other| other == *line))
        .map(ToOwned::to_owned)
        .collect();
    none(
        "packaging/dung-hen-verify.service lacks what packaging/dung-hen.service says:",
        &lacking,
    );
}
