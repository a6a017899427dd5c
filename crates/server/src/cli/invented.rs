//! Ratings of the demonstration, invented like its cases, so that whoever opens its board sees one. They go the way of
//! real ones: the label of each is that of its case, made coarser until five share it; groups of a label enter the
//! store; steps publish what is enough, and what is not stays unpublished. The same at each start.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveDateTime};
use dung_hen_domain::ballot_label::{BallotLabel, ENOUGH};
use dung_hen_domain::case::WireName as _;
use dung_hen_domain::civil::iso_date;
use dung_hen_domain::integrity::{Counted, released};
use dung_hen_domain::satisfaction::{Criterion, INSTRUMENT, SatisfactionFactor};
use dung_hen_domain::wire::RatingState;
use sha2::{Digest as _, Sha256};

use crate::figures::satisfaction::take_step;
use crate::reference::Reference;
use crate::service::ballot;
use crate::store::{CaseRecord, Store, StoreError, TallyRow};
use crate::view;
use crate::waiting::{Rating, Said, month};

/// Cases read at once.
const BATCH: u32 = 500;
/// Days between two steps.
const BETWEEN: Days = Days::new(7);

/// A rating that somebody might have given.
struct Invented {
    day: NaiveDate,
    label: BallotLabel,
    chance: Chance,
    said: Said,
}

/// Chance, the same for the same name.
#[derive(Clone)]
struct Chance(String);

impl Chance {
    /// From 0 up to, and without, 100.
    fn of(&self, what: &str) -> u64 {
        let digest = Sha256::digest(format!("{} {what}", self.0));
        let mut eight = [0; 8];
        eight.copy_from_slice(&digest[..8]);
        u64::from_be_bytes(eight) % 100
    }

    /// A level: good with this chance.
    fn level(&self, what: &str, good: u64) -> u8 {
        let grade = self.of(&format!("{what} grade"));
        match (self.of(what) < good, grade) {
            (true, 0..62) => 5,
            (true, _) => 4,
            (false, 0..50) => 3,
            (false, 50..82) => 2,
            (false, _) => 1,
        }
    }
}

/// Invents them, lets them in and takes the steps up to the day before `now`.
pub(super) fn fill(
    store: &Store,
    reference: &Arc<Reference>,
    now: NaiveDateTime,
) -> Result<(), StoreError> {
    let mut ratings = Vec::new();
    let mut last = 0;
    loop {
        let batch = store.read_now(|reader| {
            let mut cases = Vec::new();
            for (id, code) in reader.cases_after(last, BATCH)? {
                cases.push((id, reader.find_case(&code)?));
            }
            Ok::<_, StoreError>(cases)
        })?;
        let Some((id, _)) = batch.last() else { break };
        last = *id;
        let cases = batch.iter().filter_map(|(_, case)| case.as_ref());
        ratings.extend(cases.filter_map(|case| invent(case, reference, now)));
    }
    let counted = tallies(&ratings, now.date());
    store.write_now(move |writer| writer.raise_tallies(&counted))?;
    enter(store, groups(ratings), now.date())
}

