// Makes data/sample/cases.ndjson and data/sample/situations.json: node scripts/make-sample.mjs
//
// The cases are invented; procedures, limits and holidays are the real ones of data/. The seed is
// fixed, so running it again gives the same bytes. Promised dates follow the working calendar
// (first day excluded) except where a situation is about a date that does not.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

// ------------------------------------------------------------------ chance, the same every time

let state = 0x98261015;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (list) => list[between(0, list.length - 1)];
const chance = (probability) => random() < probability;
const digits = (count) => Array.from({ length: count }, () => between(0, 9)).join('');
// No 0 O, 1 I L: read aloud and copied by hand without doubt.
const secret = () => Array.from({ length: 8 }, () => pick([...'23456789ABCDEFGHJKMNPQRSTUVWXYZ'])).join('');

// ------------------------------------------------------------------ civil time (all of it +07:00)

const DAY = 86_400_000;
const MINUTE = 60_000;
const at = (text) => Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`);
const day = (moment) => new Date(moment).toISOString().slice(0, 10);
const stamp = (moment) => new Date(moment).toISOString().slice(0, 19).replace(/\D/g, '');
const midnight = (moment) => at(day(moment));

const NOW = at('2026-10-15T09:00');
const TODAY = day(NOW);

const calendar = JSON.parse(read('data/holidays.json'));
const off = new Set();
const worked = new Set();
for (const year of calendar.years) {
  for (const entry of year.days) (entry.kind === 'swapped_working_day' ? worked : off).add(entry.date);
}
const isWorking = (moment) => {
  const weekday = new Date(moment).getUTCDay();
  return weekday === 0 || weekday === 6 ? worked.has(day(moment)) : !off.has(day(moment));
};
const addWorkingDays = (moment, count) => {
  let date = midnight(moment);
  for (let left = count; left > 0; ) {
    date += DAY;
    if (isWorking(date)) left -= 1;
  }
  return date;
};
const backWorkingDays = (moment, count) => {
  let date = midnight(moment);
  for (let left = count; left > 0; ) {
    date -= DAY;
    if (isWorking(date)) left -= 1;
  }
  return date;
};
const onWorkingDay = (moment) => (isWorking(moment) ? midnight(moment) : addWorkingDays(moment, 1));
const SESSIONS = [[450, 690], [780, 1020]];

/** The promise the law gives: the last day at 17:00, or the hour for limits in hours. */
function due(received, { amount, unit }) {
  const start = midnight(received);
  const close = (date) => date + 17 * 60 * MINUTE;
  switch (unit) {
    case 'working_day':
      return close(addWorkingDays(start, Math.ceil(amount)));
    case 'calendar_day':
      return close(onWorkingDay(start + amount * DAY));
    case 'same_day': {
      const inTime = isWorking(start) && received - start <= 15 * 60 * MINUTE;
      return close(inTime ? start : addWorkingDays(start, 1));
    }
    case 'month': {
      const date = new Date(start);
      const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + amount + 1, 0));
      last.setUTCDate(Math.min(last.getUTCDate(), date.getUTCDate()));
      return close(onWorkingDay(last.getTime()));
    }
    case 'working_hour': {
      let left = amount * 60;
      let from = (received - start) / MINUTE;
      for (let date = start; ; date += DAY, from = 0) {
        if (!isWorking(date)) continue;
        for (const [open, shut] of SESSIONS) {
          const begin = Math.max(open, from);
          if (begin >= shut) continue;
          if (shut - begin >= left) return date + (begin + left) * MINUTE;
          left -= shut - begin;
        }
      }
    }
    default:
      throw new Error(`unit ${unit}`);
  }
}

// ------------------------------------------------------------------ procedures and agencies

function csv(text) {
  const rows = [];
  let row = [''];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (quoted && character === '"' && text[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') row.push('');
    else if (!quoted && character === '\n') { rows.push(row); row = ['']; }
    else if (character !== '\r') row[row.length - 1] += character;
  }
  const [head, ...rest] = rows;
  return rest.map((values) => Object.fromEntries(head.map((name, index) => [name, values[index]])));
}

// What the agencies print where the source publishes no unit or no number. Nothing may be computed
// from such a limit; the date on the receipt stands for itself.
const PRINTED = {
  '1.001266': { amount: 1, unit: 'working_day' },
  '2.002039': { amount: 105, unit: 'calendar_day' },
};
const procedures = new Map(csv(read('data/procedures.csv')).map((row) => [row.code, {
  code: row.code,
  name: row.name_vi,
  field: row.field_vi,
  limit: PRINTED[row.code] ?? { amount: Number(row.amount), unit: row.unit || 'working_day' },
}]));
const procedure = (code) => {
  const found = procedures.get(code);
  if (!found) throw new Error(`no procedure ${code}`);
  return found;
};

// Units that ended follow the agencies.
const agencies = new Map(read('data/sample/province.toml').split(/\[\[(?:agencies|successions)\]\]/).slice(1).map((block) => {
  const value = (key) => block.match(new RegExp(`^${key} = "(.*)"$`, 'm'))?.[1];
  return [value('code'), { code: value('code'), name: value('name'), level: value('level'), ended: value('ended') }];
}));

const HOUSEHOLD = ['1.001193', '1.001193', '1.001193', '1.000894', '1.000894', '1.000656', '1.001022', '1.004873', '1.004873', '1.004859',
  '1.004837', '1.004845', '1.004884', '2.000635', '2.000635', '2.000528', '1.001695', '2.000908', '1.001612', '1.001612', '1.001266', '1.001570',
  '2.000720', '2.000575', '1.013225', '1.013225', '1.013227', '1.013228', '1.012753', '1.013949', '1.012812', '1.011607', '2.001255', '2.000986', '1.004746'];
// Cases beside the situations: how many, and every how-many-th that has come to an end was late (0: none).
const PLAN = {
  'H98.101': { count: 84, lateEvery: 7, codes: HOUSEHOLD },
  'H98.102': { count: 52, lateEvery: 0, codes: HOUSEHOLD },
  'H98.103': { count: 46, lateEvery: 38, codes: HOUSEHOLD },
  'H98.104': { count: 46, lateEvery: 5, codes: HOUSEHOLD },
  'H98.105': { count: 34, lateEvery: 7, codes: HOUSEHOLD },
  'H98.106': { count: 14, lateEvery: 0, codes: HOUSEHOLD },
  'H98.121': { count: 46, lateEvery: 36, codes: ['1.004222', '1.004222', '1.004194', '1.004194', '1.002755', '1.010038', '1.010041', '1.010039', '1.014061', '1.014063', '1.014064', '1.003197'] },
  'H98.05': { count: 42, lateEvery: 37, codes: ['2.002043', '2.001199', '2.001583', '2.001583', '2.002041', '2.002029'] },
  'H98.06': { count: 24, lateEvery: 6, codes: ['1.013236', '1.000703', '1.000703', '2.002288', '2.002288'] },
  'H98.07': { count: 4, lateEvery: 0, codes: ['2.002039'] },
  'H98.08': { count: 48, lateEvery: 4, codes: ['1.012781', '1.012783', '1.012783', '1.012784', '1.012786', '1.013831', '1.013833', '1.013988', '1.013992', '1.011441', '1.011441'] },
  'H98.09': { count: 10, lateEvery: 4, codes: ['1.010727', '2.001827', '2.001827'] },
  'H98.10': { count: 4, lateEvery: 0, codes: ['1.010801'] },
  'H98.12': { count: 44, lateEvery: 16, codes: ['1.001456', '1.001456', '1.001445', '3.000333', '3.000333', '3.000348', '1.013065', '1.013083', '1.013076'] },
  'H98.15': { count: 26, lateEvery: 8, codes: ['1.001613', '1.001613', '2.000693', '1.001667', '1.002759', '1.001656'] },
};
const OFFICES = {
  'H98.05': 'Phòng Đăng ký kinh doanh', 'H98.06': 'Phòng Quản lý xây dựng và vận tải', 'H98.07': 'Phòng Hành chính tư pháp',
  'H98.08': 'Phòng Đăng ký và cấp giấy chứng nhận', 'H98.09': 'Phòng Thẩm định', 'H98.10': 'Phòng Người có công',
  'H98.12': 'Phòng Cảnh sát quản lý hành chính về trật tự xã hội', 'H98.15': 'Phòng Chế độ bảo hiểm xã hội', 'H98.121': 'Tổ Quản lý hành chính',
  'H98.31': 'Phòng Tư pháp',
};

// Systems that tell whether a result grants or refuses; the others do not say.
const TELLS = new Set(['H98.101', 'H98.103', 'H98.104', 'H98.121', 'H98.05', 'H98.12', 'H98.15']);

// ------------------------------------------------------------------ invented people

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Phan', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý', 'Điểu', 'Thạch', 'K’'];
const MIDDLE = ['Văn', 'Thị', 'Minh', 'Ngọc', 'Thanh', 'Hữu', 'Gia', 'Bảo', 'Thu', 'Đức'];
const GIVEN = ['An', 'Bình', 'Chi', 'Dũng', 'Giang', 'Hà', 'Hạnh', 'Hùng', 'Khánh', 'Lan', 'Linh', 'Long', 'Mai', 'Nam', 'Nga', 'Phúc', 'Quân', 'Sơn', 'Thảo', 'Trang', 'Tuấn', 'Vy', 'Yến'];
const person = () => `${pick(FAMILY)} ${pick(MIDDLE)} ${pick(GIVEN)}`;
const COMPANIES = ['Công ty TNHH Gạch Mẫu', 'Công ty cổ phần Vận tải Sông Mẫu', 'Công ty TNHH Thực phẩm Vườn Mẫu', 'Công ty TNHH MTV May Cánh Én Mẫu', 'Công ty cổ phần Điện Mặt Trời Mẫu', 'Công ty TNHH Xây dựng Nhà Mẫu'];
// 098 is no province's code in identity numbers, 98 none in tax codes, 0100 no phone range.
const citizen = () => ({ ChuHoSo: person(), LoaiDoiTuong: '1', MaDoiTuong: `098${digits(9)}`, phone: `0100${digits(6)}` });
const business = () => ({ ChuHoSo: pick(COMPANIES), LoaiDoiTuong: '2', MaDoiTuong: `98${digits(8)}`, phone: `0100${digits(6)}` });
const BUSINESS_PROCEDURES = new Set(['2.002043', '2.001199', '2.001583', '2.002041', '2.002029', '1.000703', '2.002288', '1.013236', '1.010727', '2.000205']);

// ------------------------------------------------------------------ one case and what was sent of it

const serials = new Map();
function caseCode(agency, received, grammar) {
  const key = `${agency}${day(received)}${grammar}`;
  const serial = String((serials.get(key) ?? 0) + 1).padStart(4, '0');
  serials.set(key, Number(serial));
  const date = day(received).slice(2).replaceAll('-', '');
  if (grammar === 'old') {
    const unit = agency.slice(4);
    return `000.${unit.length > 2 ? '01' : '00'}.${unit.slice(-2)}.H98-${date}-${serial}`;
  }
  if (grammar === 'numeric') return `0098${date}${serial}`;
  return `${agency}-${date}-${serial}`;
}

const cases = [];
const sent = []; // { moment, agency, service, updating, item }
let receipts = 4000;

/** Working time on the day of `date`, after `after`. */
function officeHour(date, after = 0) {
  const from = Math.max(450, after > date ? (after - date) / MINUTE + 15 : 0);
  const to = day(date) === TODAY ? 535 : 1015;
  let minute = between(Math.min(from, to), to);
  if (minute > 690 && minute < 780) minute = Math.max(780, from);
  return date + minute * MINUTE + between(0, 59) * 1000;
}

class Case {
  constructor({ agency, code, received, channel = '1', grammar = 'new', proof, owner, promise, post = false }) {
    this.agency = agencies.get(agency);
    if (!this.agency) throw new Error(`no agency ${agency}`);
    this.procedure = procedure(code);
    this.received = typeof received === 'string' ? at(received) : received;
    if (channel !== '2' && !isWorking(this.received)) throw new Error(`${agency} ${day(this.received)} is a day off`);
    this.promise = promise ? at(promise) : due(this.received, this.procedure.limit);
    this.first = this.promise;
    this.proof = proof ?? (chance(0.5) ? 'receipt_secret' : pick(['identity_last6', 'phone_last4']));
    this.owner = owner ?? (BUSINESS_PROCEDURES.has(code) ? business() : citizen());
    this.letters = [];
    this.supplements = [];
    this.steps = 0;
    receipts += 1;
    this.body = {
      MaHoSo: caseCode(agency, this.received, grammar),
      MaTTHC: code,
      TenTTHC: this.procedure.name,
      MaLinhVuc: `H98-LV${String([...new Set([...procedures.values()].map((one) => one.field))].indexOf(this.procedure.field) + 1).padStart(2, '0')}`,
      TenLinhVuc: this.procedure.field,
      ...(chance(0.6) && { SoBienNhan: `${receipts}/BN-${day(this.received).slice(0, 4)}` }),
      ...(this.proof === 'receipt_secret' && { MaTraCuu: secret() }),
      ChuHoSo: this.owner.ChuHoSo,
      LoaiDoiTuong: this.owner.LoaiDoiTuong,
      MaDoiTuong: this.owner.MaDoiTuong,
      ...(chance(0.5) && { DiaChi: `Tổ ${between(1, 12)}, tỉnh Mẫu` }),
      Email: chance(0.4) ? `nguoinop${between(100, 999)}@example.com` : '',
      SoDienThoai: this.owner.phone,
      TrichYeuHoSo: this.procedure.name.slice(0, 120),
      NgayTiepNhan: stamp(this.received),
      HinhThuc: post ? '1' : '0',
      ...((channel !== '1' || chance(0.7)) && { KenhThucHien: channel }),
      DonViXuLy: this.agency.name,
    };
    cases.push(this);
  }

  proofText() {
    return { receipt_secret: this.body.MaTraCuu, identity_last6: this.owner.MaDoiTuong.slice(-6), phone_last4: this.owner.phone.slice(-4) }[this.proof];
  }

  /** A sending of the whole case, as it stands. */
  send(moment, status, fields = {}) {
    const item = { ...this.body, ...fields, ...(this.promise && { NgayHenTra: stamp(this.promise) }), TrangThaiHoSo: String(status) };
    if (status >= 9 && TELLS.has(this.agency.code)) item.KetQuaGiaiQuyet = this.refused ? '2' : '1';
    if (this.supplements.length) item.DanhSachHoSoBoSung = structuredClone(this.supplements);
    if (this.letters.length) item.DanhSachXinLoi = structuredClone(this.letters);
    sent.push({ moment: Math.min(moment, NOW), agency: this.agency.code, service: 'DongBoHoSoMC', updating: this.sentOnce ? 'True' : 'False', item });
    this.sentOnce = true;
    this.status = status;
    this.last = item;
    return this;
  }

  /** One entry of progress. */
  step(moment, text, room, title = 'Chuyên viên') {
    const desk = {
      commune: 'Trung tâm Phục vụ hành chính công cấp xã',
      district: 'Bộ phận Tiếp nhận và Trả kết quả cấp huyện',
    }[this.agency.level] ?? 'Trung tâm Phục vụ hành chính công tỉnh';
    this.steps += 1;
    sent.push({
      moment: Math.min(moment, NOW), agency: this.agency.code, service: 'CapNhatTienDoHoSoMC',
      item: {
        MaHoSo: this.body.MaHoSo,
        NguoiXuLy: person(),
        ChucDanh: title,
        ThoiDiemXuLy: stamp(moment),
        PhongBanXuLy: room ?? OFFICES[this.agency.code] ?? 'Phòng chuyên môn',
        NoiDungXuLy: text,
        TrangThai: '4',
        NgayBatDau: stamp(Math.max(this.received, midnight(moment))),
        ...(this.promise && chance(0.7) && { NgayKetThucTheoQuyDinh: stamp(this.promise) }),
        ...(room === undefined && this.steps === 1 && { PhongBanXuLy: desk }),
      },
    });
    return this;
  }

  steps_until(end) {
    const from = midnight(this.received);
    const span = (midnight(end) - from) / DAY;
    if (span < 1) return this;
    this.step(Math.min(this.received + 35 * MINUTE, end), 'Kiểm tra, chuyển hồ sơ đến bộ phận chuyên môn', undefined, 'Công chức Một cửa');
    if (span >= 3) {
      const middle = onWorkingDay(from + Math.floor(span / 2) * DAY);
      if (middle < midnight(end)) this.step(officeHour(middle), 'Thẩm định hồ sơ');
    }
    return this;
  }

  /** The agency's letter: the reason and the new date are its own. */
  letter(issued, revised, reason) {
    const previous = this.promise;
    this.promise = at(revised) + 17 * 60 * MINUTE;
    this.letters.push({
      ...(!chance(0.1) && { SoVanBan: `${between(11, 480)}/PXL-${this.agency.level === 'commune' ? 'UBND' : 'CQCM'}` }),
      NgayBanHanh: stamp(officeHour(at(issued))),
      CoQuanBanHanh: this.agency.name,
      LyDo: reason,
      NgayHenTraTruoc: stamp(previous),
      NgayHenTraMoi: stamp(this.promise),
      NguoiKy: person(),
    });
    return this;
  }

  askSupplement(date, what) {
    this.supplements.push({
      HoSoBoSungId: String(70000 + between(1, 9999)),
      NguoiYeuCauBoSung: person(),
      NoiDungBoSung: what,
      NgayBoSung: stamp(officeHour(at(date), this.received)),
      TrangThaiBoSung: '0',
    });
    return this;
  }

  /** The full dossier is in: the period starts again (NĐ 61/2018 Điều 19(4) and its successors). */
  supplementIn(date) {
    const entry = this.supplements.at(-1);
    const moment = officeHour(at(date));
    const previous = this.promise;
    this.promise = due(moment, this.procedure.limit);
    this.restarted = this.promise;
    Object.assign(entry, {
      NguoiTiepNhanBoSung: person(),
      ThongTinTiepNhan: 'Đã nhận đủ giấy tờ bổ sung',
      NgayTiepNhanBoSung: stamp(moment),
      TrangThaiBoSung: '1',
      NgayHenTraTruoc: stamp(previous),
      NgayHenTraMoi: stamp(this.promise),
    });
    return this;
  }

  paper(name, link = false) {
    return {
      DanhSachGiayToKetQua: [{
        TenGiayTo: name,
        MaThanhPhanHoSo: 'KQ.G01',
        GiayToId: digits(8),
        ...(link && { DuongDanTepTinKetQua: `https://ketqua.tinh-mau.example/tep/${digits(10)}` }),
      }],
    };
  }
}

