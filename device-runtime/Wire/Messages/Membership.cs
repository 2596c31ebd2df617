namespace TrustMesh.Wire.Messages;

/// <summary>What the mesh authority says a device is. PROTOCOL.md section 9. AttestationKey is a SubjectPublicKeyInfo (DER).</summary>
public sealed record Membership(
    string Issuer,
    DeviceId Device,
    string Name,
    string Site,
    string Model,
    AssuranceTier Tier,
    ReadOnlyMemory<byte> AttestationKey,
    ReadOnlyMemory<byte> EnrolmentId,
    long StatusIndex,
    string StatusList,
    long IssuedAt,
    long ExpiresAt)
{
    /// <summary>Value of the protected typ header (or content type for CoRIM).</summary>
    public const string Typ = "application/vnd.trustmesh.membership+cwt";

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload() => throw new NotImplementedException();

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static Membership DecodePayload(ReadOnlyMemory<byte> payload) => throw new NotImplementedException();
}
