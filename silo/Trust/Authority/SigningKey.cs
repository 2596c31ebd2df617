using System.Collections.Concurrent;
using System.Security.Cryptography;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Trust.Authority;

/// <summary>A P-256 key that signs statements. Thread-safe: each signature borrows its own copy of the key handle.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ConcurrentBag<ECDsa> idle = [];
    private readonly ECParameters key;

    /// <param name="key">Private and public part, P-256.</param>
    /// <param name="kind">Where the key lives, for people: software, tpm, pkcs11.</param>
    public SigningKey(ECParameters key, string kind)
    {
        this.key = key;
        Kind = kind;
        using var first = ECDsa.Create(key);
        Spki = first.ExportSubjectPublicKeyInfo();
        SpkiHash = SHA256.HashData(Spki.Span);
        Thumbprint = KeyThumbprint.Of(first.ExportParameters(false));
        Id = DeviceId.FromRootKey(Spki.Span);
    }

    public string Kind { get; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> Spki { get; }

    /// <summary>SHA-256 of <see cref="Spki"/>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> SpkiHash { get; }

    /// <summary>RFC 9679 thumbprint: the kid of what it signs.</summary>
    public ReadOnlyMemory<byte> Thumbprint { get; }

    /// <summary>UEID made from the key (PROTOCOL.md section 2).</summary>
    public DeviceId Id { get; }

    /// <summary>ES256 over SHA-256 of the data: r ‖ s, 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        if (!idle.TryTake(out var signer)) signer = ECDsa.Create(key);
        try
        {
            return signer.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            idle.Add(signer);
        }
    }

    /// <summary>A signed COSE_Sign1 (PROTOCOL.md section 1).</summary>
    public byte[] Sign(ReadOnlyMemory<byte> payload, string typ, CorimMeta? corim = null, IReadOnlyList<ReadOnlyMemory<byte>>? certificates = null)
    {
        var statement = CoseSign1.Prepare(payload, Thumbprint, typ, corim);
        return statement.Complete(Sign(statement.ToBeSigned.Span), certificates);
    }

    /// <summary>32 bytes that only who has this key can make (HKDF-SHA256, RFC 5869); others for each purpose. They say nothing about the key.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key.D!, 32, salt: null, info: System.Text.Encoding.UTF8.GetBytes($"trustmesh/1 {purpose}"));

    /// <summary>A handle of the caller's own, for certificates and TLS; the caller disposes it.</summary>
    public ECDsa Open() => ECDsa.Create(key);

    public void Dispose()
    {
        while (idle.TryTake(out var signer)) signer.Dispose();
    }
}
