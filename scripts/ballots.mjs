// node scripts/ballots.mjs ADDRESS < [[case_code, proof], …]: prints, for each case, what was asked and the ballot it gave.
import fs from 'node:fs'
import { blinding } from './blinding.mjs'

const [address] = process.argv.slice(2)
const { blinded, finish, fresh } = await blinding(process.env.DUNG_HEN_DIST ?? 'dist')
const { keys } = await (await fetch(`${address}/api/v1/ballots/keys`)).json()
const key = Object.fromEntries(keys.map((one) => [one.period, one.key]))
const all = []
for (const [case_code, proof] of JSON.parse(fs.readFileSync(0, 'utf8'))) {
  const { number, blind } = await fresh()
  const asked = { case_code, proof, blinded: blinded(blind) }
  const answer = await fetch(`${address}/api/v1/ballots`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) })
  if (answer.status === 409) continue // nothing to rate yet
  if (!answer.ok) throw new Error(`${case_code}: ${answer.status} ${await answer.text()}`)
  const given = await answer.json()
  const output = await finish(number, blind, given, key[given.period])
  if (!output) throw new Error('the answer does not fit the key')
  all.push({ asked, ballot: { label: given.label, number, output } })
}
console.log(JSON.stringify(all))