const FEES = {
  'Hộ tịch': ['Lệ phí hộ tịch', '15000'], 'Đất đai': ['Phí thẩm định hồ sơ', '350000'], 'Hoạt động xây dựng': ['Lệ phí cấp giấy phép xây dựng', '75000'],
  'Lý lịch tư pháp': ['Phí cấp Phiếu lý lịch tư pháp', '200000'], 'Quản lý xuất nhập cảnh': ['Lệ phí cấp hộ chiếu', '200000'], 'Đường bộ': ['Lệ phí cấp giấy phép', '200000'],
};
const fees = (one) => {
  const [name, amount] = FEES[one.procedure.field] ?? ['Lệ phí', '50000'];
  return { DanhSachLePhi: [{ TenPhiLePhi: name, MaPhiLePhi: 'LP01', HinhThucThu: '1', Gia: amount, LoaiPhiLePhi: '1' }] };
};
const RESULTS = { 'Hộ tịch': 'Trích lục hộ tịch', 'Đất đai': 'Giấy chứng nhận quyền sử dụng đất', 'Hoạt động xây dựng': 'Giấy phép xây dựng', 'Lý lịch tư pháp': 'Phiếu lý lịch tư pháp' };
const resultName = (one) => RESULTS[one.procedure.field] ?? 'Kết quả giải quyết thủ tục hành chính';
const REASONS = [
  'Hồ sơ cần lấy ý kiến của cơ quan phối hợp, đến nay chưa có văn bản trả lời.',
  'Số lượng hồ sơ tăng đột biến, cơ quan chưa bố trí kịp cán bộ thẩm định.',
  'Hệ thống phần mềm chuyên ngành gián đoạn, dữ liệu chưa đối chiếu được.',
  'Cần kiểm tra lại thực địa do số liệu đo đạc chưa thống nhất.',
];

