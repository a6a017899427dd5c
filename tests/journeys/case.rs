//! A case under the eyes of its holder: what is shown first, and what changes meanwhile.

use dung_hen_tests::{Page, Problem, Server, Wire};
use serde_json::json;

/// The page's clock runs faster where a look-out waits: forty seconds, then twice as long each time.
/// WebKit's driver measures by the same clock how long a script may take, and that is never a multiple of it.
const IMPATIENT: &str = "const later = window.setTimeout;
    window.setTimeout = (call, ms, ...rest) => later(call, ms > 0 && ms % 40000 === 0 ? 30 : ms, ...rest)";

/// The sample plays on 15 October.
const OUTAGE: &str =
    r#"[{ announced = "2026-10-08", from = "2026-10-20T22:00", until = "2026-10-21T05:00" }]"#;

#[tokio::test]
async fn a_planned_outage_is_told_above_the_case_and_on_the_portal() -> Result<(), Problem> {
    let server = Server::set("OUTAGES", OUTAGE);
    let page = Page::open(&server.url()).await?;
    page.until(
        "return document.getElementById('outage').innerText.includes('20 tháng 10 năm 2026')",
    )
    .await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.sees("tạm ngừng để bảo trì từ 22:00 ngày 20 tháng 10 năm 2026")
        .await?;
    page.axe("a planned outage").await?;
    page.width(320).await?;
    page.no_sideways_scroll().await
}

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
    // So it is with each thing there is to do: papers to bring, a fee to pay, a result to collect.
    for key in ["supplement_waiting", "payment_asked", "collect_result"] {
        page.look_up_situation(key).await?;
        let first = page
            .run("return [...root.querySelectorAll('.dh-holder .dh-card')].slice(0, 2).map((card) => card.classList[1])")
            .await?;
        assert_eq!(first, json!(["dh-head", "dh-todo"]), "{key}");
    }
    // Two clocks, theirs and mine.
    page.look_up_situation("supplement_restarted").await?;
    page.sees("Thời gian chờ cơ quan:").await?;
    page.sees("Thời gian chờ ông/bà:").await?;
    page.look_up_situation("due_today").await?;
    page.sees("Hồ sơ đang ở:").await?;
    // Who has it, and since when.
    page.until("const place = [...root.querySelectorAll('.dh-place p')].find((one) => one.innerText.includes('Hồ sơ đang ở:'));
        return place.innerText.includes('Người xử lý: ') && place.innerText.includes(', từ ') && !!place.querySelector('time')")
        .await?;
    page.sees("Bước tiếp theo: Có kết quả").await?;
    assert_eq!(
        page.run("return [...root.querySelectorAll('.dh-step.dh-next')].length")
            .await?,
        json!(2)
    );
    page.axe("place").await?;
    page.close().await
}

/// What has not been received, or never was, names no day of reception; what has left the path says where to ask why.
#[tokio::test]
async fn a_case_that_was_not_received_has_no_day_of_reception() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    for key in ["registered", "not_accepted"] {
        page.look_up_situation(key).await?;
        page.until(
            "return !root.querySelector('.dh-promise').innerText.includes('Ngày tiếp nhận')",
        )
        .await?;
    }
    // The agency's note gives the reason: nobody is sent to ask for it.
    for (key, note) in [
        ("not_accepted", "không đúng cơ quan có thẩm quyền"),
        ("stopped", "không nhận được giấy tờ"),
    ] {
        page.look_up_situation(key).await?;
        page.sees(note).await?;
        page.until(
            "return root.querySelector('.dh-place').innerText.includes('Hồ sơ không đi tiếp.')",
        )
        .await?;
        page.until("return !root.querySelector('.dh-place').innerText.includes('Hãy hỏi')")
            .await?;
    }
    page.look_up_situation("withdrawn").await?;
    page.sees("Hãy hỏi lý do tại nơi nộp hồ sơ").await?;
    page.look_up_situation("due_today").await?;
    page.sees("Ngày tiếp nhận").await?;
    // Days are counted from the one after that; hours from the very hour.
    page.sees("Tính từ sau ngày").await?;
    page.look_up_situation("working_hours").await?;
    page.sees("14:00, Thứ Năm, ngày 15 tháng 10 năm 2026")
        .await?;
    page.until("return !root.querySelector('.dh-deadline').innerText.includes('Tính từ sau ngày')")
        .await?;
    page.close().await
}

/// The electronic result and the way of the paper one are links, and nothing of the case is in their address but the
/// number of the postal item.
#[tokio::test]
async fn a_result_and_the_way_of_a_letter_are_links() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    for (key, words, address) in [
        (
            "returned_by_post",
            "Theo dõi bưu gửi",
            "https://buuchinh.example.vn/buu-gui/EM000000098VN",
        ),
        (
            "electronic_result",
            "Giấy xác nhận tình trạng hôn nhân",
            "https://",
        ),
    ] {
        let case = page.look_up_situation(key).await?;
        let link = page
            .run(&format!(
                "const link = [...root.querySelectorAll('.dh-results a')].find((one) => one.innerText.includes({})); return link && [link.href, link.target, link.rel]",
                json!(words)
            ))
            .await?;
        let href = link[0].as_str().unwrap_or_default();
        assert!(href.starts_with(address), "{key}: {link}");
        // Neither is to be fetched at the counter.
        page.until(
            "return !root.querySelector('.dh-results').innerText.includes('tại nơi nộp hồ sơ.')",
        )
        .await?;
        assert!(!href.contains(&case.case_code) && !href.contains(&case.proof));
        assert_eq!(
            [&link[1], &link[2]],
            [&json!("_blank"), &json!("noopener noreferrer")]
        );
    }
    page.close().await
}

