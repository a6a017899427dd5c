//! Dead letters: items that could not be stored yet. Sealed for thirty days, listed, and tried again on demand (`replay`);
//! a step that came before its case is let in with it.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::rfc3339;
use serde::{Deserialize, Serialize};

use super::Intake;
use super::envelope::{ProgressItem, Service, envelope_of};
use super::file::{self, Entry, Item, Refused};
use super::merge::add_step;
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

fn keep(
    writer: &mut Writer<'_>,
    service: Service,
    content: &Content,
    case_code: Option<&str>,
    wrong: (DeadReason, &str, &str),
    intake: &Intake,
) -> Result<(), StoreError> {
    let text = serde_json::to_string(content).map_err(|_| StoreError::corrupt("dead_letters"))?;
    let digest = intake.keys.hash(
        Purpose::DeadLetter,
        &[service.name().as_bytes(), text.as_bytes()],
    );
    let id = readable(&random()?, 3);
    let (reason, field, message) = wrong;
    writer.add_dead_letter(&DeadLetter {
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

/// Keeps an item that could not be read.
///
/// # Errors
/// [`StoreError`].
pub(super) fn keep_refused(
    writer: &mut Writer<'_>,
    refused: &Refused,
    intake: &Intake,
) -> Result<(), StoreError> {
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
    keep(writer, refused.service, &content, code, wrong, intake)
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

/// Keeps a step whose case is not known yet.
///
/// # Errors
/// [`StoreError`].
pub(super) fn keep_early(
    writer: &mut Writer<'_>,
    item: &ProgressItem,
    intake: &Intake,
) -> Result<(), StoreError> {
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
    keep(
        writer,
        Service::Progress,
        &content,
        Some(code),
        wrong,
        intake,
    )
}

/// The item in a letter, read once more; `None` where the key is another one by now.
pub(super) fn open(letter: &DeadLetter, keys: &Keys) -> Option<Vec<Entry>> {
    let text = keys.unseal(Purpose::DeadLetter, &letter.digest, &letter.sealed)?;
    let content: Content = serde_json::from_slice(&text).ok()?;
    let service = Service::named(&letter.service)?;
    let envelope = envelope_of(service, content.agency.as_deref(), &content.item);
    file::read_each(&envelope).ok()
}

/// Lets in the steps that waited for a case that has just come.
///
/// # Errors
/// [`StoreError`].
pub(super) fn let_in(writer: &mut Writer<'_>, code: &str, keys: &Keys) -> Result<(), StoreError> {
    for letter in writer.early_steps(code)? {
        for entry in open(&letter, keys).unwrap_or_default() {
            if let Entry::Item(Item::Progress(step)) = entry
                && add_step(writer, &step)?
            {
                writer.remove_dead_letter(&letter.id)?;
            }
        }
    }
    Ok(())
}
