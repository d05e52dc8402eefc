"""The authority of one run: what it vouches for, and for how long."""

from __future__ import annotations

import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._authority import Authority


def test_it_vouches_for_douyins_hosts_alone() -> None:
    """Its name constraints permit Douyin's hosts and exclude every address."""
    root = Authority(HOSTS).root
    limits = root.extensions.get_extension_for_class(x509.NameConstraints)

    assert limits.critical
    assert [name.value for name in limits.value.permitted_subtrees or ()] == HOSTS
    assert [str(name.value) for name in limits.value.excluded_subtrees or ()] == [
        "0.0.0.0/0",
        "::/0",
    ]


def test_it_is_short_lived() -> None:
    """No client refuses it for being good too long."""
    root = Authority(HOSTS).root

    assert root.not_valid_after_utc - root.not_valid_before_utc <= timedelta(days=398)


def test_two_runs_do_not_trust_each_other() -> None:
    """Each run has keys of its own."""
    one, two = Authority(HOSTS), Authority(HOSTS)

    assert one.key_hash != two.key_hash
    assert one.root.public_key() != two.root.public_key()


def test_openssl_finds_no_fault_in_it(tmp_path: Path) -> None:
    """The chain verifies strictly, for a host of Douyin's and not for another."""
    authority = Authority(HOSTS)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    server, client = ssl.MemoryBIO(), ssl.MemoryBIO()
    trusting = ssl.create_default_context(cadata=authority.pem.decode())
    near = trusting.wrap_bio(client, server, server_hostname=HOSTS[0])
    far = authority.context().wrap_bio(server, client, server_side=True)
    for side in (near, far, near, far):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    leaf = near.getpeercert(binary_form=True)
    (tmp_path / "leaf.pem").write_text(ssl.DER_cert_to_PEM_cert(leaf or b""))

    def verified(host: str) -> bool:
        command = f"openssl verify -x509_strict -CAfile ca.pem -verify_hostname {host} leaf.pem"
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
        return done.returncode == 0

    assert verified("open.douyin.com")
    assert not verified("example.com")
