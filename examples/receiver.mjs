// A receiver of events: checks each one as Standard Webhooks says, forgets repetitions, and prints it as a line.
//
//   WEBHOOK_SECRET=whsec_… node examples/receiver.mjs 8090      shared secret
//   WEBHOOK_SECRET=whpk_…  node examples/receiver.mjs 8090      public half of a pair
//
// Nothing but Node 18 is needed. What a real receiver does instead of printing must be done before it answers 2xx, and
// "seen" must be kept where it survives a restart: an event comes at least once, with the same id each time.
import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { createServer } from "node:http";

/** Seconds that the sender's clock may differ. */
const TOLERANCE = 300;
/** An event is far smaller. */
const MOST = 64 * 1024;

const [prefix, text] = (process.env.WEBHOOK_SECRET ?? "").split("_", 2);
const key = Buffer.from(text ?? "", "base64");
if (!["whsec", "whpk"].includes(prefix) || key.length < 24) {
  console.error("WEBHOOK_SECRET: whsec_… or whpk_… expected");
  process.exit(2);
}
// Ed25519 keys as Node takes them: a fixed head, then the 32 bytes.
const head = Buffer.from("302a300506032b6570032100", "hex");
const publicKey = prefix === "whpk" && createPublicKey({ key: Buffer.concat([head, key]), format: "der", type: "spki" });

function holds(signature, signed) {
  const [version, value] = signature.split(",", 2);
  const bytes = Buffer.from(value ?? "", "base64");
  if (publicKey) return version === "v1a" && bytes.length === 64 && verify(null, signed, publicKey, bytes);
  const own = createHmac("sha256", key).update(signed).digest();
  return version === "v1" && bytes.length === own.length && timingSafeEqual(bytes, own);
}

// TOLERANCE=0 turns the check of the clock off, for a demonstration whose clock stands still.
const tolerance = Number(process.env.TOLERANCE ?? TOLERANCE);
const seen = new Set();

function take(headers, body) {
  const id = headers["webhook-id"] ?? "";
  const at = headers["webhook-timestamp"] ?? "";
  const signed = Buffer.concat([Buffer.from(`${id}.${at}.`), body]);
  const signatures = (headers["webhook-signature"] ?? "").split(" ");
  if (!signatures.some((one) => holds(one, signed))) return 401;
  if (tolerance > 0 && !(Math.abs(Date.now() / 1000 - Number(at)) <= tolerance)) return 401;
  if (!seen.has(id)) {
    console.log(JSON.stringify({ id, ...JSON.parse(body) }));
    seen.add(id);
  }
  return 204;
}

const server = createServer((request, response) => {
  const parts = [];
  let size = 0;
  request.on("data", (part) => {
    size += part.length;
    if (size > MOST) request.destroy();
    else parts.push(part);
  });
  request.on("end", () => {
    let status;
    try {
      status = request.method === "POST" ? take(request.headers, Buffer.concat(parts)) : 405;
    } catch {
      status = 400;
    }
    response.writeHead(status).end();
  });
});
server.listen(Number(process.argv[2] ?? 8090), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
