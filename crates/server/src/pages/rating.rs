//! The rating as a plain form.

use dung_hen_domain::case::WireName as _;
use dung_hen_domain::satisfaction::{Criterion, Level, SatisfactionFactor};
use dung_hen_domain::wire::{HolderView, MAX_COMMENT, RatingState};
use dung_hen_domain::words::{self, Lang};
use maud::{Markup, html};

use super::Shown;

fn hidden(view: &HolderView, shown: &Shown<'_>, lang: Lang) -> Markup {
    html! {
        input type="hidden" name="lang" value=(lang.tag());
        input type="hidden" name="case_code" value=(view.public.case_code);
        input type="hidden" name="proof" value=(shown.proof);
        input type="hidden" name="ticket" value=(shown.ticket);
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

/// The whole, then each factor with what may have been wrong, then a comment.
fn questions(lang: Lang) -> Markup {
    html! {
        (scale("overall", words::overall(lang), true, lang))
        details {
            summary { (lang.pick("Đánh giá thêm từng mặt (không bắt buộc)", "Rate each aspect (optional)")) }
            @for factor in SatisfactionFactor::ALL {
                (scale(&format!("factor_{}", factor.name()), words::factor(*factor, lang), false, lang))
                fieldset {
                    legend { (lang.pick(
                        "Nếu không hài lòng mặt này: điều nào chưa đạt?",
                        "If you are dissatisfied with this: which of these was not so?",
                    )) }
                    @for criterion in Criterion::ALL.iter().filter(|one| one.factor() == *factor) {
                        label class="choice" {
                            input type="checkbox" name="wrong" value=(criterion.name());
                            " " (words::criterion(*criterion, lang))
                        }
                    }
                }
            }
        }
        p {
            label for="comment" { (lang.pick("Góp ý thêm (không bắt buộc)", "Anything to add (optional)")) }
            textarea id="comment" name="comment" rows="3" maxlength=(MAX_COMMENT) aria-describedby="comment-help" {}
            span id="comment-help" class="help" { (lang.pick(
                "Xin đừng ghi tên, số điện thoại hay số giấy tờ. Góp ý được đưa cho cơ quan cùng ít nhất bốn góp ý khác, không kèm hồ sơ, ngày hay thủ tục.",
                "Please leave out names, phone and identity numbers. The agency gets comments five or more at a time, without case, day or procedure.",
            )) }
        }
    }
}

/// The form of a correction: no case, no proof, only the number.
pub(super) fn correction(lang: Lang, number: &str) -> Markup {
    html! {
        h1 { (lang.pick("Sửa đánh giá", "Change a rating")) }
        form method="post" action="/sua-danh-gia" {
            input type="hidden" name="lang" value=(lang.tag());
            p {
                label for="number" { (lang.pick("Số biên nhận đánh giá", "Receipt of the rating")) }
                input id="number" name="number" value=(number) required autocomplete="off" spellcheck="false" maxlength="64" aria-describedby="number-help";
                span id="number-help" class="help" { (lang.pick(
                    "Sáu nhóm bốn ký tự. Không cần mã hồ sơ. Câu trả lời mới thay toàn bộ câu trả lời cũ.",
                    "Six groups of four characters. No case code is needed. The new answers take the place of all earlier ones.",
                )) }
            }
            (questions(lang))
            p { button { (lang.pick("Gửi đánh giá đã sửa", "Send the changed rating")) } }
        }
    }
}

/// The questions of a case; `contest` where the ballot given before was not the holder's.
fn rating_form(
    view: &HolderView,
    shown: &Shown<'_>,
    number: &str,
    contest: bool,
    lang: Lang,
) -> Markup {
    html! {
        form method="post" action="/danh-gia" {
            (hidden(view, shown, lang))
            input type="hidden" name="number" value=(number);
            @if let Some(channel) = view.channel.known() { input type="hidden" name="channel" value=(channel.name()); }
            @if contest { input type="hidden" name="contest" value="1"; }
            (questions(lang))
            p class="help" { (lang.pick(
                "Câu trả lời được lưu không kèm mã hồ sơ. Cách gửi không dùng JavaScript yếu hơn: mã hồ sơ và câu trả lời đi chung một lần gửi, và số phiếu do máy chủ lập ra rồi quên đi, nên người đang điều khiển máy chủ có thể nhìn thấy cả hai. Muốn kín hơn, xin đánh giá trên trang có JavaScript.",
                "Answers are stored without the case code. Without JavaScript this is weaker: code and answers travel in one request, and the number of the ballot is made by the server, which then forgets it; so whoever controls the running server could see both. For more secrecy, please rate on a page with JavaScript.",
            )) }
            p { button { (lang.pick("Gửi đánh giá", "Send the rating")) } }
        }
    }
}

pub(super) fn form(view: &HolderView, shown: &Shown<'_>, number: &str, lang: Lang) -> Markup {
    html! {
        @match view.rating.known() {
            Some(RatingState::Open) => {
                h2 { (lang.pick("Đánh giá sự phục vụ", "Rate the service")) }
                (rating_form(view, shown, number, false, lang))
            }
            Some(RatingState::BallotGiven) => {
                h2 { (lang.pick("Đánh giá sự phục vụ", "Rate the service")) }
                p { (lang.pick(
                    "Phiếu đánh giá của hồ sơ này đã được cấp. Nếu chính ông/bà đã đánh giá thì sửa được bằng số biên nhận.",
                    "The ballot of this case has been given out. If it was you who rated, the receipt number lets you change the rating.",
                )) }
                @if shown.signed_in {
                    details {
                        summary { (lang.pick("Không phải tôi", "It was not me")) }
                        p { (lang.pick(
                            "Ông/bà đang đăng nhập nên được nhận một phiếu khác, một lần. Phiếu trước vẫn được tính, nhưng bảng số liệu sẽ nói rõ nó bị báo là không phải của người nộp và có thể làm thay đổi con số đến đâu.",
                            "You are signed in and get another ballot, once. The first one still counts, but the board will say that its holder contests it, and how far that could change the figure.",
                        )) }
                        (rating_form(view, shown, number, true, lang))
                    }
                } @else {
                    p { (lang.pick(
                        "Nếu không phải ông/bà, xin đăng nhập cổng dịch vụ công rồi mở hồ sơ từ đó để nhận phiếu khác, hoặc gửi phản ánh dưới đây. Mã tra cứu và các số cuối thì người khác cũng có thể biết.",
                        "If it was not you, please sign in at the public service portal and open the case from there to get another ballot, or send an objection below. Others may know the secret and the digits, too.",
                    )) }
                }
                p { a href={ "/sua-danh-gia?lang=" (lang.tag()) } { (lang.pick("Sửa đánh giá bằng số biên nhận", "Change a rating by its receipt number")) } }
            }
            Some(RatingState::NotYet) | None => {}
        }
    }
}
