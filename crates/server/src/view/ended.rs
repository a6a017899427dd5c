//! Why a case ended without a result, as far as the agency has told: that it owes in writing, whatever is shown here.

use dung_hen_domain::case::CaseStatus;
use dung_hen_domain::wire::{Agency, EndReason, Text};
use dung_hen_domain::words::Lang;

use crate::store::CaseRecord;

/// What the holder is told of a case that was not accepted, or stopped.
pub(super) fn view(record: &CaseRecord, agency: &Agency) -> Option<EndReason> {
    let stopped = match record.status {
        CaseStatus::NotAccepted => false,
        CaseStatus::Stopped => true,
        _ => return None,
    };
    let note = record.detail.end_note.clone();
    Some(EndReason {
        text: Text::both(|lang| words(stopped, note.is_some(), agency, lang)),
        note,
    })
}

fn words(stopped: bool, noted: bool, agency: &Agency, lang: Lang) -> String {
    let paper = match (stopped, lang) {
        (false, Lang::Vi) => "phiếu từ chối",
        (true, Lang::Vi) => "thông báo dừng giải quyết",
        (false, Lang::En) => "refusal slip",
        (true, Lang::En) => "notice that it stopped",
    };
    if noted {
        return match lang {
            Lang::Vi => format!("Cơ quan ghi (không thay {paper}):"),
            Lang::En => format!("What the agency noted (it does not replace its {paper}):"),
        };
    }
    let ask = agency.contact.as_deref().unwrap_or(&agency.name);
    match lang {
        Lang::Vi => format!(
            "Hệ thống chưa nhận được lý do. Lý do ghi trong {paper} của cơ quan; chưa có thì xin hỏi: {ask}."
        ),
        Lang::En => format!(
            "This system has not received the reason. It stands in the agency's {paper}; without one, please ask: {ask}."
        ),
    }
}
