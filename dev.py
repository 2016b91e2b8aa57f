#!/usr/bin/env python3
"""Sets up, starts and tests Hänsyn with nothing but Python: ``python3 dev.py --help``.

Whatever Python the machine has reads this file first, so it keeps to what Python 3.6 can parse: an
old Python shall be answered with a sentence and not with a syntax error.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

NEEDED = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
PYTHON = BIN / f"python{SUFFIX}"
HANSYN = BIN / f"hansyn{SUFFIX}"
STAMP = VENV / "hansyn-installed.json"
PIP_LOG = VENV / "pip.log"

#: Linux asks for the CPU build by name: the plain one may bring several GB of GPU libraries.
TORCH = "torch==2.13.0" + ("+cpu" if sys.platform.startswith("linux") else "")

#: The build tools come first and pinned, so that nothing is fetched outside the constraints.
BUILD_TOOLS = ("hatchling", "editables")
#: What pip is asked for, in order, per set.
REQUESTS = {
    "core": (BUILD_TOOLS, ("--no-build-isolation", "-e", ".")),
    "test": (BUILD_TOOLS, ("--no-build-isolation", "-e", ".[test]")),
    "semantic": ((TORCH,), BUILD_TOOLS, ("--no-build-isolation", "-e", ".[semantic]")),
    "bench": (BUILD_TOOLS, ("--no-build-isolation", "-e", ".[bench]")),
}

CHECKS = (
    ("format", (str(PYTHON), "-m", "ruff", "format", "--check", ".")),
    ("lint", (str(PYTHON), "-m", "ruff", "check", ".")),
    ("typer", (str(PYTHON), "-m", "mypy")),
    ("importer", (str(BIN / f"lint-imports{SUFFIX}"),)),
)
#: All tests run beside one another; whoever names some gets them in order, with their output.
SPREAD = ("-n", "auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder")

#: Runs one file of tests/bench; gets the folder its imports come from, the file, its options.
BENCH = (
    "import runpy, sys; sys.path.insert(0, sys.argv[1]); del sys.argv[:2]; "
    "sys.exit(runpy.run_path(sys.argv[0])['main']())"
)


class Stumble(Exception):
    """Something the person can put right, told in one Swedish and one English sentence."""

    def __init__(self, swedish, english):
        super().__init__(swedish)
        self.sentences = (swedish, english)


NO_NETWORK = (
    *("NewConnectionError", "NameResolution", "establish a new connection", "name resolution"),
    *("timed out", "Timeout", "ProxyError", "Connection refused", "RemoteDisconnected"),
    "(from versions: none)",
)
#: Words in pip's output -> what to tell the person; the first that fits.
PIP_FAULTS = (
    (
        ("No space left", "not enough space"),
        Stumble(
            "Disken är full. Frigör ungefär 1 GB och kör samma kommando igen.",
            "The disk is full. Free about 1 GB and run the same command again.",
        ),
    ),
    (
        ("Permission denied", "Read-only file system", "Access is denied"),
        Stumble(
            f"Det går inte att skriva i {ROOT}. Flytta projektet till en mapp du får skriva i.",
            "The folder cannot be written to. Move the project to one you may write in.",
        ),
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "certificate verify failed"),
        Stumble(
            "Paketkällans certifikat godtas inte. Ange organisationens certifikat i PIP_CERT.",
            "The certificate of the package source is not trusted. Set PIP_CERT.",
        ),
    ),
    (
        NO_NETWORK,
        Stumble(
            "Paketkällan går inte att nå, eller saknar ett paket. Första gången behövs nätet: "
            "kontrollera anslutningen och proxyn (PIP_PROXY, PIP_INDEX_URL) och kör samma "
            "kommando igen.",
            "The package source cannot be reached, or lacks a package. The first run needs the "
            "network: check connection and proxy, then run the same command again.",
        ),
    ),
    (
        ("No matching distribution found for torch",),
        Stumble(
            "Ingen CPU-version av torch hittades. Hänsyn fungerar utan den, med sin egen "
            "sökmodell; behövs den, peka ut en källa med PIP_FIND_LINKS eller "
            "PIP_EXTRA_INDEX_URL.",
            "No CPU build of torch was found. Hänsyn works without it; if you need it, point to "
            "a source with PIP_FIND_LINKS or PIP_EXTRA_INDEX_URL.",
        ),
    ),
)


def main(arguments):
    """Runs one command; returns its exit code (0 done, 1 failed, 2 wrong usage)."""
    try:
        check_python()
        parser = build_parser()
        options, further = parser.parse_known_args(arguments)
        if options.command == "setup" and further:
            parser.error("okänt argument: " + " ".join(further))
        return options.run(options, [part for part in further if part != "--"])
    except Stumble as stumble:
        for sentence in stumble.sentences:
            say(sentence, sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nAvbrutet. Kör samma kommando igen för att fortsätta.", sys.stderr)
        return 130


def build_parser():
    parser = argparse.ArgumentParser("dev.py", description="Installerar, startar, testar Hänsyn.")
    commands = parser.add_subparsers(dest="command", metavar="KOMMANDO")
    commands.required = True

    def add(name, run, text, further=""):
        command = commands.add_parser(
            name, help=text, description=f"{text} {further}", allow_abbrev=False
        )
        command.set_defaults(run=run)
        return command

    text = "Installerar det som behövs och startar webbchatten."
    add("run", run_server, text, "Övriga argument går till `hansyn serve`, som --port 8080.")
    text = "Kör format, lint, typer, importregler och alla tester."
    test = add("test", run_tests, text, "Övriga argument går till pytest, som -k bruttolista.")
    test.add_argument("--only-tests", action="store_true", help="kör bara pytest")
    setup = add("setup", run_setup, "Gör bara miljön (.venv), med testverktygen.")
    setup.add_argument("--core", action="store_true", help="utan testverktyg, som `run` gör den")
    text = "även sentence-transformers, med torch för CPU"
    setup.add_argument("--semantic", action="store_true", help=text)
    text = "Kör mätningarna i tests/bench, alla eller de som namnges (--quick, --json)."
    add("bench", run_benchmarks, text)
    return parser


def run_server(_options, further):
    prepare(["core"])
    os.chdir(str(ROOT))
    command = [str(HANSYN), "serve", *further]
    if os.name == "nt":
        return subprocess.call(command)
    # The server takes this process over, so that a signal to it reaches the server at once.
    return os.execv(command[0], command)


def run_setup(options, _further):
    prepare(["core" if options.core else "test"] + (["semantic"] if options.semantic else []))
    say("Miljön är klar. Starta med: python3 dev.py run")
    return 0


def run_tests(options, further):
    prepare(["test"])
    spread = SPREAD if set(further) <= {"--full"} else ()
    pytest = ("tester", (str(PYTHON), "-m", "pytest", *spread, *further))
    steps = (pytest,) if options.only_tests else (*CHECKS, pytest)
    return summarise([run_step(name, command) for name, command in steps])


def run_benchmarks(_options, further):
    options = [part for part in further if part.startswith("-") or part.isdigit()]
    further = [part for part in further if part not in options]
    sys.stdout = sys.stderr if "--json" in options else sys.stdout
    prepare(["test"])
    try:
        prepare(["bench"])
    except Stumble:
        say("bm25s och Haystack gick inte att installera; jämförelserna med dem hoppas över.")
    tests = ROOT / "tests"
    files = [path for path in sorted((tests / "bench").glob("*.py")) if path.name[0] != "_"]
    chosen = [path for path in files if not further or path.stem in further]
    if not chosen:
        names = ", ".join(path.stem for path in files) or "inga ännu"
        raise Stumble(f"Mätningar att välja på: {names}", f"Benchmarks to choose from: {names}")
    start = (str(PYTHON), "-W", "ignore", "-c", BENCH, str(tests))
    return summarise([run_step(path.stem, (*start, str(path), *options)) for path in chosen])


def run_step(name, command):
    """Runs one check in the project's folder; returns its name, whether it passed, seconds."""
    say("\n== {}: {} ==".format(name, " ".join([Path(command[0]).name, *command[1:]])))
    start = time.monotonic()
    try:
        passed = subprocess.call(command, cwd=str(ROOT)) == 0
    except OSError as error:
        passed = False
        say(error)
    return name, passed, time.monotonic() - start


