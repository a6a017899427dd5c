//! For everyone: large text, high zoom, wide spacing, few colours, no motion, fingers, ears. On many states at once.

use dung_hen_tests::{Engine, Host, Page, Problem, Reply, Server, Wish, left_out};
use serde_json::json;

const OPEN: &str = "root.querySelectorAll('details').forEach((one) => { one.open = true });";

/// States with everything that an element can show, each with the way there.
pub(super) const STATES: &[&str] = &[
    "form",
    "list",
    "overdue_without_letter",
    "second_postponement",
    "payment_asked",
    "calendar_not_settled",
    "electronic_result",
    "rating",
    "procedure",
];

pub(super) async fn reach(page: &Page, server: &Server, state: &str) -> Result<(), Problem> {
    page.goto(&server.url()).await?;
    page.until("return !!root && !!root.querySelector('input[name=case_code]')")
        .await?;
    match state {
        "form" => {}
        "list" => {
            let codes =
                ["due_today", "withdrawn"].map(|key| dung_hen_tests::situation(key).case_code);
            page.look_up(&codes.join(", "), "").await?;
            page.until("return root.querySelectorAll('.dh-cases li').length === 2 && !root.querySelector('.dh-cases').innerText.includes('…')")
                .await?;
        }
        "rating" => {
            page.look_up_situation("overdue_without_letter").await?;
            page.until("return !!root.querySelector('input[name=dh-factor-0]')")
                .await?;
            // Every factor bad: everything that can be asked is asked.
            page.run("root.querySelectorAll('.dh-rating input[value=\"1\"]').forEach((one) => one.click())")
                .await?;
        }
        "procedure" => {
            page.run("host.remove(); const made = document.createElement('dung-hen'); made.setAttribute('procedure', '1.004222');
                document.querySelector('#tra-cuu').append(made)")
                .await?;
            page.until("return !!root && !!root.querySelector('.dh-filed table')")
                .await?;
        }
        key => {
            page.look_up_situation(key).await?;
            page.until("return [...root.querySelectorAll('[data-part]')].every((one) => one.children.length || one.dataset.part === 'act')")
                .await?;
        }
    }
    page.run(OPEN).await?;
    Ok(())
}

/// What is cut off: boxes that hide a part of their own text, and fields whose name does not fit.
const CUT: &str = "return [...root.querySelectorAll('.dh *')].filter((e) => e.checkVisibility() && !e.closest('.dh-quiet') && !e.closest('svg'))
    .filter((e) => { const style = getComputedStyle(e); return style.overflowX !== 'visible' && style.overflowX !== 'auto'
        && e.localName !== 'input' && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) })
    .map((e) => e.localName + '.' + e.className + ': ' + e.innerText.slice(0, 60))";

/// 320 CSS pixels are a window of 1280 at 400 %; there, and at 200 % text on a phone and on a desk, nothing scrolls
/// sideways and nothing is cut off. So it is with the spacing of WCAG 1.4.12.
#[tokio::test]
async fn zoom_large_text_and_wide_spacing_lose_nothing() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    for state in STATES {
        page.width(1280).await?;
        reach(&page, &server, state).await?;
        for (width, size, spaced) in [
            (320, "16px", false),
            (360, "32px", false),
            // An old phone and large text.
            (320, "32px", false),
            (1280, "32px", false),
            (320, "16px", true),
        ] {
            page.width(width).await?;
            page.run(&format!(
                "host.style.setProperty('--dh-font-size', '{size}');
                 const sheet = new CSSStyleSheet();
                 sheet.replaceSync({spaced} ? '.dh * {{ line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }} .dh p {{ margin-block-end: 2em !important }}' : '');
                 root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, 2), sheet]"
            ))
            .await?;
            page.no_sideways_scroll()
                .await
                .inspect_err(|_| eprintln!("{state} at {width}"))?;
            assert_eq!(
                page.run(CUT).await?,
                json!([]),
                "{state}, {width} px, {size}, spaced: {spaced}"
            );
        }
    }
    page.nothing_wrong().await?;
    page.close().await
}

