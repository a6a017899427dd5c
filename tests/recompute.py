#!/usr/bin/env python3
"""Computes every published figure again from the open data, and compares it with what a server publishes.

    recompute.py FILE                     prints the figures of the province and of each agency
    recompute.py FILE --server ADDRESS    compares every figure, to the last digit; ends with 1 where one differs
    recompute.py 2026-Q3 --server ADDRESS the same, of the open data that the server itself gives of a period

FILE is the open data of one period as `server report open-data` writes them: one document with all its parts. A server
gives the index (`GET /api/v1/open-data?period=2026-Q3`), and each part and page of letters at an address of its own.
Nothing but Python's own library is used, and nothing of the program that publishes: the rules stand here a second time,
as docs/DEFINITIONS.md says them.
"""

import argparse
import datetime
import json
import math
import re
import sys
import urllib.parse
import urllib.request
import xml.etree.ElementTree
import zipfile

FORMAT = "dung-hen-open-data-4"
# Objections of these kinds are known for the province alone.
CONFIDENTIAL = {"asked_to_pay_extra", "conduct"}
# Results of which it is known what they say, in the order in which a month of an agency tells them.
RESULTS = ["granted", "granted_late", "refused", "refused_late"]
FACTORS = ["access", "procedures", "officials", "outcomes", "feedback_handling"]
# The questionnaire that the server publishes, and the two of which some are asked afterwards.
INSTRUMENT = "five-factors-1"
SIXTEEN = "sixteen-criteria-1"
THREE = "three-levels-tt32-1"


def rounded(value, decimals):
    """Half away from zero; shares are never negative."""
    scale = 10**decimals
    return math.floor(value * scale + 0.5) / scale