/// Asking whether something has changed gets rarer, from forty seconds to sixteen minutes, and stops while nobody looks.
#[tokio::test]
async fn asking_gets_rarer_and_stops_while_nobody_looks() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.run("window.__waits = []; window.__asked = 0;
        const later = window.setTimeout;
        window.setTimeout = (call, ms, ...rest) => { const ours = ms > 0 && ms % 40000 === 0; if (ours) __waits.push(ms); return later(call, ours ? 5 : ms, ...rest) };
        const plain = window.fetch;
        window.fetch = (...a) => { if (String(a[0]?.url || a[0]).endsWith('/lookup')) window.__asked++; return plain(...a) }")
        .await?;
    page.look_up_situation("within_time").await?;
    page.until("return __waits.length >= 8").await?;
    assert_eq!(
        page.run("return __waits.slice(0, 8)").await?,
        json!([
            40_000, 80_000, 160_000, 320_000, 640_000, 960_000, 960_000, 960_000
        ])
    );
    // Hidden: what was due is not asked, and nothing more is planned.
    page.run("Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
        document.dispatchEvent(new Event('visibilitychange')); window.__then = [__asked, __waits.length]")
        .await?;
    page.run("for (let i = 0; i < 30; i++) await new Promise(requestAnimationFrame)")
        .await?;
    let (before, after) = (
        page.run("return __then").await?,
        page.run("return [__asked, __waits.length]").await?,
    );
    // One question may have been on its way.
    let grown = |at: usize| after[at].as_u64().unwrap_or(99) - before[at].as_u64().unwrap_or(0);
    assert!(grown(0) <= 1 && grown(1) == 0, "{before} {after}");
    // Seen again: at once.
    page.run(
        "delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))",
    )
    .await?;
    page.until("return __asked > __then[0] + 1").await?;
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
    page.until("return root.querySelector('.dh-objection').open && root.querySelector('#dh-object-text')?.value === 'Xin hỏi'")
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

/// Keeps account of what waits ten seconds and longer, of what runs again and again, and of the calls to the server; a
/// driver's own timers are never whole five seconds.
const COUNTED: &str = "const begin = setTimeout, end = clearTimeout; window.__waiting = new Map(); window.__rang = []; window.__again = 0;
    window.setTimeout = (call, ms, ...rest) => {
        const long = ms >= 10000 && ms % 5000 === 0;
        const timer = begin(long ? () => { __rang.push(ms); __waiting.delete(timer); call() } : call, ms, ...rest);
        if (long) __waiting.set(timer, ms);
        return timer;
    };
    window.clearTimeout = (timer) => { __waiting.delete(timer); end(timer) };
    const every = setInterval; window.setInterval = (...given) => { __again++; return every(...given) };
    window.__calls = () => performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/')).map((one) => one.name.split('/v1/')[1]).join();
    window.__waits = () => JSON.stringify([...__waiting.values()]);";

/// When a case has come, one thing waits: to ask after it, much later. Where nobody looks nothing does. What was to end
/// a call that lasts too long is taken back when its answer has come.
#[tokio::test]
async fn nothing_waits_when_a_case_has_come_but_to_ask_after_it() -> Result<(), Problem> {
    let server = Server::start();
    let wire = Wire::to(&server);
    wire.first(COUNTED);
    let page = Page::open(&wire.url()).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.until("return performance.getEntriesByType('resource').some((one) => one.name.endsWith('/parts/watch.js')) && __waits() === '[40000]'")
        .await?;
    // A rating has calls of its own.
    page.press(".dh-rating label", "Hài lòng").await?;
    page.press(".dh-rating button", "Gửi").await?;
    page.until("return !!root.querySelector('.dh-rating .dh-receipt') && __waits() === '[40000]'")
        .await?;
    let seen = |state: &str| {
        format!(
            "Object.defineProperty(document, 'visibilityState', {{ value: '{state}', configurable: true }}); document.dispatchEvent(new Event('visibilitychange'))"
        )
    };
    page.run(&seen("hidden")).await?;
    assert_eq!(
        page.run("return [__waits(), __rang, __again]").await?,
        json!(["[]", [], 0])
    );
    // Whoever comes back sees what holds now, and it is asked once; the rating has changed the answer.
    page.run(&format!(
        "performance.clearResourceTimings(); {}",
        seen("visible")
    ))
    .await?;
    page.until("return __calls() === 'lookup' && __waits() === '[40000]'")
        .await?;
    assert_eq!(page.run("return [__rang, __again]").await?, json!([[], 0]));
    page.nothing_wrong().await?;
    page.close().await
}
