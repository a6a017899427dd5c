"""Report files as spreadsheets show them: scripts/check-sheets says what for."""

import csv
import datetime
import json
import pathlib
import re
import subprocess
import sys
import textwrap
import zipfile

import openpyxl

try:
    import python_calamine
except ImportError:
    python_calamine = None

server, work, rules = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
root = pathlib.Path(__file__).resolve().parent.parent
CLOCK = "2026-10-15T09:00:00+07:00"
PERIOD = "2026-Q3"

# What a spreadsheet makes something else of, as names of agencies, fields and numbers of letters.
NASTY = [
    '=HYPERLINK("http://example.org";"Bấm vào đây")',
    "+84 901 234 567",
    "-2+3",
    "@SUM(A1:A9)",
    "=1+1",
    "0012",
    "1/2",
    "3-10",
    "1E5",
    "12:30",
    "1.004220",
    "TRUE",
    "3-Oct",
    "(12)",
    "50 %",
    "Phòng A;=1+1",
    "Phòng A, =1+1",
    '"ngoặc kép", dấu phẩy; chấm phẩy',
    "Sở Nông nghiệp và Môi trường – Ủy ban nhân dân xã Đắk Ơ'",
    "dài " * 100 + "hết",
]


def make():
    """Data with these names, and every report of them."""
    province = (root / "data/sample/province.toml").read_text()
    names = iter(NASTY)
    lines = []
    inside = False
    for line in province.splitlines():
        inside = inside and not line.startswith("[") or line == "[[agencies]]"
        if inside and line.startswith("name = "):
            name = next(names, None)
            line = line if name is None else f"name = {json.dumps(name, ensure_ascii=False)}"
        # Files beside the configuration are found from where it was.
        lines.append(line.replace('_file = "', f'_file = "{root}/data/sample/'))
    (work / "province.toml").write_text("\n".join(lines))
    cases = []
    for number, line in enumerate((root / "data/sample/cases.ndjson").read_text().splitlines()):
        envelope = json.loads(line)
        for case in envelope["data"] if envelope["service"] == "DongBoHoSoMC" else []:
            nasty = NASTY[number % len(NASTY)]
            case["TenLinhVuc"] = nasty
            for letter in case.get("DanhSachXinLoi") or []:
                letter["SoVanBan"] = nasty[:60]
        cases.append(json.dumps(envelope, ensure_ascii=False))
    (work / "cases.ndjson").write_text("\n".join(cases))
    data = ["--data", work / "data", "--clock", CLOCK, "--province", work / "province.toml"]
    run(server, "import", work / "cases.ndjson", *data)
    for report, name in [("ii06a", "ii06a"), ("apologies", "register")]:
        for form in ["csv", "xlsx"]:
            output = work / f"{name}.{form}"
            run(server, "report", report, "--period", PERIOD, "--format", form, "--output", output, *data)
        output = work / f"{name}-semicolon.csv"
        run(server, "report", report, "--period", PERIOD, "--separator", "semicolon", "--output", output, *data)
    run(server, "report", "workbook", "--period", PERIOD, "--format", "xlsx", "--output", work / "workbook.xlsx", *data)
    run(server, "report", "workbook", "--period", PERIOD, "--format", "csv", "--output", work / "sheets", *data)


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, cwd=root)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")


def office(file, form, options=""):
    """What LibreOffice makes of a file."""
    profile = f"-env:UserInstallation=file://{work}/profile"
    target = work / "made"
    words = ["soffice", profile, "--headless", *options, "--convert-to", form, "--outdir", target, file]
    run(*words)
    made = sorted(target.glob(f"{file.stem}*.{form.split(':')[0]}"))
    assert made, f"LibreOffice made nothing of {file}"
    return made


# Excel of these years; each knows what the ones before it know.
YEARS = ["Office2007", "Office2013", "Office2021", "Microsoft365"]


def valid(file):
    """What the Open XML SDK, which knows schema and rules of the format, finds wrong: elements, attributes, values."""
    found = []
    for year in YEARS:
        done = subprocess.run([rules, file, "--office-version", year, "--of", "json"], capture_output=True, text=True)
        found += json.loads(done.stdout)
    return found


def broken(file):
    """The same file with an attribute that is none, a row that is none and a type that is none."""
    made = work / f"broken-{file.name}"
    wrong = b'<sheetData><row r="0" nothing="1"><c r="A1" t="nothing"/></row>'
    with zipfile.ZipFile(file) as book, zipfile.ZipFile(made, "w") as target:
        for name in book.namelist():
            target.writestr(name, book.read(name).replace(b"<sheetData>", wrong))
    return made


