#!/usr/bin/env python3
"""What is inside a binary, for whoever gets it.

  tests/supply.py FILE/THIRD-PARTY.txt   the licences of all crates in it, each text once with the crates that have it
  tests/supply.py FILE/mps.cdx.json      the parts, as CycloneDX 1.5: the same file for the same Cargo.lock
  tests/supply.py oci BINARY DIR         an image from scratch as an OCI layout, without a registry

The one decision: `cargo metadata --locked` and the sources that cargo has unpacked say it all, so that no tool has to be installed.
"""
import collections
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMES = re.compile(r"^(licen[cs]e|copying|notice|unlicense|copyright)", re.I)
ENDINGS = ("", ".txt", ".md", ".mit", ".apache", ".apache-2.0")
# Where Debian keeps the authorities.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
USER = 65532
LONG_AGO = "1970-01-01T00:00:00Z"


def run(*command):
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def parts(kinds):
    """The packages that the program is made of by these kinds of dependency, and whom each of them uses."""
    host = next(line[6:] for line in run("rustc", "-vV").splitlines() if line.startswith("host: "))
    meta = json.loads(run("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", host))
    packages = {package["id"]: package for package in meta["packages"]}
    nodes = {node["id"]: node for node in meta["resolve"]["nodes"]}
    root = meta["resolve"]["root"]
    uses, left = {}, [root]
    while left:
        part = left.pop()
        if part not in uses:
            used = (dep["pkg"] for dep in nodes[part]["deps"] if any(kind["kind"] in kinds for kind in dep["dep_kinds"]))
            uses[part] = sorted(used)
            left += uses[part]
    return packages, root, uses


def licence_files(folder):
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and len(file.relative_to(folder).parts) <= 2)
    return [file for file in files if NAMES.match(file.name) and file.suffix.lower() in ENDINGS]


def notices():
    packages, root, uses = parts({None})
    texts = collections.defaultdict(set)
    without = []
    for part in uses:
        if part == root:
            continue
        package = packages[part]
        name = f"{package['name']} {package['version']} ({package['license'] or package['license_file'] or 'not named'})"
        files = licence_files(pathlib.Path(package["manifest_path"]).parent)
        for file in files:
            texts[file.read_text(encoding="utf-8", errors="replace").strip()].add(name)
        if not files:
            authors = ", ".join(package["authors"]) or "its authors"
            without.append(f"{name}: {authors}; {package['repository'] or 'no repository named'}")
    out = ["Third parties' software in mps, and its licences.", "",
           "Where a crate may be used under one licence or another, both texts stand here. SQLite, which is built in, is in",
           "the public domain.", ""]
    for text, names in sorted(texts.items(), key=lambda item: (sorted(item[1]), item[0])):
        out += ["=" * 100, *sorted(names), "-" * 100, text, ""]
    if without:
        out += ["=" * 100, "Published without a file of their licence; it is the one that is named, whose text stands above:",
                *sorted(without), ""]
    return "\n".join(out)


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def bill():
    packages, root, uses = parts({None, "build"})
    with open(ROOT / "Cargo.lock", "rb") as file:
        sums = {(package["name"], package["version"]): package.get("checksum") for package in tomllib.load(file)["package"]}
    components = {}
    for part in uses:
        package = packages[part]
        component = {"type": "application" if part == root else "library", "bom-ref": purl(package), "name": package["name"],
                     "version": package["version"], "purl": purl(package)}
        if package["license"]:
            # The slash is the old way to write a choice.
            component["licenses"] = [{"expression": re.sub(r"\s*/\s*", " OR ", package["license"])}]
        checksum = sums.get((package["name"], package["version"]))
        if checksum:
            component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        if package["repository"]:
            component["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        components[part] = component
    order = sorted(components, key=lambda part: components[part]["purl"])
    return json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": components[root]},
        "components": [components[part] for part in order if part != root],
        "dependencies": [{"ref": components[part]["purl"], "dependsOn": sorted({purl(packages[used]) for used in uses[part]})}
                         for part in order],
    }, indent=1) + "\n"


def libraries(binary):
    """The linker and the libraries that a binary asks for; none for a static one."""
    listed = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False)
    return [] if listed.returncode else sorted(set(re.findall(r"(/\S+) \(0x", listed.stdout)))