class Data:
    def __init__(self, data):
        for one in [data, *data["parts"]]:
            if one["format"] != FORMAT:
                raise SystemExit(f"the format is {one['format']!r}, not {FORMAT!r}")
        self.data = data
        self.period = data["period"]
        self.thresholds = data["thresholds"]
        self.decimals = self.thresholds["decimals"]
        self.today = datetime.date.fromisoformat(data["as_of"])
        self.levels = {one["code"]: one["level"] for one in data["agencies"]}
        self.parts = {part["place"]: part for part in data["parts"]}
        self.measures = data["parts"][0]["measures"]
        # Everything is summed from the parts of agencies; those of levels and of the province are compared with that.
        self.cells = [
            (agency, split, value, dict(zip(self.measures, counts)))
            for agency in self.levels
            for split, value, counts in self.parts[f"agency/{agency}"]["cells"]
        ]

    def part(self, agency=None, level=None):
        return self.parts[place_of(agency, level)]

    # -- sums ---------------------------------------------------------------------------------------------------------

    def rows(self, split, agency=None, level=None):
        """Sums by value of the split; agencies and levels are the values of splits of their own, and nothing is split by nothing."""
        of_cells = "" if split in ("agency", "level") else split
        found = {}
        for of, by, name, counts in self.cells:
            if by != of_cells or agency not in (None, of) or level not in (None, self.levels[of]):
                continue
            key = {"agency": of, "level": self.levels[of]}.get(split, name)
            total = found.setdefault(key, dict.fromkeys(self.measures, 0))
            for measure, n in counts.items():
                total[measure] += n
        return found

    def sum(self, agency=None, level=None):
        return self.rows("", agency, level).get("", dict.fromkeys(self.measures, 0))

    # -- figures ------------------------------------------------------------------------------------------------------

    def share(self, part, n):
        return {"part": part, "n": n, "percent": None if n == 0 else rounded(part * 100.0 / n, self.decimals)}

    def target(self, figure, level):
        """That of the level before the one for all; none where none is in force."""
        for wanted in [level, None]:
            for one in self.thresholds["targets"]:
                if one["figure"] == figure and one["level"] == wanted:
                    return one["percent"]
        return None

    def beside(self, figure, level, part, n):
        """A share beside its target. Before rounding: 959 of 1,000 is below 96 %."""
        target = self.target(figure, level)
        standing = "empty" if n == 0 else "at_or_above" if part * 100.0 / n >= (target or 0) else "below"
        return {**self.share(part, n), "target": target, "standing": None if target is None else standing}

    def figures(self, n, level):
        """The figures of one cell or sum of cells, as the server names them, for agencies of this level."""
        finished = n["early"] + n["on_time"] + n["late"]
        in_time = n["early"] + n["on_time"]
        share = self.beside("on_time", level, in_time, finished)
        verdicts = {"empty": "not_enough_data", "at_or_above": "met", "below": "not_met", None: None}
        share["verdict"] = verdicts[share["standing"]]
        plain = [
            "received", "early", "on_time", "late", "open_within_time", "open_overdue", "open_paused", "unknown",
            "not_counted", "days_late", "postponed", "days_postponed",
        ]
        return {
            **{name: n[name] for name in plain},
            # Day numbers are kept: the first of January of year 1 is day 1.
            "open_days_overdue": n["open_overdue"] * self.today.toordinal() - n["overdue_promises"],
            "apologies": {
                name: n[name]
                for name in ["owed", "issued_in_time", "issued_late", "missing", "second_postponements"]
            },
            "on_time_share": share,
            "on_time_by_last_date_share": self.share(n["on_time_by_last_date"], finished),
            "online_share": self.beside("online", level, n["online"], n["received"]),
            "cashless_share": self.beside("cashless", level, n["cashless"], n["paid"]),
            "electronic_result_share": self.beside(
                "electronic_results", level, n["electronic_results"], n["finished"]
            ),
        }

    def told(self, agency=None, level=None):
        """What was told of results, month by month, of the agencies of a place."""
        of_place = [code for code, of in self.levels.items() if agency in (None, code) and level in (None, of)]
        return [row for code in of_place for row in self.part(code)["results_by_month"]]

    def results(self, agency=None, level=None):
        rows = self.told(agency, level)
        return {name: sum(row[at] for row in rows) for at, name in enumerate(RESULTS, 1)}

    def results_on_time(self, agency=None, level=None):
        """On time among those granted and those refused, month by month: what was told and, of what was not, anything from
        nothing to all that the public rows held."""
        target = self.target("on_time", self.levels[agency] if agency else level)
        found = {}
        for name, at in [("granted", 1), ("refused", 3)]:
            months, least, most = 0, [0, 0], [0, 0]
            for row in self.told(agency, level):
                if row[5] is None:
                    continue
                in_time, unknown, late = row[5]
                kept = (max(row[at] - unknown, 0), min(row[at], in_time)) if row[at] else (0, in_time)
                broken = (row[at + 1], row[at + 1]) if row[at + 1] else (0, late)
                months += 1
                for end, of_end in [(least, (kept[0], broken[1])), (most, (kept[1], broken[0]))]:
                    end[0] += of_end[0]
                    end[1] += sum(of_end)
            ends = [None if n == 0 else part * 100.0 / n >= (target or 0) for part, n in (least, most)]
            verdict = {(True, True): "met", (False, False): "not_met"}.get(tuple(ends), "not_enough_data")
            found[name] = {
                "agency_months": months,
                "at_least": self.share(*least),
                "at_most": self.share(*most),
                "target": target,
                "verdict": None if target is None else verdict,
            }
        return found

    def expected(self, agency):
        """The on-time share if each procedure of the agency went as in the whole province, in per cent."""
        whole, own = self.rows("procedure"), self.rows("procedure", agency)
        in_time = lambda n: n["early"] + n["on_time"]
        finished = lambda n: in_time(n) + n["late"]
        n = expected = 0.0
        for procedure in sorted(own):
            if finished(own[procedure]) == 0:
                continue
            n += finished(own[procedure])
            expected += finished(own[procedure]) * in_time(whole[procedure]) / finished(whole[procedure])
        return None if n == 0 else rounded(expected * 100.0 / n, self.decimals)

    def objections(self, agency=None, level=None):
        return {row["kind"]: row["received"] for row in self.part(agency, level)["objections"]}

    # -- satisfaction -------------------------------------------------------------------------------------------------

    def wilson(self, part, n):
        """The score interval of Wilson, in per cent."""
        z = self.thresholds["wilson_z"]
        p, zz = part / n, z * z
        centre = (p + zz / (2.0 * n)) / (1.0 + zz / n)
        half = z / (1.0 + zz / n) * math.sqrt(p * (1.0 - p) / n + zz / (4.0 * n * n))
        return max(centre - half, 0.0) * 100.0, min(centre + half, 1.0) * 100.0

    def satisfied(self, n, part, target):
        """One question of one cell."""
        if n < self.thresholds["satisfaction_step"]["answers"]:
            return {"suppressed": True, "n": None, "target": target}
        low, high = self.wilson(part, n)
        return {
            "suppressed": False,
            "n": n,
            "satisfied": part,
            "percent": rounded(part * 100.0 / n, self.decimals),
            "wilson95": [rounded(low, self.decimals), rounded(high, self.decimals)],
            "target": target,
            "standing": None if target is None else "at_or_above" if part * 100.0 / n >= target else "below",
            "verdict": None if target is None
            else "met" if low >= target
            else "not_met" if high < target
            else "not_enough_data",
        }

    def integrity(self, place, share):
        """What stands beside the share, and what it would be if contested answers were the opposite of what they say."""
        counts = self.parts[place]["integrity"]
        names = lambda of: {name: counts.get(name, 0) for name in of}
        contested = counts.get("contested", 0)
        low = high = None
        if not share["suppressed"]:
            n, part = share["n"], share["satisfied"]
            low = rounded((part - min(contested, part)) * 100.0 / n, self.decimals)
            high = rounded((part + min(contested, n - part)) * 100.0 / n, self.decimals)
        return {
            "ballots": names(["portal_token", "receipt_secret", "last_digits"]),
            "among_them": names(["desk_network", "without_javascript"]),
            "signs": names(["burst", "too_quick", "equal_run", "all_equal", "without_result"]),
            "contested": {"at_most": contested, "lowest_percent": low, "highest_percent": high},
        }

    def satisfaction(self, instrument, place, split):
        """Values of the split, each with its figures; the empty value is the whole, or what does not name the split."""
        values = {}
        for of, by, value, question, n, part, _bad, changed in self.parts[place]["satisfaction"]["cells"]:
            if (of, by) == (instrument, split):
                values.setdefault(value, {})[question] = (n, part, changed)
        values.setdefault("", {})
        kind, _, name = place.partition("/")
        of_place = {"agency": self.levels.get(name), "level": name}.get(kind)
        found = {}
        for value, said in values.items():
            of_row = {"agency": self.levels.get(value), "level": value or None}.get(split)
            target = self.target("satisfied", of_row or of_place)

            def one(question):
                return self.satisfied(*said.get(question, (0, 0))[:2], target)

            found[value] = {
                "changed_on": max((changed for _n, _part, changed in said.values()), default=None),
                "overall": one("overall"),
                "factors": {factor: one(factor) for factor in FACTORS},
            }
        return found

    def denominators(self, agency, level, share):
        """Cases that could first be rated, ballots given, answers about the whole."""
        counts = self.part(agency, level)["integrity"]
        invited = sum(counts.get(name, 0) for name in ["portal_token", "receipt_secret", "last_digits"])
        return {"served": self.sum(agency, level)["served"], "invited": invited, "answered": share["n"]}

    def sheets(self, instrument, agency=None, level=None):
        """Answers to a second questionnaire by question: how many, upper two levels, highest level."""
        return {
            question: [n, satisfied, very or 0]
            for of, question, n, satisfied, very in self.part(agency, level)["second_questionnaires"]["cells"]
            if of == instrument
        }

    def criteria(self, agency=None, level=None):
        """Each criterion of those asked all sixteen, and how many of those who rated its factor named it."""
        target = self.target("satisfied", self.levels[agency] if agency else level)
        asked = self.sheets(SIXTEEN, agency, level)
        named = {of: (x, n) for of, x, n, _changed in self.part(agency, level)["satisfaction"]["named"]}
        known = set(asked) | set(named)
        return {
            name: {
                "share": self.satisfied(*asked.get(name, [0, 0, 0])[:2], target),
                "named": {
                    "suppressed": name not in named,
                    "named": named.get(name, (None, None))[0],
                    "raters": named.get(name, (None, None))[1],
                },
            }
            for name in known
        }

    def three_levels(self, agency=None, level=None):
        n, satisfied, very = self.sheets(THREE, agency, level).get("overall", [0, 0, 0])

        def shown(part):
            if n < self.thresholds["satisfaction_step"]["answers"]:
                return {"suppressed": True, "n": None}
            return {"suppressed": False, **self.share(part, n)}

        levels = {"not_yet_satisfied": n - satisfied, "satisfied": satisfied - very, "very_satisfied": very}
        return {"satisfied": shown(satisfied), "levels": {name: shown(part) for name, part in levels.items()}}

    def formulas(self, agency=None, level=None):
        """The groups of QĐ 766 and the indicators of TT 01/2018 that can be known, as docs/DEFINITIONS.md says them."""
        whole = agency is None and level is None
        counts = self.sum(agency, level)
        part = self.part(agency, level)
        disliked = sum(
            bad
            for of, by, _value, question, _n, _part, bad, _changed in part["satisfaction"]["cells"]
            if (of, by, question) == (INSTRUMENT, "", "overall")
        )
        here = part["objections"]
        feedback = sum(one["received"] for one in here)
        in_time = sum(one["answered_in_time"] for one in here)
        # With a term, and either answered or overdue: of the others nothing is decided.
        without_term = sum(one["without_term"] for one in here)
        decided = sum(one["answered"] - one["answered_without_term"] + one["overdue"] for one in here)
        conduct = sum(one["received"] for one in here if one["kind"] in CONFIDENTIAL)
        early, on_time, late = counts["early"], counts["on_time"], counts["late"]
        part = early + on_time + counts["open_within_time"] + counts["open_paused"]
        overdue = late + counts["open_overdue"]
        n, two = part + overdue, self.decimals

        def dossiers(off):
            good = max(n - off, 0)
            score = 0.0 if n == 0 else min(6.0 * (good / n) / 0.9, 6.0)
            return {"part": good, "n": n, "score": rounded(score, two)}

        def tenths(total, of):
            return None if of == 0 else (total * 20 + of) // (of * 2) / 10.0

        def attitude():
            """The lowest and highest mean over every way in which `conduct` dossiers may be spread."""
            means = []
            for from_early in range(min(early, conduct) + 1):
                most = min(on_time, conduct - from_early)
                # Between these two the mean moves one way.
                for from_on_time in {0, most}:
                    others = conduct - from_early - from_on_time
                    points = 2 * (early - from_early) + on_time - from_on_time
                    of = early + on_time + others
                    if of:
                        means.append((points / of, tenths(points, of)))
            return (min(means)[1], max(means)[1]) if means else (None, None)

        terms = self.data["asked"]["terms_of_answers"]
        answered = handled = None
        if terms:
            answered = {"part": in_time, "n": decided, "without_term": without_term, "score": rounded(6.0 if decided == 0 else 6.0 * in_time / decided, two)}
            handled = {"score": 2 if in_time >= decided else 1 if in_time * 10 >= decided * 9 else 0, "n": decided, "without_term": without_term}
        indicators = {"1": {"score": tenths(2 * early + on_time, early + on_time + late)}, "8": handled}
        if whole:
            low, high = attitude()
            indicators["7"] = {"at_least": {"score": low}, "at_most": {"score": high}}
        return {
            "qd_766": {
                "progress": {"score": None if n == 0 else rounded(20.0 * part / n, two), "part": part, "n": n},
                "dossier_satisfaction": {
                    "at_least": dossiers(overdue + disliked + feedback),
                    "at_most": dossiers(max(overdue, disliked + feedback)),
                },
                "feedback_on_time": answered,
            },
            "tt_01_2018": {"indicators": indicators},
        }


