//! Every text of the screens, in Vietnamese, by name. Other languages are data: `public/lang/`.
//!
//! `{}` stands for what the comment names. A list has its entries between `|`.

use super::strings;

strings! {
    /// Progress of the look-up.
    looking = "Đang tìm hồ sơ…";
    case_code = "Mã hồ sơ";
    /// Heading of the facts that do not change.
    about = "Thông tin hồ sơ";
    procedure = "Thủ tục";
    agency = "Cơ quan giải quyết";
    contact = "Hỏi tại";
    /// Label: how the case was filed.
    filed = "Cách nộp";
    received = "Ngày tiếp nhận";
    finished = "Ngày xử lý xong";
    returned = "Ngày trả kết quả";
    /// Before the moment the data are of.
    as_of = "Số liệu lúc";
    /// Heading of the steps.
    progress = "Hồ sơ đang ở bước nào";
    /// Read out at a step behind us.
    step_done = "đã qua";
    /// Read out at the current step.
    step_now = "đang ở bước này";
    /// Read out at a step ahead.
    step_next = "chưa tới";
    /// Where the case left the path.
    left_path = "Hồ sơ không đi tiếp.";
    /// Where no reason is told.
    left_ask = "Hãy hỏi lý do tại nơi nộp hồ sơ.";
    /// Step {} of {}.
    step_of = "Bước {} trên {}";
    /// Public view: how to see everything.
    see_all = "Muốn xem ngày hẹn, lý do và văn bản xin lỗi (nếu có), hãy nhập thêm mã tra cứu hoặc các số cuối đã khai khi nộp.";
    /// Button: moves the focus to the proof field.
    enter_proof = "Nhập mã tra cứu";
    /// Link to the national portal.
    national = "Xem trên Cổng Dịch vụ công quốc gia";
    /// Read out after a link that opens a new window.
    new_window = "(mở cửa sổ mới)";
    todo = "Việc ông/bà cần làm";
    todo_supplement = "Nộp bổ sung giấy tờ";
    todo_pay = "Nộp phí, lệ phí hoặc thuế";
    todo_collect = "Nhận kết quả";
    /// To do of an unknown kind.
    todo_other = "Có việc cần ông/bà thực hiện";
    /// Before the day since when.
    since = "Từ";
    /// Caption of the amounts.
    fees = "Khoản phải nộp";
    fee_name = "Khoản";
    fee_amount = "Số tiền (đồng)";
    promise = "Ngày hẹn trả kết quả";
    /// No promise is known.
    no_promise = "Chưa có ngày hẹn trả";
    /// Label: the date on the receipt.
    first_promise = "Ngày ghi trên giấy hẹn";
    /// Label: the date named now.
    current_promise = "Cơ quan nay hẹn";
    promise_history = "Các lần hẹn";
    due_receipt = "theo giấy hẹn";
    due_supplement = "tính lại sau khi bổ sung đủ giấy tờ";
    due_apology = "theo văn bản xin lỗi và hẹn lại";
    due_unexplained = "bị thay đổi mà không có giải thích";
    /// Heading above a letter.
    letter = "Văn bản xin lỗi của cơ quan";
    /// Heading above a later letter; {}: which one.
    letter_again = "Văn bản xin lỗi của cơ quan, lần {}";
    letter_number = "Số";
    letter_issued = "Ngày gửi";
    letter_reason = "Lý do";
    letter_previous = "Ngày hẹn cũ";
    letter_revised = "Ngày hẹn mới";
    letter_signer = "Người ký";
    /// Mark on a second postponement.
    outside_rule = "Hẹn lại lần thứ hai: ngoài quy định, vì hệ thống hiểu là chỉ được hẹn lại một lần.";
    /// Overline of our notice.
    notice_kind = "Thông báo của hệ thống";
    /// Label: the body in whose name.
    adopted_by = "Nhân danh";
    /// Before the check code of the notice's text.
    fingerprint = "Mã đối chiếu nội dung:";
    /// Before the days on which the notice was issued.
    notice_history = "Các lần lập thông báo này:";
    print = "In văn bản này";
    /// Before the unit that has the case now.
    place = "Hồ sơ đang ở:";
    /// Before the moment since when.
    place_since = "từ";
    /// Before the name of the step ahead.
    next_step = "Bước tiếp theo:";
    /// Working days in which the agency had the case; {}: how many.
    clock_agency = "Thời gian chờ cơ quan: {} ngày làm việc";
    /// Working days in which the case waited for the applicant; {}: how many.
    clock_mine = "Thời gian chờ ông/bà: {} ngày làm việc";
    /// In place of a number that cannot be counted.
    clock_open = "chưa tính được số";
    /// Before what does not fit in the data.
    doubts = "Dữ liệu được gửi có chỗ chưa khớp:";
    /// Who named a date; {}: their name.
    /// Before the reason they gave.
    due_reason = "Lý do:";
    /// Link to the postal item.
    tracking = "Theo dõi bưu gửi";
    timeline = "Hồ sơ đã đi đến đâu";
    ev_received = "Tiếp nhận hồ sơ";
    ev_handled = "Xử lý";
    ev_supplement_requested = "Yêu cầu bổ sung giấy tờ";
    ev_supplement_received = "Đã nhận giấy tờ bổ sung";
    ev_apology = "Gửi văn bản xin lỗi";
    ev_finished = "Xử lý xong";
    ev_returned = "Trả kết quả";
    ev_went_back = "Hồ sơ được đưa về bước trước để làm tiếp";
    /// Event of an unknown kind.
    ev_other = "Cập nhật";
    /// Before the officer's name.
    officer = "Người xử lý:";
    deadline = "Vì sao là ngày này";
    results = "Kết quả";
    /// The result travels by post.
    by_post = "Kết quả được gửi qua bưu chính công ích.";
    /// The result waits at the counter.
    at_counter = "Kết quả trả tại nơi nộp hồ sơ.";
    /// Summary of the objection.
    object = "Phản ánh về hồ sơ này";
    object_reference = "Số phản ánh";
    /// A report without an answer.
    object_waiting = "Chưa có câu trả lời.";
    /// A report whose day to answer has passed.
    object_overdue = "Đã quá hạn trả lời.";
    /// Summary under an unknown code.
    have_receipt = "Tôi có giấy hẹn nhưng không tìm thấy hồ sơ";
    /// Heading of an error.
    fault = "Chưa tra cứu được";
    /// Heading where the case is unknown.
    fault_not_found = "Không tìm thấy hồ sơ";
    /// Nothing reached the server.
    offline = "Không kết nối được máy chủ. Hãy kiểm tra mạng rồi thử lại.";
    /// The server did not answer in time.
    timeout = "Máy chủ trả lời quá lâu. Hãy thử lại sau ít phút.";
    /// An answer of no known form.
    nonsense = "Máy chủ trả lời không đúng. Hãy thử lại; nếu vẫn vậy, hãy gọi tổng đài 1022.";
    /// {}: minutes.
    wait = "Có thể thử lại sau {} phút.";
    again = "Thử lại";
    /// A date in words: weekday, day, month, year, in the order of the language.
    date_long = "{w}, ngày {d} tháng {m} năm {y}";
    /// A date in digits or a few words.
    date_short = "{d} tháng {m} năm {y}";
    /// Monday first.
    weekdays = "Thứ Hai|Thứ Ba|Thứ Tư|Thứ Năm|Thứ Sáu|Thứ Bảy|Chủ Nhật";
    /// January first, as they stand in a date.
    months = "1|2|3|4|5|6|7|8|9|10|11|12";
}
