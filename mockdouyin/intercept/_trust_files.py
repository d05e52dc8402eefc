"""The private folder of one run: the authority's certificate in the formats of all clients."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import ssl
import tempfile
import warnings
from importlib import resources
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from mockdouyin.core import files
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._authority import Authority
from mockdouyin.intercept._error_texts import CANNOT_WRITE, CERTIFICATES, NO_LOCK

try:
    import fcntl
except ImportError:  # Windows, where nothing is swept
    fcntl = None  # type: ignore[assignment]

PREFIX = "mockdouyin-run-"

_MAX_TRIES = 20
"""Attempts at creating a folder that can be locked, before giving up."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

_MAX_FILE = 16 * 1024 * 1024
"""Bytes of an existing bundle or settings file that ours are added to."""

_BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")


class TrustFiles:
    """A folder that is removed with its run, or by the next run if its own was killed."""

    def __init__(self, path: Path | None = None) -> None:
        self._is_temporary = path is None
        self._lock: int | None = None
        self._written: list[Path] = []
        if path is None:
            _sweep(Path(tempfile.gettempdir()))
            self.path = self._make()
        else:
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise MockDouyinError(
                    CERTIFICATES(path=str(path), strerror=error.strerror or "")
                ) from None
            self.path = path.resolve()

    def _make(self) -> Path:
        for _ in range(_MAX_TRIES):
            path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = _lock_folder(path)
            if self._lock is not None and path.exists():
                return path  # else another run's sweep removed it before it was locked
            shutil.rmtree(path, ignore_errors=True)
        raise MockDouyinError(NO_LOCK(folder=tempfile.gettempdir()))

    def write(self, authority: Authority, port: int) -> None:
        """Write the files by which clients trust the authority and find the proxy's port."""
        system = _bundle(_BUNDLES)
        ours = authority.pem.decode()
        self._write("ca.pem", ours)
        self._write("bundle.pem", system + ours)
        self._write("node-extra.pem", _file(os.environ.get("NODE_EXTRA_CA_CERTS")) + ours)
        self._write("truststore.p12", _truststore([authority.root, *_certificates(system)]))
        target = json.dumps({"hosts": HOSTS, "port": port})
        self._write("node-hook.cjs", _hook("node-hook.cjs").replace("{} /* target */", target))
        hosts = json.dumps(HOSTS)
        self._write("ruby-hook.rb", _hook("ruby-hook.rb").replace("[] # hosts", hosts))
        bundle = self.path / "bundle.pem"
        quoted = _quote_for_ini(str(bundle))
        ini = f"curl.cainfo = {quoted}\nopenssl.cafile = {quoted}\n"
        self._write("php/mockdouyin.ini", ini)
        before = _file(os.environ.get("WGETRC") or os.path.expanduser("~/.wgetrc"))
        self._write("wgetrc", f"{before}ca_certificate = {bundle}\n")

    def _write(self, name: str, content: str | bytes) -> None:
        path = self.path / name
        try:
            _make_folder(path.parent)
            path.unlink(missing_ok=True)  # replaces a link or FIFO of that name, follows none
            with open(os.open(path, _NEW, 0o666), "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
        except OSError as error:
            raise MockDouyinError(
                CANNOT_WRITE(path=str(path), strerror=error.strerror or "")
            ) from None
        self._written.append(path)

    def remove(self) -> None:
        """Remove the files; the folder too, unless the user named it."""
        if self._is_temporary:
            shutil.rmtree(self.path, ignore_errors=True)
        for path in self._written:
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (self.path / "php").rmdir()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _hook(name: str) -> str:
    return resources.files("mockdouyin.intercept").joinpath(name).read_text("utf-8")


def _quote_for_ini(value: str) -> str:
    """Quote a value for php.ini, where only the quote itself is special in single quotes."""
    if "'" not in value:
        return f"'{value}'"
    return '"' + re.sub(r'(["\\$])', r"\\\1", value) + '"'


def _make_folder(path: Path) -> None:
    """Create a folder unless it exists; refuse a link in its place."""
    with contextlib.suppress(FileExistsError):
        path.mkdir()
    if path.is_symlink() or not path.is_dir():
        raise OSError(errno.ENOTDIR, f"{path.name} exists and is not a folder")


def _lock_folder(path: Path) -> int | None:
    """Lock a folder of this user until this process ends; return None if that fails."""
    # Other users can create a FIFO, a link or a folder of theirs under our name in /tmp.
    if fcntl is None:
        return os.open(os.devnull, os.O_RDONLY)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if os.fstat(handle).st_uid != os.geteuid():
            raise PermissionError(errno.EPERM, "the folder belongs to another user")
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _sweep(parent: Path) -> None:
    """Remove the folders of this user's runs that were killed: those that nobody locks."""
    if fcntl is None:
        return
    for path in parent.glob(PREFIX + "*"):
        lock = _lock_folder(path)
        if lock is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _bundle(names: tuple[str, ...]) -> str:
    """Return the certificates that the machine trusts already, per environment and OpenSSL."""
    default = ssl.get_default_verify_paths()
    paths = [os.environ.get(name) for name in names] + [default.openssl_cafile]
    texts = [_file(path) for path in dict.fromkeys(paths)]
    if not any(texts):
        texts = [_file("/etc/ssl/certs/ca-certificates.crt") or _system_store()]
    return "".join(texts)


def _system_store() -> str:
    """Return the certificates of the system's own store, where it has no bundle file."""
    found = ssl.create_default_context().get_ca_certs(binary_form=True)
    return "".join(map(ssl.DER_cert_to_PEM_cert, found))


def _file(path: str | None) -> str:
    try:
        text = files.read(path, _MAX_FILE).decode("utf-8", "replace") if path else ""
    except OSError:
        return ""
    return text if not text or text.endswith("\n") else text + "\n"


def _certificates(bundle: str) -> list[x509.Certificate]:
    """Parse the certificates of a bundle, and skip those that cannot be parsed."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part in bundle.split("-----BEGIN CERTIFICATE-----")[1:]:
            with contextlib.suppress(ValueError):
                one = x509.load_pem_x509_certificate(f"-----BEGIN CERTIFICATE-----{part}".encode())
                found[one.fingerprint(SHA1())] = one  # noqa: S303 - only to drop duplicates
    return list(found.values())


def _truststore(certificates: list[x509.Certificate]) -> bytes:
    """Return a PKCS#12 trust store that any Java reads, even before 8u301."""
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(2048)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(SHA1())  # noqa: S303
        .build(b"changeit")
    )
    entries = [
        pkcs12.PKCS12Certificate(one, f"ca-{number}".encode())
        for number, one in enumerate(certificates)
    ]
    return pkcs12.serialize_java_truststore(entries, encryption)