# -- comparison -------------------------------------------------------------------------------------------------------


class Comparison:
    def __init__(self):
        self.figures = 0
        self.differences = []

    def same(self, where, ours, theirs):
        """Compares what we have with what was published; what we do not compute is not looked at."""
        if isinstance(ours, dict):
            for name, value in ours.items():
                if not isinstance(theirs, dict) or name not in theirs:
                    self.differences.append(f"{where}: {name} is not published")
                else:
                    self.same(f"{where} {name}", value, theirs[name])
            return
        self.figures += 1
        if ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
            self.differences.append(f"{where}: computed {ours!r}, published {theirs!r}")


def place_of(agency=None, level=None):
    return f"agency/{agency}" if agency is not None else f"level/{level}" if level else ""


def load(address):
    with urllib.request.urlopen(address, timeout=60) as answer:
        return json.load(answer)


def ask(server, path, **query):
    query = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
    return load(f"{server}{path}?{query}")


def fetch(server, period):
    """The open data of a period as the server gives them, put together into one document."""
    data = ask(server, "/api/v1/open-data", period=period)
    parts = []
    for one in data["parts"]:
        part = load(server + one["address"])
        if part["place"] != one["place"]:
            raise SystemExit(f"{one['address']} is of {part['place']!r}")
        parts.append(part)
    letters, page = [], data["letters_of_apology"]
    while page:
        found = load(server + page)
        letters += found["letters"]
        page = found["next"]
    return {**data, "parts": parts, "letters_of_apology": letters}


