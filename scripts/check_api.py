"""The API by its description, with everything that opens it: through scripts/check-api.

First every call once as those who may make it make it (a citizen with code and proof and with a ballot, a one-stop
system, a gateway, officers), each answer checked against openapi.json. Then schemathesis asks odd things, half of them
with real codes, proofs and ballots, so that what lies behind them is reached. At the end: how many answers of which
status each call gave. A call that never answered 2xx is a failure.

While schemathesis runs, it loads this file for its hooks.
"""

import collections
import http.server
import json
import os
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import schemathesis

STATE = os.environ.get("CHECK_API_STATE")
ROOT = Path(__file__).resolve().parent.parent
CLOCK = "2026-10-15T09:00:00+07:00"
counts = collections.defaultdict(collections.Counter)
# How often each call carried what is real.
real_sent = collections.Counter()


def count(case, response):
    counts[f"{case.operation.method.upper()} {case.operation.path}"][response.status_code] += 1


def tell(path):
    Path(path).write_text(json.dumps({"counts": counts, "real": real_sent}))


# What schemathesis loads.
if STATE:
    import atexit

    known = json.loads(Path(STATE).read_text())
    atexit.register(tell, f"{STATE}.counts")

    @schemathesis.hook
    def before_call(context, case, kwargs):
        """Half of what is sent carries what is real: chosen by what was generated, so that a seed gives the same again."""
        real = known["real"].get(case.operation.path)
        if real and isinstance(case.body, dict):
            lot = zlib.crc32(json.dumps(case.body, sort_keys=True, default=str).encode())
            if lot % 2 == 0:
                case.body = {**case.body, **real[lot // 2 % len(real)]}
                real_sent[case.operation.path] += 1
        # No description can say that the agency is of the level beside it; a test of each kind of figure does.
        if case.query and {"agency", "level"} <= set(case.query):
            case.query = {name: value for name, value in case.query.items() if name != "level"}

    @schemathesis.hook
    def after_call(context, case, response):
        count(case, response)


class Receiver(http.server.BaseHTTPRequestHandler):
    """A gateway that takes every event."""

    ids = []

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        Receiver.ids.append(self.headers["webhook-id"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Province:
    """A server of the sample province, with an endpoint for events and every questionnaire."""

    def __init__(self, work):
        self.work = Path(work)
        self.program = os.environ["DUNG_HEN_SERVER"]
        self.connector = "key-of-the-api-check"
        receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        text = (ROOT / "data/sample/province.toml").read_text()
        text += f"""
[questions]
sixteen_one_in = 1
[[webhooks]]
name = "sms"
url = "http://127.0.0.1:{receiver.server_port}/"
reads_as = ["gateway", "agency"]
private_network = true
"""
        (self.work / "province.toml").write_text(text)
        data = ["--data", str(self.work / "data")]
        clock = ["--clock", CLOCK]
        self.run("import", str(ROOT / "data/sample/cases.ndjson"), *data, *clock)
        self.gateway = self.run("key", "add", "sms", "--scope", "gateway", *data).strip()
        self.comments = self.connector
        self.log = (self.work / "log").open("w")
        self.process = subprocess.Popen(
            [self.program, "serve", *data, *clock, "--province", str(self.work / "province.toml"), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env={
                # Of the tests' own variables none is a setting, and the server says so.
                **{name: value for name, value in os.environ.items() if not name.startswith("DUNG_HEN_") or name == "DUNG_HEN_DIST"},
                "RUST_LOG": "warn",
                "DUNG_HEN_CONNECTOR_KEY": self.connector,
                "DUNG_HEN_WEBHOOK_SMS": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                # One address asks everything, wrong proofs among it: that is no attack here.
                "DUNG_HEN__ACCESS__NETWORK_WRONG": "4000000000",
                "DUNG_HEN__ACCESS__ALL_WRONG": "4000000000",
            },
        )
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            raise SystemExit("the server ended at once: " + (self.work / "log").read_text())
        self.address = line.split()[-1]
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def run(self, *words):
        done = subprocess.run([self.program, *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(words[:2])}: {done.stderr}")
        return done.stdout


def until(found, what):
    for _ in range(300):
        value = found()
        if value:
            return value
        time.sleep(0.1)
    raise SystemExit(f"waited in vain for {what}")


def walk(province):
    """Every call once or more, as those who may make it; what schemathesis needs to do the same."""
    schema = schemathesis.openapi.from_url(f"{province.address}/api/v1/openapi.json")
    broken = []

    def ask(method, path, expected, body=None, key=None, query=None, parts=None, headers=None, media=None):
        operation = schema[path][method]
        headers = dict(headers or {})
        if key:
            headers["Authorization"] = f"Bearer {key}"
        given = {"headers": headers, "query": query or {}, "path_parameters": parts or {}}
        if body is not None:
            given |= {"body": body, "media_type": media or "application/json"}
        case = operation.Case(**given)
        response = case.call()
        count(case, response)
        if response.status_code not in (expected if isinstance(expected, tuple) else (expected,)):
            broken.append(f"{method} {path}: {response.status_code}, not {expected}: {response.text[:300]}")
        try:
            operation.validate_response(response)
        except Exception as error:  # noqa: BLE001: whatever does not fit is told
            broken.append(f"{method} {path}: {error}")
        return response

    situations = json.loads((ROOT / "data/sample/situations.json").read_text())
    holders = [{"case_code": one["case_code"], "proof": one["proof"]} for one in situations if one.get("proof")]

    # Anyone.
    for path in ["/health", "/health/live", "/api/v1/calendar", "/api/v1/rules", "/api/v1/openapi.json", "/api/v1/ballots/keys"]:
        ask("GET", path, 200)
    found = ask("GET", "/api/v1/province", 200)
    ask("GET", "/api/v1/province", 304, headers={"If-None-Match": found.headers["etag"][0]})
    ask("GET", "/api/v1/calendar", 200, query={"year": 2026})
    ask("GET", "/api/v1/rules", 200, query={"received": "2026-10-05"})
    for one in ["five-factors-1", "sixteen-criteria-1", "three-levels-tt32-1"]:
        ask("GET", "/api/v1/instruments/{id}", 200, parts={"id": one})
    ask("GET", "/api/v1/counters", 200, query={"period": "2026-10"})
    for figure in ["satisfaction", "criteria", "formulas", "three-levels", "timeliness"]:
        for query in [{}, {"agency": "H98.101"}, {"level": "commune"}]:
            ask("GET", f"/api/v1/metrics/{figure}", 200, query={"period": "2026-10", **query})
    for by in ["procedure", "field", "agency"]:
        for figure in ["satisfaction", "timeliness"]:
            ask("GET", f"/api/v1/metrics/{figure}", 200, query={"period": "2026-Q3", "by": by})
    ask("GET", "/api/v1/open-data", 200, query={"period": "2026-10"})
    ask("GET", "/api/v1/open-data/figures", 200, query={"period": "2026-10"})
    ask("GET", "/api/v1/open-data/letters", 200, query={"period": "2026-10"})
    ask("GET", "/api/v1/procedures/{code}/deadline", 200, parts={"code": "1.004222"}, query={"received": "2026-10-05"})

    # Citizens, with code and proof: every situation of the sample, once as a stranger.
    number = None
    for holder in holders:
        seen = ask("POST", "/api/v1/lookup", 200, holder).json()
        ask("POST", "/api/v1/lookup", 200, {**holder, "have": seen["version"]})
        ask("POST", "/api/v1/lookup", 200, {"case_code": holder["case_code"]})
        ask("POST", "/api/v1/lookup", 404, {**holder, "proof": "0000"})
        notice = json.dumps(seen)
        at = notice.find("TBQH-")
        number = number or (notice[at : at + 14] if at >= 0 else None)
    if number:
        ask("GET", "/api/v1/notices/{number}/qr.svg", 200, parts={"number": number})
    asked = [[one["case_code"], one["proof"]] for one in holders]
    made = subprocess.run(
        ["node", str(ROOT / "scripts/ballots.mjs"), province.address],
        input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT,
    )
    if made.returncode != 0:
        raise SystemExit(made.stderr)
    ballots = json.loads(made.stdout)
    answers = {"instrument": "five-factors-1", "language": "vi", "overall": 2,
               "factors": [{"factor": "access", "level": 1}], "wrong": ["seating"]}
    sheet = {"instrument": "sixteen-criteria-1", "language": "vi"}
    criteria = schema.raw_schema["components"]["schemas"]["SheetRequest"]["oneOf"][0]["properties"]["answers"]["items"]
    sheet["answers"] = [{"question": one, "level": 4} for one in criteria["properties"]["question"]["enum"]]
    for at, one in enumerate(ballots):
        ask("POST", "/api/v1/ballots", 200, one["asked"])
        if at % 2 == 0:  # The others are left to schemathesis.
            ask("POST", "/api/v1/ratings", 201, {"ballot": one["ballot"], **answers, "comment": "Ghế chờ hỏng"})
            ask("POST", "/api/v1/ratings", 200, {"ballot": one["ballot"], **answers, "comment": "Ghế chờ hỏng"})
            ask("POST", "/api/v1/ratings/corrections", 200, {"number": one["ballot"]["number"], **answers, "overall": 4})
            ask("POST", "/api/v1/ratings/sheets", 201, {"ballot": one["ballot"], **sheet})
    references = []
    for kind in ["unknown_code", "date_moved", "asked_to_pay_extra", "conduct"]:
        body = {"kind": kind, "text": "Tôi không đồng ý.", **(holders[0] if kind != "unknown_code" else {"case_code": "H98.101-260101-9999"})}
        references.append(ask("POST", "/api/v1/objections", 201, body).json()["reference"])

    # Systems.
    envelope = json.loads((ROOT / "data/sample/cases.ndjson").read_text().splitlines()[0])
    ask("POST", "/api/v1/connector", 200, envelope, key=province.connector)
    ask("POST", "/api/v1/connector", 401, envelope, key="another")
    stream = "\n".join((ROOT / "data/sample/cases.ndjson").read_text().splitlines()[:5])
    ask("POST", "/api/v1/connector/stream", 200, stream, key=province.connector, media="text/plain")
    ask("GET", "/api/v1/comments", 200, key=province.comments)
    events = until(lambda: list(Receiver.ids), "an event")
    ask("POST", "/api/v1/deliveries", 200, {"event": events[0], "outcome": "delivered"}, key=province.gateway)

    # Officers: their keys are those of the demonstration.
    desk, hotline, head = "can-bo-mau", "tong-dai-mau", "lanh-dao-mau"
    due = ask("POST", "/api/v1/officer/cases", 200, {"days": 5}, key=desk).json()
    ask("POST", "/api/v1/officer/cases", 403, {}, key=hotline)
    letter = {"number": "12/PXL", "reason": "Chờ kết quả đo đạc", "issued": "2026-10-15", "revised_due": "2026-10-21",
              "signer": "Bà Trần Thị Mẫu, Chủ tịch", "evidence": "0" * 64, "confirmed": ["issued_late"]}
    codes = [one["case_code"] for one in due["cases"]]
    for code in codes:
        # Which cases may have one is the province's affair; one of those due does.
        answer = ask("POST", "/api/v1/officer/letters", (201, 409, 422), {**letter, "case_code": code}, key=desk)
        if answer.status_code == 201:
            ask("POST", "/api/v1/officer/letters", 200, {**letter, "case_code": code}, key=desk)
            break
    for key in [desk, hotline, "thanh-tra-mau"]:
        ask("POST", "/api/v1/officer/objections", 200, {}, key=key)
    if references:
        ask("POST", "/api/v1/officer/objections/answers", 201, {"reference": references[0], "text": "Đã xem lại."}, key=hotline)
    ask("POST", "/api/v1/officer/briefs", 200, {}, key=head)
    for form in ["csv", "csv_semicolon", "xlsx"]:
        ask("POST", "/api/v1/officer/reports/ii06a", 200, {"period": "2026-Q3", "format": form}, key=head)
    return broken, {
        "/api/v1/lookup": holders,
        "/api/v1/ballots": [one["asked"] for one in ballots],
        "/api/v1/objections": holders,
        "/api/v1/ratings": [{"ballot": one["ballot"]} for one in ballots],
        "/api/v1/ratings/sheets": [{"ballot": one["ballot"]} for one in ballots],
        "/api/v1/ratings/corrections": [{"number": one["ballot"]["number"]} for one in ballots[::2]],
        "/api/v1/officer/letters": [{"case_code": code} for code in codes],
        "/api/v1/officer/objections/answers": [{"reference": reference} for reference in references],
        "/api/v1/deliveries": [{"event": event} for event in events],
    }


def main(work, rest):
    province = Province(work)
    try:
        broken, real = walk(province)
        for one in broken:
            print(f"check-api: {one}", file=sys.stderr)
        state = Path(work) / "state.json"
        state.write_text(json.dumps({"real": real}))
        begun = {name: dict(seen) for name, seen in counts.items()}
        done = subprocess.run(
            [str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(ROOT / "scripts/schemathesis.toml"),
             "run", f"{province.address}/api/v1/openapi.json", "--no-color", *rest],
            cwd=work,
            env={**os.environ, "CHECK_API_STATE": str(state), "SCHEMATHESIS_HOOKS": "check_api", "PYTHONPATH": str(ROOT / "scripts"),
                 "PYTHONDONTWRITEBYTECODE": "1", "CONNECTOR_KEY": province.connector, "GATEWAY_KEY": province.gateway},
        )
        told = Path(f"{state}.counts")
        found = json.loads(told.read_text()) if told.exists() else {"counts": {}, "real": {}}
        odd = found["counts"]
    finally:
        province.process.terminate()
        province.process.wait()
    described = json.loads((ROOT / "crates/server/openapi.json").read_text())
    never = []
    print("\n2xx of all answers, as those who may ask and by schemathesis:")
    for path, methods in described["paths"].items():
        for method in methods:
            if method not in ("get", "post"):
                continue
            name = f"{method.upper()} {path}"
            own, theirs = begun.get(name, {}), odd.get(name, {})
            good = lambda seen: sum(n for status, n in seen.items() if 200 <= int(status) < 300)
            print(f"  {name:50} {good(own):4} of {sum(own.values()):4}   {good(theirs):5} of {sum(theirs.values()):5}")
            if good(own) == 0:
                never.append(name)
    # Without its hooks schemathesis sends nothing that is real, and finds nothing behind the first refusal.
    # The description itself is not among what it asks.
    blind = [f"{method.upper()} {path} was never asked by schemathesis" for path, methods in described["paths"].items()
             for method in methods if method in ("get", "post") and path != "/api/v1/openapi.json"
             and not odd.get(f"{method.upper()} {path}")]
    blind += [f"nothing real was ever sent to {path}" for path in real if real[path] and not found["real"].get(path)]
    for what in blind:
        print(f"check-api: {what}: are the hooks loaded?", file=sys.stderr)
    for name in never:
        print(f"check-api: {name} never answered 2xx", file=sys.stderr)
    said = (Path(work) / "log").read_text()
    if said:
        print(said, "check-api: the server complained on the way", sep="\n", file=sys.stderr)
    return 1 if broken or never or blind or said or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
