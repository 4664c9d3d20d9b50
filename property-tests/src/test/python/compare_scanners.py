"""Runs ptsanitize scan and other scanners on the corpus, and prints what each found as a Markdown table.

    python3 -m venv VENV && VENV/bin/pip install picklescan modelscan fickling
    python3 property-tests/src/test/python/compare_scanners.py --venv VENV

Each scanner is asked about one file at a time, as its own documentation says, and judged by its exit code. A file has a
payload if the manifest names globals that a report has to name, or the marker of the corpus stands in it. None of the
files is loaded.
"""

import argparse
import collections
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[4]
MARKER = b"PTSANITIZE_MARKER"

# Exit codes: 0 clean and 1 found for all of them; anything else is a file that was not scanned.
OTHERS = {
    "picklescan": lambda tool, file: [tool, "-p", file],
    "modelscan": lambda tool, file: [tool, "-p", file],
    "fickling": lambda tool, file: [tool, "--check-safety", file],
}


def rows(folder):
    return json.loads((ROOT / "corpus" / folder / "manifest.json").read_text())


def payloads():
    """The hostile files that run something if they are loaded."""
    files = []
    for row in rows("hostile"):
        path = ROOT / "corpus/hostile" / row["file"]
        if row["reports"] or MARKER in path.read_bytes():
            files.append(path)
    return files


def accepted():
    """The files that torch.load(weights_only=True) accepts: whatever is found in them is a false alarm."""
    files = [ROOT / "corpus/specimens" / row["file"] for row in rows("specimens") if row["weights_only_accepts"]]
    return [file for file in files if file.is_file()]


def ptsanitize(tool, files):
    """All files in one run: each counts as found, not finished or clean."""
    run = subprocess.run([tool, "scan", "--format", "json", *map(str, files)], stdout=subprocess.PIPE, check=False)
    by_path = {file["path"]: file for file in json.loads(run.stdout)["files"]}
    verdicts = collections.Counter()
    for file in files:
        result = by_path.get(str(file), {"findings": [], "finished": True})
        found = any(finding["severity"] in ("critical", "high") for finding in result["findings"])
        verdicts["found" if found else "clean" if result["finished"] else "not scanned"] += 1
    return verdicts


def other(command, files):
    verdicts = collections.Counter()
    for file in files:
        try:
            code = subprocess.run(
                command(str(file)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
        verdicts[{0: "clean", 1: "found"}.get(code, "not scanned")] += 1
    return verdicts


def version(venv, name):
    code = f"import importlib.metadata as m; print(m.version('{name}'))"
    run = subprocess.run([venv / "bin/python", "-c", code], capture_output=True, text=True, check=False)
    return run.stdout.strip() if run.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--venv", type=pathlib.Path, help="where the other scanners are installed")
    parser.add_argument("--ptsanitize", default=str(ROOT / "cli/bin/ptsanitize"))
    options = parser.parse_args()

    evil = payloads()
    clean = accepted()
    print(f"| scanner | payload found ({len(evil)}) | payload, not scanned | payload, called clean | "
          f"false alarms ({len(clean)} files that PyTorch accepts) |")
    print("|---|---|---|---|---|")

    def line(name, judge):
        verdicts, alarms = judge(evil), judge(clean)
        print(f"| {name} | {verdicts['found']} | {verdicts['not scanned']} | {verdicts['clean']} | {alarms['found']} |")

    line("ptsanitize scan", lambda files: ptsanitize(options.ptsanitize, files))
    for name, arguments in OTHERS.items():
        known = version(options.venv, name) if options.venv else None
        if known is None:
            print(f"| {name} | not installed | | | |")
            continue
        tool = str(options.venv / "bin" / name)
        line(f"{name} {known}", lambda files: other(lambda file: arguments(tool, file), files))


if __name__ == "__main__":
    main()
