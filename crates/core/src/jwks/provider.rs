//! The cryptography that `jsonwebtoken` verifies with: RSA, and with the cargo feature `ec` the curves P-256 and P-384.
//!
//! The library's own providers are not used: the whole of either is much larger in WebAssembly, and one needs a C
//! compiler.

use std::marker::PhantomData;

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use rsa::pkcs1v15::VerifyingKey;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::{BigUint, RsaPublicKey};

/// Smallest RSA modulus that is verified, in bits: RFC 7518 section 3.3.
const MIN_RSA_BITS: usize = 2048;

/// Largest RSA modulus that is verified, in bits: against key sets made to cost time.
const MAX_RSA_BITS: usize = 8192;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this provider the one of the process, as `jsonwebtoken` wants it, unless there is one already.
pub(super) fn install() {
    // The error means that the program has chosen another, or that this is not the first call.
    let _ = PROVIDER.install_default();
}

/// The verifier for a key, or why there is none: the algorithm is not supported, or the key is none that is verified.
pub(super) fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if key.family() != algorithm.family() {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    }
    match algorithm {
        Algorithm::RS256 => checked(algorithm, rsa_key(key).map(VerifyingKey::<Sha256>::new)),
        Algorithm::RS384 => checked(algorithm, rsa_key(key).map(VerifyingKey::<Sha384>::new)),
        Algorithm::RS512 => checked(algorithm, rsa_key(key).map(VerifyingKey::<Sha512>::new)),
        #[cfg(feature = "ec")]
        Algorithm::ES256 => {
            use p256::ecdsa::{Signature, VerifyingKey};
            checked::<Signature>(algorithm, ec_key(key, VerifyingKey::from_sec1_bytes))
        }
        #[cfg(feature = "ec")]
        Algorithm::ES384 => {
            use p384::ecdsa::{Signature, VerifyingKey};
            checked::<Signature>(algorithm, ec_key(key, VerifyingKey::from_sec1_bytes))
        }
        _ => Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    }
}

fn rsa_key(key: &DecodingKey) -> Result<RsaPublicKey> {
    let refused = || new_error(ErrorKind::InvalidRsaKey("not verified".to_owned()));
    let DecodingKeyKind::RsaModulusExponent { n, e } = key.kind() else {
        return Err(refused());
    };
    let (n, e) = (BigUint::from_bytes_be(n), BigUint::from_bytes_be(e));
    if n.bits() < MIN_RSA_BITS {
        return Err(refused());
    }
    RsaPublicKey::new_with_max_size(n, e, MAX_RSA_BITS).map_err(|_| refused())
}

#[cfg(feature = "ec")]
fn ec_key<K>(key: &DecodingKey, from_point: fn(&[u8]) -> signature::Result<K>) -> Result<K> {
    from_point(key.try_get_as_bytes()?).map_err(|_| new_error(ErrorKind::InvalidEcdsaKey))
}

/// A verifier of signatures in bytes, over a key `K` that takes them parsed, as `S`.
struct Checked<K, S> {
    algorithm: Algorithm,
    key: K,
    parsed: PhantomData<S>,
}

fn checked<S>(
    algorithm: &Algorithm,
    key: Result<impl Verifier<S> + 'static>,
) -> Result<Box<dyn JwtVerifier>>
where
    S: for<'a> TryFrom<&'a [u8], Error = signature::Error> + 'static,
{
    Ok(Box::new(Checked {
        algorithm: *algorithm,
        key: key?,
        parsed: PhantomData,
    }))
}

impl<K, S> Verifier<Vec<u8>> for Checked<K, S>
where
    K: Verifier<S>,
    S: for<'a> TryFrom<&'a [u8], Error = signature::Error>,
{
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> signature::Result<()> {
        self.key.verify(message, &S::try_from(signature)?)
    }
}

impl<K, S> JwtVerifier for Checked<K, S>
where
    Self: Verifier<Vec<u8>>,
{
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}
