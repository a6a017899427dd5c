//! Targets: dated, each with the document that set it.

use chrono::NaiveDate;
use dung_hen_domain::case::{Level, WireName};
use dung_hen_domain::civil::{iso_date, parse_date};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ConfigError;

/// What a target is set for, all in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetFigure {
    /// Satisfied of those who answered.
    Satisfied,
    /// Finished in time of the finished.
    OnTime,
    /// Filed online of the received.
    Online,
    /// Paid without cash of those of whom the way of paying is known.
    Cashless,
    /// With an electronic result of the finished.
    ElectronicResults,
}

impl WireName for TargetFigure {
    const ALL: &'static [Self] = &[
        Self::Satisfied,
        Self::OnTime,
        Self::Online,
        Self::Cashless,
        Self::ElectronicResults,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::OnTime => "on_time",
            Self::Online => "online",
            Self::Cashless => "cashless",
            Self::ElectronicResults => "electronic_results",
        }
    }
}

/// `[[targets]]` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetConfig {
    figure: String,
    percent: f64,
    #[serde(default)]
    level: Option<String>,
    from: String,
    #[serde(default)]
    until: Option<String>,
    source: String,
}

/// A target.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Of what.
    pub figure: TargetFigure,
    /// Per cent, 0 to 100.
    pub percent: f64,
    /// For agencies of this level; for all where there is none.
    pub level: Option<Level>,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where it has one.
    pub until: Option<NaiveDate>,
    /// The document that set it.
    pub source: String,
    /// Whether the province named it, or it is an example of another one.
    pub own: bool,
}

impl Target {
    /// As the API shows it.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "figure": self.figure.name(),
            "level": self.level.map(WireName::name),
            "percent": self.percent,
            "from": iso_date(self.from),
            "until": self.until.map(iso_date),
            "source": self.source,
            "own": self.own,
        })
    }
}

/// The targets of a province.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Targets(Vec<Target>);

/// The directive of Đồng Nai of 2 March 2023, the document this program starts from: what stands where a province names
/// nothing of its own.
const USUAL_FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2023, 3, 2);
const SHARES: &str = "Chỉ thị ngày 02/3/2023 của Chủ tịch UBND tỉnh Đồng Nai, mục 1b";
const ONLINE: &str = "Chỉ thị ngày 02/3/2023 của Chủ tịch UBND tỉnh Đồng Nai, mục 1b, 1i";
const PAPERLESS: &str = "Chỉ thị ngày 02/3/2023 của Chủ tịch UBND tỉnh Đồng Nai, mục 1i";
const USUAL: [(TargetFigure, Option<Level>, f64, &str); 10] = [
    (TargetFigure::Satisfied, None, 93.0, SHARES),
    (TargetFigure::OnTime, None, 96.0, SHARES),
    (TargetFigure::Online, Some(Level::Province), 70.0, ONLINE),
    (TargetFigure::Online, Some(Level::District), 30.0, ONLINE),
    (TargetFigure::Online, Some(Level::Commune), 20.0, ONLINE),
    (
        TargetFigure::Cashless,
        Some(Level::Province),
        30.0,
        PAPERLESS,
    ),
    (
        TargetFigure::Cashless,
        Some(Level::District),
        5.0,
        PAPERLESS,
    ),
    (
        TargetFigure::ElectronicResults,
        Some(Level::Province),
        60.0,
        PAPERLESS,
    ),
    (
        TargetFigure::ElectronicResults,
        Some(Level::District),
        30.0,
        PAPERLESS,
    ),
    (
        TargetFigure::ElectronicResults,
        Some(Level::Commune),
        20.0,
        PAPERLESS,
    ),
];

impl Targets {
    /// Those configured; of a figure that the configuration does not name, the usual ones.
    pub(super) fn read(configured: &[TargetConfig]) -> Result<Self, ConfigError> {
        let mut all = Vec::new();
        for one in configured {
            all.push(one.check()?);
        }
        for (figure, level, percent, source) in USUAL {
            if configured.iter().all(|one| one.figure != figure.name()) {
                all.push(Target {
                    figure,
                    percent,
                    level,
                    from: USUAL_FROM.unwrap_or_default(),
                    until: None,
                    source: source.to_owned(),
                    own: false,
                });
            }
        }
        all.sort_by_key(|one| (one.figure, one.level, one.from));
        Ok(Self(all))
    }

    /// Those in force on a day: of each figure and level the newest.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Target> {
        let in_force =
            move |one: &Target| one.from <= day && one.until.is_none_or(|until| day <= until);
        self.0.iter().filter(move |one| {
            in_force(one)
                && !self.0.iter().any(|other| {
                    in_force(other)
                        && (other.figure, other.level) == (one.figure, one.level)
                        && other.from > one.from
                })
        })
    }

    /// [`Targets::of`] in per cent.
    #[must_use]
    pub fn percent(
        &self,
        figure: TargetFigure,
        level: Option<Level>,
        day: NaiveDate,
    ) -> Option<f64> {
        self.of(figure, level, day).map(|one| one.percent)
    }

    /// The target for agencies of a level (of the whole province without one) on a day: that of the level before the one
    /// for all.
    #[must_use]
    pub fn of(
        &self,
        figure: TargetFigure,
        level: Option<Level>,
        day: NaiveDate,
    ) -> Option<&Target> {
        let of = |level: Option<Level>| {
            self.on(day)
                .find(|one| one.figure == figure && one.level == level)
        };
        level.and_then(|level| of(Some(level))).or_else(|| of(None))
    }
}

