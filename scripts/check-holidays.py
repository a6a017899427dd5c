"""Compares data/holidays.json with the package `holidays`, date by date; run by scripts/check-holidays.

A date may differ only for a reason written below, and a reason that no longer applies is an error too.
"""

import datetime
import json
import sys

import holidays

# What the package does not know (0.109), and why we hold to ours.
EXPLAINED = {
    "2026-01-02": "off by swap, 12729/VPCP-KGVX (25/12/2025); the package lacks this swap",
    "2026-01-10": "the Saturday worked for 02/01/2026, by the same notice",
}


def ours():
    """Days off on weekdays, days worked on weekends, and the last settled day."""
    with open("data/holidays.json", encoding="utf-8") as file:
        years = json.load(file)["years"]
    off, worked, settled = set(), set(), {}
    for year in years:
        settled[year["year"]] = year["settled_until"]
        for day in year["days"]:
            (worked if day["kind"] == "swapped_working_day" else off).add(day["date"])
    return off, worked, settled


def main():
    off, worked, settled = ours()
    theirs = holidays.country_holidays("VN", years=range(2021, 2027))
    day, end = datetime.date(2021, 1, 1), datetime.date(2026, 12, 31)
    compared = open_days = weekdays_off = 0
    seen, unexplained, undecided = set(), [], []
    while day <= end:
        text = day.isoformat()
        weekend = day.weekday() >= 5
        mine = text in worked if weekend else text not in off
        other = theirs.is_working_day(day)
        compared += 1
        weekdays_off += not weekend and not mine
        is_open = settled[day.year] is None or text > settled[day.year]
        open_days += is_open
        if mine != other:
            word = {True: "worked", False: "off"}
            line = f"{text} {day:%a}: here {word[mine]}, there {word[other]}"
            if text in EXPLAINED:
                seen.add(text)
                print(f"known    {line}: {EXPLAINED[text]}")
            elif is_open:
                undecided.append(text)
                print(f"open     {line}: not settled here")
            else:
                unexplained.append(text)
                print(f"DIFFERS  {line} ({theirs.get(day)})")
        day += datetime.timedelta(days=1)
    gone = sorted(set(EXPLAINED) - seen)
    for text in gone:
        print(f"GONE     {text}: the package agrees now; take the explanation out")
    print(
        f"{compared} dates ({weekdays_off} weekdays off, {len([d for d in worked if d < '2027'])} weekend days worked), "
        f"{open_days} of them statutory only: {len(seen)} known differences, {len(undecided)} on open days, "
        f"{len(unexplained)} unexplained; holidays {holidays.__version__}"
    )
    return 1 if unexplained or gone else 0


if __name__ == "__main__":
    sys.exit(main())
