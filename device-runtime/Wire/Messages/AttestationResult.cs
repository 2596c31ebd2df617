namespace TrustMesh.Wire.Messages;

/// <summary>The verdict as EAR. PROTOCOL.md section 10.</summary>
public sealed record AttestationResult(
    DeviceId Device,
    AssuranceTier Tier,
    TrustTier Status,
    IReadOnlyDictionary<int, int> Vector,
    string PolicyId,
    long PolicySerial,
    long ReferenceSerial,
    uint Boot,
    ReadOnlyMemory<byte> SessionKeyThumbprint,
    ReadOnlyMemory<byte> Challenge,
    ReadOnlyMemory<byte> EvidenceDigest,
    IReadOnlyList<Finding> Because,
    long IssuedAt,
    long ExpiresAt)
{
    /// <summary>Value of the protected typ header (or content type for CoRIM).</summary>
    public const string Typ = "application/eat+cwt";

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload() => throw new NotImplementedException();

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static AttestationResult DecodePayload(ReadOnlyMemory<byte> payload) => throw new NotImplementedException();
}