def layer(binary):
    """The tree of the image as a tar: the same bytes for the same files."""
    raw = io.BytesIO()
    found = libraries(binary)
    docs = "/usr/share/doc/mps"
    folders = {"/var/lib"}
    for file in [AUTHORITIES, "/usr/bin/mps", f"{docs}/x", "/var/lib/mps", *found]:
        folders |= {str(folder) for folder in pathlib.PurePosixPath(file).parents if str(folder) != "/"}
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        def put(name, content=None, mode=0o755, owner=0):
            entry = tarfile.TarInfo(name.lstrip("/"))
            entry.mode, entry.uid, entry.gid, entry.mtime = mode, owner, owner, 0
            entry.type = tarfile.DIRTYPE if content is None else tarfile.REGTYPE
            entry.size = len(content or b"")
            tar.addfile(entry, io.BytesIO(content or b""))
        for folder in sorted(folders):
            put(folder)
        put("/tmp", mode=0o1777)
        put("/var/lib/mps", mode=0o700, owner=USER)
        put("/etc/passwd", f"mps:x:{USER}:{USER}::/var/lib/mps:/nonexistent\n".encode(), 0o644)
        put("/etc/group", f"mps:x:{USER}:\n".encode(), 0o644)
        put(AUTHORITIES, pathlib.Path(AUTHORITIES).read_bytes(), 0o644)
        put("/usr/bin/mps", pathlib.Path(binary).read_bytes())
        for library in found:
            put(library, pathlib.Path(library).resolve().read_bytes())
        for file in ("LICENSE-MIT", "LICENSE-APACHE"):
            put(f"{docs}/{file}", (ROOT / file).read_bytes(), 0o644)
        put(f"{docs}/THIRD-PARTY.txt", notices().encode(), 0o644)
    return raw.getvalue()


def image(binary, directory):
    directory = pathlib.Path(directory)
    blobs = directory / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def blob(content, media):
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        return {"mediaType": f"application/vnd.oci.image.{media}", "digest": f"sha256:{digest}", "size": len(content)}

    tree = layer(binary)
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    with open(ROOT / "Cargo.toml", "rb") as file:
        package = tomllib.load(file)["package"]
    config = {
        "architecture": machine, "os": "linux", "created": LONG_AGO,
        "config": {
            "User": f"{USER}:{USER}", "Entrypoint": ["/usr/bin/mps"], "WorkingDir": "/var/lib/mps",
            "Volumes": {"/var/lib/mps": {}},
            "Env": ["PATH=/usr/bin", "HOME=/var/lib/mps", "MPS_STATE_DIR=/var/lib/mps", "MPS_CONFIG_DIR=/var/lib/mps/config",
                    f"SSL_CERT_FILE={AUTHORITIES}"],
            # No part of OCI's own format: Docker reads it all the same, Podman only in images of Docker's format.
            "Healthcheck": {"Test": ["CMD", "/usr/bin/mps", "doctor", "--check", "journal"],
                            "Interval": 600 * 10**9, "Timeout": 30 * 10**9},
            "Labels": {"org.opencontainers.image.title": "mps", "org.opencontainers.image.version": package["version"],
                       "org.opencontainers.image.licenses": package["license"]},
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(tree).hexdigest()]},
        "history": [{"created": LONG_AGO, "created_by": "tests/package oci"}],
    }
    manifest = {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(json.dumps(config).encode(), "config.v1+json"),
        "layers": [blob(gzip.compress(tree, mtime=0), "layer.v1.tar+gzip")],
    }
    entry = blob(json.dumps(manifest).encode(), "manifest.v1+json")
    entry["annotations"] = {"org.opencontainers.image.ref.name": "latest"}
    entry["platform"] = {"architecture": machine, "os": "linux"}
    (directory / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
    (directory / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "oci":
        image(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 2 and sys.argv[1].endswith("THIRD-PARTY.txt"):
        pathlib.Path(sys.argv[1]).write_text(notices(), encoding="utf-8")
    elif len(sys.argv) == 2 and sys.argv[1].endswith(".cdx.json"):
        pathlib.Path(sys.argv[1]).write_text(bill(), encoding="utf-8")
    else:
        sys.exit(__doc__)
