// How a rating reaches the server: ballot, then rating, each as often as it takes, in one tab at a time.
import { ask } from '../parts/kit.js'
import { blinded, finish, fingerprint, fits } from './crypto.js'
import * as outbox from './outbox.js'

/** When to try again: after so many milliseconds, then twice as long each time. */
const pace = { first: 2000, most: 60000 }

// Without a token of the portal and without cookies: nothing in this call says who is asking.
async function alone(kit, path, body) {
  try {
    const options = { referrerPolicy: 'no-referrer' }
    if (body) Object.assign(options, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const answer = await kit.call(`${kit.api}api/v1/${path}`, options)
    return { ok: answer.ok, status: answer.status, json: await answer.json() }
  } catch (error) {
    return null
  }
}

export { alone }

/** What a call amounts to: true, or a fault; `again` where the same may succeed later. */
function fault(got) {
  if (!got || !got.json) return { reason: 'offline', again: true }
  if (got.ok) return null
  // A proxy that is up while the server is down, too much at once, or something that is not our server at all.
  const passing = got.status >= 500 || got.status === 429 || got.status === 408 || !got.json.code
  return { reason: got.json.code || 'nonsense', message: got.json.message, again: passing }
}

const key = { fingerprint: '', list: null }

async function published(kit, period) {
  const wanted = (kit.element.getAttribute('ballot-keys') || '').toLowerCase().split(/[\s,]+/).filter(Boolean)
  const got = await alone(kit, 'ballots/keys')
  const wrong = fault(got)
  if (wrong) return { wrong }
  const list = got.json.keys
  if (!Array.isArray(list)) return { wrong: { reason: 'nonsense', again: true } }
  key.list = list
  key.fingerprint = await fingerprint(list)
  if (wanted.length && !wanted.includes(key.fingerprint)) return { wrong: { reason: 'ballot_keys', again: false } }
  const found = list.find((one) => one.period === period)
  return found ? { key: found.key } : { wrong: { reason: 'ballot_keys', again: false } }
}

/** Gets the ballot of an entry, for the case on show. */
async function ballot(kit, entry, about) {
  const request = { case_code: about.case_code, proof: about.proof || '', blinded: blinded(entry.blind) }
  const got = await ask(kit, 'ballots', Object.assign(request, entry.contest && { contest: true }))
  const wrong = fault(got)
  if (wrong) return wrong
  const given = got.json
  const { key: theirs, wrong: without } = await published(kit, given.period)
  if (without) return without
  const output = fits(given.label, about.view) ? await finish(entry.number, entry.blind, given, theirs) : null
  if (!output) return { reason: 'ballot_keys', again: false }
  entry.ballot = { label: given.label, number: entry.number, output }
  delete entry.blind
  delete entry.contest
  outbox.put(kit, entry)
  return null
}

async function once(kit, entry, about) {
  if (!entry.ballot) {
    if (!about) return { fault: { reason: 'case', again: false } }
    const wrong = await ballot(kit, entry, about)
    if (wrong) return { fault: wrong }
  }
  // A sheet is a list of answers.
  const path = entry.answers.answers ? 'ratings/sheets' : 'ratings'
  const got = await alone(kit, path, Object.assign({ ballot: entry.ballot }, entry.answers))
  const wrong = fault(got)
  return wrong ? { fault: wrong } : { receipt: got.json }
}

// One tab sends at a time; where the browser has no locks, the server counts once all the same.
// A sandboxed frame has the locks, and may not use them.
async function locked(work) {
  let begun = false
  try {
    if (navigator.locks) return await navigator.locks.request('dung-hen.ratings', () => { begun = true; return work() })
  } catch (error) {
    if (begun) throw error
  }
  return work()
}

/**
 * Sends an entry until it has arrived or been refused. `about` is the case on show, needed until there is a ballot;
 * `tell` hears of every failure that is tried again; `going` ends it; `resumed` where it was found on this device.
 */
export async function deliver(kit, entry, about, tell, going, resumed) {
  for (let wait = pace.first; going(); wait = Math.min(2 * wait, pace.most)) {
    let got
    try {
      got = await locked(() => once(kit, entry, about))
    } catch (error) {
      got = { fault: { reason: 'offline', again: true } } // ballot.wasm did not come
    }
    if (got.receipt || !got.fault.again) {
      // What was refused for good is told and given up; but a rating found here may belong to another case, and where it
      // was this page that refused the ballot, a newer page may take it.
      const kept = !entry.ballot && got.fault && (resumed || got.fault.reason === 'ballot_keys')
      if (!kept) outbox.wipe(kit, entry.number)
      return got
    }
    tell(got.fault, !!entry.ballot)
    await pause(wait)
  }
  return null
}

// Until the time is over, the network is back, or the page is looked at again.
function pause(time) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener('online', done)
      document.removeEventListener('visibilitychange', seen)
      document.removeEventListener('dh-now', done)
      resolve()
    }
    const seen = () => { if (document.visibilityState === 'visible') done() }
    const timer = setTimeout(done, time)
    addEventListener('online', done)
    document.addEventListener('visibilitychange', seen)
    document.addEventListener('dh-now', done)
  })
}

/** Try now. */
export const now = () => document.dispatchEvent(new Event('dh-now'))

/** Sends other answers for a rating that has arrived. */
export async function correct(kit, number, answers) {
  const got = await alone(kit, 'ratings/corrections', Object.assign({ number }, answers))
  const wrong = fault(got)
  return wrong ? { fault: wrong } : { receipt: got.json }
}
