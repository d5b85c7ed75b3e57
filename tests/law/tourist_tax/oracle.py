"""The calculation once more, slowly and with nothing of the program: from JSON to amounts (spec imposta-di-soggiorno 7).

Written from the specification alone, night by night, with plain dictionaries. It reads only what :mod:`test_oracle` makes: stays
that are whole, guests whose ``document`` tells who they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["Asked", "reckon"]

ROME = ZoneInfo("Europe/Rome")
DAY = timedelta(days=1)
Json = Mapping[str, Any]
GUIDES = {"tour_leader", "coach_driver"}


class Asked(Exception):
    """A fact or a rule is missing: no amount."""


def reckon(call: Json) -> dict[str, list[list[dict[str, Any]]]]:
    """For each stay, for each guest, the nights with status and cents; or :class:`Asked`."""
    jobs = [Job(stay, past=True) for stay in call.get("history", ())] + [Job(stay, past=False) for stay in call["stays"]]
    slept: dict[str, set[date]] = {}
    for job in jobs:
        for guest in job.guests:
            slept.setdefault(guest["document"]["number"], set()).update(job.nights(guest))
    book = Book(slept)
    told = {}
    for job in sorted(jobs, key=lambda job: job.first):
        found = Stay(job, call["property"], call["rules"], book).reckon()
        if not job.past:
            told[job.stay["id"]] = found
    return told


class Job:
    def __init__(self, stay: Json, *, past: bool) -> None:
        self.stay, self.past = stay, past
        self.arrival = datetime.fromisoformat(stay["arrival"]).astimezone(ROME).date()
        self.first = date.fromisoformat(stay["first_night"]) if "first_night" in stay else self.arrival
        self.end = _day(stay["departure"]) if "departure" in stay else self.arrival + stay["nights"] * DAY
        self.guests = stay["guests"]

    def nights(self, guest: Json) -> list[date]:
        first, end = self.first, self.end
        if "arrival" in guest and _day(guest["arrival"]) > self.arrival:
            first = _day(guest["arrival"])
        if "departure" in guest:
            end = min(end, _day(guest["departure"]))
        return [first + step * DAY for step in range(max((end - first).days, 0))]


class Book:
    """What each person slept, and how much of it was taxed, night by night."""

    def __init__(self, slept: dict[str, set[date]]) -> None:
        self.slept = slept
        self.rows: list[tuple[str, date, int, bool]] = []
        self.outside: list[tuple[str, date, int, int]] = []

    def window(self, cap: Json, person: str, night: date, stay: int) -> Any:
        match cap["window"]:
            case "stay":
                return stay
            case "run":
                while night - DAY in self.slept[person]:
                    night -= DAY
                return night
            case "calendar_month":
                found: Any = (night.year, night.month)
            case "calendar_quarter":
                found = (night.year, (night.month + 2) // 3)
            case _:
                found = night.year
        return found if cap["carry_over"] else (found, stay)

    def used(self, cap: Json, person: str, night: date, stay: int) -> int:
        here = self.window(cap, person, night, stay)
        only = cap.get("counts", "taxed") == "taxed"
        used = sum(
            who == person and (taxed or not only) and self.window(cap, who, day, where) == here
            for who, day, where, taxed in self.rows
        )
        if cap.get("scope", "structure") == "comune":
            proven = [
                count for who, day, where, count in self.outside
                if who == person and self.window(cap, who, day, where) == here
            ]  # fmt: skip
            used += max(proven, default=0)
        return used


class Stay:
    def __init__(self, job: Job, home: Json, rules: Json, book: Book) -> None:
        self.job, self.home, self.rules, self.book = job, home, rules, book
        self.stay = job.stay

    def reckon(self) -> list[list[dict[str, Any]]]:
        told: list[list[dict[str, Any]]] = [[] for _ in self.job.guests]
        for guest in self.job.guests if self.stay.get("outside_nights") else ():
            for night in self.job.nights(guest)[:1]:
                row = (guest["document"]["number"], night, id(self.job), self.stay["outside_nights"])
                self.book.outside.append(row)
        for step in range((self.job.end - self.job.first).days):
            self.night(self.job.first + step * DAY, told)
        return told

    def version(self, night: date) -> Json | None:
        rows = sorted(self.rules["versions"], key=lambda version: version.get("valid_from", ""))
        for place, version in enumerate(rows):
            if version.get("valid_from", "0001-01-01") <= night.isoformat() <= version.get("valid_to", "9999-12-31"):
                while "applies_to_bookings_from" in version:
                    if "booked_on" not in self.stay:
                        raise Asked("booked_on")
                    if self.stay["booked_on"] >= version["applies_to_bookings_from"]:
                        return version
                    place -= 1
                    if place < 0:
                        return None
                    version = rows[place]
                return version
        return None

    def night(self, night: date, told: list[list[dict[str, Any]]]) -> None:
        here = [place for place, guest in enumerate(self.job.guests) if night in self.job.nights(guest)]
        if not here:
            return
        version = self.version(night)
        if version is None:
            if self.job.past:
                return
            raise Asked("no rule")
        taken: dict[Any, int] = {}
        payers: dict[Any, list[int]] = {}
        for place in here:
            record, cap, rate = self.judge(place, night, version, here, taken)
            person = self.job.guests[place]["document"]["number"]
            taxed = False
            if rate is not None:
                over = cap is not None and cap["window"] != "none" and (
                    self.book.used(cap, person, night, id(self.job)) >= cap["nights"]
                )  # fmt: skip
                taxed = not over
                if over:
                    record["status"], record["cents"] = "beyond_cap", 0
                elif "percent" in rate:
                    payers.setdefault((self.unit(place, night), version["rates"].index(rate)), []).append(place)
            self.book.rows.append((person, night, id(self.job), taxed))
            told[place].append(record)
        for (unit, row), places in payers.items():
            self.share(unit, version["rates"][row], places, night, here, version, told)

    def judge(
        self, place: int, night: date, version: Json, here: Sequence[int], taken: dict[Any, int]
    ) -> tuple[dict[str, Any], Any, Any]:
        guest = self.job.guests[place]
        record = {"date": night.isoformat(), "version": version["id"], "status": "", "cents": 0, "base": None, "cuts": []}
        residents = version.get("taxpayer", {}).get("residents", "taxed")
        lives_here = "resident" in guest.get("status", ()) or guest.get("residence_comune") == self.home["comune"]
        if residents != "taxed" and lives_here:
            record["status"] = "excluded" if residents == "excluded" else "exempt:resident"
            return record, None, None
        periods = version.get("periods", ())
        if periods and not any(_within(night, span) for span in periods):
            record["status"] = "out_of_period"
            return record, None, None
        for number, row in enumerate(version.get("exemptions", ())):
            if self.holds(row["when"], place, night, version, here) and self.allows(row, ("e", number), place, here, taken):
                record["status"] = "exempt:" + row["code"]
                return record, None, None
        cap = self.first(version.get("cap", ()), place, night, version, here)
        if self.job.past:
            return record, cap, {}
        rate = self.first(version["rates"], place, night, version, here)
        if rate is None or "unknown" in rate:
            raise Asked("no row")
        base = self.base(rate, place, night, here)
        cuts = [
            row for number, row in enumerate(version.get("reductions", ()))
            if self.holds(row["when"], place, night, version, here) and self.allows(row, ("r", number), place, here, taken)
        ]  # fmt: skip
        if any(cut.get("use", "full") not in rate.get("amounts", {"full": ""}) for cut in cuts):
            raise Asked("amount")
        record["cuts"] = cuts
        record["status"] = "reduced:" + "+".join(cut["code"] for cut in cuts) if cuts else "taxed"
        if base is not None:
            record["base"] = _rounded(base, version)
            record["cents"] = _rounded(_cut(base, rate, cuts, version), version)
        intermediary = version.get("intermediary", {})
        if self.stay.get("channel", "direct") in intermediary.get("channels", ()):
            record["status"], record["cents"] = "collected_by_portal", 0
        return record, cap, rate

    def first(self, rows: Sequence[Json], place: int, night: date, version: Json, here: Sequence[int]) -> Json | None:
        return next((row for row in rows if self.holds(row.get("when", {}), place, night, version, here)), None)

    def base(self, rate: Json, place: int, night: date, here: Sequence[int]) -> Fraction | None:
        if "fixed" in rate:
            return _cents(rate["fixed"])
        if "amounts" in rate:
            return _cents(rate["amounts"]["full"])
        if "per_star" in rate:
            if self.home.get("stars") is None:
                raise Asked("stars")
            return _cents(rate["per_star"]) * self.home["stars"] + _cents(rate.get("plus", "0"))
        price = self.price(rate["price"], self.unit(place, night), night, here)
        if "percent" in rate:
            return None
        for bracket in rate["brackets"]:
            if "up_to" in bracket and price <= _cents(bracket["up_to"]):
                return _cents(bracket["amount"])
            if "below" in bracket and price < _cents(bracket["below"]):
                return _cents(bracket["amount"])
            if "up_to" not in bracket and "below" not in bracket:
                return _cents(bracket["amount"])
        raise AssertionError

    def unit(self, place: int, night: date) -> str:
        for use in self.job.guests[place].get("rooms", ()):
            if use["from"] <= night.isoformat() < use["to"]:
                return use["unit"]
        return ""

    def price(self, basis: Json, unit: str, night: date, here: Sequence[int]) -> Fraction:
        """The price of that room and night, of one of its people, or of a declared room."""
        price = self.stay.get("price", {})
        text = price.get("nights", {}).get(night.isoformat(), price.get("amount"))
        if text is None:
            raise Asked("price")
        people = sum(self.unit(place, night) == unit for place in here)
        named = {self.unit(place, night) for place in here} - {""}
        rooms = 1 if unit else max(1, len(set(self.stay.get("units", ())) - named))
        # all that the people of these rooms pay together
        whole = _cents(text) * (people if price.get("per", "unit") == "person" else rooms)
        vat = price.get("vat", "included")
        if self.home.get("business") and basis.get("vat", vat) != vat:
            whole = whole / Fraction("1.10") if vat == "included" else whole * Fraction("1.10")
        if basis["per"] == "person":
            return whole / people
        if basis["per"] == "unit_per_declared_room":
            if not self.home.get("declared_rooms"):
                raise Asked("declared_rooms")
            return whole / rooms / self.home["declared_rooms"]
        return whole / rooms

    def share(
        self, unit: str, rate: Json, places: list[int], night: date, here: Sequence[int], version: Json,
        told: list[list[dict[str, Any]]],
    ) -> None:  # fmt: skip
        price = self.price(rate["price"], unit, night, here)
        named = {self.unit(place, night) for place in here} - {""}
        rooms = 1 if unit else max(1, len(set(self.stay.get("units", ())) - named))
        tax = price * (len(places) if rate["price"]["per"] == "person" else rooms) * Fraction(rate["percent"]) / 100
        if "ceiling_per_person" in rate:
            tax = min(tax, _cents(rate["ceiling_per_person"]) * len(places))
        whole = _rounded(tax, version)
        each, over = divmod(whole, len(places))
        for turn, place in enumerate(places):
            part = each + (over if turn == 0 else 0)
            record = told[place][-1]
            record["base"] = part
            if record["status"] != "collected_by_portal":
                cut = _cut(Fraction(part), rate, record["cuts"], version)
                record["cents"] = _rounded(cut, version) if record["cuts"] else part

    def allows(self, row: Json, key: Any, place: int, here: Sequence[int], taken: dict[Any, int]) -> bool:
        quota = row.get("quota")
        if quota is None:
            return True
        if quota["per"] == "participants":
            count = self.stay.get("group", {}).get("participants")
            if count is None:
                count = sum(not GUIDES & set(self.job.guests[other].get("status", ())) for other in here)
            whole, rest = divmod(count, quota["every"])
            allowed = (whole + (1 if rest and quota.get("rounding") == "ceil" else 0)) * quota.get("max_each", 1)
        else:
            key = (key, self.job.guests[place].get("companion_of"))
            allowed = quota["max"]
        if taken.get(key, 0) >= allowed:
            return False
        taken[key] = taken.get(key, 0) + 1
        return True

    # conditions -----------------------------------------------------------------------------------------------------------

    def holds(self, when: Json, place: int, night: date, version: Json, here: Sequence[int]) -> bool:
        asked: Asked | None = None
        for key, value in when.items():
            if key == "any":
                continue
            try:
                if not _fits(value, self.fact(key, place, night, version, here)):
                    return False
            except Asked as missing:
                asked = missing
        if asked is not None:
            raise asked
        return True

    def fact(self, key: str, place: int, night: date, version: Json, here: Sequence[int]) -> Any:
        guest = self.job.guests[place]
        group = self.stay.get("group")
        match key:
            case "age":
                if "birth_date" not in guest:
                    raise Asked("birth_date")
                days = {
                    "night": night, "arrival": _day(guest.get("arrival", self.stay["arrival"])),
                    "departure": self.job.nights(guest)[-1] + DAY,
                }  # fmt: skip
                return _age(guest["birth_date"], days[version.get("age_reference", "night")])
            case "status":
                return set(guest.get("status", ()))
            case "months":
                return night.month
            case "season":
                return {name for name, spans in version["seasons"].items() if any(_within(night, span) for span in spans)}
            case "channel":
                return self.stay.get("channel", "direct")
            case "price_basis":
                if "price" not in self.stay:
                    raise Asked("price")
                return self.stay["price"].get("per", "unit")
            case "group":
                return group and group["kind"]
            case "participants":
                return group and group.get("participants")
            case "booked_on":
                if "booked_on" not in self.stay:
                    raise Asked("booked_on")
                return self.stay["booked_on"]
            case "nights_of_stay":
                return (self.job.end - self.job.first).days
            case "child_order" | "with_parents":
                return self.family(place, night, here, key)
            case _:
                return self.home.get(key)

    def family(self, place: int, night: date, here: Sequence[int], key: str) -> Any:
        head = place
        while self.job.guests[head]["role"] == "family_member":
            head -= 1
        if self.job.guests[head]["role"] != "head_of_family":
            return False if key == "with_parents" else None
        members = [head]
        while members[-1] + 1 < len(self.job.guests) and self.job.guests[members[-1] + 1]["role"] == "family_member":
            members.append(members[-1] + 1)
        ages = {member: _age(self.job.guests[member]["birth_date"], night) for member in members if member in here}
        if key == "with_parents":
            return any(age >= 18 for age in ages.values())
        children = sorted(
            (member for member in ages if ages[member] < 18),
            key=lambda member: (self.job.guests[member]["birth_date"], self.job.guests[member]["id"]),
        )
        return children.index(place) + 1 if place in children else None


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(ROME).date() if "T" in text else date.fromisoformat(text)


def _cents(text: str) -> Fraction:
    return Fraction(text) * 100


def _age(born: str, day: date) -> int:
    years = 0
    while f"{int(born[:4]) + years + 1}{born[4:]}" <= day.isoformat():
        years += 1
    return years


def _within(night: date, span: Json) -> bool:
    here, first, last = night.isoformat()[5:], span["from"], span["to"]
    return first <= here <= last if first <= last else here >= first or here <= last


def _fits(value: Any, fact: Any) -> bool:
    if fact is None:
        return False
    if isinstance(fact, set):
        return bool(fact & set(value if isinstance(value, list) else [value]))
    if isinstance(value, list):
        return fact in value or (isinstance(fact, str) and fact in map(str, value))
    if isinstance(value, str) and isinstance(fact, int) and not isinstance(fact, bool):
        if ".." in value:
            low, high = value.split("..")
            return int(low) <= fact <= int(high)
        for sign, test in ((">=", fact.__ge__), ("<=", fact.__le__), ("<", fact.__lt__), (">", fact.__gt__)):
            if value.startswith(sign):
                return test(int(value.removeprefix(sign)))
        return fact == int(value)
    if isinstance(value, str) and value[:1] in "<>" and isinstance(fact, str):
        return fact < value[1:] if value[0] == "<" else fact >= value.removeprefix(">=")
    return bool(fact == value)


def _cut(base: Fraction, rate: Json, cuts: Sequence[Json], version: Json) -> Fraction:
    parts = [Fraction(cut["percent_off"]) / 100 for cut in cuts if "percent_off" in cut]
    printed = [_cents(cut["fixed"]) for cut in cuts if "fixed" in cut]
    for cut in cuts:
        if "use" in cut:
            printed.append(_cents(rate["amounts"][cut["use"]]))
    match version.get("combine", "multiply"):
        case "best":
            return min([base, *printed, *(base - base * part for part in parts)])
        case "sum":
            return max(Fraction(0), min(printed, default=base) - base * sum(parts, Fraction(0)))
    found = min(printed, default=base)
    for part in parts:
        found -= found * part
    return found


def _rounded(amount: Fraction, version: Json) -> int:
    rounding = version.get("rounding", {})
    step = _cents(rounding.get("step", "0.01"))
    steps, rest = divmod(amount, step)
    mode = rounding.get("mode", "half_up")
    if (mode == "up" and rest) or (mode == "half_up" and rest * 2 >= step):
        steps += 1
    whole = steps * step
    assert whole.denominator == 1
    return int(whole)
