// Ratings as citizens send them, each with a ballot of its own.
import { blinding } from '../scripts/blinding.mjs'
import { caseOf, proofOf } from './cases.mjs'

const post = async (server, where, body) => {
  const answer = await fetch(`http://${server.address}/api/v1/${where}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return answer.ok ? answer.json() : Promise.reject(new Error(`${where}: ${answer.status} ${await answer.text()}`))
}

const FACTORS = ['access', 'procedures', 'officials', 'outcomes', 'feedback_handling'].map((factor, at) => ({ factor, level: 3 + (at % 3) }))

/** Requests that rate, one for each of these cases, each with a ballot that the server gave; those that are under way still have none. */
export async function ballots(server, dist, cases) {
  const { blinded, finish, fresh } = await blinding(dist)
  const { keys } = await (await fetch(`http://${server.address}/api/v1/ballots/keys`)).json()
  const key = Object.fromEntries(keys.map((one) => [one.period, one.key]))
  const finished = cases.filter((i) => i % 4)
  const lines = []
  const one = async () => {
    for (let i; (i = finished.pop()) !== undefined; ) {
      const { number, blind } = await fresh()
      const given = await post(server, 'ballots', { case_code: caseOf(i).MaHoSo, proof: proofOf(i), blinded: blinded(blind) })
      const output = await finish(number, blind, given, key[given.period])
      if (!output) throw new Error('the answer does not fit the key')
      const answers = { instrument: 'five-factors-1', language: 'vi', overall: 4, factors: FACTORS }
      lines.push(`POST /api/v1/ratings ${JSON.stringify({ ballot: { label: given.label, number, output }, ...answers })}`)
    }
  }
  await Promise.all(Array.from({ length: 64 }, one))
  return lines
}