// ------------------------------------------------------------------ the situations

const situations = [];
function show(key, vi, en, one) {
  situations.push({ key, title: { vi, en }, one });
  return one;
}
function expectDue(one, date) {
  if (day(one.first) !== date) throw new Error(`${one.body.MaHoSo}: due ${day(one.first)}, meant ${date}`);
  return one;
}
const opened = (one, status = 2) => one.send(one.received, status);

function situationCases() {
  let c = expectDue(new Case({ agency: 'H98.101', code: '1.012753', received: '2026-09-07T08:20', proof: 'receipt_secret' }), '2026-10-05');
  opened(c).steps_until(at('2026-10-02')).send(at('2026-10-02T16:00'), 4);
  show('overdue_without_letter', 'Quá hẹn, chưa có văn bản xin lỗi', 'Overdue, and no letter of apology', c);

  c = expectDue(new Case({ agency: 'H98.08', code: '1.012784', received: '2026-09-09T09:05', proof: 'identity_last6' }), '2026-10-09');
  opened(c).steps_until(at('2026-10-06')).letter('2026-10-07', '2026-10-22', REASONS[3]).send(at('2026-10-07T16:30'), 4);
  show('overdue_letter_in_time', 'Quá hẹn, đã xin lỗi và hẹn lại đúng quy định', 'Overdue; the letter came in time and names a new date', c);

  c = expectDue(new Case({ agency: 'H98.104', code: '1.013225', received: '2026-09-14T14:10', proof: 'phone_last4' }), '2026-10-05');
  opened(c).steps_until(at('2026-10-05')).letter('2026-10-08', '2026-10-19', REASONS[1]).send(at('2026-10-08T15:30'), 4);
  show('overdue_letter_late', 'Quá hẹn, văn bản xin lỗi ban hành muộn', 'Overdue; the letter of apology came late', c);

  c = expectDue(new Case({ agency: 'H98.08', code: '1.012781', received: '2026-08-24T10:00', grammar: 'old', proof: 'receipt_secret' }), '2026-09-24');
  opened(c).steps_until(at('2026-09-21')).letter('2026-09-22', '2026-10-06', REASONS[0]).send(at('2026-09-22T16:00'), 4);
  c.letter('2026-10-05', '2026-10-20', REASONS[0]).send(at('2026-10-05T16:00'), 4);
  show('second_postponement', 'Hẹn lại lần thứ hai (ngoài quy định)', 'Postponed a second time, outside the rule', c);

  c = expectDue(new Case({ agency: 'H98.101', code: '1.001612', received: '2026-09-21T08:45', proof: 'identity_last6' }), '2026-09-24');
  opened(c).steps_until(at('2026-09-29')).send(at('2026-09-30T10:00'), 10, { NgayKetThucXuLy: '20260929154000', NgayTra: '20260930092000', ...c.paper('Giấy chứng nhận đăng ký hộ kinh doanh') });
  show('finished_late_without_letter', 'Xong muộn, không có văn bản xin lỗi', 'Finished late, and no letter ever came', c);

  c = expectDue(new Case({ agency: 'H98.06', code: '1.000703', received: '2026-09-14T08:15', proof: 'receipt_secret' }), '2026-09-18');
  opened(c).steps_until(at('2026-09-17')).letter('2026-09-17', '2026-09-24', REASONS[2]).send(at('2026-09-17T16:00'), 4);
  c.send(at('2026-09-23T16:00'), 10, { NgayKetThucXuLy: '20260923103000', NgayTra: '20260923151000', ...c.paper('Giấy phép kinh doanh vận tải') });
  show('finished_late_with_letter', 'Xong muộn, đã xin lỗi trước hạn', 'Finished late, with a letter in time', c);

  c = expectDue(new Case({ agency: 'H98.102', code: '1.013227', received: '2026-10-08T09:30', proof: 'phone_last4' }), TODAY);
  opened(c).steps_until(at('2026-10-14')).send(at('2026-10-14T16:00'), 4);
  show('due_today', 'Đến hẹn hôm nay', 'Due today', c);

  c = expectDue(new Case({ agency: 'H98.121', code: '1.004222', received: '2026-10-08T13:40', proof: 'receipt_secret' }), '2026-10-19');
  opened(c).steps_until(at('2026-10-13')).send(at('2026-10-13T16:00'), 4);
  show('due_soon', 'Sắp đến hẹn', 'Due soon', c);

  c = expectDue(new Case({ agency: 'H98.103', code: '1.012753', received: '2026-09-30T10:20', proof: 'identity_last6' }), '2026-10-28');
  opened(c).steps_until(at('2026-10-12')).send(at('2026-10-12T16:00'), 4);
  show('within_time', 'Đang xử lý, còn trong hạn', 'In processing, within its time', c);

  c = expectDue(new Case({ agency: 'H98.101', code: '1.013225', received: '2026-09-22T08:30', proof: 'receipt_secret' }), '2026-10-12');
  opened(c).steps_until(at('2026-09-25')).askSupplement('2026-09-28', 'Bổ sung bản vẽ thiết kế mặt bằng móng có chữ ký của đơn vị thiết kế; bản sao giấy tờ chứng minh quyền sử dụng đất.').send(at('2026-09-28T16:00'), 5);
  show('supplement_waiting', 'Cần bổ sung giấy tờ', 'Documents are asked for', c);

  c = new Case({ agency: 'H98.05', code: '2.002043', received: '2026-10-05T10:10', channel: '2', proof: 'phone_last4' });
  opened(c).steps_until(at('2026-10-07')).askSupplement('2026-10-07', 'Bổ sung danh sách cổ đông sáng lập theo mẫu.').send(at('2026-10-07T16:00'), 5);
  c.supplementIn('2026-10-13').send(at('2026-10-13T17:00'), 4);
  show('supplement_restarted', 'Đã bổ sung, thời hạn tính lại từ đầu', 'Documents came in, the period started again', c);

  c = new Case({ agency: 'H98.08', code: '1.013831', received: '2026-09-28T09:00', proof: 'receipt_secret' });
  opened(c).steps_until(at('2026-10-09')).send(at('2026-10-09T16:00'), 6, { DanhSachLePhi: [
    { TenPhiLePhi: 'Lệ phí trước bạ', MaPhiLePhi: 'LPTB', HinhThucThu: '1', Gia: '4250000', LoaiPhiLePhi: '1' },
    { TenPhiLePhi: 'Phí thẩm định hồ sơ', MaPhiLePhi: 'PTD', HinhThucThu: '1', Gia: '350000', LoaiPhiLePhi: '2' },
  ] });
  show('payment_asked', 'Cần thực hiện nghĩa vụ tài chính', 'A payment is asked for', c);

  c = new Case({ agency: 'H98.121', code: '1.014063', received: '2026-09-30T08:10', proof: 'identity_last6' });
  opened(c).steps_until(at('2026-10-07')).send(at('2026-10-08T11:00'), 9, { NgayKetThucXuLy: '20261008104000', ...c.paper('Thẻ căn cước') });
  show('collect_result', 'Đã có kết quả, chờ nhận', 'The result is ready to collect', c);

  c = expectDue(new Case({ agency: 'H98.08', code: '1.013833', received: '2026-08-20T09:30', proof: 'receipt_secret' }), '2026-09-07');
  opened(c).steps_until(at('2026-09-07')).send(at('2026-09-07T17:00'), 10, { NgayKetThucXuLy: '20260907100500', NgayTra: '20260907160000', ...c.paper('Giấy chứng nhận đã xác nhận thay đổi') });
  show('on_time_over_holidays', 'Đúng hẹn, qua ngày làm bù và nghỉ lễ 2/9', 'On time, across a worked Saturday and National Day', c);

  c = new Case({ agency: 'H98.12', code: '1.001456', received: '2026-09-14T07:45', proof: 'phone_last4', channel: '2', post: true });
  opened(c).steps_until(at('2026-09-21')).send(at('2026-09-23T10:00'), 10, { NgayKetThucXuLy: '20260921150000', NgayTra: '20260923093000', ThongTinTra: 'Đã gửi qua dịch vụ bưu chính công ích, số hiệu bưu gửi EM000000098VN', ...c.paper('Hộ chiếu phổ thông') });
  show('returned_by_post', 'Trước hẹn, trả qua bưu chính', 'Early, returned by post', c);

  c = new Case({ agency: 'H98.102', code: '1.004873', received: '2026-10-07T20:15', channel: '2', proof: 'receipt_secret' });
  opened(c).steps_until(at('2026-10-09')).send(at('2026-10-09T15:00'), 10, { NgayKetThucXuLy: '20261009143000', NgayTra: '20261009143500', ThongTinTra: 'Trả kết quả điện tử', ...c.paper('Giấy xác nhận tình trạng hôn nhân (bản điện tử)', true) });
  show('electronic_result', 'Có kết quả điện tử', 'The result is electronic', c);

  c = new Case({ agency: 'H98.104', code: '1.013949', received: '2026-09-08T08:50', proof: 'identity_last6' });
  c.refused = true;
  opened(c).steps_until(at('2026-09-21')).send(at('2026-09-22T10:00'), 10, { NgayKetThucXuLy: '20260921141500', NgayTra: '20260922090000', ...c.paper('Văn bản từ chối giải quyết hồ sơ (không đủ điều kiện giao đất)') });
  show('refused', 'Bị từ chối, có văn bản nêu lý do', 'Refused, with a reasoned decision', c);

  c = new Case({ agency: 'H98.06', code: '2.002288', received: '2026-10-12T09:10', channel: '2', proof: 'phone_last4' });
  c.promise = 0;
  opened(c, 1).send(at('2026-10-13T10:00'), 3, { GhiChu: 'Hồ sơ nộp không đúng cơ quan có thẩm quyền; đã hướng dẫn nộp lại.' });
  show('not_accepted', 'Không được tiếp nhận', 'Not accepted', c);

  c = new Case({ agency: 'H98.105', code: '1.012812', received: '2026-09-03T09:00', proof: 'receipt_secret' });
  opened(c).steps_until(at('2026-09-15')).send(at('2026-09-16T10:00'), 7, { GhiChu: 'Các bên tự thỏa thuận, người nộp đề nghị rút hồ sơ.' });
  show('withdrawn', 'Người nộp đã rút hồ sơ', 'Withdrawn by the applicant', c);

  c = new Case({ agency: 'H98.09', code: '1.010727', received: '2026-08-18T08:20', proof: 'identity_last6' });
  opened(c).steps_until(at('2026-09-08')).send(at('2026-09-09T16:00'), 8, { GhiChu: 'Dừng giải quyết do quá thời gian bổ sung mà không nhận được giấy tờ.' });
  show('stopped', 'Cơ quan dừng xử lý', 'Stopped by the agency', c);

  c = new Case({ agency: 'H98.103', code: '2.000720', received: '2026-10-14T21:40', channel: '2', proof: 'receipt_secret' });
  c.promise = 0;
  opened(c, 1);
  show('registered', 'Mới nộp trực tuyến, chờ tiếp nhận', 'Filed online, waiting to be received', c);

  c = expectDue(new Case({ agency: 'H98.105', code: '1.001022', received: '2026-10-10T19:25', channel: '2', proof: 'phone_last4' }), '2026-10-14');
  c.promise = c.first = at('2026-10-15T17:00');
  opened(c, 2);
  show('promise_differs', 'Ngày hẹn khác với cách tính', 'The promised date differs from the computed one', c);

  c = new Case({ agency: 'H98.104', code: '1.012753', received: '2026-09-10T08:00', proof: 'identity_last6' });
  opened(c).steps_until(at('2026-10-05'));
  c.promise = at('2026-10-30T17:00');
  c.send(at('2026-10-06T16:00'), 4);
  show('date_moved_unexplained', 'Ngày hẹn bị dời, không rõ lý do', 'The date was moved and nothing explains it', c);

  c = new Case({ agency: 'H98.15', code: '1.002759', received: '2026-10-09T10:30', grammar: 'numeric', proof: 'phone_last4' });
  opened(c).steps_until(at('2026-10-13')).send(at('2026-10-13T16:00'), 4);
  show('calendar_not_settled', 'Hạn rơi vào ngày chưa có thông báo lịch nghỉ', 'The deadline runs into days not yet announced', c);

  c = expectDue(new Case({ agency: 'H98.12', code: '1.013083', received: '2026-10-14T14:00', channel: '2', proof: 'receipt_secret' }), TODAY);
  opened(c, 2);
  show('working_hours', 'Thời hạn tính bằng giờ làm việc', 'A limit in working hours', c);

  c = expectDue(new Case({ agency: 'H98.101', code: '1.001193', received: '2026-10-14T15:40', proof: 'identity_last6' }), TODAY);
  opened(c, 2);
  show('same_day_after_cut_off', 'Giải quyết trong ngày, nhận sau 15 giờ', 'A same-day case received after 15:00', c);

  c = expectDue(new Case({ agency: 'H98.12', code: '3.000333', received: '2026-10-01T09:20', proof: 'phone_last4' }), '2026-10-12');
  opened(c).steps_until(at('2026-10-12')).send(at('2026-10-12T16:00'), 10, { NgayKetThucXuLy: '20261012111000', NgayTra: '20261012150000', ...c.paper('Phiếu lý lịch tư pháp số 1') });
  show('calendar_days_rolled', 'Ngày thường (lịch), hạn rơi vào Chủ nhật nên lùi sang thứ Hai', 'Calendar days ending on a Sunday, so the Monday counts', c);

  c = expectDue(new Case({ agency: 'H98.12', code: '1.001010', received: '2025-08-29T09:00', grammar: 'old', proof: 'receipt_secret' }), '2026-03-02');
  opened(c).send(at('2026-02-26T16:00'), 10, { NgayKetThucXuLy: '20260225150000', NgayTra: '20260226090000', ...c.paper('Thẻ thường trú') });
  show('six_months', 'Thời hạn sáu tháng', 'A limit of six months', c);

  c = new Case({ agency: 'H98.102', code: '1.004884', received: '2026-10-12T10:00', proof: 'receipt_secret' });
  opened(c).steps_until(at('2026-10-14')).send(at('2026-10-14T16:00'), 4);
  show('limit_without_unit', 'Thời hạn công bố thiếu đơn vị tính', 'The published limit has no unit', c);

  c = expectDue(new Case({ agency: 'H98.10', code: '2.000205', received: '2024-04-24T08:30', grammar: 'old', proof: 'identity_last6' }), '2024-05-04');
  opened(c).send(at('2024-05-04T16:00'), 10, { NgayKetThucXuLy: '20240504093000', NgayTra: '20240504140000', ...c.paper('Giấy phép lao động') });
  show('swapped_saturday', 'Hồ sơ cũ 2024, hẹn trả vào thứ Bảy làm bù', 'An old case of 2024, due on a worked Saturday', c);

  c = new Case({ agency: 'H98.101', code: '2.000908', received: '2026-09-24T13:30', proof: 'phone_last4' });
  opened(c).send(at('2026-09-30T10:00'), 10, { NgayTra: '20260930093000' });
  show('finish_not_sent', 'Không có ngày kết thúc xử lý', 'The day it was finished was never sent', c);
}

