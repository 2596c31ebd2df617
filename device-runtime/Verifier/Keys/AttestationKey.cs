using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>
/// A public key that signs evidence, ready to verify: the AK of a TPM (with its Name), an identity key, the authority's key. Thread-safe.
/// Accepts P-256 and P-384 with SHA-256/384, RSA 2048..4096 with RSASSA/RSAPSS and SHA-256/384; everything else is refused (attack A17).
/// The algorithm comes from the key and never from the message it is to verify.
/// </summary>
public sealed class AttestationKey
{
    private readonly TpmAlg scheme;
    private readonly TpmAlg hash;

    // One platform key, lent to one caller at a time: building one costs more than a verification, and the platform does not promise that
    // two threads may verify with the same. A second caller at the same moment builds its own.
    private AsymmetricAlgorithm? idle;

    private AttestationKey(TpmAlg type, TpmAlg scheme, TpmAlg hash, int bits, byte[] spki, byte[] name)
    {
        (Type, this.scheme, this.hash, KeyBits, SubjectPublicKeyInfo, Name) = (type, scheme, hash, bits, spki, name);
        idle = Build();
        if (idle is ECDsa { KeySize: 256 } ec) Thumbprint = KeyThumbprint.Of(ec.ExportParameters(false));
    }

    /// <summary>RSA or ECC.</summary>
    public TpmAlg Type { get; }

    public int KeyBits { get; }

    /// <summary>DER.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>TPM Name, <c>nameAlg ‖ H(TPMT_PUBLIC)</c>; empty for a key that is not a TPM object.</summary>
    public ReadOnlyMemory<byte> Name { get; }

    /// <summary>RFC 9679 thumbprint, 32 bytes; empty unless P-256.</summary>
    public ReadOnlyMemory<byte> Thumbprint { get; }

    /// <summary>Bytes of r and of s; 0 for RSA.</summary>
    public int FieldSize => Type == TpmAlg.Ecc ? KeyBits / 8 : 0;

    /// <summary>For people: "P-256 ECDSA SHA-256".</summary>
    public string Algorithm => KeyAlgorithms.Describe(Type, KeyBits, scheme, hash);

    /// <summary>An AK from its public area. Throws <see cref="WireException"/> for an algorithm that is not allowed or a point off its curve.</summary>
    public static AttestationKey FromTpmPublic(TpmPublic area)
    {
        KeyAlgorithms.Require(area.Type, area.KeyBits, area.Exponent);
        KeyAlgorithms.RequireScheme(area.Type, area.Scheme, area.SchemeHash);
        return Built(area.Type, area.Scheme, area.SchemeHash, area.KeyBits, area.ToSubjectPublicKeyInfo(), area.Name());
    }

    /// <summary>A key from its SubjectPublicKeyInfo (DER, one encoding). Throws <see cref="WireException"/>. An ECC key signs ECDSA; which
    /// RSA padding and hash of the allowed ones is used is open for a key that is not a TPM object.</summary>
    public static AttestationKey FromSubjectPublicKeyInfo(ReadOnlyMemory<byte> spki)
    {
        var (type, bits) = KeyAlgorithms.Read(spki);
        return Built(type, type == TpmAlg.Ecc ? TpmAlg.EcDsa : TpmAlg.Null, TpmAlg.Null, bits, spki.ToArray(), []);
    }

    /// <summary>True if this key may have made a signature of this kind (attack A17).</summary>
    public bool Allows(TpmSignature signature)
        => KeyAlgorithms.Fits(Type, signature.Scheme, signature.Hash)
           && (scheme == TpmAlg.Null || scheme == signature.Scheme)
           && (hash == TpmAlg.Null || hash == signature.Hash);

    /// <summary>True if this key made the signature over <paramref name="attest"/>, TPMS_ATTEST as it came. Nothing but true is a yes.</summary>
    public bool Verify(ReadOnlySpan<byte> attest, TpmSignature signature)
    {
        if (!Allows(signature)) return false;
        Span<byte> digest = stackalloc byte[48];
        var name = TpmHash.Name(signature.Hash);
        digest = digest[..CryptographicOperations.HashData(name, attest, digest)];
        var key = Take();
        try
        {
            return key is ECDsa ec
                ? signature.Value.Length == 2 * FieldSize && ec.VerifyHash(digest, signature.Value.Span)
                : ((RSA)key).VerifyHash(digest, signature.Value.Span, name,
                    // RSAPSS with a salt as long as the digest (part 1, B.7, as FIPS 186 asks for); older TPMs with longer salts use RSASSA.
                    signature.Scheme == TpmAlg.RsaSsa ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
        }
        finally
        {
            Return(key);
        }
    }

    /// <summary>True if the statement names this key as its signer, uses ES256 and verifies. Only P-256 keys sign statements.</summary>
    public bool Verify(CoseSign1 statement)
        => statement.Algorithm == CoseSign1.Es256 && statement.KeyId.Span.SequenceEqual(Thumbprint.Span) && !Thumbprint.IsEmpty
           && VerifyEs256(statement.ToBeSigned.Span, statement.Signature.Span);

    /// <summary>True if <c>r ‖ s</c> (64 bytes, nothing else: attack A18) is this P-256 key's signature over the SHA-256 of the data.</summary>
    public bool VerifyEs256(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (Type != TpmAlg.Ecc || KeyBits != 256 || signature.Length != 64) return false;
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(data, digest);
        var key = (ECDsa)Take();
        try
        {
            return key.VerifyHash(digest, signature);
        }
        finally
        {
            Return(key);
        }
    }

    private static AttestationKey Built(TpmAlg type, TpmAlg scheme, TpmAlg hash, int bits, byte[] spki, byte[] name)
    {
        try
        {
            return new(type, scheme, hash, bits, spki, name);
        }
        catch (CryptographicException refused)
        {
            throw new WireException("public key", 0, $"not a usable key: {refused.Message}");
        }
    }

    private AsymmetricAlgorithm Build()
    {
        AsymmetricAlgorithm key = Type == TpmAlg.Rsa ? RSA.Create() : ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(SubjectPublicKeyInfo.Span, out _);
        return key;
    }

    private AsymmetricAlgorithm Take() => Interlocked.Exchange(ref idle, null) ?? Build();

    private void Return(AsymmetricAlgorithm key)
    {
        if (Interlocked.CompareExchange(ref idle, key, null) is not null) key.Dispose();
    }
}
