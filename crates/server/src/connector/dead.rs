//! Dead letters: items that could not be stored yet. Sealed for thirty days, listed, and tried again on demand (`replay`);
//! a step that came before its case is let in with it.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::rfc3339;
use serde::{Deserialize, Serialize};

use super::Intake;
use super::envelope::{ProgressItem, Service, envelope_of};
use super::file::{self, Entry, Item, Refused};
use super::intake::add_steps;
use super::merge::step;
use crate::keys::{Keys, Purpose, random, readable};
use crate::store::{DeadLetter, DeadReason, StoreError, Writer};

/// Days for which one is kept.
pub const DAYS: i64 = 30;

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Content {
    agency: Option<String>,
    item: String,
}

fn letter(
    service: Service,
    content: &Content,
    case_code: Option<&str>,
    wrong: (DeadReason, &str, &str),
    intake: &Intake,
) -> Result<DeadLetter, StoreError> {
    let text = serde_json::to_string(content).map_err(|_| StoreError::corrupt("dead_letters"))?;
    let digest = intake.keys.hash(
        Purpose::DeadLetter,
        &[service.name().as_bytes(), text.as_bytes()],
    );
    let id = readable(&random()?, 3);
    let (reason, field, message) = wrong;
    Ok(DeadLetter {
        digest,
        service: service.name().to_owned(),
        sender: intake.sender.clone(),
        case_code: case_code.map(str::to_owned),
        reason: reason.name().to_owned(),
        field: field.to_owned(),
        message: message.to_owned(),
        received_at: intake.now,
        repeats: 0,
        sealed: intake
            .keys
            .seal(Purpose::DeadLetter, &digest, text.as_bytes())?,
        id,
    })
}

/// An item that could not be read, as it is kept.
///
/// # Errors
/// [`StoreError`] without randomness.
pub(super) fn refused(refused: &Refused, intake: &Intake) -> Result<DeadLetter, StoreError> {
    let content = Content {
        agency: refused.agency.clone(),
        item: refused.kept.clone(),
    };
    let wrong = (
        DeadReason::Refused,
        refused.error.field.as_str(),
        refused.error.message.as_str(),
    );
    let code = refused.case_code.as_deref();
    letter(refused.service, &content, code, wrong, intake)
}

/// A moment as envelopes write it: fourteen digits.
fn stamp(moment: NaiveDateTime) -> String {
    let digits = rfc3339(moment);
    digits
        .chars()
        .take(19)
        .filter(char::is_ascii_digit)
        .collect()
}

/// A step whose case is not known yet, as it is kept.
///
/// # Errors
/// [`StoreError`] without randomness.
pub(super) fn early(item: &ProgressItem, intake: &Intake) -> Result<DeadLetter, StoreError> {
    let code = item.ma_ho_so.0.as_str();
    let text = serde_json::json!({
        "MaHoSo": code,
        "NguoiXuLy": item.nguoi_xu_ly.0,
        "ChucDanh": item.chuc_danh.0,
        "ThoiDiemXuLy": item.thoi_diem_xu_ly.0.map(stamp),
        "PhongBanXuLy": item.phong_ban_xu_ly.0,
        "NoiDungXuLy": item.noi_dung_xu_ly.0,
    });
    let content = Content {
        agency: None,
        item: text.to_string(),
    };
    let wrong = (DeadReason::Early, "MaHoSo", "the case is not known yet");
    letter(Service::Progress, &content, Some(code), wrong, intake)
}

/// The item in a letter, read once more; `None` where the key is another one by now.
pub(super) fn open(letter: &DeadLetter, keys: &Keys) -> Option<Vec<Entry>> {
    let text = keys.unseal(Purpose::DeadLetter, &letter.digest, &letter.sealed)?;
    let content: Content = serde_json::from_slice(&text).ok()?;
    let service = Service::named(&letter.service)?;
    let envelope = envelope_of(service, content.agency.as_deref(), &content.item);
    file::read_each(&envelope).ok()
}

/// Lets in the steps that waited for cases that have just come.
///
/// # Errors
/// [`StoreError`].
pub(super) fn let_in(
    writer: &mut Writer<'_>,
    codes: &[&str],
    intake: &Intake,
) -> Result<(), StoreError> {
    let letters = writer.early_steps(codes)?;
    let mut items = Vec::with_capacity(letters.len());
    for letter in &letters {
        for entry in open(letter, &intake.keys).unwrap_or_default() {
            if let Entry::Item(Item::Progress(item)) = entry {
                items.push((letter, item));
            }
        }
    }
    let items = items.iter();
    let (ids, steps): (Vec<&str>, Vec<_>) = items
        .filter_map(|(letter, item)| {
            let step = (item.ma_ho_so.0.as_str(), step(item)?);
            Some((letter.id.as_str(), step))
        })
        .unzip();
    let known = add_steps(writer, &steps, intake)?;
    let let_in = ids.into_iter().zip(known).filter(|(_, known)| *known);
    writer.remove_dead_letters(&let_in.map(|(id, _)| id).collect::<Vec<_>>())?;
    Ok(())
}