// Not among the situations shown, but in the file: two more dates moved without a word, a promise that
// is shorter than the limit, a second postponement by date alone, and the old ones.
function furtherCases() {
  for (const [agency, code, received, moved] of [['H98.08', '1.012786', '2026-08-28T09:40', '2026-10-12'], ['H98.101', '1.013949', '2026-09-16T10:05', '2026-10-21']]) {
    const c = new Case({ agency, code, received });
    opened(c).steps_until(c.first);
    c.promise = at(moved) + 17 * 60 * MINUTE;
    c.send(c.first - DAY, 4);
    if (code === '1.012786') c.send(at('2026-10-08T16:00'), 9, { NgayKetThucXuLy: '20261008150000', ...c.paper(resultName(c)) });
  }
  let c = new Case({ agency: 'H98.05', code: '2.002041', received: '2026-09-10T09:00', promise: '2026-09-14T17:00' });
  opened(c).steps_until(at('2026-09-14')).send(at('2026-09-14T16:00'), 10, { NgayKetThucXuLy: '20260914103000', NgayTra: '20260914152000', ...c.paper(resultName(c)) });
  c = new Case({ agency: 'H98.104', code: '1.012753', received: '2026-08-12T09:00' });
  opened(c).steps_until(at('2026-09-08')).letter('2026-09-10', '2026-09-25', REASONS[0]).send(at('2026-09-10T16:00'), 4);
  c.promise = at('2026-10-09T17:00');
  c.send(at('2026-09-24T16:00'), 4).send(at('2026-10-09T16:00'), 9, { NgayKetThucXuLy: '20261009141000', ...c.paper(resultName(c)) });
  for (const [agency, code, received] of [['H98.15', '1.001656', '2026-10-13T08:40'], ['H98.12', '1.001010', '2026-06-17T09:15'], ['H98.09', '1.010727', '2026-10-14T10:00']]) {
    c = new Case({ agency, code, received, grammar: agency === 'H98.15' ? 'numeric' : 'new' });
    opened(c).send(c.received + 2 * 60 * MINUTE, 4);
  }

  for (const [agency, code, received] of [['H98.101', '1.001193', '2026-10-15T06:50'], ['H98.102', '1.004837', '2026-10-14T19:30'], ['H98.121', '1.004194', '2026-10-14T22:05'], ['H98.05', '2.001583', '2026-10-15T07:20'], ['H98.08', '1.011441', '2026-10-14T17:45']]) {
    c = new Case({ agency, code, received, channel: '2' });
    c.promise = 0;
    opened(c, 1);
  }

  const old = [
    ['H98.10', '2.000205', '2024-07-08T08:30', '20240712'], ['H98.07', '2.000488', '2024-11-18T09:00', '20241128'], ['H98.08', '1.011441', '2025-01-20T10:00', '20250123'],
    ['H98.08', '1.012786', '2025-03-17T08:00', '20250424'], ['H98.15', '2.000693', '2025-05-12T14:00', '20250520'], ['H98.05', '2.001583', '2025-06-23T09:30', '20250625'],
    ['H98.12', '1.001456', '2025-09-22T07:50', '20251006'], ['H98.101', '1.001612', '2025-12-08T08:40', '20251211'],
  ];
  for (const [agency, code, received, finished] of old) {
    c = new Case({ agency, code, received, grammar: agency === 'H98.15' ? 'numeric' : received < '2025-07' ? 'old' : 'new', promise: undefined });
    const handed = addWorkingDays(at(`${finished.slice(0, 4)}-${finished.slice(4, 6)}-${finished.slice(6)}`), 1) + 9 * 60 * MINUTE;
    c.send(handed + 60 * MINUTE, 10, { NgayKetThucXuLy: `${finished}150000`, NgayTra: stamp(handed), ...c.paper(resultName(c)) });
  }
}

