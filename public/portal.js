// The demonstration portal around the element: language, the date it plays, sample cases, the counter.
// A portal that embeds the element needs none of this.

const EN = {
  page_title: 'Case look-up · Public services of Sample Province (demonstration)',
  skip: 'Go to the look-up',
  demo_label: 'Demonstration page',
  demo_word: 'Demonstration.',
  demo_text: 'Sample Province does not exist; cases, agencies and applicants are invented.',
  brand_small: 'Public Service Portal',
  hotline: 'Hotline',
  language: 'Language',
  nav: 'Parts of this page',
  nav_lookup: 'Case look-up',
  nav_samples: 'Sample cases',
  nav_board: 'Public board',
  try: 'Try an overdue case',
  try_more: 'or choose another situation',
  nav_know: 'Good to know',
  title: 'Where is my case, and when is the result due?',
  lead: 'See the step your case has reached, why the date is the date, whether the agency has apologised when it is late, and rate the service.',
  case_code: 'Case code',
  proof: 'Look-up code on the receipt, or last 6 digits of the identity number, or last 4 of the phone (to see everything)',
  look_up: 'Look up',
  samples: 'Sample cases to try',
  samples_text: 'Each case is one situation. Press one to see it, or copy its codes by hand.',
  samples_more: 'More situations',
  receipt_secret: 'Look-up code',
  identity_last6: 'Last 6 digits of identity',
  phone_last4: 'Last 4 digits of phone',
  counter: 'Ratings received',
  count_word: 'ratings',
  count_stored: 'Stored',
  count_repeated: 'Repeated',
  count_refused: 'Refused',
  count_text: 'The same rating sent again is not counted twice. A rating carries no case code.',
  know: 'Good to know',
  know_code: 'Where is my case code?',
  know_code_text: 'On the receipt with the promised date, usually at the top beside the barcode. The look-up code is printed below it; where there is none, use the last 6 digits of the identity number or the last 4 of the phone number you gave.',
  know_date: 'How is the date computed?',
  know_date_text: 'The day of reception is not counted. Limits in working days skip Saturdays, Sundays and public holidays, and count days worked in exchange. When missing documents come in, the period starts again.',
  know_late: 'And if it is late?',
  know_late_text: 'The agency owes a written apology with the reason and a new date before the time is over. This page shows that letter, or shows that there is none.',
  know_rating: 'Who knows how I rated?',
  know_rating_text: 'Your answer is sent on its own, without case code or name. Agencies see sums of five answers or more.',
  foot: 'Đúng Hẹn: open-source software for public service portals. This page is a demonstration and belongs to no authority.',
  national: 'National Public Service Portal',
  example: 'The smallest page that embeds it',
  hosts: 'On difficult pages',
  doctor: 'Examine a page that embeds it',
  officer: 'The officers\' desk',
  api: 'API description',
};
const VI = {
  page_title: document.title,
  receipt_secret: 'Mã tra cứu',
  identity_last6: '6 số cuối giấy tờ',
  phone_last4: '4 số cuối điện thoại',
};
for (const node of document.querySelectorAll('[data-t]')) VI[node.dataset.t] = node.textContent;
for (const node of document.querySelectorAll('[data-t-label]')) VI[node.dataset.tLabel] ??= node.getAttribute('aria-label');

const SHOWN_FIRST = 8;
const LATE = 'overdue_without_letter';
const element = document.querySelector('dung-hen');
const at = (id) => document.getElementById(id);
let lang = 'vi';
let province = null;
let samples = [];
let chosen = null;

const word = (key) => (lang === 'en' ? EN[key] : VI[key]) ?? VI[key] ?? '';

