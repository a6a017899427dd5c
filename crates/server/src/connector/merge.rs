//! From what was sent to what is kept. Pure: the store reads before and writes after.
//!
//! Promises: the first is the receipt's, kept for ever. A supplement restarts the period
//! (NĐ 61/2018 Điều 19(4)) and so makes a new promise; a letter of apology names a new date but
//! leaves the promise in force; a date that moved with neither is recorded as unexplained.

use chrono::{NaiveDate, NaiveDateTime};
use dung_hen_domain::case::{CaseStatus, Channel};
use dung_hen_domain::case_code::narrow;
use dung_hen_domain::civil::{IsoDate, IsoMoment};
use dung_hen_domain::letter::signed_by;
use dung_hen_domain::wire::DueCause;

use super::envelope::{CaseItem, Note, ProgressItem};
use crate::keys::{Digest, Keys, Purpose};
use crate::store::{
    CaseRecord, Detail, Disagreement, DueEntry, LetterEntry, ProgressEntry, Supplement,
};

/// The proofs that fit a case, as keyed hashes bound to its code.
#[must_use]
pub fn proof_hash(keys: &Keys, code: &str, kind: &str, value: &str) -> Digest {
    keys.hash(
        Purpose::Proof,
        &[code.as_bytes(), kind.as_bytes(), value.as_bytes()],
    )
}