def summarise(results):
    say("\n== Sammanfattning ==")
    for name, passed, seconds in results:
        say("{:4} {:9} {:6.1f} s".format("ok" if passed else "FEL", name, seconds))
    return 0 if all(passed for _, passed, _ in results) else 1


def check_python():
    if sys.version_info >= NEEDED:
        return
    needed, found = python_version(NEEDED), python_version()
    newer = (f"python3.{minor}" for minor in range(15, NEEDED[1] - 1, -1))
    instead = next(filter(shutil.which, newer), f"python{needed}")
    command = " ".join([instead, "dev.py", *sys.argv[1:]])
    raise Stumble(
        f"Hänsyn behöver Python {needed} eller senare, det här är {found}. Kör: {command}",
        f"Hänsyn needs Python {needed} or later, this is {found}. Run the command above.",
    )


def python_version(version=sys.version_info):
    return "{}.{}".format(*version)


def prepare(wanted):
    """Makes ``.venv`` hold the wanted sets; a warm one only has its stamp compared."""
    stamp = read_stamp()
    missing = [name for name in wanted if not holds(stamp, name)]
    if not missing:
        return
    start = time.monotonic()
    # A set that has lost a package is installed again when it is asked for.
    kept = [name for name in stamp.get("sets", []) if holds(stamp, name)]
    try:
        make_venv(stamp)
        write_stamp(state="installing")
        for name in missing:
            for request in REQUESTS[name]:
                install(request)
        packages = sorted(installed_packages())
        write_stamp(inputs=hash_inputs(), sets=sorted({*kept, *wanted}), packages=packages)
    except OSError as error:
        raise unwritable(error) from error
    say(f"Installerat på {time.monotonic() - start:.0f} s.")


