// A drawing of growth: both axes in powers of ten, a line for each thing measured. No package: it is a few lines.
const WIDTH = 860
const HEIGHT = 520
const LEFT = 80
const RIGHT = 350
const TOP = 20
const BOTTOM = 50
const COLOURS = ['#0b4a82', '#a11616', '#17663a', '#7a4b00', '#5b2a86', '#0d7377', '#444444']
const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
const power = (log) => (log >= 6 ? `${10 ** (log - 6)} s` : log >= 3 ? `${10 ** (log - 3)} ms` : `${10 ** log} µs`)

/** `series`: name, points of (n, microseconds) and the fitted exponent. */
export function plot(series) {
  const all = series.flatMap(({ points }) => points)
  const logs = (at) => all.map((pair) => Math.log10(pair[at]))
  const low = { x: Math.floor(Math.min(...logs(0))), y: Math.floor(Math.min(...logs(1))) }
  const high = { x: Math.ceil(Math.max(...logs(0))), y: Math.ceil(Math.max(...logs(1))) }
  const x = (n) => LEFT + ((Math.log10(n) - low.x) / (high.x - low.x || 1)) * (WIDTH - LEFT - RIGHT)
  const y = (us) => HEIGHT - BOTTOM - ((Math.log10(us) - low.y) / (high.y - low.y || 1)) * (HEIGHT - TOP - BOTTOM)
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="Processor time for one, by number of cases">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
  ]
  for (let log = low.x; log <= high.x; log++) {
    out.push(`<path d="M${x(10 ** log)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/><text x="${x(10 ** log)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${(10 ** log).toLocaleString('en')}</text>`)
  }
  for (let log = low.y; log <= high.y; log++) {
    out.push(`<path d="M${LEFT} ${y(10 ** log)}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(10 ** log) + 4}" text-anchor="end">${power(log)}</text>`)
  }
  out.push(`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle">cases</text>`)
  series.forEach(({ name, points, exponent }, at) => {
    const colour = COLOURS[at % COLOURS.length]
    // Once round all colours, the lines are broken.
    const dash = at < COLOURS.length ? '' : ' stroke-dasharray="5 3"'
    out.push(`<path d="${points.map(([n, us], k) => `${k ? 'L' : 'M'}${x(n).toFixed(1)} ${y(us).toFixed(1)}`).join('')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`)
    for (const [n, us] of points) out.push(`<circle cx="${x(n).toFixed(1)}" cy="${y(us).toFixed(1)}" r="3" fill="${colour}"/>`)
    const line = TOP + 14 + at * 20
    out.push(`<path d="M${WIDTH - RIGHT + 10} ${line - 4}h22" stroke="${colour}" stroke-width="3"${dash}/><text x="${WIDTH - RIGHT + 38}" y="${line}">${escape(name)} (n^${exponent.toFixed(2).replace('-0.00', '0.00')})</text>`)
  })
  out.push('</svg>')
  return `${out.join('\n')}\n`
}
