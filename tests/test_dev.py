"""``dev.py`` on a small project of its own, offline: the build tools are wheels made here."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "dev.py"
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "hansyn"
version = "1"
"""
#: A build backend that knows one thing: the editable wheel of the small project.
BACKEND = """
import os, time, zipfile
def build_editable(folder, config_settings=None, metadata_directory=None):
    if os.path.exists("slow"):
        open("building", "w").close()
        time.sleep(60)
    name = "hansyn-1-py3-none-any.whl"
    info = "hansyn-1.dist-info/"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("hansyn.pth", os.getcwd())
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: hansyn\\nVersion: 1\\n"
            "Provides-Extra: test\\nProvides-Extra: semantic\\n")
        wheel.writestr(info + "WHEEL",
            "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "entry_points.txt", "[console_scripts]\\nhansyn = program:main\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""
PROGRAM = "import sys\ndef main(): print('started', *sys.argv[1:]); sys.exit(7)\n"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    write_wheel(folder, "hatchling", {"hatchling/__init__.py": "", "hatchling/build.py": BACKEND})
    write_wheel(folder, "editables", {"editables.py": ""})
    return folder


def write_wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    information = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    files = files | {f"{name}-1.dist-info/{key}": text for key, text in information.items()}
    with zipfile.ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


def make_project(folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(DEV, folder)
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (folder / "constraints.txt").write_text("", encoding="utf-8")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    return folder


def start(project: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    clean |= {"PIP_CONFIG_FILE": os.devnull, "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        [sys.executable, str(project / "dev.py"), *arguments],
        env=clean | environment,
        cwd=project.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    process = start(project, *arguments, **environment)
    output, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def offline(wheels: Path) -> dict[str, str]:
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}


NOWHERE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """A project that is set up; tests that hurt it make one of their own."""
    project = make_project(tmp_path_factory.mktemp("Mina projekt") / "hän syn")
    done = run(project, "setup", "--core", **offline(wheels))
    assert done.returncode == 0, done.stderr
    assert "hämtar" not in done.stderr
    assert re.search(r"installerar \d+ paket", done.stdout)
    return project


@pytest.mark.slow
def test_run_installs_nothing_when_warm_and_hands_its_arguments_to_the_server(warm: Path) -> None:
    log = warm / ".venv" / "pip.log"
    before = log.stat().st_mtime_ns
    done = run(warm, "run", "--port", "9000", "--", "x", **NOWHERE)
    assert (done.stdout, done.returncode) == ("started serve --port 9000 x\n", 7)
    assert log.stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_second_start_costs_little_more_than_starting_python(warm: Path) -> None:
    def seconds(*command: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=warm, capture_output=True, check=True)
        return time.perf_counter() - started

    imports = "import argparse, hashlib, importlib.util, json, shutil, subprocess, pathlib"
    bare = min(seconds("-c", imports) for _ in range(5))
    assert min(seconds("dev.py", "setup", "--core") for _ in range(5)) < 3 * bare + 0.1


@pytest.mark.slow
def test_a_package_that_went_missing_is_put_back(warm: Path, wheels: Path) -> None:
    (module,) = warm.glob(".venv/**/editables.py")
    (information,) = warm.glob(".venv/**/editables-1.dist-info")
    stamp = warm / ".venv" / "hansyn-installed.json"
    facts = json.loads(stamp.read_text(encoding="utf-8"))
    stamp.write_text(json.dumps(facts | {"sets": ["core", "test"]}), encoding="utf-8")
    module.unlink()
    shutil.rmtree(information)
    assert run(warm, "setup", "--core", **offline(wheels)).returncode == 0
    assert module.exists()
    kept = json.loads(stamp.read_text(encoding="utf-8"))["sets"]
    assert kept == ["core"], "what else may have lost a package is installed when asked for"


@pytest.mark.slow
def test_changed_requirements_are_installed_at_the_next_start(warm: Path, wheels: Path) -> None:
    (warm / "constraints.txt").write_text("editables==1\n", encoding="utf-8")
    assert "Installerat" in run(warm, "setup", "--core", **offline(wheels)).stdout
    assert "Installerat" not in run(warm, "setup", "--core", **NOWHERE).stdout


@pytest.mark.slow
def test_every_check_runs_though_one_fails_and_the_summary_comes_last(
    warm: Path, wheels: Path
) -> None:
    done = run(warm, "test", "-q", **offline(wheels))
    assert done.returncode == 1
    rows = done.stdout.split("== Sammanfattning ==")[1].split("\n")
    names = [row.split()[1] for row in rows if row]
    assert names == ["format", "lint", "typer", "importer", "tester"]
    assert "-m pytest -q ==" in done.stdout
    only = run(warm, "test", "--only-tests", "-q", **NOWHERE)
    assert only.stdout.count("FEL") == 1
    assert "tester" in only.stdout


@pytest.mark.slow
def test_benchmarks_are_run_by_name(warm: Path, wheels: Path) -> None:
    folder = warm / "tests" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "one.py").write_text("def main():\n    print('figure 1')\n", encoding="utf-8")
    (folder / "two.py").write_text("def main():\n    return 1\n", encoding="utf-8")
    (folder / "_shared.py").write_text("", encoding="utf-8")
    one = run(warm, "bench", "one", **offline(wheels))
    assert one.returncode == 0
    assert "figure 1" in one.stdout
    assert run(warm, "bench", **NOWHERE).returncode == 1
    assert "one, two" in run(warm, "bench", "three", **NOWHERE).stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs process groups")
def test_an_interrupted_install_is_repaired_by_the_next_start(tmp_path: Path, wheels: Path) -> None:
    project = make_project(tmp_path / "en mapp")
    (project / "slow").touch()
    process = start(project, "setup", "--core", **offline(wheels))
    until = time.monotonic() + 60
    while not (project / "building").exists() and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (project / "slow").unlink()
    again = run(project, "setup", "--core", **offline(wheels))
    assert "görs om" in again.stdout
    assert run(project, "run", **NOWHERE).returncode == 7


@pytest.mark.slow
def test_a_moved_project_gets_an_environment_where_it_is_now(tmp_path: Path, wheels: Path) -> None:
    project = make_project(tmp_path / "här")
    assert run(project, "setup", "--core", **offline(wheels)).returncode == 0
    moved = project.rename(tmp_path / "där")
    assert "görs om" in run(moved, "setup", "--core", **offline(wheels)).stdout
    (path_file,) = moved.glob(".venv/**/hansyn.pth")
    assert path_file.read_text(encoding="utf-8") == str(moved)


@pytest.mark.slow
def test_without_network_the_first_start_says_what_is_needed_and_the_next_one_goes_on(
    tmp_path: Path, wheels: Path
) -> None:
    project = make_project(tmp_path / "utan nät")
    closed = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}
    done = run(project, "setup", "--core", **closed)
    assert done.returncode == 1
    swedish, english = done.stderr.splitlines()
    assert swedish.startswith("Paketkällan går inte att nå")
    assert english.startswith("The package source cannot be reached")
    again = run(project, "setup", "--core", **offline(wheels))
    assert again.returncode == 0
    assert "görs om" not in again.stdout


def run_pretending(tmp_path: Path, pretence: str) -> subprocess.CompletedProcess[str]:
    """Runs ``dev.py setup`` after some lines that make the machine look different."""
    project = make_project(tmp_path / "en mapp")
    code = f"import sys, runpy; sys.argv = ['dev.py', 'setup']; {pretence}; "
    code += "runpy.run_path('dev.py', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, encoding="utf-8"
    )


def test_an_old_python_is_answered_with_a_sentence(tmp_path: Path) -> None:
    done = run_pretending(tmp_path, "sys.version_info = (3, 8, 10)")
    assert done.returncode == 1
    assert "Hänsyn behöver Python 3.11 eller senare, det här är 3.8." in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_an_old_python_can_parse_the_file() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_python_without_venv_is_answered_with_the_command_that_installs_it(
    tmp_path: Path,
) -> None:
    done = run_pretending(tmp_path, "sys.modules['ensurepip'] = None")
    assert done.returncode == 1
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_a_folder_that_cannot_be_written_to_is_answered_with_a_sentence(tmp_path: Path) -> None:
    done = run_pretending(tmp_path, "open('.venv', 'w').close()")
    assert done.returncode == 1
    assert "Det går inte att skriva i" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_a_terminal_without_swedish_letters_is_no_hindrance(tmp_path: Path) -> None:
    project = make_project(tmp_path / "en mapp")
    (project / ".venv").touch()
    done = run(project, "setup", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert "inte att skriva i" in done.stderr


@pytest.mark.parametrize("command", ["run", "test", "setup", "bench"])
def test_every_command_explains_itself(command: str) -> None:
    done = subprocess.run(
        [sys.executable, str(DEV), command, "--help"], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0
    assert f"dev.py {command}" in done.stdout


def test_wrong_usage_ends_with_two() -> None:
    for arguments in ([], ["nothing"], ["setup", "--nothing"]):
        done = subprocess.run([sys.executable, str(DEV), *arguments], capture_output=True)
        assert done.returncode == 2


def test_it_needs_nothing_but_python_and_no_shell_and_names_no_index() -> None:
    source = DEV.read_text(encoding="utf-8")
    imported = {
        name.name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert "shell=" not in source
    assert not re.search(r"--(extra-)?index-url|https?://", source)


def test_constraints_pin_everything_the_project_asks_for() -> None:
    pinned = {
        normal(line.split("==")[0])
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wishes = chain(table["dependencies"], *table["optional-dependencies"].values())
    names = {normal(re.match(r"[\w.-]+", wish)[0]) for wish in wishes} - {"hansyn"}
    assert names <= pinned
    assert {"hatchling", "editables"} <= pinned


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_stamp_is_plain_json(warm: Path) -> None:
    stamp = json.loads((warm / ".venv" / "hansyn-installed.json").read_text(encoding="utf-8"))
    assert stamp["folder"] == str(warm)


def test_a_test_that_reaches_for_another_machine_is_stopped() -> None:
    with pytest.raises(OSError, match="tests reach no other machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