/// Letters and digits only, of the usual width, capitals: how a proof is compared.
#[must_use]
pub fn clean_proof(text: &str) -> String {
    text.chars()
        .map(narrow)
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

fn last_digits(text: &str, count: usize) -> Option<String> {
    let digits: Vec<char> = (text.chars().map(narrow))
        .filter(char::is_ascii_digit)
        .collect();
    digits
        .len()
        .checked_sub(count)
        .map(|from| digits[from..].iter().collect())
}

/// Whether the agency owes the reason in writing: its note is read then.
#[must_use]
pub const fn owes_reason(status: CaseStatus) -> bool {
    matches!(status, CaseStatus::NotAccepted | CaseStatus::Stopped)
}

/// Merges what was sent at `now` into what is known.
#[must_use]
pub fn merge(
    existing: Option<CaseRecord>,
    agency: Option<&str>,
    item: CaseItem,
    now: NaiveDateTime,
    keys: &Keys,
) -> CaseRecord {
    let code = item.ma_ho_so.0.as_str().to_owned();
    let mut record = existing.unwrap_or_else(|| CaseRecord::new(&code));

    let another = agency.filter(|agency| !record.agency.is_empty() && **agency != record.agency);
    let mut disagreements = std::mem::take(&mut record.detail.disagreements);
    let mut agreed = |field: &str, known: Option<NaiveDateTime>, sent: Option<NaiveDateTime>| {
        one_date(&mut disagreements, another, field, known, sent)
    };
    record.received_at = agreed("NgayTiepNhan", record.received_at, item.ngay_tiep_nhan.0);
    record.finished_at = agreed(
        "NgayKetThucXuLy",
        record.finished_at,
        item.ngay_ket_thuc_xu_ly.0,
    );
    record.returned_at = agreed("NgayTra", record.returned_at, item.ngay_tra.0);
    if let Some(agency) = agency {
        record.agency = agency.to_owned();
    }
    record.procedure = item.ma_tthc.0.unwrap_or(record.procedure);
    let before = record.status.step();
    record.status = item.trang_thai_ho_so.0;
    let mut went_back = std::mem::take(&mut record.detail.went_back);
    if before > record.status.step() && record.status.step().is_some() {
        went_back.push(IsoMoment(now));
    }
    record.channel = match item.kenh_thuc_hien.0.as_deref() {
        Some("2") => Channel::Online,
        Some("3") => Channel::Postal,
        _ => Channel::Direct,
    };

    let proof = |kind: &str, value: Option<String>| {
        value.map(|value| proof_hash(keys, &code, kind, &value))
    };
    let secret = item
        .ma_tra_cuu
        .0
        .map(|text| clean_proof(&text))
        .filter(|text| !text.is_empty());
    record.secret_hash = proof(SECRET, secret).or(record.secret_hash);
    let number = item.ma_doi_tuong.0.as_deref();
    record.holder_hash = number
        .and_then(|number| keys.holder(&code, number))
        .or(record.holder_hash);
    let identity = item.ma_doi_tuong.0.and_then(|text| last_digits(&text, 6));
    record.identity_hash = proof(IDENTITY, identity).or(record.identity_hash);
    let phone = item.so_dien_thoai.0.and_then(|text| last_digits(&text, 4));
    record.phone_hash = proof(PHONE, phone).or(record.phone_hash);

    let supplements = item.danh_sach_ho_so_bo_sung.0;
    let letters = item.danh_sach_xin_loi.0;
    let current = item.ngay_hen_tra.0.map(|moment| moment.date());

    // What explains the promises, oldest first.
    let mut reasons: Vec<Reason> = Vec::new();
    for supplement in &supplements {
        if let (Some(at), Some(new)) = (
            supplement.ngay_tiep_nhan_bo_sung.0,
            supplement.ngay_hen_tra_moi.0,
        ) {
            reasons.push(Reason {
                at,
                old: supplement.ngay_hen_tra_truoc.0.map(|moment| moment.date()),
                new: new.date(),
                cause: DueCause::Supplement,
                by: supplement.nguoi_yeu_cau_bo_sung.0.clone(),
                why: supplement.noi_dung_bo_sung.0.clone(),
            });
        }
    }
    for letter in &letters {
        if let (Some(at), Some(new)) = (letter.ngay_ban_hanh.0, letter.ngay_hen_tra_moi.0) {
            reasons.push(Reason {
                at,
                old: letter.ngay_hen_tra_truoc.0.map(|moment| moment.date()),
                new: new.date(),
                cause: DueCause::Apology,
                by: signed_by(
                    letter.nguoi_ky.0.as_ref(),
                    letter.co_quan_ban_hanh.0.as_ref(),
                ),
                why: letter.ly_do.0.clone(),
            });
        }
    }
    reasons.sort_by_key(|reason| reason.at);

    let history = &mut record.history;
    let entry = |due, cause| DueEntry {
        sent_by: agency.map(str::to_owned),
        ..DueEntry::new(due, now, cause)
    };
    if record.first_promise.is_none() {
        record.first_promise = reasons.first().and_then(|reason| reason.old).or(current);
        history.extend(
            record
                .first_promise
                .map(|first| entry(first, DueCause::Receipt)),
        );
    }
    for reason in reasons {
        if !history
            .iter()
            .any(|known| known.due == reason.new && known.cause == reason.cause)
        {
            history.push(DueEntry {
                named_by: reason.by,
                reason: reason.why,
                ..entry(reason.new, reason.cause)
            });
        }
    }
    if let Some(current) = current
        // A date known from before is an old envelope, or one written before its letter: nothing moved.
        && !history.is_empty()
        && history.iter().all(|known| known.due != current)
    {
        history.push(entry(current, DueCause::Unexplained));
    }
    record.promise = record
        .history
        .iter()
        .rfind(|entry| matches!(entry.cause, DueCause::Receipt | DueCause::Supplement))
        .map(|entry| entry.due);
    record.period_start = supplements
        .iter()
        .filter(|supplement| supplement.ngay_hen_tra_moi.0.is_some())
        .filter_map(|supplement| supplement.ngay_tiep_nhan_bo_sung.0)
        .max()
        .or(record.period_start)
        .or(record.received_at);

    for letter in letters {
        let Some(issued) = letter.ngay_ban_hanh.0 else {
            continue;
        };
        keep_letter(
            &mut record.letters,
            LetterEntry {
                issued: issued.date(),
                number: letter.so_van_ban.0,
                agency: letter.co_quan_ban_hanh.0,
                reason: letter.ly_do.0,
                previous_due: letter.ngay_hen_tra_truoc.0.map(|moment| moment.date()),
                revised_due: letter.ngay_hen_tra_moi.0.map(|moment| moment.date()),
                signer: letter.nguoi_ky.0,
                ..LetterEntry::default()
            },
        );
    }
    record.letters.sort_by_key(|letter| letter.issued);

    // Told once, it stays as long as there is a result; a case that is opened again has none.
    let told = record.detail.decision;
    let decision = (item.ket_qua_giai_quyet.0).or(told.filter(|_| record.status.is_finished()));

    record.detail = Detail {
        decision,
        procedure_name: item.ten_tthc.0,
        field: item.ten_linh_vuc.0,
        unit: item.don_vi_xu_ly.0,
        supplements: supplements
            .into_iter()
            .map(|supplement| Supplement {
                content: supplement.noi_dung_bo_sung.0,
                asked: supplement.ngay_bo_sung.0.map(IsoMoment),
                received: supplement.ngay_tiep_nhan_bo_sung.0.map(IsoMoment),
                by: supplement.nguoi_yeu_cau_bo_sung.0,
                new_due: supplement
                    .ngay_hen_tra_moi
                    .0
                    .map(|moment| IsoDate(moment.date())),
            })
            .collect(),
        fees: item
            .danh_sach_le_phi
            .0
            .into_iter()
            .filter_map(|fee| Some((fee.ten_phi_le_phi.0?, fee.gia.0.unwrap_or_default())))
            .collect(),
        results: item
            .danh_sach_giay_to_ket_qua
            .0
            .into_iter()
            .filter_map(|paper| {
                let url = paper
                    .duong_dan_tep_tin_ket_qua
                    .0
                    .filter(|url| url.starts_with("https://"));
                Some((paper.ten_giay_to.0?, url))
            })
            .collect(),
        return_note: item.thong_tin_tra.0,
        end_note: match item.ghi_chu {
            Note::Words(words) if owes_reason(record.status) => words.0,
            _ => None,
        },
        return_by_post: item.hinh_thuc.0.as_deref() == Some("1"),
        handed_elsewhere: item
            .phi_dia_gioi
            .0
            .is_some_and(|text| matches!(text.as_str(), "1" | "true" | "True")),
        competent_received: item.ngay_co_quan_tham_quyen_nhan.0.map(IsoMoment),
        disagreements,
        went_back,
        had_electronic_result: false,
        cashless: match item.thanh_toan_khong_tien_mat.0.as_deref() {
            Some("1" | "true" | "True") => Some(true),
            Some("0" | "false" | "False") => Some(false),
            _ => None,
        },
    };
    record
}

/// What explains a promise.
struct Reason {
    at: NaiveDateTime,
    old: Option<NaiveDate>,
    new: NaiveDate,
    cause: DueCause,
    by: Option<String>,
    why: Option<String>,
}

/// A step; none without its moment.
#[must_use]
pub fn step(item: &ProgressItem) -> Option<ProgressEntry> {
    Some(ProgressEntry {
        at: item.thoi_diem_xu_ly.0?,
        unit: item.phong_ban_xu_ly.0.clone().unwrap_or_default(),
        note: item.noi_dung_xu_ly.0.clone().unwrap_or_default(),
        officer: item.nguoi_xu_ly.0.clone(),
        title: item.chuc_danh.0.clone(),
    })
}

/// The date that stands: a sender corrects its own; where another sender gives a date that is known otherwise,
/// the known one stays and the other is kept beside it. The last senders to disagree are remembered.
fn one_date(
    disagreements: &mut Vec<Disagreement>,
    another: Option<&str>,
    field: &str,
    known: Option<NaiveDateTime>,
    sent: Option<NaiveDateTime>,
) -> Option<NaiveDateTime> {
    let (Some(by), Some(known), Some(said)) = (another, known, sent) else {
        return sent.or(known);
    };
    if known != said {
        disagreements.retain(|one| one.field != field || one.by != by);
        disagreements.push(Disagreement {
            field: field.to_owned(),
            by: by.to_owned(),
            said: IsoMoment(said),
        });
    }
    Some(known)
}

/// A letter once sent stays; the same letter sent again replaces what was wrong in it and is not a second one.
fn keep_letter(letters: &mut Vec<LetterEntry>, letter: LetterEntry) {
    let same = letters.iter().position(|known| same_letter(known, &letter));
    match same {
        Some(at) => {
            // What was recorded at the desk about its signature stays.
            let known = std::mem::take(&mut letters[at]);
            letters[at] = LetterEntry {
                evidence: known.evidence,
                recorded_by: known.recorded_by,
                recorded_at: known.recorded_at,
                ..letter
            };
        }
        None => letters.push(letter),
    }
}

/// Whether two letters of a case are the same: by their numbers, or by their days where one has none.
pub(super) fn same_letter(one: &LetterEntry, other: &LetterEntry) -> bool {
    match (&one.number, &other.number) {
        (Some(one), Some(other)) => one == other,
        _ => (one.issued, one.revised_due) == (other.issued, other.revised_due),
    }
}

/// Kind of a proof: the secret on the receipt.
pub const SECRET: &str = "secret";
/// Kind of a proof: the last six digits of the identity number.
pub const IDENTITY: &str = "identity";
/// Kind of a proof: the last four digits of the phone.
pub const PHONE: &str = "phone";
