"""summary.py FOLDER: sums up the TRX files of a test run. Fails when a test failed or none passed."""
import collections
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

NS = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}


def main(folder):
    passed, failed, skipped = 0, [], collections.defaultdict(list)
    for trx in sorted(pathlib.Path(folder).rglob("*.trx")):
        root = ElementTree.parse(trx).getroot()
        for result in root.iterfind(".//t:UnitTestResult", NS):
            outcome, name = result.get("outcome"), result.get("testName")
            said = result.findtext(".//t:ErrorInfo/t:Message", default="", namespaces=NS).strip()
            if outcome == "Passed":
                passed += 1
            elif outcome in ("NotExecuted", "Inconclusive"):
                skipped[said or "no reason given"].append(name)
            else:
                failed.append((name, said))
    for name, said in failed:
        print(f"FAILED {name}: {said.splitlines()[0] if said else 'no message'}")
    for reason, names in sorted(skipped.items()):
        print(f"skipped {len(names)}: {reason}")
        for name in sorted(names):
            print(f"  {name}")
    print(f"{passed} passed, {len(failed)} failed, {sum(map(len, skipped.values()))} skipped", flush=True)
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