/// Whether and how the holder of a case rates it: seven of twelve do, within nine days.
fn invent(record: &CaseRecord, reference: &Reference, now: NaiveDateTime) -> Option<Invented> {
    let chance = Chance(record.code.clone());
    let ended = record.finished_at.or(record.returned_at);
    let broken = record.promise.and_then(|day| day.succ_opt());
    let open = view::rating_state(record, now) == RatingState::Open;
    let since = ended
        .map(|moment| moment.date())
        .or(broken)
        .filter(|_| open)?;
    let day = since.checked_add_days(Days::new(chance.of("days") % 9))?;
    if chance.of("rates") >= 58 || day >= now.date() {
        return None;
    }
    let label = ballot::finest(record, reference, day.and_time(now.time()));
    // Nine agencies in ten please more than the target; whoever was kept waiting is pleased less often.
    let agency = Chance(record.agency.clone()).of("pleases");
    let late = label.timeliness == "late";
    let good = if late { 60 } else { 90 + agency % 9 };
    let overall = chance.level("overall", good);
    let asked = chance.of("factors") < 85;
    let factors = SatisfactionFactor::ALL.iter().map(|factor| {
        let name = format!("{factor:?}");
        // Not many had anything to report.
        let silent = *factor == SatisfactionFactor::FeedbackHandling && chance.of("silent") < 60;
        let good = if overall >= 4 { 97 } else { 55 };
        (asked && !silent).then(|| chance.level(&name, good))
    });
    let mut five = [None; 5];
    for (place, level) in five.iter_mut().zip(factors) {
        *place = level;
    }
    let named = Criterion::ALL.iter().filter(|criterion| {
        let bad = five[criterion.factor() as usize].is_some_and(|level| level <= 2);
        bad && chance.of(&format!("{criterion:?}")) < 55
    });
    let wrong = named.fold(0, |bits, criterion| bits | 1 << *criterion as u16);
    Some(Invented {
        day,
        label,
        chance,
        said: Said {
            overall,
            factors: five,
            wrong: (wrong > 0).then_some(wrong),
        },
    })
}

/// Groups of five and more of one label, each label made coarser until it is shared; what finds no company stays out.
fn groups(ratings: Vec<Invented>) -> Vec<(BallotLabel, Vec<Invented>)> {
    let mut ready = Vec::new();
    let mut alone = ratings;
    while !alone.is_empty() {
        let mut by_label = BTreeMap::<BallotLabel, Vec<Invented>>::new();
        for rating in alone {
            by_label
                .entry(rating.label.clone())
                .or_default()
                .push(rating);
        }
        alone = Vec::new();
        for (label, group) in by_label {
            if group.len() >= ENOUGH {
                ready.push((label, group));
                continue;
            }
            let Some(coarser) = label.coarser() else {
                continue;
            };
            alone.extend(group.into_iter().map(|rating| Invented {
                label: coarser.clone(),
                ..rating
            }));
        }
    }
    ready
}

/// Lets each group in when its last rating has come, and takes a step a week.
fn enter(
    store: &Store,
    groups: Vec<(BallotLabel, Vec<Invented>)>,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let mut entering = BTreeMap::<NaiveDate, Vec<Vec<Rating>>>::new();
    for (label, group) in groups {
        let Some(last) = group.iter().map(|rating| rating.day).max() else {
            continue;
        };
        let group = group.iter().map(|rating| rating_of(rating, &label));
        entering.entry(last).or_default().push(group.collect());
    }
    let Some(mut step) = entering.keys().next().copied() else {
        return Ok(());
    };
    while step < today {
        let next = (step + BETWEEN).min(today);
        let ready: Vec<Vec<Rating>> = entering
            .range(step..next)
            .flat_map(|(_, groups)| groups.clone())
            .collect();
        if !ready.is_empty() {
            store.write_now(move |writer| {
                for group in &ready {
                    writer.add_ratings(group)?;
                }
                take_step(writer, next.pred_opt().unwrap_or(next))
            })?;
        }
        step = next;
    }
    Ok(())
}

fn rating_of(invented: &Invented, label: &BallotLabel) -> Rating {
    let digest = |what: &str| Sha256::digest(format!("{what} {}", invented.chance.0)).into();
    let english = invented.chance.of("language") < 4;
    Rating {
        spent: digest("spent"),
        handle: digest("handle"),
        label: label.to_text(),
        instrument: INSTRUMENT.to_owned(),
        language: if english { "en" } else { "vi" }.to_owned(),
        said: invented.said.clone(),
    }
}

