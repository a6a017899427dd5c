//! The rating as a plain form.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::{Level, SatisfactionFactor};
use dung_hen_domain::wire::{HolderView, RatingState};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

fn hidden(view: &HolderView, proof: &str, lang: Lang) -> Markup {
    html! {
        input type="hidden" name="lang" value=(lang.tag());
        input type="hidden" name="case_code" value=(view.public.case_code);
        input type="hidden" name="proof" value=(proof);
    }
}

fn scale(name: &str, legend: &str, required: bool, lang: Lang) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            @for level in (1..=5).filter_map(Level::new) {
                label class="choice" {
                    input type="radio" name=(name) value=(level.get()) required[required];
                    " " (words::level(level, lang))
                }
            }
        }
    }
}

pub(super) fn form(view: &HolderView, proof: &str, number: &str, lang: Lang) -> Markup {
    html! {
        @match view.rating.known() {
            Some(RatingState::Open) => {
                h2 { (lang.pick("Đánh giá sự phục vụ", "Rate the service")) }
                form method="post" action="/danh-gia" {
                    (hidden(view, proof, lang))
                    input type="hidden" name="ballot_request" value=(number);
                    (scale("overall", words::overall(lang), true, lang))
                    details {
                        summary { (lang.pick("Đánh giá thêm từng mặt (không bắt buộc)", "Rate each aspect (optional)")) }
                        @for factor in SatisfactionFactor::ALL {
                            (scale(&format!("factor_{}", factor.name()), words::factor(*factor, lang), false, lang))
                        }
                    }
                    p class="help" { (lang.pick(
                        "Câu trả lời được lưu không kèm mã hồ sơ. Cách gửi không dùng JavaScript yếu hơn: mã hồ sơ và câu trả lời đi chung một lần gửi.",
                        "Answers are stored without the case code. Without JavaScript this is weaker: code and answers travel in one request.",
                    )) }
                    p { button { (lang.pick("Gửi đánh giá", "Send the rating")) } }
                }
            }
            Some(RatingState::BallotGiven) => {
                h2 { (lang.pick("Đánh giá sự phục vụ", "Rate the service")) }
                p { (lang.pick(
                    "Phiếu đánh giá của hồ sơ này đã được cấp. Nếu không phải ông/bà đã đánh giá, xin gửi phản ánh dưới đây.",
                    "The ballot of this case has been given out. If it was not you, please send an objection below.",
                )) }
            }
            Some(RatingState::NotYet) | None => {}
        }
    }
}
