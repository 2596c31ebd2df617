namespace TrustMesh.Wire.Messages;

/// <summary>The EAT claims-set under the quote or the signature. PROTOCOL.md section 5. Shapes: keys and digests 32 bytes, uptime seconds.</summary>
public sealed record Claims(
    DeviceId Device,
    ReadOnlyMemory<byte> SessionKeyThumbprint,
    ReadOnlyMemory<byte> Challenge,
    long IssuedAt,
    long UptimeSeconds,
    uint BootCount,
    string SoftwareName,
    string SoftwareVersion,
    ReadOnlyMemory<byte>? ExtraData,
    LogHead? LogHead)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Claims Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
