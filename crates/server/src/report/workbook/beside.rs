//! The sheets of what was found wanting, and of what stands beside the satisfied share.

use dung_hen_domain::case::{Level, WireName as _};
use dung_hen_domain::satisfaction::Criterion;
use dung_hen_domain::satisfaction::tables::{Place, STEP};
use dung_hen_domain::words;

use super::{Book, VI, share_cells};
use crate::addresses::DEFINITIONS_ADDRESS;
use crate::figures::integrity;
use crate::report::beside::{Beside, KINDS};
use crate::report::{Cell, Table};
use crate::shown::counted;

/// The key of a place in [`Book::places`].
fn place_key(strong: bool, names: &[Cell; 2], level: Option<Level>) -> String {
    match (strong, names, level) {
        (false, [Cell::Text(code), _], _) => Place::Agency(code.clone()),
        (true, _, Some(level)) => Place::Level(level.name().to_owned()),
        _ => Place::Province,
    }
    .key()
}

impl Book<'_> {
    pub(super) fn criteria(&self) -> Table {
        let heads = [
            "Mã",
            "Cơ quan",
            "Yếu tố",
            "Tiêu chí",
            "Hỏi đủ 16 tiêu chí: số trả lời",
            "Hài lòng và rất hài lòng",
            "Tỷ lệ hài lòng",
            "Khoảng 95 %: thấp",
            "Khoảng 95 %: cao",
            "Bị nêu sau đánh giá thấp: số người nêu",
            "Số người đánh giá yếu tố",
        ];
        let mut table = self.table("Tiêu chí", heads.map(str::to_owned).into(), "criterion");
        for (strong, names, row, level) in self.places() {
            let place = place_key(strong, &names, level);
            for criterion in Criterion::ALL {
                let key = (place.clone(), criterion.name().to_owned());
                let share = self.content.sheets.get(&key).copied();
                let share = share.filter(|share| share.n >= STEP);
                let named = row.satisfied.mentions(*criterion);
                // Of agencies only what is published: an empty line for each of two hundred says nothing.
                if !strong && share.is_none() && named.is_none() {
                    continue;
                }
                let mut cells = Vec::from(names.clone());
                let factor = words::factor(criterion.factor(), VI);
                cells.extend([factor.into(), words::criterion(*criterion, VI).into()]);
                cells.extend(share_cells(share, None).into_iter().take(5));
                cells.extend(named.map_or([Cell::Empty, Cell::Empty], |named| {
                    [named.named.into(), named.raters.into()]
                }));
                table.rows.push((false, cells));
            }
        }
        table.notes.push(format!(
            "Bị nêu: x trong n người đã đánh giá yếu tố, không phải tỷ lệ hài lòng ({DEFINITIONS_ADDRESS}#named). Ô trống: chưa công bố, vì chưa đủ {STEP} câu trả lời."
        ));
        table
    }

    pub(super) fn integrity(&self) -> Table {
        let mut heads = vec!["Mã".to_owned(), "Cơ quan".to_owned()];
        heads.extend(
            [
                "Hồ sơ đã phục vụ",
                "Đã nhận phiếu",
                "Đã trả lời",
                "Tỷ lệ hài lòng",
            ]
            .map(str::to_owned),
        );
        heads.extend(
            KINDS
                .into_iter()
                .flatten()
                .map(|kind| counted(*kind, VI).to_owned()),
        );
        heads.extend(
            [
                "Nếu phiếu bị báo nói ngược lại: thấp nhất",
                "Nếu phiếu bị báo nói ngược lại: cao nhất",
            ]
            .map(str::to_owned),
        );
        let mut table = self.table("Lấy phiếu và dấu hiệu", heads, "integrity");
        for (strong, names, row, level) in self.places() {
            let none = integrity::Numbers::new();
            let place = place_key(strong, &names, level);
            let numbers = self.content.beside.get(&place).unwrap_or(&none);
            let beside = Beside::of(&row.counts, numbers, &row.satisfied);
            let (low, high) = beside.bound().unzip();
            let mut cells = Vec::from(names);
            cells.extend([
                beside.served.into(),
                beside.invited.into(),
                beside
                    .answered
                    .map_or(Cell::Empty, |(n, _)| Cell::Number(n)),
                beside.share().map_or(Cell::Empty, Cell::share),
            ]);
            cells.extend(
                KINDS
                    .into_iter()
                    .flatten()
                    .map(|kind| Cell::Number(beside.n(*kind))),
            );
            cells.extend([Cell::percent(low), Cell::percent(high)]);
            table.rows.push((strong, cells));
        }
        table.notes.push(
            "Đếm từng nhóm 5, làm tròn xuống; số bị báo không phải của mình thì làm tròn lên. Dấu hiệu không phải kết luận; không đánh giá nào bị bỏ vì chúng."
                .to_owned(),
        );
        table.notes.push(format!(
            "Đã phục vụ, đã nhận phiếu, đã trả lời: {DEFINITIONS_ADDRESS}#denominators"
        ));
        table
    }
}
