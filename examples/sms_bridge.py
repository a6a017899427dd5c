#!/usr/bin/env python3
"""A bridge from events to the province's message gateway (SMS, Zalo, e-mail).

The server knows case, agency and dates and no telephone number; the one-stop system knows the number. This program
stands between them: it checks each event, asks the one-stop system whom to write to, hands the sentence to the gateway,
and says to the server what became of it.

    BRIDGE_SECRET=whsec_… BRIDGE_PORT=8090 \\
    NUMBERS_URL='http://one-stop.internal/number?code={}' GATEWAY_URL=http://sms.internal/send \\
    REPORT_URL=http://127.0.0.1:8080/api/v1/deliveries REPORT_KEY=dh_… BRIDGE_STATE=sent.txt \\
    python3 examples/sms_bridge.py

Only the standard library is used. No number is written to a log or a file. What has been sent is kept in BRIDGE_STATE,
by the id of the event, before the gateway is asked: an applicant is written to once at most, and a message that was lost
on the way is seen as "failed" at the server, where an officer can call instead.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time
import unicodedata
import urllib.parse
import urllib.request

TOLERANCE = 300  # seconds that the sender's clock may differ
MOST = 64 * 1024  # an event is far smaller
TIMEOUT = 10

# Of the apology (DEFINITIONS.md), where a letter has come before the promise was broken.
HAS_A_LETTER = {"issued_in_time", "issued_late", "postponed_again"}


def day(text):
    """2026-10-14 as people here read it."""
    return "/".join(reversed(text.split("-")))


def plain(text):
    """Without marks: a message with one of them holds 70 letters instead of 160."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return bare.encode("ascii", "ignore").decode()


def sentence(kind, data):
    """What the applicant reads: facts alone, and none that was not sent. None: not for applicants."""
    revised = data.get("revised_due")
    again = f", hen lai ngay {day(revised)}" if revised else ""
    if kind == "letter.recorded":
        number = f" so {data['number']}" if data.get("number") else ""
        return plain(f"Ho so {data['case_code']}: co quan giai quyet da co van ban xin loi{number}{again}.")
    if kind != "case.overdue":
        return None
    parts = [f"Ho so {data['case_code']} qua ngay hen {day(data['promise'])}."]
    if data.get("apology") in HAS_A_LETTER:
        parts.append(f"Co quan giai quyet da co van ban xin loi{again}.")
    elif data.get("apology") == "missing":
        parts.append(f"{data.get('agency_name') or 'Co quan giai quyet'} con no ong/ba van ban xin loi.")
    parts.append("Tra cuu tai cong dich vu cong cua tinh.")
    return plain(" ".join(parts))


def signed(secret, headers, body, now):
    """Whether the body comes from the server, and now."""
    at = headers.get("webhook-timestamp", "")
    tolerance = int(os.environ.get("TOLERANCE", TOLERANCE))
    if not at.isdigit() or (tolerance and abs(now - int(at)) > tolerance):
        return False
    text = f"{headers.get('webhook-id', '')}.{at}.".encode() + body
    own = base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one, "v1," + own) for one in given)


def ask(url, body=None, bearer=None):
    """GET, or POST of JSON; the answer's JSON."""
    headers = {"content-type": "application/json"}
    if bearer:
        headers["authorization"] = "Bearer " + bearer
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        text = answer.read(MOST)
    return json.loads(text or b"null")


class Sent:
    """Ids of events whose messages were handed to the gateway, or may have been."""

    def __init__(self, path):
        self.file = open(path, "a+", encoding="ascii")
        self.file.seek(0)
        self.ids = {line.strip() for line in self.file}

    def add(self, event_id):
        self.file.write(event_id + "\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.ids.add(event_id)


def pass_on(event_id, event, sent):
    """Hands a message to the gateway; what became of it, or None where there is nothing to say."""
    text = sentence(event.get("type"), event.get("data", {}))
    if text is None:
        return None
    if event_id in sent.ids:
        return None
    code = urllib.parse.quote(event["data"]["case_code"], safe="")
    number = ask(os.environ["NUMBERS_URL"].format(code)).get("number")
    if not number:
        return "failed"
    sent.add(event_id)
    try:
        ask(os.environ["GATEWAY_URL"], {"to": number, "text": text})
    except OSError:
        return "failed"
    return "delivered"


class Bridge(http.server.BaseHTTPRequestHandler):
    """Takes events."""

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > MOST:
            return self.end(413)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not signed(self.server.secret, headers, body, time.time()):
            return self.end(401)
        event_id = headers["webhook-id"]
        try:
            outcome = pass_on(event_id, json.loads(body), self.server.sent)
        except (OSError, ValueError, KeyError):
            # The one-stop system did not answer: the server sends the event again.
            return self.end(503)
        if outcome and os.environ.get("REPORT_URL"):
            try:
                ask(os.environ["REPORT_URL"], {"event": event_id, "outcome": outcome}, os.environ.get("REPORT_KEY"))
            except OSError:
                print("the server could not be told what became of an event", file=sys.stderr)
        return self.end(204)

    def end(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        """No addresses in a log."""


def main():
    secret = os.environ.get("BRIDGE_SECRET", "")
    if not secret.startswith("whsec_"):
        sys.exit("BRIDGE_SECRET: whsec_… expected")
    server = http.server.HTTPServer(("127.0.0.1", int(os.environ.get("BRIDGE_PORT", "8090"))), Bridge)
    server.secret = base64.b64decode(secret.removeprefix("whsec_"))
    server.sent = Sent(os.environ.get("BRIDGE_STATE", "sent.txt"))
    print(f"listening on http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