impl TargetConfig {
    fn check(&self) -> Result<Target, ConfigError> {
        let bad = |key: &str, expected| ConfigError::Value {
            key: format!("targets, {}: {key}", self.figure),
            expected,
        };
        const DAY: &str = "a day, YYYY-MM-DD,";
        if !(0.0..=100.0).contains(&self.percent) {
            return Err(bad("percent", "per cent, 0 to 100,"));
        }
        if self.source.trim().is_empty() {
            return Err(bad("source", "the document that set it"));
        }
        let level = match &self.level {
            Some(name) => Some(
                Level::from_name(name)
                    .ok_or_else(|| bad("level", "ministry, province, district or commune"))?,
            ),
            None => None,
        };
        let until = match &self.until {
            Some(day) => Some(parse_date(day).ok_or_else(|| bad("until", DAY))?),
            None => None,
        };
        Ok(Target {
            figure: TargetFigure::from_name(&self.figure).ok_or_else(|| {
                bad(
                    "figure",
                    "satisfied, on_time, online, cashless or electronic_results",
                )
            })?,
            percent: self.percent,
            level,
            from: parse_date(&self.from).ok_or_else(|| bad("from", DAY))?,
            until,
            source: self.source.clone(),
            own: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn read(text: &str) -> Result<Targets, String> {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            targets: Vec<TargetConfig>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        Targets::read(&file.targets).map_err(|error| error.to_string())
    }

    /// The numbers of the directive: 93 and 96; 70/30/20 online, 30/5 cashless, 60/30/20 electronic.
    #[test]
    fn without_any_the_directive_of_dong_nai_stands_as_an_example() {
        let targets = read("").unwrap();
        let of = |figure, level| {
            targets
                .of(figure, level, day("2026-10-15"))
                .map(|one| (one.percent, one.own))
        };
        let levels = [Level::Province, Level::District, Level::Commune].map(Some);
        let all = |figure| levels.map(|level| of(figure, level).map(|(percent, _)| percent));
        assert_eq!(of(TargetFigure::Satisfied, None), Some((93.0, false)));
        assert_eq!(all(TargetFigure::OnTime), [Some(96.0); 3]);
        assert_eq!(
            all(TargetFigure::Online),
            [Some(70.0), Some(30.0), Some(20.0)]
        );
        assert_eq!(all(TargetFigure::Cashless), [Some(30.0), Some(5.0), None]);
        assert_eq!(
            all(TargetFigure::ElectronicResults),
            [Some(60.0), Some(30.0), Some(20.0)]
        );
        // Of the whole province there is none where each level has its own.
        assert_eq!(of(TargetFigure::Online, None), None);
        // Nothing before its first day.
        let before = targets.of(TargetFigure::Satisfied, None, day("2023-03-01"));
        assert_eq!(before, None);
        assert!(
            targets
                .on(day("2026-10-15"))
                .all(|one| one.source.contains("Đồng Nai"))
        );
    }

    #[test]
    fn a_province_names_its_own_with_days_and_sources() {
        let targets = read(
            r#"
            targets = [
              { figure = "on_time", percent = 97.0, from = "2026-01-01", source = "QĐ 1/QĐ-UBND" },
              { figure = "on_time", percent = 98.5, from = "2026-07-01", until = "2026-12-31", source = "QĐ 2/QĐ-UBND" },
              { figure = "on_time", percent = 95.0, level = "commune", from = "2026-01-01", source = "QĐ 1/QĐ-UBND" },
            ]"#,
        )
        .unwrap();
        let of = |level, text| {
            let found = targets.of(TargetFigure::OnTime, level, day(text));
            found.map(|one| (one.percent, one.source.as_str()))
        };
        assert_eq!(of(None, "2025-12-31"), None);
        assert_eq!(of(None, "2026-06-30"), Some((97.0, "QĐ 1/QĐ-UBND")));
        assert_eq!(of(None, "2026-07-01"), Some((98.5, "QĐ 2/QĐ-UBND")));
        assert_eq!(of(None, "2027-01-01"), Some((97.0, "QĐ 1/QĐ-UBND")));
        assert_eq!(of(Some(Level::Commune), "2026-08-01").unwrap().0, 95.0);
        assert_eq!(of(Some(Level::Province), "2026-08-01").unwrap().0, 98.5);
        // Figures that it does not name keep the usual ones.
        assert!(
            targets
                .of(TargetFigure::Satisfied, None, day("2026-08-01"))
                .is_some()
        );
    }

    #[test]
    fn a_wrong_target_is_named() {
        let one = |figure: &str, percent: &str, more: &str| {
            read(&format!(
                "targets = [{{ figure = \"{figure}\", percent = {percent}, {more} }}]"
            ))
            .unwrap_err()
        };
        const GOOD: &str = "from = \"2026-01-01\", source = \"QĐ 1\"";
        assert!(one("speed", "90.0", GOOD).contains("targets, speed: figure"));
        assert!(one("online", "101.0", GOOD).contains("percent"));
        assert!(one("online", "50.0", "from = \"soon\", source = \"QĐ 1\"").contains("from"));
        assert!(one("online", "50.0", "from = \"2026-01-01\", source = \" \"").contains("source"));
        assert!(one("online", "50.0", &format!("{GOOD}, level = \"moon\"")).contains("level"));
        assert!(one("online", "50.0", "source = \"QĐ 1\"").contains("from"));
    }
}
