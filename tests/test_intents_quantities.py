"""Times, dates and numbers of people as colleagues really write them.

A reading is compared in a short code: D length of the performance, O option, T tendering,
I interruption, F framework, A call-off, P period, M date alone, C people, X extra places,
S full-time posts; "(" an open limit, "?" unsure, "h" part time.
"""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intents.quantities import read, read_count, read_date, read_duration
from intents.reading import Bounds, Length, Operator, Reading, Role

TODAY = date(2026, 11, 20)
LETTERS = {
    Role.BASE: "D", Role.OPTION: "O", Role.TENDER: "T", Role.INTERRUPTION: "I",
    Role.FRAMEWORK: "F", Role.CALL_OFF: "A", Role.TOTAL: "TOT", Role.PLACEMENT: "PL",
}  # fmt: skip


def number(value: float) -> str:
    return f"{round(value, 2):g}"


def length(value: Length) -> str:
    months = f"{number(value.months)}m" if value.months or not value.days else ""
    return months + (f"{number(value.days)}d" if value.days else "")


def span(low, high, low_open, high_open, write) -> str:
    if high is not None and low == high:
        return write(low)
    upper = "" if high is None else write(high)
    return f"{'(' * low_open}{write(low)}..{upper}{')' * high_open}"


def bounds(value: Bounds) -> str:
    return span(value.low, value.high, value.low_open, value.high_open, number)


def one(reading: Reading) -> str:
    codes = [
        LETTERS[d.role] + span(d.low, d.high, d.low_open, d.high_open, length) + "?" * (not d.sure)
        for d in reading.durations
        if d.role is not Role.OTHER
    ]
    codes += [
        f"P{p.start.first[0]:%y%m%d}-{p.end.last[1]:%y%m%d}" + "?" * (not p.sure)
        for p in reading.periods
    ]
    codes += [
        "M" + (f"{m.first[0]:%y%m%d}" if m.first else "") + "?" * (not m.sure)
        for m in reading.dates
    ]
    codes += [("C" if c.role is Role.BASE else "X") + bounds(c.bounds) + "h" * c.part_time
              for c in reading.counts]  # fmt: skip
    codes += ["S" + bounds(s.bounds) for s in reading.shares]
    codes += ["OPEN"] if "open_ended" in reading.flags else []
    return " ".join(codes)


def code(text: str) -> str:
    reading = read(text, TODAY)
    return " // ".join(map(one, reading.cases)) if reading.cases else one(reading)


