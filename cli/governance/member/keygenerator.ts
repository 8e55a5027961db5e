/**
 * Makes the identity of a member: a key on a NIST curve and a certificate signed with it, valid for 365 days; on request also an RSA
 * key for recovery shares. Needs bash and openssl. Everything is made under other names first: an interrupted run leaves no key behind
 * that looks complete.
 */
export const script = String.raw`#!/usr/bin/env bash
set -euo pipefail

usage() {
  echo "Makes the keys of a member."
  echo "  --name NAME          name of the member, also of its files"
  echo "  --out DIR            where the files go (default: here)"
  echo "  --curve CURVE        secp384r1 (default) or secp256r1"
  echo "  --gen-enc-key        also make an RSA key for recovery shares"
}

fail() {
  echo "keygenerator: $1" >&2
  exit "$2"
}

name="" out="." curve="secp384r1" with_encryption=no
while [ $# -gt 0 ]; do
  case "$1" in
    --name | --out | --curve)
      [ $# -ge 2 ] || fail "$1 needs a value" 2
      case "$1" in --name) name=$2 ;; --out) out=$2 ;; --curve) curve=$2 ;; esac
      shift 2
      ;;
    --gen-enc-key) with_encryption=yes; shift ;;
    -h | --help) usage; exit 0 ;;
    *) fail "unknown argument: $1" 2 ;;
  esac
done

[ -n "$name" ] || fail "--name is missing" 2
# The name becomes a file name and the common name of the certificate.
case "$name" in [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) fail "not a name: $name (letters, digits, . _ -)" 2 ;; esac
case "$curve" in
  secp384r1) group=P-384 digest=sha384 ;;
  secp256r1) group=P-256 digest=sha256 ;;
  *) fail "unknown curve: $curve (secp384r1 or secp256r1)" 2 ;;
esac
command -v openssl > /dev/null || fail "openssl is not installed" 1

key="$out/$name""_privk.pem" cert="$out/$name""_cert.pem"
enc_key="$out/$name""_enc_privk.pem" enc_pub="$out/$name""_enc_pubk.pem"
set -- "$key" "$cert"
[ "$with_encryption" = no ] || set -- "$@" "$enc_key" "$enc_pub"
for file in "$@"; do
  [ ! -e "$file" ] || fail "$file exists; it is not overwritten" 1
done

mkdir -p "$out"
umask 077
work=$(mktemp -d "$out/.keygenerator.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

echo "-- Generating identity private key and certificate for participant \"$name\"..."
echo "Identity curve: $curve"
openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$group" -out "$work/key" 2> /dev/null
# A configuration of its own: what the certificate holds must not depend on the machine's.
cat > "$work/config" << END
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = $name
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
END
openssl req -new -x509 "-$digest" -days 365 -key "$work/key" -config "$work/config" -out "$work/cert"
chmod 644 "$work/cert"
mv "$work/key" "$key"
mv "$work/cert" "$cert"
echo "Identity private key generated at:   $key"
echo "Identity certificate generated at:   $cert (to be registered in CCF)"

if [ "$with_encryption" = yes ]; then
  echo "-- Generating RSA encryption key pair for participant \"$name\"..."
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/enc_key" 2> /dev/null
  openssl pkey -in "$work/enc_key" -pubout -out "$work/enc_pub"
  chmod 644 "$work/enc_pub"
  mv "$work/enc_key" "$enc_key"
  mv "$work/enc_pub" "$enc_pub"
  echo "Encryption private key generated at: $enc_key"
  echo "Encryption public key generated at:  $enc_pub (to be registered in CCF)"
fi
`;
