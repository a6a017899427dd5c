//! The frame of every page and the look-up form.

use dung_hen_domain::words::Lang;
use maud::{DOCTYPE, Markup, html};

use crate::shown::{head, linked};

pub(super) fn page(lang: Lang, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            (head(title, &linked("/page.css")))
            body {
                main { (body) }
                footer { p { (lang.pick(
                    "Trang này dùng được trên mọi trình duyệt. Những gì ông/bà nhập không nằm trong địa chỉ của trang.",
                    "This page works in any browser. What you enter is not part of its address.",
                )) } }
            }
        }
    }
}

pub(super) fn lookup_form(lang: Lang, case_code: &str) -> Markup {
    html! {
        form method="post" action="/tra-cuu" {
            input type="hidden" name="lang" value=(lang.tag());
            p {
                label for="case_code" { (lang.pick("Mã hồ sơ", "Case code")) }
                input id="case_code" name="case_code" value=(case_code) required aria-describedby="code-help" autocomplete="off" spellcheck="false" maxlength="200";
                span id="code-help" class="help" { (lang.pick(
                    "Ghi trên giấy tiếp nhận hồ sơ và hẹn trả kết quả, cạnh mã QR hoặc mã vạch.",
                    "It stands on the receipt you were given when you filed, beside the QR code or bar code.",
                )) }
            }
            p {
                label for="proof" { (lang.pick("Mã tra cứu, hoặc số cuối giấy tờ (không bắt buộc)", "Look-up code, or last digits (optional)")) }
                input id="proof" name="proof" aria-describedby="proof-help" autocomplete="off" spellcheck="false" maxlength="64";
                span id="proof-help" class="help" { (lang.pick(
                    "Mã tra cứu trên giấy hẹn, hoặc 6 số cuối số định danh, hoặc 4 số cuối điện thoại. Bỏ trống thì chỉ thấy trạng thái.",
                    "The look-up code on the receipt, or the last 6 digits of the identity number, or the last 4 of the phone. Left empty, you see the state only.",
                )) }
            }
            p { button { (lang.pick("Tra cứu", "Look up")) } }
        }
    }
}

/// The same page in the other language, for pages that nothing was sent to.
pub(super) fn other_language(address: &str, lang: Lang) -> Markup {
    let (other, name) = match lang {
        Lang::Vi => (Lang::En, "English"),
        Lang::En => (Lang::Vi, "Tiếng Việt"),
    };
    html! { p { a href={ (address) "?lang=" (other.tag()) } lang=(other.tag()) hreflang=(other.tag()) { (name) } } }
}