async function get(path) {
  try {
    const answer = await fetch(path, { headers: { accept: 'application/json' }, credentials: 'same-origin' });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// ---------------------------------------------------------------- language

function setLanguage(next) {
  lang = next;
  document.documentElement.lang = lang;
  element.setAttribute('lang', lang);
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = word(node.dataset.t);
  for (const node of document.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', word(node.dataset.tLabel));
  for (const node of document.querySelectorAll('button[data-lang]')) node.setAttribute('aria-pressed', String(node.dataset.lang === lang));
  const hidden = element.querySelector('input[name=lang]');
  if (hidden) hidden.value = lang;
  document.title = word('page_title');
  showProvince();
  showSamples();
}

for (const button of document.querySelectorAll('button[data-lang]')) {
  button.addEventListener('click', () => {
    setLanguage(button.dataset.lang);
    try { localStorage.setItem('portal-lang', lang); } catch { /* not kept, then */ }
  });
}

// ---------------------------------------------------------------- the province and the date it plays

const WEEKDAYS = {
  vi: ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** The server's moment in words, in its own offset; the device's clock and zone play no part. */
function momentInWords(text) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text ?? '');
  if (!parts) return '';
  const [, year, month, date, hour, minute] = parts;
  const weekday = WEEKDAYS[lang][new Date(Date.UTC(Number(year), Number(month) - 1, Number(date))).getUTCDay()];
  return lang === 'en'
    ? `It plays at ${hour}:${minute} on ${weekday}, ${Number(date)} ${MONTHS[Number(month) - 1]} ${year}.`
    : `Mọi thứ diễn ra như đang lúc ${Number(hour)} giờ ${minute === '00' ? '' : `${minute} `}${weekday}, ngày ${Number(date)} tháng ${Number(month)} năm ${year}.`;
}

function showProvince() {
  if (!province) return;
  at('province').textContent = province.name?.[lang] ?? province.name?.vi ?? '';
  at('demo').hidden = province.demo === false;
  at('demo-date').textContent = momentInWords(province.as_of);
  at('hotline').hidden = !province.hotline;
  at('hotline-link').textContent = province.hotline ?? '';
  at('hotline-link').setAttribute('href', `tel:${(province.hotline ?? '').replace(/[^\d+]/g, '')}`);
  at('outage').hidden = !province.outage;
  at('outage').textContent = province.outage?.[lang] ?? '';
  const national = province.national_portal;
  at('national').hidden = !/^https:\/\//.test(national ?? '');
  if (national) at('national-link').setAttribute('href', national);
}

// ---------------------------------------------------------------- sample cases

/** An input of the element's form: inside its shadow root, or still in the plain form. */
const field = (name) => element.shadowRoot?.querySelector(`[name=${name}]`) ?? element.querySelector(`[name=${name}]`);

function put(input, value) {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
}

/** Looks a sample case up, the way a person would: both fields, then the button. */
function show(sample) {
  const code = field('case_code');
  const proof = field('proof');
  if (!code) return;
  put(code, sample.case_code);
  if (proof) put(proof, sample.proof ?? '');
  chosen = sample.case_code;
  for (const button of document.querySelectorAll('.cases button')) button.classList.toggle('chosen', button.value === chosen);
  code.form?.querySelector('button[type=submit], button:not([type])')?.click();
}

const make = (name, text, className) => {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
};

function sampleItem(sample) {
  const button = make('button', '', sample.case_code === chosen ? 'chosen' : '');
  button.type = 'button';
  button.value = sample.case_code;
  button.addEventListener('click', () => show(sample));
  const codes = make('span', '', 'codes');
  codes.append(make('span', sample.case_code, 'mono'));
  if (sample.proof) {
    const proof = make('span', `${word(sample.proof_kind) || word('receipt_secret')}: `);
    proof.append(make('span', sample.proof, 'mono'));
    codes.append(' ', proof);
  }
  button.append(make('strong', sample.title?.[lang] ?? sample.title?.vi ?? sample.case_code), ' ', codes);
  const item = make('li');
  item.append(button);
  return item;
}

function showSamples() {
  const some = samples.length > 0;
  at('ho-so-mau').hidden = !some;
  at('nav-samples').hidden = !some;
  at('try').hidden = !samples.some((sample) => sample.key === LATE);
  at('samples-first').replaceChildren(...samples.slice(0, SHOWN_FIRST).map(sampleItem));
  at('samples-rest').replaceChildren(...samples.slice(SHOWN_FIRST).map(sampleItem));
  at('samples-more').hidden = samples.length <= SHOWN_FIRST;
  at('samples-count').textContent = String(Math.max(0, samples.length - SHOWN_FIRST));
}

at('try-late').addEventListener('click', () => show(samples.find((sample) => sample.key === LATE)));

// ---------------------------------------------------------------- the counter

async function showCounters() {
  const counters = await get('/api/v1/counters');
  if (!counters) return;
  for (const name of ['received', 'stored', 'repeated', 'refused']) {
    const node = at(`count-${name}`);
    const text = String(counters[name] ?? 0);
    if (node.textContent !== text) node.textContent = text;
  }
}
document.addEventListener('dh-rated', showCounters);

// ---------------------------------------------------------------- start

let remembered = null;
try { remembered = localStorage.getItem('portal-lang'); } catch { /* none */ }
if (remembered === 'en') setLanguage('en');

showCounters();
get('/api/v1/province').then((answer) => { province = answer; showProvince(); });
get('/demo/samples.json').then((answer) => { samples = Array.isArray(answer) ? answer : []; showSamples(); });
