//! What may be kept of an item that cannot be read: the fields that would be read, and nothing else. Name, address,
//! e-mail and attachments end here as they do for an item that is stored.

use serde_json::{Map, Value};

use super::envelope::Service;

const CASE: [&str; 20] = [
    "MaHoSo",
    "MaTTHC",
    "TenTTHC",
    "TenLinhVuc",
    "MaDoiTuong",
    "SoDienThoai",
    "MaTraCuu",
    "NgayTiepNhan",
    "NgayHenTra",
    "NgayKetThucXuLy",
    "NgayTra",
    "TrangThaiHoSo",
    "KetQuaGiaiQuyet",
    "ThongTinTra",
    "HinhThuc",
    "KenhThucHien",
    "DonViXuLy",
    "PhiDiaGioi",
    "ThanhToanKhongTienMat",
    "NgayCoQuanThamQuyenNhan",
];

/// Lists of a case, with the fields of their entries.
const LISTS: [(&str, &[&str]); 4] = [
    ("DanhSachLePhi", &["TenPhiLePhi", "Gia"]),
    (
        "DanhSachHoSoBoSung",
        &[
            "NoiDungBoSung",
            "NguoiYeuCauBoSung",
            "NgayBoSung",
            "NgayTiepNhanBoSung",
            "NgayHenTraTruoc",
            "NgayHenTraMoi",
        ],
    ),
    (
        "DanhSachGiayToKetQua",
        &["TenGiayTo", "DuongDanTepTinKetQua"],
    ),
    (
        "DanhSachXinLoi",
        &[
            "SoVanBan",
            "NgayBanHanh",
            "CoQuanBanHanh",
            "LyDo",
            "NgayHenTraTruoc",
            "NgayHenTraMoi",
            "NguoiKy",
        ],
    ),
];

const PROGRESS: [&str; 6] = [
    "MaHoSo",
    "NguoiXuLy",
    "ChucDanh",
    "ThoiDiemXuLy",
    "PhongBanXuLy",
    "NoiDungXuLy",
];

/// The fields of an item that are read, as JSON.
#[must_use]
pub fn keep(service: Service, raw: &str) -> String {
    let Ok(Value::Object(item)) = serde_json::from_str(raw) else {
        return "null".to_owned();
    };
    let kept = match service {
        Service::Progress => fields(item, &PROGRESS),
        Service::Cases => {
            let mut kept = Map::new();
            // Read of what was refused or stopped alone.
            let ended = item
                .get("TrangThaiHoSo")
                .is_some_and(|state| ["3", "8"].contains(&state.to_string().trim_matches('"')));
            for (name, value) in item {
                if CASE.contains(&name.as_str()) || ended && name == "GhiChu" {
                    kept.insert(name, plain(value));
                } else if let Some((_, known)) = LISTS.iter().find(|(list, _)| *list == name) {
                    kept.insert(name, entries(value, known));
                }
            }
            kept
        }
    };
    Value::Object(kept).to_string()
}

fn fields(item: Map<String, Value>, known: &[&str]) -> Map<String, Value> {
    item.into_iter()
        .filter(|(name, _)| known.contains(&name.as_str()))
        .map(|(name, value)| (name, plain(value)))
        .collect()
}

/// A value that is no list and no object: those have no place here, and could hold anything.
fn plain(value: Value) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) => Value::Null,
        plain => plain,
    }
}

fn entries(value: Value, known: &[&str]) -> Value {
    match value {
        Value::Array(all) => all
            .into_iter()
            .map(|entry| match entry {
                Value::Object(entry) => Value::Object(fields(entry, known)),
                other => plain(other),
            })
            .collect(),
        Value::Object(_) => Value::Null,
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_not_kept() {
        let raw = r#"{"MaHoSo":"H98.1-1","ChuHoSo":"Bí Mật","Email":"bi@mat.vn","NgayHenTra":{"Bí":"Mật"},
            "TaiLieuNop":[{"TenTepDinhKem":"Bí Mật.pdf"}],"GhiChu":"Bí Mật","DanhSachLePhi":[{"Gia":1,"NguoiNop":"Bí Mật"}],
            "DanhSachXinLoi":{"Bí":"Mật"},"ThanhToanKhongTienMat":"1","NgayCoQuanThamQuyenNhan":"20261006080000"}"#;
        let kept: Value = serde_json::from_str(&keep(Service::Cases, raw)).unwrap();
        let expected = serde_json::json!({ "MaHoSo": "H98.1-1", "NgayHenTra": null,
            "DanhSachLePhi": [{ "Gia": 1 }], "DanhSachXinLoi": null,
            "ThanhToanKhongTienMat": "1", "NgayCoQuanThamQuyenNhan": "20261006080000" });
        assert_eq!(kept, expected);
        for (state, kept) in [
            ("\"3\"", true),
            ("8", true),
            ("\"4\"", false),
            ("[3]", false),
        ] {
            let raw = format!(r#"{{"TrangThaiHoSo":{state},"GhiChu":"Sai nơi nộp"}}"#);
            let found = keep(Service::Cases, &raw).contains("Sai nơi nộp");
            assert_eq!(found, kept, "{state}");
        }
        assert_eq!(keep(Service::Progress, "[\"Bí Mật\"]"), "null");
    }
}