/// What would have been counted beside them: ballots asked for, a few of which were never used; ratings stored.
fn tallies(ratings: &[Invented], today: NaiveDate) -> Vec<TallyRow> {
    let mut counts = BTreeMap::<(String, String, Counted), u64>::new();
    for rating in ratings {
        let chance = &rating.chance;
        let agency = rating.label.agency.as_str();
        let mut count = |agency: &str, period: String, kind| {
            *counts.entry((period, agency.to_owned(), kind)).or_default() += 1;
        };
        let mut kinds = vec![match chance.of("proof") {
            0..38 => Counted::PortalToken,
            38..80 => Counted::ReceiptSecret,
            _ => Counted::LastDigits,
        }];
        if chance.of("again") < 25 {
            kinds.push(Counted::ReceiptSecret);
        }
        if chance.of("desk") < 6 {
            kinds.push(Counted::DeskNetwork);
        }
        if chance.of("plain") < 9 {
            kinds.push(Counted::WithoutJavascript);
        }
        let said = &rating.said;
        if said
            .factors
            .iter()
            .all(|level| *level == Some(said.overall))
        {
            kinds.push(Counted::AllEqual);
        }
        for kind in kinds.into_iter().chain([Counted::Stored]) {
            count(agency, month(rating.day), kind);
            count("", month(rating.day), kind);
        }
        count("", iso_date(rating.day), Counted::Stored);
    }
    debug_assert!(ratings.iter().all(|rating| rating.day < today));
    let row = |((period, agency, kind), n): ((String, String, Counted), u64)| TallyRow {
        value: if period.len() > 7 { n } else { released(n) },
        period,
        agency,
        kind,
        room: "demo".to_owned(),
    };
    counts
        .into_iter()
        .map(row)
        .filter(|row| row.value > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use dung_hen_domain::civil::parse_moment;
    use dung_hen_domain::figures::Measure;
    use dung_hen_domain::satisfaction::tables::{Place, Question, Split};

    use super::super::serve::{SAMPLE_CASES, SAMPLE_PROVINCE};
    use super::*;
    use crate::config::Province;
    use crate::connector::intake::import_text;
    use crate::figures::satisfaction::table;
    use crate::figures::{Counting, places, verify};
    use crate::keys::Keys;

    /// Some agencies please more than the target of 93 %, some less; months of fewer than five ratings are not told;
    /// nobody rated who was not served; and a count from the beginning finds the same.
    #[test]
    fn the_sample_province_is_rated_and_what_is_too_few_is_not_told() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open_file(&directory.path().join("demo.db")).unwrap();
        let keys = Keys::load_or_create(&directory.path().join("server.key")).unwrap();
        let reference =
            Arc::new(Reference::new(Province::parse(SAMPLE_PROVINCE).unwrap()).unwrap());
        let now = parse_moment("2026-10-15T09:00:00+07:00").unwrap();
        import_text(&store, SAMPLE_CASES, &keys, now, &reference).unwrap();
        fill(&store, &reference, now).unwrap();
        let read = |place: Place, split| {
            store
                .read_now(|reader| table(reader, INSTRUMENT, &place, "2026", split))
                .unwrap()
        };
        let year = read(Place::Province, Split::Agency);
        let all = year.whole.share(Question::Overall).unwrap();
        let served = store
            .read_now(|reader| {
                places::whole(reader, &reference, &Place::Province, ("2026-01", "2026-12"))
            })
            .unwrap()
            .count(Measure::Served);
        assert!(all.n > 100 && all.n < served, "{} of {served}", all.n);
        let shares: Vec<f64> = year
            .rows
            .values()
            .filter_map(|row| row.share(Question::Overall)?.percent())
            .collect();
        assert!(shares.iter().any(|share| *share < 93.0), "{shares:?}");
        assert!(shares.iter().any(|share| *share > 93.0), "{shares:?}");
        let (mut told, mut untold) = (0, 0);
        for agency in reference.agencies.keys() {
            let rows = read(Place::Agency(agency.clone()), Split::Month).rows;
            let shown = rows
                .values()
                .filter(|row| row.share(Question::Overall).is_some());
            let shown = shown.count();
            told += shown;
            untold += 5 - shown.min(5);
        }
        assert!(told > 10 && untold > 5, "{told} months told, {untold} not");
        assert!(year.whole.mentions(Criterion::Polite).is_some());
        let counting = Counting::new(&reference, now);
        let verified = store
            .read_now(|reader| verify::verify(reader, &counting, |_| {}))
            .unwrap();
        assert!(verified.ratings > 100);
        let differences: Vec<String> = verified
            .differences
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(differences, [""; 0]);
    }
}