/// Forced colours take every ground away: edges, marks and the focus must still be there.
#[tokio::test]
async fn forced_colours_keep_edges_marks_and_focus() -> Result<(), Problem> {
    if left_out(&[Engine::WebKit], "WebKitGTK has no forced colours") {
        return Ok(());
    }
    let server = Server::start();
    let page = Page::wishing(Wish::ForcedColours).await?;
    for state in ["form", "overdue_without_letter", "rating", "procedure"] {
        reach(&page, &server, state).await?;
        assert_eq!(
            page.run("return matchMedia('(forced-colors: active)').matches")
                .await?,
            json!(true)
        );
        let odd = page
            .run("const odd = [], probe = document.createElement('i'); root.querySelector('.dh').append(probe);
                const system = (name) => { probe.style.color = name; return getComputedStyle(probe).color };
                const canvas = system('Canvas');
                const seen = [...root.querySelectorAll('.dh *')].filter((e) => e.checkVisibility() && !e.closest('.dh-quiet') && e !== probe);
                for (const e of seen) {
                    const style = getComputedStyle(e), name = e.localName + '.' + e.className;
                    // What can be pressed or filled in has an edge, or is underlined, or has a marker of its own.
                    if (e.matches('.dh-button, .dh-input, textarea, .dh-choice') && (style.borderTopStyle === 'none' || style.borderTopColor === canvas || parseFloat(style.borderTopWidth) < 1)) odd.push(name + ' has no edge');
                    if (e.matches('.dh-card') && (style.borderTopStyle === 'none' || style.borderTopColor === canvas)) odd.push(name + ' has no edge');
                    // Marks drawn with a ground instead of an edge would be as the canvas.
                    for (const which of ['::before', '::after']) {
                        const mark = getComputedStyle(e, which);
                        if (mark.content === 'none' || mark.display === 'none') continue;
                        const edges = ['Top', 'Right', 'Bottom', 'Left'].some((side) => mark['border' + side + 'Style'] !== 'none' && parseFloat(mark['border' + side + 'Width']) > 0 && mark['border' + side + 'Color'] !== canvas);
                        const ground = mark.backgroundColor !== canvas && !/^rgba\\(.*, 0\\)$/.test(mark.backgroundColor);
                        if (!edges && !ground && mark.content === '\"\"') odd.push(name + which + ' cannot be seen');
                    }
                }
                // The day promised stands out by its edge.
                const due = root.querySelector('.dh-day-due');
                if (due && parseFloat(getComputedStyle(due).borderTopWidth) < 3) odd.push('the day promised');
                probe.remove();
                return [...new Set(odd)]")
            .await?;
        assert_eq!(odd, json!([]), "{state}");
        page.axe_of("dung-hen", &format!("{state} in forced colours"))
            .await?;
    }
    // The pages without a script, too: what can be pressed has an edge, and the step reached is filled.
    page.driver
        .goto(format!("{}/tra-cuu", server.url()))
        .await?;
    let case = dung_hen_tests::situation("due_today");
    page.run(&format!(
        "document.querySelector('[name=case_code]').value = '{}'; document.querySelector('main form').requestSubmit()",
        case.case_code
    ))
    .await?;
    page.until("return !!document.querySelector('.steps [aria-current]')")
        .await?;
    let plain = page
        .run("const style = getComputedStyle(document.querySelector('main button')), step = getComputedStyle(document.querySelector('.steps [aria-current]'), '::before');
            return [parseFloat(style.borderTopWidth) >= 1, style.borderTopStyle, parseFloat(step.borderTopWidth) >= 6]")
        .await?;
    assert_eq!(plain, json!([true, "solid", true]));
    // A choice that is made can be told from one that is not.
    reach(&page, &server, "rating").await?;
    let told = page
        .run("const styles = (e) => getComputedStyle(e).outlineStyle + getComputedStyle(e).outlineWidth;
            const all = [...root.querySelectorAll('.dh-rating label.dh-choice')];
            root.activeElement?.blur();
            return [styles(all.find((e) => e.querySelector(':checked'))), styles(all.find((e) => !e.querySelector(':checked')))]")
        .await?;
    assert_ne!(told[0], told[1], "{told}");
    // The focus is a ring of three pixels wherever the keys lead.
    page.run("root.querySelector('input[name=case_code]').focus()")
        .await?;
    for _ in 0..12 {
        page.driver
            .action_chain()
            .send_keys(thirtyfour::Key::Tab + "")
            .perform()
            .await?;
        let ring = page
            .run("const at = root.activeElement; if (!at) return 'gone';
                const on = at.closest('.dh-choice') || at, style = getComputedStyle(on);
                return style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 3 ? 'ring' : on.outerHTML.slice(0, 90) + style.outline")
            .await?;
        assert_eq!(ring, json!("ring"));
    }
    page.close().await
}

/// Whoever wants no motion gets none; the one thing that moves is the dot beside “looking”.
#[tokio::test]
async fn nothing_moves_for_those_who_want_no_motion() -> Result<(), Problem> {
    let host = Host::with_element();
    host.reply("/api/v1/lookup", Reply::Silence);
    for (still, moving) in [(true, 0), (false, 1)] {
        let page = if still {
            Page::wishing(Wish::LessMotion).await?
        } else {
            Page::blank().await?
        };
        page.goto(&host.url()).await?;
        page.look_up("H98.101-260901-0001", "").await?;
        page.sees("Đang tìm").await?;
        assert_eq!(
            page.run("return root.getAnimations().length").await?,
            json!(moving),
            "less motion wished for: {still}"
        );
        // Nor does anything glide: no transition is written anywhere, and nothing scrolls smoothly.
        let gliding = page
            .run("return [...root.querySelectorAll('*')].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0 || getComputedStyle(e).scrollBehavior !== 'auto').length")
            .await?;
        assert_eq!(gliding, json!(0));
        page.close().await?;
    }
    Ok(())
}

/// 44 pixels for a finger, in both directions, but for links inside sentences; and no target under another.
#[tokio::test]
async fn every_target_is_large_enough_for_a_finger() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.width(360).await?;
    for state in STATES {
        reach(&page, &server, state).await?;
        let small = page
            .run("const inSentence = (e) => e.localName === 'a' && [...e.parentElement.childNodes].some((n) => n !== e && n.textContent.trim());
                return [...root.querySelectorAll('a[href], button, input, summary, textarea, select, [tabindex=\"0\"]')]
                .map((e) => /radio|checkbox/.test(e.type) ? e.closest('label') : e)
                .filter((e) => e.type !== 'hidden' && e.checkVisibility() && !inSentence(e))
                .filter((e) => { const box = e.getBoundingClientRect(); return box.height < 43.5 || box.width < 43.5 })
                .map((e) => e.outerHTML.slice(0, 120) + ' ' + e.getBoundingClientRect().width + ' x ' + e.getBoundingClientRect().height)")
            .await?;
        assert_eq!(small, json!([]), "{state}");
    }
    page.close().await
}

/// Dates as they are spoken: in words, with a machine's date beside those of the case; no digits between slashes, of
/// which a screen reader makes three numbers.
#[tokio::test]
async fn dates_are_words() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    for state in STATES {
        reach(&page, &server, state).await?;
        let odd = page
            .run("const text = [...root.querySelectorAll('.dh-out, .dh-list')].map((e) => e.textContent).join(' ');
                const times = [...root.querySelectorAll('time')];
                return [...(text.match(/\\d{1,2}\\/\\d{1,2}\\/\\d{4}/g) || []),
                    ...times.filter((e) => !/^\\d{4}-\\d\\d-\\d\\d/.test(e.getAttribute('datetime')) || !/tháng \\d+ năm \\d{4}$/.test(e.textContent)).map((e) => e.outerHTML)]")
            .await?;
        assert_eq!(odd, json!([]), "{state}");
    }
    page.close().await
}

/// A language that a machine made: whole, with its own dates, and marked so in both languages that matter.
#[tokio::test]
async fn a_machine_made_language_says_so() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    page.look_up_situation("overdue_without_letter").await?;
    page.run("host.setAttribute('lang', 'zh')").await?;
    page.sees("本译文由机器完成，尚未经人校对。 Bản dịch này do máy làm, chưa có người kiểm tra.")
        .await?;
    page.sees("2026年10月").await?;
    page.sees("约定日期").await?;
    assert_eq!(
        page.run("return root.querySelector('.dh').lang").await?,
        json!("zh")
    );
    page.axe("a machine-made language").await?;
    // One press leads to Vietnamese, and the mark goes.
    page.press("button.dh-switch", "Tiếng Việt").await?;
    page.sees("Đã quá hẹn").await?;
    let text = page.text().await?;
    assert!(!text.contains("do máy làm"), "{text}");
    page.nothing_wrong().await?;
    page.close().await
}

/// The camera is not forbidden on our own page, which has a button that needs it.
#[tokio::test]
async fn our_own_page_may_use_the_camera() -> Result<(), Problem> {
    let server = Server::start();
    let page = Page::open(&server.url()).await?;
    let told = page
        .run("return (await fetch('/')).headers.get('permissions-policy')")
        .await?;
    let told = told.as_str().unwrap_or_default();
    assert!(
        told.contains("camera=(self)") && told.contains("microphone=()"),
        "{told}"
    );
    // Of the three only Chromium can be asked how it has understood that.
    let understood = page
        .run("return document.featurePolicy && ['camera', 'microphone'].map((one) => document.featurePolicy.allowsFeature(one))")
        .await?;
    if Engine::asked() == Engine::Blink {
        assert_eq!(understood, json!([true, false]));
    }
    page.close().await
}
