//! The page behind the QR code of a notice: it confirms number, agency, dates and unchanged text, and shows
//! no applicant, no case and no procedure.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dung_hen_domain::words::{self, Lang};
use maud::html;
use qrcode::QrCode;
use qrcode::render::svg;

use super::{Tongue, page};
use crate::addresses::own;
use crate::error::AppError;
use crate::service::notice::{fingerprint, kept};
use crate::state::AppState;

/// The number as it stands in the address.
type Asked = Result<Path<String>, PathRejection>;

/// What cannot be read is the number of no notice.
fn read(asked: Asked) -> String {
    asked.map(|Path(number)| number).unwrap_or_default()
}

/// The page.
pub async fn notice(State(state): State<AppState>, number: Asked, tongue: Tongue) -> Response {
    let number = read(number);
    let lang = Lang::from_tag(&tongue.lang);
    let title = lang.pick(
        "Kiểm tra thông báo quá hẹn",
        "Check a notice of a missed date",
    );
    let found = match kept(&state, &number).await {
        Ok(found) => found,
        Err(error) => return super::failure(error, lang, html! {}),
    };
    let Some(last) = found.last() else {
        let body = html! {
            h1 { (title) }
            div class="alert" role="alert" { p { (lang.pick(
                "Hệ thống không lập thông báo nào có số này. Hãy đối chiếu lại số in trên thông báo.",
                "This system has issued no notice with this number. Compare it with the number on the paper.",
            )) } }
        };
        return page(StatusCode::NOT_FOUND, lang, title, body);
    };
    let body = html! {
        h1 { (title) }
        p { strong { (lang.pick(
            "Hệ thống đã lập thông báo có số này.",
            "This system has issued a notice with this number.",
        )) } }
        dl {
            dt { (lang.pick("Số thông báo", "Number")) } dd class="number" { (last.number) }
            dt { (lang.pick("Cơ quan đã hẹn trả kết quả", "Agency that promised the result")) } dd { (last.agency) }
            dt { (lang.pick("Ngày đã hẹn", "Promised date")) } dd { (words::long_date(last.promised, lang)) }
        }
        h2 { (lang.pick("Các lần lập", "Issued")) }
        p { (lang.pick(
            "Nội dung còn nguyên nếu mã đối chiếu in trên giấy giống mã của ngày lập dưới đây.",
            "The text is unchanged if the check code on the paper is the one of its day below.",
        )) }
        table {
            thead { tr {
                th scope="col" { (lang.pick("Ngày lập", "Day")) }
                th scope="col" { (lang.pick("Mã đối chiếu", "Check code")) }
            } }
            tbody { @for one in &found { tr {
                th scope="row" { (words::long_date(one.issued, lang)) }
                td class="number" { (fingerprint(&one.digest)) }
            } } }
        }
        p class="help" { (lang.pick(
            "Thông báo tự động, không thay văn bản xin lỗi của cơ quan. Trang này không cho biết người nộp, mã hồ sơ hay thủ tục.",
            "An automatic notice; it does not replace the agency's letter of apology. This page names no applicant, no case and no procedure.",
        )) }
        @match lang {
            Lang::Vi => p { a href="?lang=en" lang="en" { "English" } },
            Lang::En => p { a href="?lang=vi" lang="vi" { "Tiếng Việt" } },
        }
    };
    page(StatusCode::OK, lang, title, body)
}

/// The QR code of that page's address, as the caller reaches this server.
pub async fn qr(
    State(state): State<AppState>,
    number: Asked,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let number = read(number);
    if kept(&state, &number).await?.is_empty() {
        return Err(AppError::NoticeNotFound);
    }
    let base = own(state.reference.province.public_address.as_deref(), &headers);
    let code = QrCode::new(format!("{base}/thong-bao/{number}"))
        .map_err(|_| AppError::Internal("the address does not fit a QR code"))?;
    let image = code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], image).into_response())
}