// ------------------------------------------------------------------ the ordinary cases

function reception(online) {
  const early = chance(0.2);
  const from = at(early ? '2026-06-01' : '2026-08-05');
  const to = at(early ? '2026-08-04' : '2026-10-14');
  let date = from + between(0, (to - from) / DAY) * DAY;
  if (online) return date + between(390, 1350) * MINUTE + between(0, 59) * 1000;
  while (!isWorking(date)) date -= DAY;
  if (date < at('2026-06-01')) date = at('2026-06-01');
  const [open, shut] = pick(SESSIONS);
  return date + between(open, shut - 20) * MINUTE + between(0, 59) * 1000;
}

function finish(c, date, single) {
  const ended = officeHour(date, c.received);
  const handed = addWorkingDays(date, between(0, 3));
  const electronic = c.body.KenhThucHien === '2' && chance(0.5);
  const byPost = c.body.HinhThuc === '1';
  // By its place, not by chance, so that the rest stays as it is drawn.
  c.refused = TELLS.has(c.agency.code) && cases.length % 9 === 4;
  const done = { NgayKetThucXuLy: stamp(ended), ...c.paper(c.refused ? 'Văn bản từ chối giải quyết hồ sơ' : resultName(c), electronic) };
  if (chance(0.25)) Object.assign(done, fees(c));
  if (!single) c.steps_until(ended);
  const given = handed === date ? ended + 20 * MINUTE : officeHour(handed);
  if (given > NOW || (chance(0.12) && midnight(ended) > at('2026-09-20'))) {
    if (chance(0.3)) done.NgayTra = '';
    c.send(ended + 10 * MINUTE, 9, done);
    return;
  }
  if (byPost) done.ThongTinTra = `Gửi bưu chính công ích, số hiệu EM0000${digits(5)}VN`;
  c.send(given + 5 * MINUTE, 10, { ...done, NgayTra: stamp(given) });
}

