//! `server doctor`: looks at everything a working service needs, and says what to do about what is wrong.

use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use clap::Args;

use super::advice;
use crate::assets::EMBEDDED;
use crate::clock::Clock;
use crate::config::{ConfigError, Province};
use crate::connector::pull::Pull;
use crate::guard::Guard;
use crate::keys::Keys;
use crate::outgoing::endpoint::Endpoint;
use crate::outgoing::watch;
use crate::reference::{self, Reference};
use crate::steady;

/// Below this many bytes free the disk is full soon.
const DISK_NEEDED: u64 = 1 << 30;
/// Days ahead for which deadlines must be computable.
const DAYS_NEEDED: u64 = 60;

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    data: super::DataArgs,
    /// The province's configuration.
    #[arg(long, env = "DUNG_HEN_PROVINCE")]
    province: PathBuf,
    /// Secret of the portal that signs its tokens with HS256.
    #[arg(long, env = "DUNG_HEN_PORTAL_SECRET", hide_env_values = true)]
    portal_secret: Option<String>,
    /// The built element and portal page, where the program does not carry them.
    #[arg(long, env = "DUNG_HEN_DIST")]
    dist: Option<PathBuf>,
    /// Look as at this moment instead of now (RFC 3339).
    #[arg(long)]
    clock: Option<Clock>,
}

/// What was found about one thing.
enum Finding {
    Good(String),
    /// The service is of use; what to do before it is less so.
    Soon(String, &'static str),
    /// Does not work; what to do.
    Bad(String, &'static str),
}

use Finding::{Bad, Good, Soon};

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Good(what) => write!(f, "ok    {what}"),
            Soon(what, todo) => write!(f, "SOON  {what}\n      → {todo}"),
            Bad(what, todo) => write!(f, "BAD   {what}\n      → {todo}"),
        }
    }
}

/// Prints what was found; an error where something does not work.
pub(super) fn doctor(args: &DoctorArgs) -> Result<(), String> {
    let now = args.clock.unwrap_or(Clock::System).now();
    let province = Province::load(&args.province);
    let known = province.as_ref().ok();
    let findings = [
        configuration(
            &args.province,
            province.as_ref(),
            args.portal_secret.as_deref(),
        ),
        secrets(&args.province, known),
        directory(&args.data.data),
        key(&args.data.data, args.data.identity_key.as_deref()),
        database(&args.data),
        calendar(known, now.date()),
        outages(known, now),
        clock(now, newest(&args.data.data), last_watch(&args.data)),
        element(args.dist.as_deref()),
        variables(),
    ];
    for finding in &findings {
        tell!("{finding}");
    }
    let bad = findings.iter().filter(|one| matches!(one, Bad(..))).count();
    if bad == 0 {
        Ok(())
    } else {
        Err(format!("{bad} of {} checks failed", findings.len()))
    }
}

fn variables() -> Finding {
    let unknown = super::variables::unknown();
    if unknown.is_empty() {
        return Good("variables: each that begins with DUNG_HEN_ is a setting".to_owned());
    }
    Soon(
        format!("variables: {}", unknown.join(", ")),
        super::variables::NO_SETTING,
    )
}

/// The province's file, with every secret and file that it names: the start needs them all.
fn configuration(
    path: &Path,
    province: Result<&Province, &ConfigError>,
    portal_secret: Option<&str>,
) -> Finding {
    let complete = |province: &Province| {
        Guard::of(province, portal_secret).map_err(|error| error.of(path))?;
        Endpoint::all(province, path)?;
        Pull::all(province, path)?;
        Ok(())
    };
    let bad = |error: &ConfigError| Bad(error.to_string(), advice::of_province(error));
    let province = match province {
        Ok(province) => province,
        Err(error) => return bad(error),
    };
    if let Err(error) = complete(province) {
        return bad(&error);
    }
    let file = path.display();
    if province.agencies.is_empty() {
        return Soon(
            format!("configuration {file}: no agencies"),
            "add an [[agencies]] table for each, with the codes that connectors send",
        );
    }
    let strangers = strangers(province);
    if !strangers.is_empty() {
        return Soon(
            format!(
                "configuration {file}: no such agency: {}",
                strangers.join("; ")
            ),
            "correct the code, or add the agency: [[agencies]]",
        );
    }
    let (name, agencies) = (&province.name.vi, province.agencies.len());
    Good(format!("configuration {file}: {name}, {agencies} agencies"))
}

/// Codes of agencies that the file names and does not have: who is to see them sees nothing.
fn strangers(province: &Province) -> Vec<String> {
    let known = province.agencies_by_code();
    let of_officers = (province.officers.iter())
        .filter_map(|one| Some((format!("officers, {}", one.name), one.agency.as_ref()?)));
    let of_webhooks = (province.webhooks.iter())
        .filter_map(|one| Some((format!("webhooks, {}", one.name), one.agency.as_ref()?)));
    let of_units = province.successions.iter().flat_map(|unit| {
        let codes = unit.successors.iter();
        codes.map(|code| (format!("successions, {}", unit.code), code))
    });
    of_officers
        .chain(of_webhooks)
        .chain(of_units)
        .filter(|(_, code)| !known.contains_key(*code))
        .map(|(place, code)| format!("{place}: {code}"))
        .collect()
}