LENGTHS = """
    4 mån = D4m | 4mån = D4m | fyra månader = D4m | fyra manader = D4m | 4-månaders = D4m
    fyramånadersuppdrag = D4m | sexmånadersavtal = D6m | tvåårigt avtal = D24m
    3-årsavtal = D36m | ettårigt = D12m | halvårsuppdrag = D6m | årslångt = D12m
    tolvveckorsuppdrag = D84d | ett halvår = D6m | ett halvt år = D6m | ½ år = D6m | 1/2 år = D6m
    1,5 år = D18m | 1½ år = D18m | halvannat år = D18m | ett och ett halvt år = D18m
    en och en halv månad = D1.5m | 2/3 år = D8m | trekvarts år = D9m | ett kvartal = D3m
    tre kvartal = D9m | ett tertial = D4m | arton veckor = D126d | 16 v = D112d
    tjugo två veckor = D154d | hundra tjugo dagar = D120d | 14 dar = D14d | 2 ar = D24m
    ett år och två månader = D14m | 3 månader och två veckor = D3m14d | fem (5) månader = D5m
    minst fyra månader = D4m.. | 4+ mån = D4m.. | fyra månader eller mer = D4m..
    mer än fyra månader = D(4m.. | över fyra månader = D(4m.. | högst 4 mån = D0m..4m
    fyra månader max = D0m..4m | kortare än fyra månader = D0m..4m) | 3-5 mån = D3m..5m
    inte längre än 4 mån = D0m..4m | inte under 4 mån = D4m.. | tre, kanske fyra månader = D3m..4m
    mellan tre och fem månader = D3m..5m | fyra fem månader = D4m..5m | 6/7 månader = D6m..7m
    minst 3 och högst 5 månader = D3m..5m | ett halvår till ett år = D6m..12m
    cirka fem månader = D4m..6m | fem månader eller så = D4m..6m | runt fem månader = D4m..6m
    drygt fyra månader = D(4m..4.8m | knappt fyra månader = D3.2m..4m) | några månader = D2m..
    ett par veckor = D14d..21d | fördelat över fyra månader = D4m | under fyra månader = D4m
    en dag mer än fyra månader = D4m1d | fem kanske sex månader = D5m..6m | från tre mån = D3m..
    en termin = D0m..? | tillsvidare = OPEN | löpande = OPEN | löpande uppföljning =
    half a year = D6m | a year and a half = D18m | at least four months = D4m..
    three-month contract = D3m | no more than four months = D0m..4m | eighteen weeks = D126d
    Löptid (månader): 6 = D6m | antal månader: 6 = D6m | fyra månder = D4m
    ett drygt år = D(12m..14.4m | en knapp månad = D0.8m..1m) | ett par tre veckor = D14d..21d
    längre tid än fyra månader = D(4m.. | kortare tid än fyra månader = D0m..4m)
    från tre till fem månader = D3m..5m | ett kvartal eller två = D3m..6m | min 4 mån = D4m..
    under four months = D0m..4m) | just under four months = D3.2m..4m) | hela året = D12m
    t.v. = OPEN | tills det sägs upp = OPEN | en två månader = D1m..2m | 6+6 = D6m..72m
"""
ROLES = """
    6+6 mån option = D6m O6m | 6 mån + 6 mån option = D6m O6m | 2+1+1 år = D24m O12m O12m
    ett år med option på 1+1 år = D12m O12m O12m | två år (+1+1) = D24m O12m O12m
    12 månader, option 6 månader = D12m O6m | 6 mån, kan förlängas med 6 mån = D6m O6m
    12 months plus a 6 month extension = D12m O6m
    upphandlingen tar fem månader = T5m | annonseras i fyra veckor = T28d
    anbudstid en månad, avtal sex månader = T1m D6m | upphandlingen gäller sex månader = D6m
    upphandlingen annonseras i 35 dagar och avtalet är på 12 månader = T35d D12m
    fem månader med fyra veckors sommaruppehåll = D5m I28d
    ramavtal 4 år, avrop på två månader = F48m A2m | fyraårigt ramavtal = F48m
    2 dagar i veckan i ett år = D12m | 40 timmar i veckan under 5 månader = D5m
    garanti 2 år, arbetet tar tre månader = D3m | minst fem års erfarenhet = | personer 18-24 år =
    3 månader, option på 3 = D3m O3m | 12 months with an option for 12 more = D12m O12m
    the tender takes five months, the work takes three months = T5m D3m
    framework of 4 years, call-offs of 2 months = F48m A2m
    startar om tre månader och pågår i två månader = D2m | praktik i sex månader = PL6m
"""
PERIODS = """
    1 mars–30 juni = P270301-270630 | 15 jan - 14 maj = P270115-270514
    fr.o.m. 1 april t.o.m. 31 juli = P270401-270731 | from 1/4 tom 31/7 = P270401-270731
    september t o m december = P270901-271231 | april-juli = P270401-270731
    mars till juni 2027 = P270301-270630 | 2027-03-01--2027-06-30 = P270301-270630
    1/3-30/6 2027 = P270301-270630 | 1/3-27 - 30/6-27 = P270301-270630
    1.3.2027–30.6.2027 = P270301-270630 | 270301-270630 = P270301-270630
    2027-03-01 - 06-30 = P270301-270630 | 2027-03–2027-06 = P270301-270630
    1–30 juni = P270601-270630 | den 3 till 17 april = P270403-270417
    den 1:a mars till sista juni = P270301-270630 | april, maj, juni och juli = P270401-270731
    mellan 1 april och 31 juli = P270401-270731 | March 1 to June 30, 2027 = P270301-270630
    startar 1 juni, klart 30 september = P270601-270930 | 1 april och året ut = P270401-271231
    15 nov - 14 mars 2028 = P271115-280314 | 1 dec–31 mars = P261201-270331
    vecka 10-30 = P270308-270801 | v 36–v 50 = P270906-271219 | Q2 2027 = P270401-270630
    Q2-Q3 2027 = P270401-270930 | andra kvartalet 2027 = P270401-270630 | hela 2027 = P270101-271231
    1 mars–30 juni nästa år = P270301-270630 | hela nästa år = P270101-271231
    första halvåret 2027 = P270101-270630 | 2027-2028 = P270101-281231
    120 dagar från 1 mars 2027 = D120d M270301
    1 mars 2027 och fyra månader framåt = D4m M270301
    1.3-30.6 = P270301-270630 | start 15.9, slut 14.1 = P270915-280114 | 1.5-2.5 tjänst = S1.5..2.5
    27-03-01--27-06-30 = P270301-270630 | från idag till 1 april = P261120-270401
    1 mars till 30 juni året efter = P270301-280630 | 2027 och 2028 = P270101-281231
    andra och tredje kvartalet 2027 = P270401-270930 | first half of 2027 = P270101-270630
    t.o.m. 31 december 2027, från 1 oktober = P271001-271231 | Mar 1 to Jun 30 = P270301-270630
    från årsskiftet till midsommar = M? | våren 2027 = M? | i slutet av mars = M270320?
    31 april–31 augusti =
"""
PEOPLE = """
    2-3 personer = C2..3 | två till tre = C2..3 | två, tre gubbar = C2..3 | 12 pers = C12
    fler än en = C(1.. | mer än en arbetstagare = C(1.. | inte bara en = C(1.. | minst två = C2..
    högst en = C0..1 | upp till två = C0..2 | minst en = C1.. | en eller fler personer = C1..
    färre än två personer = C0..2) | ca 10 personer = C8..12 | flera personer = C2..
    ett par snickare = C2..3 | ett tiotal personer = C8..12 | tre gubbar = C3 | fyra man = C4
    en konsult = C1 | ensamkonsult = C1 | bara jag = C1 | jag och en kollega = C2
    vi blir fem = C5 | kräver två = C2 | två räcker = C2 | bemanning: 2 = C2 | 5 st = C5
    2 + 1 personer = C3 | en konsult i nord och en konsult i syd = C2
    two workers = C2 | a single consultant = C1 | two security guards = C2 | 2 persnoer = C2
    fyra flyttgubbar = C4 | 2p = C2 | 6st = C6 | antal personer 3 = C3 | ett gäng målare = C2..
    en eller ett par personer = C1.. | en två personer = C1..2 | en per skola = C1..
    två team om tre personer = C6 | en arbetsledare och tre snickare = C4 | 1 200 personer = C1200
    tvåmannajobb = C2 | två VVS-montörer = C2 | inga personer = C0 | en person per skift = C1..
    one full-time and one half-time = S1.5 | two part-time cleaners = C2h | två personer 50 % = C2h
    1.5 full-time equivalents = S1.5 | en tjänst på 50 % = S0.5 | tre resurser = C3
    två snickare plus en lärling = C2 X1 | en konsult och två praktikanter = C1 X2
    två heltider = S2 | 0,8 tjänst = S0.8 | 1,5 årsarbetare = S1.5 | en 80-procentig tjänst = S0.8
    en heltid och en halvtid = S1.5 | två deltidare på 50 % var = C2h
    en på heltid och en på halvtid = C2h | två halvtider = C2h
"""
NO_PEOPLE = """
    17 kap. 2 § = | LOU 17:1 = | 700 000 kr = | 30 % = | nivå 3 = | kriterier 3-4 = | 1,5 mnkr =
    031-300 00 00 = | dnr 0123/24 = | 25 år gammal = | två leverantörer = | 3 skrivare = | 3 m2 =
    vet inte hur många personer = | hur många personer krävs? = | en plus en =
    fyra lotter = | minst tre anbud = | två kortare uppdrag = | de 3 bilarna = | en upphandling =
"""
CORRECTIONS = """
    6 mån nej vänta tre mån = D3m | sex månader, jag menade tre, fyra personer = D3m C4
    3 pers, nej fyra, i 6 mån = D6m C4 | två personer - nej, en person = C1
    6 mån. Nej, 3 pers = D6m C3
    inte sex månader utan tre = D3m | inte en person utan tre = C3 | not two but one person = C1
    1 mars–30 juni, jag menar 31 maj = P270301-270531 | three months, sorry, six = D6m
"""
CASES = """
    A: 3 mån 2 pers, B: 6 mån 5 pers = D3m C2 // D6m C5
    dels 3 mån med 2 pers, dels 6 mån med 5 pers = D3m C2 // D6m C5
    den ena är 3 månader med två personer, den andra 7 månader med fyra = D3m C2 // D7m C4
    6 månader och 3 personer samt 2 månader och 5 personer = D6m C3 // D2m C5
"""