function ordinary(agency, { count, lateEvery, codes }) {
  let ended = lateEvery > 2 ? 2 : 0;
  for (let index = 0; index < count; index += 1) {
    const channel = chance(0.58) ? '2' : chance(0.85) ? '1' : '3';
    const received = reception(channel === '2');
    const grammar = agency === 'H98.15' ? 'numeric' : chance(0.2) ? 'old' : 'new';
    const c = new Case({ agency, code: pick(codes), received, channel, grammar, post: chance(0.15) });
    const roll = random();
    // A handful that left the path or wait for the applicant.
    if (roll < 0.012) {
      c.promise = 0;
      c.send(c.received, 1);
      if (c.received < NOW - 5 * DAY) c.send(officeHour(addWorkingDays(c.received, 1)), 3, { GhiChu: 'Thành phần hồ sơ không đúng quy định.' });
      continue;
    }
    if (roll < 0.03) {
      opened(c).send(Math.min(officeHour(addWorkingDays(c.received, 1)), NOW), roll < 0.022 ? 7 : 8, { GhiChu: roll < 0.022 ? 'Người nộp đề nghị rút hồ sơ.' : 'Dừng giải quyết theo đề nghị của cơ quan có thẩm quyền.' });
      continue;
    }
    if (roll < 0.09 && c.procedure.limit.amount >= 3 && c.first - c.received > 2 * DAY) {
      const asked = addWorkingDays(c.received, 1);
      if (asked < at('2026-10-15')) {
        opened(c).askSupplement(day(asked), 'Bổ sung bản sao có chứng thực giấy tờ kèm theo đơn.');
        const back = addWorkingDays(asked, between(2, 7));
        if (roll < 0.05 && asked > at('2026-09-20') || back > at('2026-10-14')) { c.send(asked + 1000 * MINUTE, 5); continue; }
        c.send(asked + 1000 * MINUTE, 5).supplementIn(day(back)).send(back + 1010 * MINUTE, 4);
      }
    } else if (roll < 0.13 && c.received > at('2026-09-01') && c.procedure.limit.amount >= 3) {
      const asked = officeHour(addWorkingDays(c.received, 1));
      if (asked < NOW) { opened(c).send(asked, 6, fees(c)); continue; }
    }
    settle(c, lateEvery, () => (ended += 1));
  }
}

