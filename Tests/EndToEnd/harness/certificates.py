"""Certificates made for a test: an authority of its own, and whatever it is to vouch for."""
from __future__ import annotations

import datetime
import functools
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


@functools.cache
def rsa_key(number: int = 0):
    """Slow to make, so shared by all certificates with the same number."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def make_key(kind: str = "ec"):
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "ec384":
        return ec.generate_private_key(ec.SECP384R1())
    return rsa_key() if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()


def key_pem(key, passphrase: bytes | None = None,
            form=serialization.PrivateFormat.PKCS8) -> bytes:
    encryption = (serialization.BestAvailableEncryption(passphrase) if passphrase
                  else serialization.NoEncryption())
    return key.private_bytes(serialization.Encoding.PEM, form, encryption)


def hash_for(key):
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


@dataclass
class Issued:
    """A certificate, its key and who issued it."""

    certificate: x509.Certificate
    key: object
    issuers: list[x509.Certificate]

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def chain_pem(self) -> bytes:
        """Without the root."""
        return self.pem + b"".join(
            issuer.public_bytes(serialization.Encoding.PEM) for issuer in self.issuers
            if issuer.issuer != issuer.subject)

    @property
    def key_pem(self) -> bytes:
        return key_pem(self.key)

    @property
    def serial(self) -> int:
        return self.certificate.serial_number

    def write(self, directory: Path, name: str) -> tuple[Path, Path]:
        """`name.pem` and `name.key`; the paths of both."""
        directory.mkdir(parents=True, exist_ok=True)
        certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
        for file, content in ((key, self.key_pem), (certificate, self.chain_pem)):
            # In one step, as a deployment tool does.
            temporary = file.with_suffix(".new")
            temporary.write_bytes(content)
            temporary.replace(file)
        return certificate, key


class Authority:
    """Signs certificates; itself signed by `parent`, or by itself."""

    def __init__(self, name: str = "Test Authority", parent: "Authority | None" = None):
        self.key = make_key()
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.parent = parent
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder().subject_name(self.name)
            .issuer_name(parent.name if parent else self.name)
            .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY).not_valid_after(now + 3650 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True, key_cert_sign=True, crl_sign=True,
                    content_commitment=False, key_encipherment=False, data_encipherment=False,
                    key_agreement=False, encipher_only=False, decipher_only=False),
                critical=True))
        self.certificate = builder.sign((parent or self).key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def write(self, directory: Path, name: str = "ca") -> Path:
        directory.mkdir(parents=True, exist_ok=True)
        file = directory / f"{name}.pem"
        file.write_bytes(self.pem)
        return file

    def issue(self, *names: str, subject: str | None = None, kind: str = "ec", days: float = 90,
              age: float = 1, client: bool = False) -> Issued:
        """A certificate for DNS names and addresses, valid from `age` days ago for `days`."""
        key = make_key(kind)
        start = datetime.datetime.now(datetime.UTC) - age * DAY
        attributes = [x509.NameAttribute(
            NameOID.COMMON_NAME, subject or (names[0] if names else "nameless"))]
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        builder = (
            x509.CertificateBuilder().subject_name(x509.Name(attributes)).issuer_name(self.name)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(start).not_valid_after(start + days * DAY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False))
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([self._general(name) for name in names]),
                critical=False)
        issuers, authority = [], self
        while authority:
            issuers.append(authority.certificate)
            authority = authority.parent
        return Issued(builder.sign(self.key, hash_for(self.key)), key, issuers)

    @staticmethod
    def _general(name: str):
        if "://" in name:
            return x509.UniformResourceIdentifier(name)
        if "@" in name:
            return x509.RFC822Name(name)
        try:
            return x509.IPAddress(ipaddress.ip_address(name))
        except ValueError:
            return x509.DNSName(name)


def self_signed(*names: str) -> Issued:
    """Trusted by nobody but who names it."""
    key = make_key()
    now = datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY).not_valid_after(now + 90 * DAY)
        .add_extension(
            x509.SubjectAlternativeName([Authority._general(name) for name in names]),
            critical=False)
        .sign(key, hashes.SHA256()))
    return Issued(certificate, key, [certificate])
