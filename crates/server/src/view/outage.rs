//! What is said of a planned outage.

use chrono::NaiveDateTime;
use dung_hen_domain::civil::clock;
use dung_hen_domain::outage::Outage;
use dung_hen_domain::wire::Text;
use dung_hen_domain::words::{Lang, date_in_words};

use crate::reference::Reference;

/// Of the first to begin that is announced and not over.
#[must_use]
pub fn outage(reference: &Reference, now: NaiveDateTime) -> Option<Text> {
    let outage = reference.outages.iter().find(|one| one.is_told(now))?;
    Some(Text::both(|lang| words(outage, lang)))
}

fn words(outage: &Outage, lang: Lang) -> String {
    let moment = |at: NaiveDateTime| (clock(at.time()), date_in_words(at.date(), lang));
    let ((from, day), (until, last)) = (moment(outage.from()), moment(outage.until()));
    match lang {
        Lang::Vi => format!(
            "Hệ thống này tạm ngừng để bảo trì từ {from} ngày {day} đến {until} ngày {last}. Trong lúc đó chưa tra cứu, đánh giá và gửi phản ánh được."
        ),
        Lang::En => format!(
            "This service is down for maintenance from {from} on {day} to {until} on {last}. Meanwhile nothing can be looked up, rated or reported."
        ),
    }
}