/** The end of an ordinary case, or where it stands today. */
function settle(c, lateEvery, count) {
  const start = c.restarted ? at(day(Date.parse(`${c.supplements.at(-1).NgayTiepNhanBoSung.replace(/(....)(..)(..).*/, '$1-$2-$3')}T00:00Z`))) : midnight(c.received);
  const promised = midnight(c.promise);
  const today = at(TODAY);
  const single = c.sentOnce ? false : chance(0.6);
  if (promised >= today) {
    const span = (promised - start) / DAY;
    const target = onWorkingDay(start + Math.ceil(span * 0.6) * DAY);
    if (target < today && target > start && chance(0.45)) { if (!single && !c.sentOnce) opened(c); finish(c, target, single); count(); return; }
    if (!c.sentOnce) opened(c);
    const last = backWorkingDays(today, 1);
    if (last > start) c.steps_until(last).send(last + 1000 * MINUTE, 4);
    return;
  }
  const late = lateEvery > 0 && count() % lateEvery === 0;
  if (!late) {
    // On the promised day or before it.
    let date = promised;
    if (chance(0.62)) {
      const first = onWorkingDay(start + (c.received - start > 16 * 60 * MINUTE ? DAY : 0));
      if (first < promised) date = onWorkingDay(first + Math.floor(random() * ((promised - first) / DAY)) * DAY);
    }
    if (!single && !c.sentOnce && date > start) opened(c);
    finish(c, Math.min(date, promised), single);
    return;
  }
  if (!c.sentOnce) opened(c);
  const ended = addWorkingDays(promised, between(1, 9));
  const letter = random();
  if (letter < 0.55 && !c.restarted) {
    const issued = letter < 0.35 ? backWorkingDays(promised, between(1, 2)) : addWorkingDays(promised, between(0, 2));
    if (issued > start && issued < today) {
      c.letter(day(issued), day(addWorkingDays(Math.max(promised, issued), between(5, 10))), pick(REASONS));
      c.send(issued + 1010 * MINUTE, 4);
    }
  }
  if (ended >= today || chance(0.12)) {
    const last = backWorkingDays(today, 1);
    c.steps_until(last).send(last + 1000 * MINUTE, 4);
    return;
  }
  finish(c, ended, false);
}

