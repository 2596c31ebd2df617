namespace TrustMesh.Wire.Messages;

/// <summary>The answer to an EnrolChallenge. PROTOCOL.md section 7.</summary>
public sealed record ActivateRequest(
    ReadOnlyMemory<byte> EnrolmentId,
    ReadOnlyMemory<byte> Proof)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static ActivateRequest Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
