//! Every error's status, code, and sentence in both languages; docs/API.md lists the codes.

use axum::http::StatusCode;

use super::AppError;

impl AppError {
    /// Status, code, and the sentence in Vietnamese and English.
    pub(super) const fn parts(&self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Self::InvalidCaseCode => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_case_code",
                "Xin nhập mã hồ sơ như in trên giấy hẹn: chỉ gồm chữ cái không dấu, chữ số, dấu chấm và gạch nối, tối đa 64 ký tự.",
                "Please enter the case code as it stands on the receipt: letters, digits, dots and hyphens only, 64 at most.",
            ),
            Self::CaseNotFound => (
                StatusCode::NOT_FOUND,
                "case_not_found",
                "Chưa tìm thấy mã hồ sơ này. Xin kiểm tra lại từng ký tự trên giấy hẹn; hồ sơ mới nộp có thể cần thêm thời gian để lên hệ thống.",
                "This case code is not known. Please check it against the receipt; a case filed just now may need some time to appear.",
            ),
            Self::NoMatch => (
                StatusCode::NOT_FOUND,
                "no_match",
                "Mã hồ sơ và mã tra cứu (hoặc các số cuối) không khớp nhau. Xin kiểm tra lại cả hai: số định danh chỉ nhập 6 số cuối, điện thoại chỉ nhập 4 số cuối. Không nhớ thì để trống: nếu mã hồ sơ đúng, vẫn xem được hồ sơ đang ở bước nào.",
                "The case code and the look-up code (or last digits) do not match. Please check both: of an identity number enter the last 6 digits, of a phone the last 4. If you do not have them, leave it empty: a right case code alone still shows which step the case has reached.",
            ),
            Self::ProofRequired => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "proof_required",
                "Xin nhập mã tra cứu trên giấy hẹn, hoặc 6 số cuối số định danh, hoặc 4 số cuối điện thoại đã đăng ký.",
                "Please enter the secret on the receipt, the last six digits of the identity number, or the last four of the phone.",
            ),
            Self::TooManyAttempts(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_attempts",
                "Đã nhập sai quá nhiều lần cho mã hồ sơ này. Xin thử lại sau ít phút.",
                "Too many wrong attempts for this case code. Please try again in some minutes.",
            ),
            Self::PuzzleRequired(_) => (
                StatusCode::PRECONDITION_REQUIRED,
                "puzzle_required",
                "Có nơi đang dò mã hồ sơ, nên lần tra cứu này cần thêm một bước kiểm tra ngắn. Trình duyệt tự làm; ông/bà chỉ cần chờ.",
                "Someone is trying out case codes, so this look-up needs one short check more. The browser does it; please just wait.",
            ),
            Self::TokenInvalid => (
                StatusCode::UNAUTHORIZED,
                "token_invalid",
                "Phiên đăng nhập trên cổng đã hết hạn hoặc không dùng được ở đây. Xin đăng nhập lại, hoặc nhập mã tra cứu.",
                "The session of the portal has ended or does not hold here. Please sign in again, or enter the look-up code.",
            ),
            Self::RatingNotOpen => (
                StatusCode::CONFLICT,
                "rating_not_open",
                "Hồ sơ này chưa đến lúc đánh giá: xin đánh giá khi có kết quả hoặc khi bị quá hẹn.",
                "This case cannot be rated yet: please rate when there is a result, or when it is overdue.",
            ),
            Self::BallotAlreadyGiven => (
                StatusCode::CONFLICT,
                "ballot_already_given",
                "Phiếu đánh giá của hồ sơ này đã được cấp rồi; mỗi hồ sơ có một phiếu. Nếu không phải ông/bà đã đánh giá, xin đăng nhập cổng dịch vụ công để nhận phiếu khác, hoặc gửi phản ánh.",
                "The ballot of this case has been given out; there is one for each case. If it was not you, please sign in at the portal to get another one, or send an objection.",
            ),
            Self::ContestNeedsToken => (
                StatusCode::FORBIDDEN,
                "contest_needs_token",
                "Phiếu khác chỉ được cấp khi ông/bà đã đăng nhập cổng dịch vụ công và mở hồ sơ từ đó, vì mã tra cứu và các số cuối thì người khác cũng có thể biết. Nếu không đăng nhập được, xin gửi phản ánh.",
                "Another ballot is given only when you have signed in at the public service portal and opened the case from there, because others may know the secret and the digits, too. If you cannot sign in, please send an objection.",
            ),
            Self::BallotRequestInvalid => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "ballot_request_invalid",
                "Yêu cầu cấp phiếu đánh giá không đúng định dạng. Xin tải lại trang rồi thử lại.",
                "The request for a ballot is malformed. Please reload the page and try again.",
            ),
            Self::BallotInvalid => (
                StatusCode::FORBIDDEN,
                "ballot_invalid",
                "Phiếu đánh giá không hợp lệ. Xin tra cứu lại hồ sơ rồi đánh giá.",
                "The ballot is not valid. Please look the case up again, then rate.",
            ),
            Self::BallotSpent => (
                StatusCode::CONFLICT,
                "ballot_spent",
                "Phiếu này đã được dùng. Đánh giá gửi lần đầu vẫn được giữ nguyên; còn trong hạn thì sửa được bằng số biên nhận.",
                "This ballot has been used. The rating sent first is kept; while there is time, its receipt number changes it.",
            ),
            Self::BallotExpired => (
                StatusCode::FORBIDDEN,
                "ballot_expired",
                "Phiếu đánh giá này đã hết hạn: phiếu dùng được đến hết quý sau quý được cấp.",
                "This ballot has expired: a ballot is good until the end of the quarter after the one it was given in.",
            ),
            Self::BallotNotYetValid => (
                StatusCode::FORBIDDEN,
                "ballot_not_yet_valid",
                "Phiếu đánh giá này thuộc một quý chưa đến; đồng hồ của máy chủ có thể đang sai. Chưa lưu gì, xin gửi lại sau.",
                "This ballot belongs to a quarter that has not begun; the server's clock may be wrong. Nothing was stored, please send it later.",
            ),
            Self::ReceiptMistyped => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "receipt_mistyped",
                "Số biên nhận có chỗ chưa đúng. Xin xem lại từng nhóm bốn ký tự.",
                "There is a mistake in the receipt number. Please check each group of four.",
            ),
            Self::RatingNotCorrectable => (
                StatusCode::NOT_FOUND,
                "rating_not_correctable",
                "Không có đánh giá nào sửa được bằng số này. Đánh giá chỉ sửa được đến hết tuần sau tuần gửi.",
                "No rating can be changed with this number. A rating can be changed until the end of the week after the one it was sent in.",
            ),
            Self::NotInvited => (
                StatusCode::FORBIDDEN,
                "not_invited",
                "Bộ câu hỏi này chỉ dành cho những người được rút thăm. Đánh giá đã gửi vẫn được giữ nguyên.",
                "This questionnaire is for those drawn by lot alone. The rating that was sent is kept.",
            ),
            Self::CommentTooLong => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "comment_too_long",
                "Lời góp ý quá dài: tối đa 1000 ký tự.",
                "The comment is too long: 1000 characters at most.",
            ),
            Self::UnknownInstrument => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "unknown_instrument",
                "Bộ câu hỏi này không có trên hệ thống. Xin tải lại trang để dùng bộ câu hỏi mới.",
                "This questionnaire is not known here. Please reload the page to get the current one.",
            ),
            Self::AnswerOutOfRange => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "answer_out_of_range",
                "Mức đánh giá phải từ 1 đến 5, mỗi nội dung một lần.",
                "Each level must be 1 to 5, each factor named once.",
            ),
            Self::UnknownObjectionKind => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "unknown_objection_kind",
                "Xin chọn một nội dung phản ánh trong danh sách.",
                "Please choose one of the kinds of objection listed.",
            ),
            Self::TextTooLong => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "text_too_long",
                "Nội dung quá dài: tối đa 2000 ký tự.",
                "The text is too long: 2000 characters at most.",
            ),
            Self::ContactTooLong => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "contact_too_long",
                "Thông tin liên hệ quá dài: tối đa 200 ký tự.",
                "The contact is too long: 200 characters at most.",
            ),
            Self::ConsentMissing => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "consent_missing",
                "Xin đánh dấu đồng ý cho giữ thông tin liên hệ, hoặc xóa thông tin đó rồi gửi lại. Chưa có gì được lưu.",
                "Please tick that the contact may be kept, or remove it, and send again. Nothing was stored.",
            ),
            Self::ObjectionNotFound => (
                StatusCode::NOT_FOUND,
                "objection_not_found",
                "Không có phản ánh mang số này. Xin kiểm tra lại từng ký tự.",
                "There is no report with this number. Please check it character by character.",
            ),
            Self::AnswerMissing => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "answer_missing",
                "Xin viết câu trả lời.",
                "Please write an answer.",
            ),
            Self::OfficerKeyInvalid => (
                StatusCode::UNAUTHORIZED,
                "officer_key_invalid",
                "Khóa cán bộ không đúng, hoặc phiên làm việc đã hết. Xin nhập lại khóa.",
                "The officer's key is wrong, or the session has ended. Please enter the key again.",
            ),
            Self::RoleMissing => (
                StatusCode::FORBIDDEN,
                "role_missing",
                "Khóa này không có quyền làm việc đó.",
                "This key has no right to do that.",
            ),
            Self::NoticeNotFound => (
                StatusCode::NOT_FOUND,
                "notice_not_found",
                "Hệ thống không lập thông báo nào có số này. Hãy đối chiếu lại số in trên thông báo.",
                "No notice has this number. Please check it against the printed notice.",
            ),
            Self::BriefNotFound => (
                StatusCode::NOT_FOUND,
                "brief_not_found",
                "Chưa có báo cáo nhanh của cơ quan này cho tháng đó. Báo cáo của một tháng được lập vào ngày 1 tháng sau.",
                "There is no brief of this agency for that month. The brief of a month is made on the 1st of the next.",
            ),
            Self::LetterNotOwed => (
                StatusCode::CONFLICT,
                "letter_not_owed",
                "Không ghi văn bản xin lỗi cho hồ sơ này: hồ sơ xong đúng hẹn, đã xong và đã có văn bản, đã đóng, hoặc chưa có ngày hẹn.",
                "No letter of apology is recorded for this case: it was finished in time, or is finished and has its letter, is closed, or has no promise.",
            ),
            Self::LetterRefused(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "letter_refused",
                "Chưa ghi được văn bản.",
                "The letter is not recorded.",
            ),
            Self::LetterNeedsConfirmation(_) => (
                StatusCode::CONFLICT,
                "letter_needs_confirmation",
                "Xin xem lại trước khi ghi.",
                "Please look again before it is recorded.",
            ),
            Self::LetterExists => (
                StatusCode::CONFLICT,
                "letter_exists",
                "Số văn bản này đã được ghi cho hồ sơ này với nội dung khác. Văn bản đã ghi không bị sửa.",
                "This number has been recorded for the case with other contents. A recorded letter is not changed.",
            ),
            Self::EvidenceMissing => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "evidence_missing",
                "Cần mã SHA-256 của tệp đã ký hoặc chữ ký số, tối đa 4000 ký tự.",
                "The SHA-256 of the signed file or the digital signature is needed, 4000 characters at most.",
            ),
            Self::PeriodInvalid => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "period_invalid",
                "Kỳ báo cáo phải có dạng 2026-10, 2026-Q4 hoặc 2026.",
                "The period must look like 2026-10, 2026-Q4 or 2026.",
            ),
            Self::DateInvalid => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "date_invalid",
                "Xin ghi năm dạng 2026 hoặc ngày dạng 2026-10-15.",
                "Please give a year such as 2026 or a date such as 2026-10-15.",
            ),
            Self::AgencyUnknown => (
                StatusCode::NOT_FOUND,
                "agency_unknown",
                "Không có cơ quan mang mã này.",
                "There is no agency with this code.",
            ),
            Self::SplitUnknown => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "split_unknown",
                "Số liệu này không chia theo cách ấy; mô tả API nêu các cách chia của từng địa chỉ.",
                "This figure is not split so; the description of the API lists the splits of each address.",
            ),
            Self::LevelUnknown => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "level_unknown",
                "Cấp phải là ministry, province, district, commune hoặc unknown_level; nếu hỏi cả cơ quan thì là cấp của cơ quan ấy.",
                "The level must be ministry, province, district, commune or unknown_level; with an agency, the level of that agency.",
            ),
            Self::BadRequestBody(_) => (
                StatusCode::BAD_REQUEST,
                "bad_request_body",
                "Nội dung gửi lên không đọc được. Xin tải lại trang rồi thử lại.",
                "The request cannot be read. Please reload the page and try again.",
            ),
            Self::EnvelopesUnread(_) => (
                StatusCode::BAD_REQUEST,
                "bad_request_body",
                "Không đọc được gói tin",
                "The envelopes cannot be read",
            ),
            Self::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Kiểu nội dung phải là application/json.",
                "The content type must be application/json.",
            ),
            Self::BodyTooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "Nội dung gửi lên quá lớn. Hãy rút ngắn hoặc chia nhỏ rồi gửi lại.",
                "The request is too large. Shorten or split it and send it again.",
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "not_found",
                "Không có địa chỉ này.",
                "There is nothing at this address.",
            ),
            Self::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "Địa chỉ này không nhận phương thức đó.",
                "This address does not take that method.",
            ),
            Self::ConnectorKeyInvalid => (
                StatusCode::UNAUTHORIZED,
                "connector_key_invalid",
                "Khóa kết nối thiếu hoặc không đúng.",
                "The connector key is missing or wrong.",
            ),
            Self::RequestTooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "request_too_slow",
                "Nội dung gửi lên bị gián đoạn quá lâu. Xin kiểm tra kết nối mạng rồi gửi lại.",
                "The request stopped coming for too long. Please check the connection and send it again.",
            ),
            Self::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "Hệ thống đang bận nên chưa trả lời kịp. Xin thử lại sau ít phút.",
                "The service is busy and could not answer in time. Please try again in some minutes.",
            ),
            Self::NotReady => (
                StatusCode::SERVICE_UNAVAILABLE,
                "not_ready",
                "Hệ thống đang khởi động lại hoặc bảo trì. Xin thử lại sau ít phút.",
                "The service is restarting or under maintenance. Please try again in some minutes.",
            ),
            Self::StoreUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "store_unavailable",
                "Nơi lưu dữ liệu tạm thời không hoạt động; nội dung vừa gửi chưa được ghi nhận. Xin thử lại sau ít phút.",
                "The database is not working at the moment; what was just sent has not been acknowledged. Please try again in some minutes.",
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Hệ thống gặp lỗi và chưa lưu gì. Xin thử lại sau ít phút.",
                "Something failed here, and nothing was stored. Please try again in some minutes.",
            ),
        }
    }
}
