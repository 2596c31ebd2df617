namespace TrustMesh.Wire.Messages;

/// <summary>Outcome of an enrolment. PROTOCOL.md section 7.</summary>
public sealed record EnrolResult(
    Standing Standing,
    DeviceId Device,
    ReadOnlyMemory<byte>? Membership)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static EnrolResult Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
