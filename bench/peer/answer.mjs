// What a holder is told, with every field of our API and texts in both languages: written as a portal team would, from
// rows to one object that Fastify turns into JSON.
// It reads the calendar of state agencies from holidays.json beside it.
import { createHash } from 'node:crypto'
import fs from 'node:fs'

const day = 86_400_000
const holidays = JSON.parse(fs.readFileSync(new URL('holidays.json', import.meta.url), 'utf8'))
const off = new Set()
const worked = new Set()
for (const { days } of holidays.years) for (const { date, kind } of days) (kind === 'swapped_working_day' ? worked : off).add(date)

const civil = (stamp) => (stamp ? `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}` : null)
const moment = (stamp) => (stamp ? `${civil(stamp)}T${stamp.slice(8, 10)}:${stamp.slice(10, 12)}:${stamp.slice(12, 14)}+07:00` : null)
const at = (date) => Date.UTC(+date.slice(0, 4), +date.slice(5, 7) - 1, +date.slice(8, 10))
const iso = (time) => new Date(time).toISOString().slice(0, 10)
const weekend = (time) => [0, 6].includes(new Date(time).getUTCDay())
const works = (time, date) => worked.has(date) || !(weekend(time) || off.has(date))

const weekdays = {
  vi: ['Chủ Nhật', 'Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
}
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const long = (date) => {
  const [y, m, d] = date.split('-').map(Number)
  return { vi: `${d} tháng ${m} năm ${y}`, en: `${d} ${months[m - 1]} ${y}` }
}
const full = (date) => {
  const which = new Date(at(date)).getUTCDay()
  const { vi, en } = long(date)
  return { vi: `${weekdays.vi[which]}, ${vi}`, en: `${weekdays.en[which]}, ${en}` }
}

/** Of the procedures that the cases of this bench have: field, limit as published, and its address. */
const procedures = {
  '1.004222': ['Đăng ký, quản lý cư trú', 'Trực tuyến: 7 Ngày làm việc; Trực tiếp: 7 Ngày làm việc', 7, 'https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bf7-7704-7449-9e95-fe7ebb959aa2'],
  '1.000656': ['Hộ tịch', 'Trực tuyến: 1; Dịch vụ bưu chính: 1; Trực tiếp: 1', 0, 'https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fac-7489-b53b-9c6c958f2da4'],
  '2.000488': ['Lý lịch tư pháp', '10 (mười) ngày kể từ ngày nhận được yêu cầu hợp lệ; cư trú nhiều nơi/nước ngoài/phải xác minh: 15 (mười lăm) ngày; nộp trực tuyến giảm 01 ngày', null, null],
  '1.001612': ['Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)', 'Trực tuyến: 3 ngày làm việc; Trực tiếp: 3 ngày làm việc', 3, 'https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfb-d76d-737f-81b9-69258b07240b'],
}
const agency = {
  code: 'H98.101', name: 'UBND phường Bình Minh, tỉnh Mẫu', level: 'commune',
  contact: 'Trung tâm Phục vụ hành chính công phường Bình Minh, quầy 1; tổng đài 1022 nhánh 101',
}
const law = [
  { vi: 'theo quy định hiện hành (NĐ 118/2025/NĐ-CP)', en: 'under the rules in force (NĐ 118/2025/NĐ-CP)', mark: 'open' },
  { vi: 'khoản 2 Điều 147 Bộ luật Dân sự 2015', en: 'clause 2 Article 147 Civil Code 2015', mark: 'verified' },
  { vi: 'khoản 3 Điều 147 Bộ luật Dân sự 2015', en: 'clause 3 Article 147 Civil Code 2015', mark: 'verified' },
]

const uncomputed = {
  reason: 'limit_of_another_time',
  text: {
    vi: 'Chưa thể tính ngày hết hạn, vì thời hạn công bố mà hệ thống có chỉ áp dụng cho hồ sơ tiếp nhận vào một thời gian khác. Ngày hẹn trên giấy tiếp nhận là ngày áp dụng.',
    en: 'The legal date cannot be computed, because the published limit that is known stood at another time than that of reception. The date on the receipt is the one that counts.',
  },
}

/** The legal date and each day that was counted. */
function deadline(limit, received) {
  if (limit === null) return null
  const days = []
  let time = at(received)
  let number = 0
  if (limit === 0) days.push({ date: received, mark: 'working', number: 1 })
  else days.push({ date: received, mark: 'start' })
  while (number < limit) {
    time += day
    const date = iso(time)
    if (works(time, date)) days.push({ date, mark: 'working', number: ++number })
    else days.push({ date, mark: weekend(time) ? 'weekend' : 'holiday' })
  }
  const due = iso(time)
  const [from, to] = [long(received), full(due)]
  const words = limit ? { vi: `${limit} ngày làm việc`, en: `${limit} working days` } : { vi: 'trong ngày', en: 'same day' }
  return {
    limit: words, starts: received, restarted: false, due, due_time: null, unsettled_from: null, possible: [], assuming: null, because: [],
    sentence: {
      vi: `Thời hạn ${words.vi} tính từ ngày tiếp nhận (${from.vi}), hết hạn vào ${to.vi}.`,
      en: `The limit of ${words.en}, counted from the day of reception (${from.en}), ends on ${to.en}.`,
    },
    caution: {
      vi: 'Thời hạn này được công bố sau ngày tiếp nhận; hệ thống không biết khi đó có cùng thời hạn hay không, nên không so với ngày hẹn.',
      en: 'This limit was published after the day of reception; whether the same limit stood then is not known, so it is not compared with the promise.',
    },
    agrees: null, later: false, days, basis: limit ? law : law.slice(0, 1), moved: [],
  }
}

function workingDays(from, to) {
  let count = 0
  for (let time = at(from) + day; time <= at(to); time += day) if (works(time, iso(time))) count++
  return count
}

/** The notice's text; its number and day are what the table of notices has. */
function notice(row, { number, issued }, received, promise, today) {
  const [r, p, t] = [long(received), full(promise), long(today)]
  return {
    number,
    title: { vi: 'Thư xin lỗi vì trả kết quả quá hẹn', en: 'Apology for a result past its promised date' },
    adopted_by: { vi: 'UBND tỉnh Mẫu, theo QĐ 00/QĐ-UBND (mẫu) ngày 5 tháng 1 năm 2026', en: "The People's Committee of Sample Province, by decision QĐ 00/QĐ-UBND (mẫu) of 5 January 2026" },
    issued,
    paragraphs: [
      { vi: 'UBND tỉnh Mẫu xin lỗi ông/bà vì hồ sơ chưa có kết quả vào ngày đã hẹn.', en: "The People's Committee of Sample Province is sorry that your case had no result on the date you were promised." },
      { vi: `${agency.name} nhận hồ sơ ${row.code} (“${row.name}”) ngày ${r.vi} và hẹn trả kết quả ngày ${p.vi}.`, en: `${agency.name} received the case ${row.code} (“${row.name}”) on ${r.en} and promised the result for ${p.en}.` },
      { vi: `Đến ngày lập thông báo này (${t.vi}), hồ sơ chưa giải quyết xong.`, en: `By the day of this notice (${t.en}), it had not been finished.` },
      { vi: `${agency.name} còn nợ ông/bà văn bản xin lỗi nêu lý do và ngày hẹn mới, ${law[0].vi}. Hệ thống chưa nhận được văn bản đó, nên không thể nêu lý do hay ngày mới.`, en: `${agency.name} owes you a letter of apology with the reason and a new date, ${law[0].en}. This system has not received it, so it can name neither reason nor new date.` },
      { vi: `Ông/bà có thể hỏi: ${agency.contact}, hoặc gửi phản ánh ở cuối trang này.`, en: `You can ask: ${agency.contact}, or send an objection at the end of this page.` },
    ],
    disclaimer: { vi: 'Thông báo tự động, không thay văn bản xin lỗi của cơ quan.', en: "Automatic notice; it does not replace the agency's letter of apology." },
    fingerprint: createHash('sha256').update(`${number}|${row.code}|${promise}`).digest('base64url').slice(0, 12), page: `thong-bao/${number}`, history: [issued],
  }
}

/** The answer to a holder on `today`; `issue` tells number and day of the notice of a broken promise. */
export function holder(row, { steps, history, letters, objections }, now, issue) {
  const today = now.slice(0, 10)
  const [received, promise, finished] = [civil(row.received_at), civil(row.promise), civil(row.finished_at)]
  const overdue = !finished && promise < today
  const late = finished ? finished > promise : overdue
  const over = Math.round((at(finished ?? today) - at(promise)) / day)
  const [field, limit_as_published, limit, source_url] = procedures[row.procedure] ?? []
  const who = { vi: `Không nêu ai hẹn. Hệ thống gửi: ${agency.name}.`, en: `Who named it was not stated. Sent by the system of: ${agency.name}.` }
  const none = { working_days: 0, spans: [] }
  const spent = workingDays(received, finished ?? today)
  const answer = {
    access: 'holder', case_code: row.code, as_of: now, version: '',
    status: finished ? 'returned' : 'processing',
    status_text: finished ? { vi: 'Đã trả kết quả', en: 'Result handed over' } : { vi: 'Đang xử lý', en: 'Being processed' },
    step: finished ? 5 : 3, steps: 5, national_portal: 'https://dichvucong.gov.vn',
    procedure: { code: row.procedure, name: row.name, field, limit_as_published, source_url },
    agency, channel: 'online', decision: null, todo: [],
    place: finished ? null : { unit: agency.name, officer: null, since: moment(row.received_at) },
    dates_held: {
      received: moment(row.received_at), first_promise: promise, promise, current: null, finished, returned: null,
      history: history.map(({ due, recorded_at, cause }) => ({ due: civil(due), recorded: recorded_at, cause, by: null, sender: agency.name, recorder: null, who, reason: null })),
    },
    timeliness: late ? (finished ? 'late' : 'overdue') : 'on_time',
    timeliness_text: overdue
      ? { vi: `Đã quá hẹn ${over} ngày`, en: `Overdue by ${over} days` }
      : late ? { vi: `Trễ hẹn ${over} ngày`, en: `Late by ${over} days` } : { vi: 'Xong đúng hẹn', en: 'Finished on time' },
    timeline: [
      { at: moment(row.received_at), kind: 'received', unit: null, officer: null, note: null },
      ...steps.map((step) => ({ at: step.at, kind: 'step', unit: step.unit, officer: null, note: step.note })),
      ...(finished ? [{ at: moment(row.finished_at), kind: 'finished', unit: null, officer: null, note: null }] : []),
    ],
    deadline: deadline(limit, received), not_computed: limit === null ? uncomputed : null,
    clocks: { agency: { working_days: spent, spans: [{ from: received, to: finished, working_days: spent }] }, applicant: none },
    doubts: [],
    apology: {
      state: late ? 'missing' : 'not_owed',
      state_text: late ? { vi: 'Chưa có văn bản xin lỗi', en: 'Letter missing' } : { vi: 'Không phải xin lỗi', en: 'None owed' },
      postponement: 'never', new_date_missed: false, letters, notice: overdue ? notice(row, issue(promise, today), received, promise, today) : null,
    },
    results: [], return_by_post: false, return_note: null, tracking: null, rating: 'open',
    objections: finished ? ['not_received', 'closed_without_result', 'asked_to_pay_extra', 'conduct'] : ['asked_to_pay_extra', 'conduct'],
    objected: objections,
  }
  // Who has the answer already is told so: the version is of what it says, not of when.
  const { as_of, ...says } = answer
  answer.version = createHash('sha256').update(JSON.stringify(says)).digest('base64url').slice(0, 16)
  return answer
}