/// The files of secrets beside the province's: their group may be the service's, everybody else is nobody's.
fn secrets(path: &Path, province: Option<&Province>) -> Finding {
    let directory = path.parent().unwrap_or(Path::new("."));
    let hooks = province.map_or(&[][..], |one| &one.webhooks).iter();
    let pulls = province.map_or(&[][..], |one| &one.pulls).iter();
    let files = (hooks.filter_map(|one| one.secret_file.as_ref()))
        .chain(pulls.filter_map(|one| one.key_file.as_ref()))
        .map(|file| directory.join(file));
    let open: Vec<String> = files
        .filter(|file| is_everybodys(file))
        .map(|file| file.display().to_string())
        .collect();
    if open.is_empty() {
        return Good("secrets: none that everybody on this machine can read".to_owned());
    }
    Soon(
        format!(
            "secrets {}: everybody on this machine can read them",
            open.join(", ")
        ),
        "chown root:dung-hen FILE, chmod 640 FILE; and where others could have read it, agree on a new one with the other side",
    )
}

/// Whether whoever has an account on the machine reaches and reads a file.
fn is_everybodys(file: &Path) -> bool {
    let may = |path: &Path, right: u32| {
        std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & right != 0)
    };
    let directory = file.parent().filter(|one| !one.as_os_str().is_empty());
    may(file, 0o004) && may(directory.unwrap_or(Path::new(".")), 0o001)
}

