"""canaries.py FOLDER: fails when a secret of the tests stands in what they printed (their TRX files, names and messages included)."""
import base64
import pathlib
import sys

# As tests/TestKit/Secrets/Canary.cs has it, and what opens the simulated account and the simulated Master.
SECRETS = {
    "canary": b"Zk4n4ryQ",
    "simulator's key": b"simulator-secret-that-opens-nothing-else",
    "simulated Master's access token": b"simulator-access-token-that-opens-nothing-else",
}


def forms(secret):
    """As it is, in hex, and in base64 at each of three offsets, without the characters that neighbours share."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for offset, shared in ((0, 0), (1, 2), (2, 3)):
        whole = (len(secret) + offset) // 3 * 3 - offset
        yield base64.b64encode(bytes(offset) + secret[:whole])[shared:]


def main(folder):
    files = [f for f in sorted(pathlib.Path(folder).rglob("*")) if f.is_file()]
    failed = False
    for file in files:
        content = file.read_bytes()
        for name, secret in SECRETS.items():
            for form in forms(secret):
                at = content.find(form)
                if at >= 0:
                    line = content.rfind(b"\n", 0, at) + 1
                    print(f"FAILED {file.name} gives the {name} away, byte {at}: {content[max(line, at - 160):at].decode(errors='replace')}…")
                    failed = True
                    break
    print(f"looked for secrets in {len(files)} files of the tests' output: {'found some' if failed else 'none'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
