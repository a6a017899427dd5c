// Ratings that have not arrived yet, kept on this device: a ballot, or the number that asks for one, and the answers.
// No case code, no proof, no name. Wiped when the rating has arrived; never used in kiosk mode.

const key = (kit) => `dung-hen.ratings ${kit.api}`

/** Every entry kept for this server. */
export function all(kit) {
  if (kit.element.hasAttribute('kiosk')) return []
  try {
    const kept = JSON.parse(localStorage.getItem(key(kit)))
    return Array.isArray(kept) ? kept.filter((one) => one && one.number && one.answers) : []
  } catch (error) {
    return []
  }
}

function write(kit, entries) {
  if (kit.element.hasAttribute('kiosk')) return false
  try {
    if (entries.length) localStorage.setItem(key(kit), JSON.stringify(entries))
    else localStorage.removeItem(key(kit))
    return true
  } catch (error) {
    return false
  }
}

/** Keeps an entry, in the place of the one with its number; false where the device keeps nothing. */
export function put(kit, entry) {
  return write(kit, all(kit).filter((one) => one.number !== entry.number).concat([entry]))
}

/** Wipes an entry. */
export function wipe(kit, number) {
  write(kit, all(kit).filter((one) => one.number !== number))
}