def table(*texts: str) -> list[tuple[str, str]]:
    cells = [cell for text in texts for line in text.splitlines() for cell in line.split(" | ")]
    pairs = [cell.strip().rpartition("=") for cell in cells if cell.strip()]
    return [(text.strip(), expected.strip()) for text, _, expected in pairs]


@pytest.mark.parametrize(
    ("text", "expected"), table(LENGTHS, ROLES, PERIODS, PEOPLE, NO_PEOPLE, CORRECTIONS, CASES)
)
def test_what_people_write_is_read_as_they_mean_it(text, expected):
    assert code(text) == expected


def test_every_item_keeps_the_persons_own_words():
    reading = read("Städning på ETT HALVÅR med  två–tre  pers.", TODAY)
    assert [d.words.text for d in reading.durations] == ["ETT HALVÅR"]
    assert [c.words.text for c in reading.counts] == ["två–tre  pers"]
    assert read("2+1+1 år", TODAY).durations[0].words.text == "2+1+1 år"


def test_a_year_that_was_not_written_is_said_to_be_assumed():
    assert read("1 mars–30 juni", TODAY).periods[0].year_assumed
    assert not read("1 mars–30 juni 2027", TODAY).periods[0].year_assumed


def test_whole_months_are_said_to_be_assumed():
    assert read("april-juli", TODAY).periods[0].whole_months
    assert not read("1 april-31 juli", TODAY).periods[0].whole_months