def read_otherwise(file, book):
    """The same cells, of the same kinds, for a reader that shares nothing with the first: how many."""
    other = python_calamine.CalamineWorkbook.from_path(file)
    assert other.sheet_names == book.sheetnames, file
    checked = 0
    for sheet in book.worksheets:
        theirs = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        ours = [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]
        assert len(ours) == len(theirs), f"{file.name} {sheet.title}: {len(ours)} rows, {len(theirs)} otherwise"
        for number, (row, shown) in enumerate(zip(ours, theirs), 1):
            shown += [""] * (len(row) - len(shown))
            row = [value.date() if isinstance(value, datetime.datetime) else value for value in row]
            assert row == shown, f"{file.name} {sheet.title} row {number}: {row} is read as {shown}"
            checked += len(row)
    return checked


def is_read(sheet, row):
    """Whether each text of a row can be read: within its column, in the lines that its row is high enough for, or on over
    cells that are empty. No program is relied on to make rows higher."""
    texts = [cell for cell in row if isinstance(cell.value, str)]
    # One entry for neighbours that are alike.
    widths = {n: one.width for one in sheet.column_dimensions.values() for n in range(one.min, one.max + 1)}
    for cell in texts:
        width = widths[cell.column]
        height = sheet.row_dimensions[cell.row].height or 15
        if cell.alignment.wrap_text:
            lines = sum(len(textwrap.wrap(line, int(width))) for line in cell.value.split("\n"))
            # A cell has 409 points at most, whatever it holds.
            assert height >= min(409, 15 * lines), f"{cell.coordinate}: {lines} lines in {height} points: {cell.value!r}"
        elif len(cell.value) > width:
            beside = [other.value for other in row if other.column > cell.column]
            assert set(beside) <= {None}, f"{cell.coordinate}: cut off by the cell beside it: {cell.value!r}"


def strict(file):
    """The rules on which Excel refuses or mends a file, and what a printed table needs."""
    with zipfile.ZipFile(file) as book:
        assert book.testzip() is None, file
        assert not [name for name in book.namelist() if "externalLink" in name or "vba" in name.lower()], file
    book = openpyxl.load_workbook(file)
    names = [name.lower() for name in book.sheetnames]
    assert len(set(names)) == len(names), f"{file}: two sheets of one name"
    days = 0
    for sheet in book.worksheets:
        where = f"{file.name} {sheet.title}"
        assert 0 < len(sheet.title) <= 31 and not set(sheet.title) & set("[]:*?/\\"), where
        assert not sheet.title.startswith("'") and not sheet.title.endswith("'"), where
        assert sheet.freeze_panes and sheet.print_title_rows, f"{where}: heads do not stay"
        setup = sheet.page_setup
        assert setup.orientation == "landscape" and int(setup.paperSize) == 9, f"{where}: not A4"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and setup.fitToWidth in (None, 1), f"{where}: wider than a page"
        for width in sheet.column_dimensions.values():
            assert 0 < width.width <= 255, where
        for row in sheet.iter_rows():
            is_read(sheet, row)
            for cell in row:
                value = cell.value
                assert cell.data_type != "f", f"{where} {cell.coordinate}: a formula"
                if isinstance(value, str):
                    assert len(value.encode("utf-16-le")) // 2 <= 32767, where
                if isinstance(value, (datetime.datetime, datetime.date)):
                    days += 1
                    assert cell.number_format == "dd/mm/yyyy" and value.year > 1900, where
    return book, days