def holds(stamp, name):
    """Does the environment hold this set whole, installed from the files as they are now?"""
    sets = stamp.get("sets", [])
    return (
        stamp.get("inputs") == hash_inputs()
        and (name in sets or (name == "core" and bool(sets)))
        and PYTHON.exists()
        and HANSYN.exists()
        and installed_packages().issuperset(stamp.get("packages", []))
    )


def hash_inputs():
    """Hashes all an environment is made from; the folder too, since it cannot be moved.

    The Python is the one inside ``.venv``: starting with another one tears nothing down.
    """
    digest = hashlib.sha256(f"{ROOT}|{os.path.realpath(str(PYTHON))}|{REQUESTS}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed_packages():
    """The name and version of everything installed; one folder listing, so it is cheap."""
    folders = [VENV / "Lib" / "site-packages", *VENV.glob("lib/python*/site-packages")]
    return {path.name for folder in folders for path in folder.glob("*.dist-info")}


def read_stamp():
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(**facts):
    STAMP.write_text(json.dumps(dict(facts, folder=str(ROOT)), indent=1), encoding="utf-8")


def make_venv(stamp):
    """Makes ``.venv``, anew if it is broken, half installed or moved."""
    if VENV.exists():
        stayed = stamp.get("folder", str(ROOT)) == str(ROOT)
        if stayed and stamp.get("state") != "installing" and venv_works():
            return
        say("Miljön i .venv är trasig eller halvfärdig och görs om.")
        shutil.rmtree(str(VENV))
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        raise no_venv()
    say("Gör en miljö i .venv ...")
    made = run_quietly([sys.executable, "-m", "venv", str(VENV)])
    if made.returncode == 0:
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    output = made.stdout.decode("utf-8", "replace").strip()
    raise no_venv() if "ensurepip" in output else unwritable(output.split("\n")[-1])


def venv_works():
    """Does ``.venv`` have a Python that is new enough, with pip in it?"""
    question = f"import pip, sys; sys.exit(sys.version_info < {NEEDED})"
    try:
        return run_quietly([str(PYTHON), "-c", question]).returncode == 0
    except OSError:
        return False


def run_quietly(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def install(request):
    """Has pip install one request, with a line per package."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "-c", "constraints.txt", *request]
    environment = dict(os.environ, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8")
    process = subprocess.Popen(
        command, cwd=str(ROOT), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    lines = []
    for raw in process.stdout:
        lines.append(raw.decode("utf-8", "replace").rstrip())
        show_progress(lines[-1])
    output = "\n".join(lines)
    PIP_LOG.write_text(output, encoding="utf-8")
    if process.wait() != 0:
        # pip takes back what it had begun, so the environment is whole and only incomplete.
        write_stamp(state="incomplete")
        raise pip_fault(output)


def show_progress(line):
    words = line.split()
    if line.startswith("Collecting "):
        say(f"  hämtar {words[1]}")
    elif line.startswith("Installing collected packages: "):
        say(f"  installerar {len(words) - 3} paket ...")
    elif "Retrying" in words:
        say("  paketkällan svarar inte, försöker igen ...")


def pip_fault(output):
    for signs, stumble in PIP_FAULTS:
        if any(sign in output for sign in signs):
            return stumble
    errors = [line for line in output.splitlines() if line.startswith("ERROR:")] or ["ERROR: ?"]
    told = f"Installationen misslyckades: {errors[-1][7:]} (hela loggen: {PIP_LOG})"
    return Stumble(told, "The installation failed; the whole log lies in the file above.")


def no_venv():
    command = f"sudo apt install python{python_version()}-venv"
    told = f"Python saknar venv. Installera det med: {command} - kör sedan samma kommando igen."
    return Stumble(told, "Python lacks venv. Install it with the command above, then try again.")


def unwritable(reason):
    return Stumble(
        f"Det går inte att skriva i {ROOT} ({reason}). Flytta projektet till en mapp du får "
        "skriva i, eller stäng program som använder .venv.",
        "The folder cannot be written to. Move the project to one you may write in, or close "
        "programs that use .venv.",
    )


def say(text, stream=None):
    """Prints at once, also where the terminal lacks å, ä and ö."""
    stream = stream or sys.stdout
    try:
        print(text, file=stream, flush=True)
    except UnicodeEncodeError:
        print(str(text).encode("ascii", "replace").decode("ascii"), file=stream, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
