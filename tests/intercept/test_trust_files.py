"""The folder of one run: what is in it, who may read it, and that it goes."""

from __future__ import annotations

import shutil
import ssl
import stat
import subprocess
from pathlib import Path

import pytest

from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._authority import Authority
from mockdouyin.intercept._trust_files import PREFIX, TrustFiles
from tests.support.helpers import need

AUTHORITY = Authority(HOSTS)
TRUSTED = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Use a temporary folder for this test, and an environment that sets nothing."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in (*TRUSTED, "NODE_EXTRA_CA_CERTS", "WGETRC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def other() -> str:
    """Return the certificate of another authority."""
    return Authority(["intra.example.com"]).pem.decode()


def test_a_private_folder_goes_with_its_run(temporary: Path) -> None:
    """The folder is this user's alone, among the temporary files, and goes with all in it."""
    folder = TrustFiles()
    folder.write(AUTHORITY, 1234)

    assert folder.path.parent == temporary
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    folder.remove()
    assert list(temporary.iterdir()) == []


def test_a_named_folder_stays(temporary: Path) -> None:
    """Of a folder that somebody named only what was written goes."""
    named = temporary / "certificates"
    named.mkdir()
    (named / "mine.txt").write_text("mine")
    folder = TrustFiles(named)
    folder.write(AUTHORITY, 1234)
    folder.remove()

    assert [path.name for path in named.iterdir()] == ["mine.txt"]


def test_a_killed_runs_folder_is_swept(temporary: Path) -> None:
    """The next run removes what a killed one left, and nothing that lives or is not its own."""
    left = temporary / f"{PREFIX}left"
    left.mkdir()
    (left / "ca.pem").touch()
    (temporary / "mockdouyin-other").mkdir()
    living = TrustFiles()

    another = TrustFiles()

    assert not left.exists()
    assert (temporary / "mockdouyin-other").exists()
    assert living.path.exists()
    living.remove()
    another.remove()


def test_the_bundle_adds_to_what_is_trusted(
    temporary: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """The bundle holds what the environment names as trusted, and this run's authority."""
    (temporary / "corp.pem").write_text(other.rstrip("\n"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(temporary / "corp.pem"))
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(temporary / "corp.pem"))
    folder = TrustFiles()
    folder.write(AUTHORITY, 1234)

    for name in ("bundle.pem", "node-extra.pem"):
        held = (folder.path / name).read_text()
        assert other in held
        assert held.endswith(AUTHORITY.pem.decode())
    assert (folder.path / "ca.pem").read_bytes() == AUTHORITY.pem
    folder.remove()


def test_the_bundle_has_what_the_system_trusts(temporary: Path) -> None:
    """Where nothing is set, other hosts are trusted as before: the system's bundle is in ours."""
    folder = TrustFiles()
    folder.write(AUTHORITY, 1234)
    context = ssl.create_default_context(cafile=str(folder.path / "bundle.pem"))

    before = ssl.create_default_context().cert_store_stats()["x509_ca"]
    assert context.cert_store_stats()["x509_ca"] >= max(before, 1) + 1
    folder.remove()


def test_a_bundle_that_is_not_there(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that names no file does no harm; what cannot be read as a certificate neither."""
    monkeypatch.setenv("SSL_CERT_FILE", str(temporary / "missing.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(temporary / "odd.pem"))
    odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    (temporary / "odd.pem").write_text(odd)
    folder = TrustFiles()

    folder.write(AUTHORITY, 1234)

    assert (folder.path / "truststore.p12").stat().st_size > 0
    folder.remove()


def test_wget_keeps_its_settings(temporary: Path) -> None:
    """What wget was told before it is still told; whom it trusts comes last, and holds."""
    (temporary / ".wgetrc").write_text("tries = 1")
    folder = TrustFiles()
    folder.write(AUTHORITY, 1234)

    lines = (folder.path / "wgetrc").read_text().splitlines()
    assert lines == ["tries = 1", f"ca_certificate = {folder.path / 'bundle.pem'}"]
    folder.remove()


def test_the_hook_knows_hosts_and_port(temporary: Path) -> None:
    """Node's hook is written for this run: every host of Douyin's, and the proxy's port."""
    folder = TrustFiles()
    folder.write(AUTHORITY, 54321)

    hook = (folder.path / "node-hook.cjs").read_text()
    assert '"port": 54321' in hook
    assert all(f'"{host}"' in hook for host in HOSTS)
    folder.remove()


def test_java_opens_the_trust_store(temporary: Path) -> None:
    """Java's own tool lists this run's authority among what is trusted."""
    need(shutil.which("keytool"), "keytool, which comes with Java")
    folder = TrustFiles()
    folder.write(AUTHORITY, 1234)
    command = ["keytool", "-list", "-v", "-storepass", "changeit", "-alias", "ca-0", "-keystore"]
    done = subprocess.run(
        [*command, str(folder.path / "truststore.p12")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "Entry type: trustedCertEntry" in done.stdout
    assert "mockdouyin: a test authority of one run" in done.stdout
    folder.remove()


@pytest.mark.parametrize("name", ["it's", 'a "b"', "${HOME} $x", "back\\slash", "'\"${HOME}\\"])
def test_php_finds_the_bundle(name: str, temporary: Path) -> None:
    """PHP reads the bundle's path as it is, whatever the folder's name has in it."""
    need(shutil.which("php"), "php-cli")
    folder = TrustFiles(temporary / name)
    folder.write(AUTHORITY, 1234)
    done = subprocess.run(
        ["php", "-n", "-c", str(folder.path / "php" / "mockdouyin.ini")]
        + ["-r", "echo ini_get('openssl.cafile'), '|', ini_get('curl.cainfo');"],
        capture_output=True,
        text=True,
        check=True,
    )

    bundle = str(folder.path / "bundle.pem")
    assert done.stdout.split("|")[0] == bundle
    folder.remove()
