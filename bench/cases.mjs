// Invented cases in the connector's envelopes, as many as asked for: case `i` is always the same case, so that
// its code and its proof can be computed again.
const procedures = ['1.004222', '1.000656', '2.000488', '1.001612']
const stamp = (time) => new Date(time).toISOString().slice(0, 10).replaceAll('-', '')
const day = 86_400_000

export function caseOf(i) {
  const received = Date.UTC(2026, 2, 2) + (i % 200) * day
  const due = stamp(received + (14 + (i % 9)) * day)
  return {
    MaHoSo: `H98.${101 + (i % 12)}-${stamp(received).slice(2)}-${String(Math.floor(i / 200)).padStart(5, '0')}`,
    MaTTHC: procedures[i % 4],
    TenTTHC: 'Thủ tục đo thử',
    NgayTiepNhan: `${stamp(received)}080000`,
    NgayHenTra: `${due}170000`,
    ...(i % 4 ? { NgayKetThucXuLy: `${due}100000` } : {}),
    TrangThaiHoSo: i % 4 ? '10' : '4',
    DonViXuLy: 'Trung tâm Phục vụ hành chính công',
    KenhThucHien: '2',
    SoDienThoai: `0900${String(100_000 + (i * 7919) % 900_000)}`,
  }
}

export const proofOf = (i) => caseOf(i).SoDienThoai.slice(-4)

/** Envelopes of a thousand cases, one a line, for the cases from `from` to before `to`. */
export function* envelopes(from, to) {
  for (let start = from; start < to; start += 1000) {
    const data = []
    for (let i = start; i < Math.min(to, start + 1000); i++) data.push(caseOf(i))
    yield JSON.stringify({ service: 'DongBoHoSoMC', isUpdating: 'False', madonvi: 'H98.101', data })
  }
}

/** Numbers from 0 to before `n`, the same in each run. */
export function numbers(seed) {
  let state = seed >>> 0 || 1
  return (n) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % n
  }
}