def test_dates_that_do_not_exist_are_reported():
    assert "invalid_date" in read("31 april–31 augusti", TODAY).flags
    assert "reversed_period" in read("1 juni 2027–1 mars 2027", TODAY).flags


@pytest.mark.parametrize(
    ("answer", "low", "high"),
    [("3", 3, 3), ("Fler än en", 1, None), ("En räcker", 1, 1), ("tre st", 3, 3), ("ca 5", 4, 6),
     ("två till tre", 2, 3), ("det blir nog fyra", 4, 4), ("bara en", 1, 1), ("nja, två", 2, 2),
     ("hmm 4?", 4, 4), ("it's two", 2, 2), ("4-5 beroende på vecka", 4, 5)],
)  # fmt: skip
def test_an_answer_to_how_many_is_a_number(answer, low, high):
    count = read_count(answer)
    assert count is not None
    assert (count.bounds.low, count.bounds.high) == (low, high)


@pytest.mark.parametrize("answer", ["vet inte", "6 månader", "hej", "", "30 %", "1 mars", "1,5"])
def test_an_answer_that_is_no_number_of_people_is_none(answer):
    assert read_count(answer) is None


def test_an_answer_to_how_long_is_a_length():
    duration = read_duration("Minst fyra månader")
    assert duration is not None
    assert duration.operator is Operator.AT_LEAST
    assert read_duration("6") is None
    assert read_duration("6", "MONTH").low == Length(6)
    assert read_duration("2027", "MONTH") is None


@pytest.mark.parametrize(
    ("answer", "past", "day"),
    [
        ("1 mars", False, date(2027, 3, 1)),
        ("1 mars", True, date(2026, 3, 1)),
        ("20 november", True, date(2026, 11, 20)),
        ("1 december", True, date(2025, 12, 1)),
        ("i går", True, date(2026, 11, 19)),
        ("idag", True, TODAY),
        ("för två veckor sedan", True, date(2026, 11, 6)),
        ("i måndags", True, date(2026, 11, 16)),
        ("om tre månader", False, date(2027, 2, 20)),
        ("3/11", True, date(2026, 11, 3)),
        ("2025-05-04", True, date(2025, 5, 4)),
        ("29 februari", True, date(2024, 2, 29)),
    ],
)
def test_an_answer_to_when_is_a_day(answer, past, day):
    moment = read_date(answer, TODAY, past=past)
    assert moment is not None
    assert moment.first == (day, day)


@pytest.mark.parametrize("answer", ["vet inte", "1 mars - 3 mars", "31 april", ""])
def test_an_answer_that_is_no_single_day_is_none(answer):
    assert read_date(answer, TODAY) is None


SCRAPS = st.sampled_from(
    [cell for text, _ in table(LENGTHS, ROLES, PERIODS, PEOPLE, NO_PEOPLE, CORRECTIONS, CASES)
     for cell in text.split()] + [*".,;:!?()-–+/%§\n½<>", "29 feb", "0", "9999-12-31", "31", "1/0"]
)  # fmt: skip


def spelled(value: int, glue: str) -> str:
    """Return a Swedish number word, its parts joined in one of the ways people write."""
    units = ("", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva",
             "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton",
             "nitton")  # fmt: skip
    tens = ("", "", "tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio")
    hundreds, rest = divmod(value, 100)
    parts = [units[hundreds], "hundra"] if hundreds else []
    parts += [units[rest]] if rest < 20 else [tens[rest // 10], units[rest % 10]]
    return glue.join(part for part in parts if part)


def check(text: str) -> None:
    reading = read(text, TODAY)
    for part in (reading, *reading.cases):
        items = (*part.durations, *part.periods, *part.dates, *part.counts, *part.shares)
        for item in items:
            assert text[item.words.start : item.words.end] == item.words.text
    read_count(text)
    read_duration(text, "MONTH")
    read_date(text, TODAY, past=True)


@given(st.text())
@example("½" * 40)
@example("9" * 400 + " månader")
def test_any_text_can_be_read_and_words_lie_in_it(text):
    check(text)


@given(st.integers(1, 999), st.sampled_from(["", " ", "-"]))
def test_every_number_word_to_999_is_read(value, glue):
    assert code(f"{spelled(value, glue)} dagar") == f"D{value}d"


@given(st.lists(SCRAPS, max_size=14), st.sampled_from([" ", "", "  "]))
def test_any_mixture_of_quantities_can_be_read(scraps, glue):
    check(glue.join(scraps))