def is_empty(figures):
    return all(value == 0 for value in figures.values() if isinstance(value, int))


def compare_parts(data, found):
    """The parts of levels and of the province hold what those of their agencies sum up to."""
    places = [(None, None)] + [(None, level) for level in sorted(set(data.levels.values()))]
    for agency, level in places:
        part = data.part(agency, level)
        said = {}
        for split, value, counts in part["cells"]:
            said.setdefault(split, {})[value] = dict(zip(part["measures"], counts))
        for split in ["", "field", "procedure", "channel", "outcome"]:
            ours = {value: n for value, n in data.rows(split, agency, level).items() if any(n.values())}
            where = f"open data, level={level} split={split!r}"
            found.same(where, ours, said.get(split, {}))
            found.same(f"{where}, values", sorted(ours), sorted(said.get(split, {})))
        of_place = [code for code, of in data.levels.items() if level in (None, of)]
        for agency in [None, *of_place]:
            said = data.part(agency, level if agency is None else None)["results"]
            found.same(f"open data, agency={agency} level={level} results", data.results(agency, level), said)
    for month, *results, everything in data.told():
        for pair in (results[0::2], results[1::2]):
            if pair != [0, 0] and min(pair) < data.thresholds["granted_and_refused"]["cases_of_each"]:
                found.differences.append(f"open data, {month}: {pair} is too few to be told")
        if everything and (sum(results[0::2]) > sum(everything[:2]) or sum(results[1::2]) > everything[2]):
            found.differences.append(f"open data, {month}: {results} are more than all, {everything}")
    # What an agency must not learn is of the province alone; all else sums up.
    for kind, n in data.objections().items():
        if kind not in CONFIDENTIAL:
            parts = sum(data.objections(agency).get(kind, 0) for agency in data.levels)
            found.same(f"open data, objections {kind}", parts, n)


