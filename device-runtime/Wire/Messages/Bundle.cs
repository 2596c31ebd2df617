namespace TrustMesh.Wire.Messages;

/// <summary>Everything an auditor needs to repeat a verdict offline. PROTOCOL.md section 11.</summary>
public sealed record Bundle(
    ReadOnlyMemory<byte> Evidence,
    ReadOnlyMemory<byte> Leaf,
    long AcceptedAt,
    ReadOnlyMemory<byte> Membership,
    ReadOnlyMemory<byte> Policy,
    ReadOnlyMemory<byte>? ReferenceValues,
    ReadOnlyMemory<byte> Result,
    ReadOnlyMemory<byte> Authority,
    IReadOnlyList<ReadOnlyMemory<byte>> Log,
    ReadOnlyMemory<byte> SessionKey,
    ReadOnlyMemory<byte> AttestationKey)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Bundle Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