def cells(sheet):
    """Rows of a sheet as texts and numbers, days as LibreOffice writes their values, whatever they look like."""

    def one(value):
        if value is None:
            return ""
        if isinstance(value, (datetime.datetime, datetime.date)):
            return value.strftime("%m/%d/%Y")
        return value

    rows = [[one(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return [trimmed(row) for row in rows]


def trimmed(row):
    row = list(row)
    while row and row[-1] == "":
        row.pop()
    return row


def same(ours, theirs):
    if isinstance(ours, (int, float)):
        try:
            shown = float(theirs.removesuffix("%")) / (100 if theirs.endswith("%") else 1)
            return abs(shown - ours) < 1e-9
        except ValueError:
            return False
    return ours == theirs


def compare(where, ours, theirs):
    assert len(ours) == len(theirs), f"{where}: {len(ours)} rows, LibreOffice has {len(theirs)}"
    for number, (row, other) in enumerate(zip(ours, theirs), 1):
        assert len(row) == len(other), f"{where} row {number}: {row} is {other}"
        for cell, shown in zip(row, other):
            assert same(cell, shown), f"{where} row {number}: {cell!r} is shown as {shown!r}"
    return sum(map(len, ours))


def main():
    make()
    checked = days = otherwise = 0
    texts = set()
    # Separator comma, quotes, UTF-8, cells as they are and not as they look, no formulas, every sheet a file.
    every = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    missing = [] if pathlib.Path(rules).exists() else ["the rules of Office Open XML"]
    missing += [] if python_calamine else ["python-calamine"]
    if pathlib.Path(rules).exists():
        assert len(valid(broken(work / "register.xlsx"))) >= 3 * len(YEARS), "what is wrong is found"
    for name in ["ii06a", "register", "workbook"]:
        found = valid(work / f"{name}.xlsx") if pathlib.Path(rules).exists() else []
        assert not found, f"{name}: {json.dumps(found[:5], indent=1)}"
        book, found = strict(work / f"{name}.xlsx")
        days += found
        if python_calamine:
            otherwise += read_otherwise(work / f"{name}.xlsx", book)
        made = {file.stem.removeprefix(f"{name}-"): file for file in office(work / f"{name}.xlsx", every)}
        for sheet in book.worksheets:
            with open(made[sheet.title], encoding="utf-8-sig", newline="") as file:
                shown = [trimmed(row) for row in csv.reader(file)]
            ours = cells(sheet)
            texts.update(cell for row in ours for cell in row if isinstance(cell, str))
            while shown and not shown[-1]:
                shown.pop()
            checked += compare(f"{name} {sheet.title}", ours, shown)
    # The CSV files, opened as Excel and LibreOffice open them by default with Vietnamese settings (1066), whose decimal
    # sign is the comma, give the texts of the workbook.
    files = [work / "ii06a.csv", work / "register.csv", *sorted((work / "sheets").glob("*.csv"))]
    files += sorted(work.glob("*-semicolon.csv"))
    for file in files:
        separator = ";" if "semicolon" in file.stem else ","
        open_csv = [f"--infilter=Text - txt - csv (StarCalc):{ord(separator)},34,76,1,,1066,false,true,true"]
        raw = file.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw, f"{file}: no byte order mark or no CRLF"
        [made] = [one for one in office(file, "xlsx", open_csv) if one.stem == file.stem]
        shown = openpyxl.load_workbook(made, data_only=True).active
        formulas = openpyxl.load_workbook(made).active
        with open(file, encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text, delimiter=separator))
        for number, row in enumerate(rows, 1):
            for column, field in enumerate(row, 1):
                cell, where = shown.cell(number, column).value, f"{file.name} row {number}"
                formula = formulas.cell(number, column)
                if formula.data_type == "f":
                    # Nothing but a text.
                    assert formula.value == f'="{cell}"' and '"' not in cell, where
                    assert field == formula.value, f"{where}: {field!r} became {formula.value!r}"
                    assert cell in texts, f"{where}: {cell!r} is not in the workbook"
                elif isinstance(cell, (datetime.datetime, datetime.date)):
                    assert field == cell.strftime("%Y-%m-%d"), f"{where}: {field!r} became {cell!r}"
                    days += 1
                elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    assert field == str(cell), f"{where}: {field!r} became {cell!r}"
                else:
                    assert (cell or "") == field, f"{where}: {field!r} became {cell!r}"
                checked += 1
        # Opened where the other separator is expected, its columns are wrong, and still nothing is computed.
        other = "," if separator == ";" else ";"
        open_csv = [f"--infilter=Text - txt - csv (StarCalc):{ord(other)},34,76,1,,1066,false,true,true"]
        [made] = [one for one in office(file, "xlsx", open_csv) if one.stem == file.stem]
        for row in openpyxl.load_workbook(made).active.iter_rows():
            for cell in row:
                computed = cell.data_type == "f" and not re.fullmatch(r'="[^"]*"', cell.value)
                assert not computed, f"{file.name} {cell.coordinate}: {cell.value!r} is computed"
    assert days > 20, f"{days} days"
    for nasty in NASTY:
        assert any(nasty in text or nasty[:60] == text for text in texts), f"not in any report: {nasty!r}"
    print(f"{checked} cells compared, {days} days among them; {otherwise} by the second reader")
    if missing:
        print(f"NOT TRIED, because it cannot be had here: {', '.join(missing)}")


main()