def compare_timeliness(data, server, found):
    places = [(None, None)]
    places += [(code, None) for code in sorted(data.levels) if code]
    places += [(None, level) for level in sorted(set(data.levels.values()))]
    for agency, level in places:
        of_place = data.levels[agency] if agency else level
        for by in [None, "agency", "level", "field", "procedure", "channel", "outcome"]:
            where = f"timeliness agency={agency} level={level} by={by}"
            said = ask(server, "/api/v1/metrics/timeliness", period=data.period, agency=agency, level=level, by=by)
            ours = data.figures(data.sum(agency=agency, level=level), of_place)
            found.same(where, ours, said)
            kinds = data.objections(agency, level)
            for kind, n in said["objections"]["kinds"].items():
                hidden = (agency or level) and kind in CONFIDENTIAL
                found.same(f"{where} {kind}", None if hidden else kinds.get(kind, 0), n)
            if by is None:
                continue
            if by == "outcome":
                found.same(where, {"results": data.results(agency, level)}, said)
                found.same(f"{where} results", data.results_on_time(agency, level), said["results_on_time"])
            rows = {row["value"]: row for row in said["rows"]}
            for value, counts in sorted(data.rows(by, agency, level).items()):
                of_row = {"agency": data.levels.get(value), "level": value}.get(by, of_place)
                computed = data.figures(counts, of_row)
                if value in rows:
                    found.same(f"{where} {value}", computed, rows.pop(value))
                elif not is_empty(computed):
                    found.differences.append(f"{where} {value}: not published")
            for value, row in rows.items():
                if not is_empty(row):
                    found.differences.append(f"{where} {value}: not in the open data")


