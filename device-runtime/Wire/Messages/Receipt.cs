namespace TrustMesh.Wire.Messages;

/// <summary>The silo's answer to accepted evidence. PROTOCOL.md section 8.</summary>
public sealed record Receipt(
    Standing Standing,
    ReadOnlyMemory<byte> Result,
    int NextSeconds,
    ReadOnlyMemory<byte> NextChallenge,
    ReadOnlyMemory<byte>? Membership)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Receipt Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
