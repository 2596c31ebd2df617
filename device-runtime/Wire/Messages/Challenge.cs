namespace TrustMesh.Wire.Messages;

/// <summary>What to answer, with what, by when. PROTOCOL.md section 8.</summary>
public sealed record Challenge(
    ReadOnlyMemory<byte> Nonce,
    DeviceId Challenger,
    ushort Bank,
    IReadOnlyList<int> Pcrs,
    uint Boot,
    int LogCursor,
    int DeadlineSeconds)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static Challenge Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