def compare_satisfaction(data, server, found):
    places = [("", {})]
    places += [(f"agency/{code}", {"agency": code}) for code in sorted(data.levels) if code]
    places += [(f"level/{level}", {"level": level}) for level in sorted(set(data.levels.values()))]
    for place, asked in places:
        whole = data.satisfaction(INSTRUMENT, place, "")[""]
        for by in [None, "level", "agency", "procedure", "field", "outcome", "month"]:
            where = f"satisfaction {place or 'province'} by={by}"
            said = ask(server, "/api/v1/metrics/satisfaction", period=data.period, by=by, **asked)
            found.same(f"{where} step", data.part()["satisfaction"]["step"], said["step"])
            found.same(where, whole, said)
            if by is None:
                ours = data.denominators(asked.get("agency"), asked.get("level"), whole["overall"])
                found.same(f"{where} denominators", ours, said["denominators"])
                continue
            if by == "level":
                found.same(f"{place or 'province'} integrity", data.integrity(place, whole["overall"]), said["integrity"])
            rows = data.satisfaction(INSTRUMENT, place, by)
            found.same(f"{where} rest", rows.pop(""), said["rest"])
            published = {row["value"]: row for row in said["rows"]}
            for value, row in rows.items():
                found.same(f"{where} {value}", row, published.pop(value, {}))
            for value in published:
                found.differences.append(f"{where} {value}: not in the open data")


def places(data):
    yield {}
    for code in sorted(data.levels):
        if code:
            yield {"agency": code}
    for level in sorted(set(data.levels.values())):
        yield {"level": level}


def compare_questionnaires(data, server, found):
    for asked in places(data):
        where = " ".join(asked.values()) or "province"
        said = ask(server, "/api/v1/metrics/criteria", period=data.period, **asked)
        criteria = {name: one for factor in said["factors"].values() for name, one in factor.items()}
        ours = data.criteria(**asked)
        nothing = {"share": data.satisfied(0, 0, None), "named": {"suppressed": True, "named": None, "raters": None}}
        nothing["share"].pop("target")
        for name, one in criteria.items():
            found.same(f"criteria {where} {name}", ours.pop(name, nothing), one)
        for name in ours:
            found.differences.append(f"criteria {where} {name}: not published")
        said = ask(server, "/api/v1/metrics/three-levels", period=data.period, **asked)
        found.same(f"three levels {where}", data.three_levels(**asked), said)


def compare_formulas(data, server, found):
    for asked in places(data):
        said = ask(server, "/api/v1/metrics/formulas", period=data.period, **asked)
        found.same(f"formulas {' '.join(asked.values()) or 'province'}", data.formulas(**asked), said)


def compare_counters(data, server, found):
    """What was received is what became of it, of every day and agency; days are agencies and what is left."""
    said = ask(server, "/api/v1/counters", period=data.period)
    kinds = ["received", "stored", "repeated", "corrected", "refused"]
    rows = [said, said["sum"], said["elsewhere"], *said["days"], *said["agencies"]]
    for row in rows:
        found.same("counters", sum(row[kind] for kind in kinds[1:]), row["received"])
    for kind in kinds:
        days = sum(row[kind] for row in said["days"])
        found.same(f"counters {kind}, days", days, said["sum"][kind])
        found.same(f"counters {kind}, agencies", days, sum(row[kind] for row in said["agencies"]) + said["elsewhere"][kind])


# -- workbook -----------------------------------------------------------------------------------------------------------


