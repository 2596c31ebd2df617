namespace TrustMesh.Wire.Messages;

/// <summary>Asks for a challenge. PROTOCOL.md section 8.</summary>
public sealed record ChallengeRequest(
    DeviceId Device)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static ChallengeRequest Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
