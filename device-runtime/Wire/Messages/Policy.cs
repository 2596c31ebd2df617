namespace TrustMesh.Wire.Messages;

/// <summary>The appraisal policy. PROTOCOL.md section 9. Lifetimes and intervals in seconds.</summary>
public sealed record Policy(
    string Issuer,
    string Id,
    long Serial,
    ushort Bank,
    IReadOnlyList<int> Pcrs,
    int MeasurementPcr,
    int LifetimeSeconds,
    int IntervalSeconds,
    IReadOnlyList<AssuranceTier> Tiers,
    bool ChannelBindingRequired,
    IReadOnlyList<string> MayChange,
    IReadOnlyList<ulong> DeniedFirmware,
    TrustTier UnknownFile,
    long IssuedAt,
    long ExpiresAt)
{
    /// <summary>Value of the protected typ header (or content type for CoRIM).</summary>
    public const string Typ = "application/vnd.trustmesh.policy+cwt";

    /// <summary>The payload that is signed.</summary>
    public byte[] EncodePayload() => throw new NotImplementedException();

    /// <summary>Reads the payload of a statement whose signature was checked by the caller; throws <see cref="WireException"/>.</summary>
    public static Policy DecodePayload(ReadOnlyMemory<byte> payload) => throw new NotImplementedException();
}