def sheets(path):
    """Every sheet by name: rows of cells by column, texts and numbers as the file holds them."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        tree = lambda name: xml.etree.ElementTree.fromstring(book.read(name))
        texts = ["".join(t.text or "" for t in one.iter(main + "t")) for one in tree("xl/sharedStrings.xml")]
        names = [one.get("name") for one in tree("xl/workbook.xml").iter(main + "sheet")]
        found = {}
        for number, name in enumerate(names, 1):
            rows = found[name] = []
            for row in tree(f"xl/worksheets/sheet{number}.xml").iter(main + "row"):
                cells = {}
                for cell in row:
                    value = cell.find(main + "v")
                    if value is None:
                        continue
                    column = "".join(c for c in cell.get("r") if c.isalpha())
                    cells[column] = texts[int(value.text)] if cell.get("t") == "s" else float(value.text)
                rows.append(cells)
        return found


def table(rows):
    """The rows of a sheet under their heads; the heads are the row after the two lines of the title."""
    heads = rows[2]
    return [{heads[column]: value for column, value in row.items() if column in heads} for row in rows[3:]]


def compare_workbook(data, path, found):
    before = found.figures
    book = sheets(path)
    percent = lambda value: None if value is None else round(value * 100, data.decimals)
    by_code = lambda name: {
        row.get("Mã", ""): row for row in reversed(table(book[name])) if len(row) > 2
    }
    for code, row in by_code("Đúng hẹn").items():
        ours = data.figures(data.sum(agency=code or None), data.levels.get(code))
        said = {
            "received": row["Tiếp nhận"], "early": row["Trước hạn"], "on_time": row["Đúng hạn"], "late": row["Trễ"],
            "open_overdue": row["Đang giải quyết, quá hạn"], "days_late": row["Tổng số ngày trễ"],
            "open_within_time": row["Đang giải quyết, trong hạn"], "open_paused": row["Chờ người nộp"], "unknown": row["Chưa rõ"],
        }
        parts = [value for name, value in said.items() if name not in ("received", "days_late")]
        found.same(f"workbook Đúng hẹn {code} received", int(row["Tiếp nhận"]), int(sum(parts) + row["Rút hoặc dừng"]))
        for name, value in said.items():
            found.same(f"workbook Đúng hẹn {code} {name}", ours[name], int(value))
        found.same(f"workbook Đúng hẹn {code}", ours["on_time_share"]["percent"], percent(row.get("Tỷ lệ đúng hẹn")))
        for name, head in [
            ("online_share", "Nộp trực tuyến"), ("cashless_share", "Thanh toán không dùng tiền mặt"),
            ("electronic_result_share", "Kết quả điện tử"), ("on_time_by_last_date_share", "Nếu chỉ tính ngày hẹn cuối"),
        ]:
            found.same(f"workbook {head} {code}", ours[name]["percent"], percent(row.get(head)))
        mix = None if not code else data.expected(code)
        found.same(f"workbook cơ cấu {code}", mix, percent(row.get("Nếu mỗi thủ tục như toàn tỉnh")))
    for code, row in by_code("Xin lỗi").items():
        ours = data.figures(data.sum(agency=code or None), None)["apologies"]
        for name, head in [("owed", "Phải có"), ("issued_in_time", "Kịp thời"), ("issued_late", "Muộn"), ("missing", "Thiếu")]:
            found.same(f"workbook Xin lỗi {code} {name}", ours[name], int(row[head]))
    for code, row in by_code("Hài lòng").items():
        ours = data.satisfaction(INSTRUMENT, f"agency/{code}" if code else "", "")[""]
        whole = ours["overall"]
        found.same(f"workbook Hài lòng {code} n", whole["n"], row.get("Số trả lời"))
        low, high = whole.get("wilson95", (None, None))
        for ours_, head in [(whole.get("percent"), "Tỷ lệ hài lòng"), (low, "Khoảng 95 %: thấp"), (high, "Khoảng 95 %: cao")]:
            found.same(f"workbook Hài lòng {code} {head}", ours_, percent(row.get(head)))
        said = [percent(value) for head, value in row.items() if head.endswith(": tỷ lệ hài lòng")]
        factors = [one["percent"] for one in ours["factors"].values() if not one["suppressed"]]
        found.same(f"workbook Hài lòng {code} factors", factors, said)
    # Levels have no code: they stand in the order of the sheet, and are found by their names elsewhere.
    for code, row in by_code("Lấy phiếu và dấu hiệu").items():
        place = f"agency/{code}" if code else ""
        whole = data.satisfaction(INSTRUMENT, place, "")[""]["overall"]
        ours = data.denominators(code or None, None, whole)
        for name, head in [("served", "Hồ sơ đã phục vụ"), ("invited", "Đã nhận phiếu"), ("answered", "Đã trả lời")]:
            found.same(f"workbook {code} {name}", ours[name], row.get(head) if ours[name] is None else int(row[head]))
        found.same(f"workbook {code} share", whole.get("percent"), percent(row.get("Tỷ lệ hài lòng")))
        ours = data.integrity(place, whole)
        numbers = [*ours["ballots"].values(), *ours["among_them"].values(), *ours["signs"].values(), ours["contested"]["at_most"]]
        said = [int(value) for head, value in row.items() if head not in (
            "Mã", "Cơ quan", "Hồ sơ đã phục vụ", "Đã nhận phiếu", "Đã trả lời", "Tỷ lệ hài lòng") and "ngược lại" not in head]
        found.same(f"workbook {code} integrity", numbers, said)
        contested = ours["contested"]["at_most"] > 0
        for name, head in [("lowest_percent", "thấp nhất"), ("highest_percent", "cao nhất")]:
            value = ours["contested"][name] if contested else None
            found.same(f"workbook {code} {name}", value, percent(row.get(f"Nếu phiếu bị báo nói ngược lại: {head}")))
    said = {}
    for row in table(book["Tiêu chí"]):
        if "Tiêu chí" in row:
            said.setdefault(row.get("Mã", row["Cơ quan"]), []).append(row)
    province = data.data["province"]["name"]["vi"]
    for place, asked in [(province, {}), *((code, {"agency": code}) for code in data.levels if code)]:
        ours = data.criteria(**asked).values()
        rows = said.get(place, [])
        for name, head in [("named", "Bị nêu sau đánh giá thấp: số người nêu"), ("raters", "Số người đánh giá yếu tố")]:
            counted = sorted(one["named"][name] for one in ours if not one["named"]["suppressed"])
            found.same(f"workbook Tiêu chí {place} {name}", counted, sorted(int(row[head]) for row in rows if head in row))
        shares = sorted(one["share"]["percent"] for one in ours if not one["share"]["suppressed"])
        printed = sorted(percent(row["Tỷ lệ hài lòng"]) for row in rows if "Tỷ lệ hài lòng" in row)
        found.same(f"workbook Tiêu chí {place} percent", shares, printed)
    print(f"{found.figures - before} cells of the workbook compared")


def main():
    parser = argparse.ArgumentParser(description="Computes the published figures again from the open data.")
    parser.add_argument("file", help="the open data of one period, or with --server the period itself; - for the standard input")
    parser.add_argument("--server", help="address of the server whose figures are compared, http://host:port")
    parser.add_argument("--workbook", help="a workbook of the same period and moment, compared as well")
    asked = parser.parse_args()
    if asked.server and re.fullmatch(r"\d{4}(-\d{2}|-Q\d)?", asked.file):
        data = Data(fetch(asked.server.rstrip("/"), asked.file))
    else:
        with sys.stdin if asked.file == "-" else open(asked.file, encoding="utf-8-sig") as file:
            data = Data(json.load(file))
    if asked.server is None:
        for agency in [None, *sorted(data.levels)]:
            figures = data.figures(data.sum(agency=agency), data.levels.get(agency))
            place = "" if agency is None else f"agency/{agency}"
            figures["satisfaction"] = data.satisfaction(INSTRUMENT, place, "")[""]
            json.dump({"agency": agency, **figures}, sys.stdout, ensure_ascii=False)
            print()
        return 0
    found = Comparison()
    server = asked.server.rstrip("/")
    compare_parts(data, found)
    compare_timeliness(data, server, found)
    compare_satisfaction(data, server, found)
    compare_questionnaires(data, server, found)
    compare_formulas(data, server, found)
    compare_counters(data, server, found)
    if asked.workbook:
        compare_workbook(data, asked.workbook, found)
    for difference in found.differences:
        print(difference)
    print(f"{found.figures} figures compared, {len(found.differences)} differences")
    return 1 if found.differences or found.figures == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
