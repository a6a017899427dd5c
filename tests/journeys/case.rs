//! A case under the eyes of its holder: what is shown first, and what changes meanwhile.

use dung_hen_tests::{Page, Problem, Server};
use serde_json::json;

/// The page's clock runs faster where a look-out waits: ten seconds to its beginning, then half a minute.
const IMPATIENT: &str = "const later = window.setTimeout;
    window.setTimeout = (call, ms, ...rest) => later(call, ms === 10000 || ms >= 30000 ? 30 : ms, ...rest)";

#[tokio::test]
async fn what_the_applicant_must_do_comes_first_then_where_the_case_is() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up_situation("supplement_waiting").await?;
    let order = page
        .run("return [...root.querySelectorAll('.dh-holder .dh-card')].map((card) => card.classList[1])")
        .await?;
    assert_eq!(
        order.as_array().map(|all| all[..4].to_vec()),
        Some(
            ["dh-head", "dh-todo", "dh-place", "dh-promise"]
                .map(|name| json!(name))
                .to_vec()
        )
    );
    page.look_up_situation("due_today").await?;
    page.sees("Hồ sơ đang ở:").await?;
    page.sees("Bước tiếp theo: Có kết quả").await?;
    assert_eq!(
        page.run("return [...root.querySelectorAll('.dh-step.dh-next')].length")
            .await?,
        json!(2)
    );
    page.axe("place").await?;
    page.close().await
}

#[tokio::test]
async fn a_changed_state_appears_by_itself_and_takes_nothing_away() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run(IMPATIENT).await?;
    // A case of our own: its proof is the last four digits of the phone.
    let mut case = json!({ "MaHoSo": "H98.101-261010-7777", "MaTTHC": "1.004222", "SoDienThoai": "0100001234",
        "TenTTHC": "Đăng ký thường trú", "NgayTiepNhan": "20261005080000", "NgayHenTra": "20261026170000", "TrangThaiHoSo": "4" });
    server.import("H98.101", &case);
    page.look_up("H98.101-261010-7777", "1234").await?;
    page.sees("Đang xử lý").await?;
    page.press(".dh-objection summary", "").await?;
    page.find("#dh-object-text")
        .await?
        .send_keys("Xin hỏi")
        .await?;
    // While something is being written, nothing moves; and asking costs a few bytes.
    page.run("window.__sizes = []; const plain = window.fetch;
        window.fetch = async (...a) => { const r = await plain(...a); r.clone().text().then((t) => __sizes.push(t.length)); return r }")
        .await?;
    case["TrangThaiHoSo"] = json!("9");
    case["NgayKetThucXuLy"] = json!("20261014100000");
    server.import("H98.101", &case);
    page.run("document.dispatchEvent(new Event('visibilitychange'))")
        .await?;
    assert_eq!(page.run("return __sizes.length").await?, json!(0));
    page.run("root.activeElement.blur()").await?;
    page.sees("Đã xử lý xong, chờ trả kết quả").await?;
    // Said politely, focus left alone, what was written still there.
    page.until("return root.querySelector('[role=status]').textContent.includes('Đã xử lý xong')")
        .await?;
    page.until("return root.querySelector('.dh-objection').open && root.querySelector('#dh-object-text').value === 'Xin hỏi'")
        .await?;
    page.until("return __sizes.some((size) => size < 30)")
        .await?;
    page.axe("changed").await?;
    // Back a step: what happened, not an error.
    case["TrangThaiHoSo"] = json!("4");
    server.import("H98.101", &case);
    page.run("document.dispatchEvent(new Event('visibilitychange'))")
        .await?;
    page.sees("Hồ sơ được đưa về bước trước để làm tiếp")
        .await?;
    page.nothing_wrong().await?;
    page.close().await
}