fn directory(data: &Path) -> Finding {
    if !data.is_dir() {
        return Bad(
            format!("data directory {}: not there", data.display()),
            "make it, owned by the user the service runs as: install -d -m 700 -o dung-hen DIRECTORY",
        );
    }
    let waiting = data.join("waiting");
    let written = probe(data).and_then(|()| {
        if waiting.is_dir() {
            return probe(&waiting);
        }
        Ok(())
    });
    if let Err((place, error)) = written {
        return Bad(
            format!("data directory {}: {error}", place.display()),
            advice::of_writing(&error),
        );
    }
    let Ok(disk) = rustix::fs::statvfs(data) else {
        return Soon(
            format!("data directory {}: its disk tells no size", data.display()),
            "watch the free space by other means",
        );
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let what = format!(
        "data directory {}: writable, {} MB free",
        data.display(),
        free / 1_000_000
    );
    if free < DISK_NEEDED {
        Soon(what, "make room: a full disk stops every rating and report")
    } else {
        Good(what)
    }
}

/// Whether files can be made in a directory, and those of the waiting room be written where they are there.
fn probe(place: &Path) -> Result<(), (&Path, std::io::Error)> {
    tempfile::NamedTempFile::new_in(place).map_err(|error| (place, error))?;
    for name in ["CACHEDIR.TAG", "ratings", "entering"] {
        match std::fs::OpenOptions::new()
            .append(true)
            .open(place.join(name))
        {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err((place, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether anybody but the owner has a right to a file or directory.
fn is_open(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

fn key(data: &Path, identity: Option<&str>) -> Finding {
    let path = data.join("server.key");
    let keys = match Keys::load(&path) {
        Ok(Some(keys)) => keys,
        Ok(None) => {
            return Soon(
                format!("key {}: not there", path.display()),
                "the first start makes it where nothing is kept yet",
            );
        }
        Err(error) => {
            return Bad(
                format!("key {}: {error}", path.display()),
                advice::of_key(&error),
            );
        }
    };
    if keys.with_identity_key(identity).is_err() {
        return Bad(
            "key DUNG_HEN_IDENTITY_KEY: 32 bytes in base64url expected".to_owned(),
            "copy it once more from the portal's side: both must have the same",
        );
    }
    if is_open(&path) {
        return Bad(
            format!("key {}: others can read it", path.display()),
            "chmod 600 server.key, and treat the key as known to whoever could read it",
        );
    }
    Good(format!("key {}", path.display()))
}

fn database(data: &super::DataArgs) -> Finding {
    let file = data.data.join("dung-hen.db");
    if data.database.is_none() && !file.exists() {
        return Soon(
            format!(
                "database {}: not there, the first start makes it",
                file.display()
            ),
            "start the service, or restore a backup first",
        );
    }
    let answers = data.store().and_then(|store| {
        store.read_now(|reader| reader.is_there())?;
        Ok(super::own_key::wrong(&data.data, &store))
    });
    match answers {
        Ok(Some((wrong, todo))) => Bad(format!("key {wrong}"), todo),
        Ok(_) if data.database.is_none() && is_open(&file) && is_open(&data.data) => Soon(
            format!("database {}: others can read it", file.display()),
            "it is about people: chmod 700 DIRECTORY, chmod 600 dung-hen.db",
        ),
        Ok(_) => Good("database: opens, is of this version, and answers".to_owned()),
        Err(error) => Bad(error.to_string(), advice::of_database(error.kind())),
    }
}

fn calendar(province: Option<&Province>, today: NaiveDate) -> Finding {
    // A configuration that cannot be read is told above.
    let own = province.and_then(|one| one.calendar.as_ref());
    let calendar = match reference::calendar(own) {
        Ok(calendar) => calendar,
        Err(message) => {
            return Bad(
                message,
                "correct the calendar_file: docs/IMPORT.md shows its form",
            );
        }
    };
    let needed = today.checked_add_days(chrono::Days::new(DAYS_NEEDED));
    match calendar.settled_through(today) {
        Some(last) if Some(last) >= needed => {
            Good(format!("calendar: deadlines can be computed up to {last}"))
        }
        Some(last) => Soon(
            format!("calendar: deadlines can be computed up to {last} only"),
            "update the program once the holidays are announced; server calendar check says what is missing",
        ),
        // The service is of use all the same: the promise on the receipt rules, and what cannot be computed is told so.
        // On the first day of a year that is missing, too; a clock that is years ahead is wrong.
        None if [0, 1]
            .iter()
            .any(|ago| calendar.year(today.year() - ago).is_some()) =>
        {
            Soon(
                format!(
                    "calendar: time limits that reach {today} or later are not settled: holders see the promise, and the \
                 days that are possible where one decision is open"
                ),
                "update the program or the calendar_file once it is announced; server calendar check says what is missing",
            )
        }
        None => Bad(
            format!("calendar: nothing is known of {}", today.year()),
            "set the machine's clock right, or update the program; server calendar check says what is missing",
        ),
    }
}

fn outages(province: Option<&Province>, now: NaiveDateTime) -> Finding {
    // What cannot be read is told above.
    let reference = province.and_then(|province| Reference::new(province.clone()).ok());
    let told = reference.map_or(Vec::new(), |reference| {
        super::outages::against(&reference, now)
    });
    if told.is_empty() {
        return Good("planned outages: none that was announced too late".to_owned());
    }
    Soon(told.join("\n      "), super::outages::TODO)
}

/// The newest thing on the disk was written in the past: a clock that says otherwise is slow.
fn newest(data: &Path) -> Option<NaiveDateTime> {
    ["dung-hen.db-wal", "dung-hen.db", "server.key"]
        .iter()
        .filter_map(|name| std::fs::metadata(data.join(name)).ok()?.modified().ok())
        .max()
        .map(Clock::moment_of)
}

/// When the service last looked what is due; nothing where there is no database, or it is told of elsewhere.
fn last_watch(data: &super::DataArgs) -> Option<NaiveDateTime> {
    let is_there = data.database.is_some() || data.data.join("dung-hen.db").exists();
    let store = is_there.then(|| data.store())?;
    watch::last(&store.ok()?).ok().flatten()
}

fn clock(
    now: NaiveDateTime,
    newest: Option<NaiveDateTime>,
    last: Option<NaiveDateTime>,
) -> Finding {
    match (newest, last) {
        (Some(newest), _) if newest > now => Bad(
            format!("clock: says {now} (Viet Nam), but data were written at {newest}"),
            "set the clock by the network (timedatectl set-ntp true) before deadlines are judged by it",
        ),
        (_, Some(last)) if (now - last).abs() > steady::JUMP => Soon(
            format!("clock: says {now} (Viet Nam); the service last looked what is due at {last}"),
            "right where the service stood still since; else set the clock by the network (timedatectl set-ntp true): in the \
             first hour after such a jump nothing is erased by it and nobody is told of a broken promise",
        ),
        _ => Good(format!("clock: {now} in Viet Nam")),
    }
}

fn element(dist: Option<&Path>) -> Finding {
    match dist {
        Some(dist) if dist.join("index.html").is_file() => {
            Good(format!("element: {}", dist.display()))
        }
        Some(dist) => Bad(
            format!("element {}: no index.html there", dist.display()),
            "build it (make widget), or leave --dist out where the program carries it",
        ),
        None if EMBEDDED => Good("element: inside the program".to_owned()),
        None => Soon(
            "element: none, this program carries none".to_owned(),
            "use the program of make dist, or name the directory: --dist",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_far_from_the_last_look_is_named() {
        let day = |day| {
            let day = NaiveDate::from_ymd_opt(2026, 10, day).unwrap_or_default();
            day.and_time(chrono::NaiveTime::MIN)
        };
        let found = |now, last| clock(day(now), None, last).to_string();
        assert!(found(15, None).starts_with("ok"));
        assert!(found(15, Some(day(14))).starts_with("ok"));
        for last in [1, 29] {
            let found = found(15, Some(day(last)));
            assert!(found.starts_with("SOON  clock"), "{found}");
        }
    }
}
