"""The certificate authority of one run, which is valid for Douyin's hosts only."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import os
import ssl
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALIDITY = timedelta(days=397)
"""The longest validity of a server certificate that clients accept."""


class Authority:
    """One certificate for all the hosts, and the authority that signed it.

    The authority's key is discarded once it has signed, so that nobody can sign anything more with
    it. Its name constraints make sure that a client trusts it for these hosts only.
    """

    def __init__(self, hosts: Sequence[str]) -> None:
        now = datetime.now(UTC)
        authority, server = ec.generate_private_key(ec.SECP256R1()), _key()
        issuer = _named("mockdouyin: a test authority of one run, for Douyin's hosts only")
        root = (
            _draft(issuer, issuer, authority.public_key(), now)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_signs_certificates(), critical=True)
            .add_extension(_only_for(hosts), critical=True)
            .sign(authority, hashes.SHA256())
        )
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
        leaf = (
            _draft(_named(hosts[0]), issuer, server.public_key(), now)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(names, critical=False)
            .add_extension(issued_by, critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
            .sign(authority, hashes.SHA256())
        )
        self.root = root
        self.pem = root.public_bytes(Encoding.PEM)
        """The authority's certificate, which clients have to trust."""
        self._chain = leaf.public_bytes(Encoding.PEM) + self.pem
        self._key = server.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = server.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.key_hash = base64.b64encode(hashlib.sha256(public).digest()).decode()
        """The server key's hash, as Chromium's --ignore-certificate-errors-spki-list takes it."""

    def context(self) -> ssl.SSLContext:
        """Return the server's TLS context, which negotiates HTTP/1.1."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        handle, path = tempfile.mkstemp(prefix="mockdouyin-")  # ssl loads keys from files only
        try:
            with open(handle, "wb") as file:
                file.write(self._key + self._chain)
            context.load_cert_chain(path)
        finally:
            os.unlink(path)
        context.set_alpn_protocols(["http/1.1"])
        return context


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now - timedelta(days=1) + VALIDITY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _signs_certificates() -> x509.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
        " key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: name == "key_cert_sign" for name in names.split()})


def _only_for(hosts: Sequence[str]) -> x509.NameConstraints:
    everywhere = [ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")]
    return x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(host) for host in hosts],
        excluded_subtrees=[x509.IPAddress(network) for network in everywhere],
    )