// ------------------------------------------------------------------ a unit that ended

/** A district's last months: every sixth late, half of these with a letter; all of them ended before it did, or soon after. */
function ofTheDistrict(agency) {
  for (let index = 0; index < 36; index += 1) {
    const channel = chance(0.4) ? '2' : '1';
    const received = onWorkingDay(at('2025-02-03') + between(0, 140) * DAY) + pick([480, 560, 800, 930]) * MINUTE;
    const c = new Case({ agency, code: pick(HOUSEHOLD), received, channel, grammar: chance(0.3) ? 'old' : 'new' });
    const promised = midnight(c.promise);
    opened(c);
    if (index % 6 === 0) {
      if (index % 12 === 0) {
        const issued = Math.max(backWorkingDays(promised, 1), midnight(received));
        c.letter(day(issued), day(addWorkingDays(promised, 5)), pick(REASONS));
        c.send(issued + 1010 * MINUTE, 4);
      }
      finish(c, addWorkingDays(promised, between(1, 4)), false);
    } else {
      finish(c, Math.max(onWorkingDay(promised - between(0, 2) * DAY), midnight(received)), true);
    }
  }
}

// ------------------------------------------------------------------ writing

situationCases();
furtherCases();
for (const [agency, plan] of Object.entries(PLAN)) ordinary(agency, plan);

// Each evening the one-stop system sends what changed: new cases, progress, changed cases.
const ORDER = { DongBoHoSoMCFalse: 0, CapNhatTienDoHoSoMCundefined: 1, DongBoHoSoMCTrue: 2 };
let evenings = 0;
function evening() {
  const envelopes = new Map();
  sent.forEach((entry, index) => Object.assign(entry, { index, rank: ORDER[entry.service + entry.updating] }));
  sent.sort((a, b) => midnight(a.moment) - midnight(b.moment) || (a.agency < b.agency ? -1 : a.agency > b.agency ? 1 : 0) || a.rank - b.rank || a.moment - b.moment || a.index - b.index);
  for (const { moment, agency, service, updating, item } of sent) {
    const key = `${day(moment)} ${agency} ${service} ${updating}`;
    if (!envelopes.has(key)) {
      const session = Array.from({ length: 4 }, () => between(0, 0xffff).toString(16).padStart(4, '0')).join('');
      envelopes.set(key, service === 'DongBoHoSoMC'
        ? { service, isUpdating: updating, madonvi: agency, session, data: [] }
        : { service, madonvi: agency, session, data: [] });
    }
    envelopes.get(key).data.push(item);
  }

  sent.length = 0;
  evenings += envelopes.size;
  return [...envelopes.values()].map((envelope) => `${JSON.stringify(envelope)}\n`).join('');
}

// What is of the district was sent long before the rest; it is drawn after it, so that the rest stays as it was.
const recent = evening();
for (const { code, ended } of agencies.values()) if (ended) ofTheDistrict(code);
const text = evening() + recent;

// Nothing but a promise may lie after the moment the demonstration plays at.
const limit = stamp(NOW);
for (const [, key, value] of text.matchAll(/"(Ngay\w+|ThoiDiem\w+)":"(\d{14})"/g)) {
  if (!/^NgayHenTra|TheoQuyDinh$/.test(key) && value > limit) throw new Error(`${key} ${value} lies after the demonstration`);
}
if (new Set(cases.map((c) => c.body.MaHoSo)).size !== cases.length) throw new Error('a case code is used twice');

writeFileSync(new URL('data/sample/cases.ndjson', root), text);
writeFileSync(new URL('data/sample/situations.json', root), `${JSON.stringify(situations.map(({ key, title, one }) => ({
  key, title, case_code: one.body.MaHoSo, proof: one.proofText(), proof_kind: one.proof,
})), null, 1)}\n`);

const tally = (of) => JSON.stringify(Object.fromEntries([...cases.reduce((map, c) => map.set(of(c), (map.get(of(c)) ?? 0) + 1), new Map())].sort((a, b) => (a[0] < b[0] ? -1 : 1))));
console.log(`${cases.length} cases, ${evenings} envelopes, ${new Set(cases.map((c) => c.body.MaTTHC)).size} procedures, ${situations.length} situations`);
console.log('states', tally((c) => String(c.status).padStart(2, '0')));
console.log('agencies', tally((c) => c.agency.code));
