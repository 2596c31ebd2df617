namespace TrustMesh.Wire.Messages;

/// <summary>First message of enrolment. PROTOCOL.md section 7.</summary>
public sealed record EnrolRequest(
    ReadOnlyMemory<byte>? Token,
    string Name,
    string Site,
    string Model,
    RootKind Root,
    ReadOnlyMemory<byte> RootPublic,
    IReadOnlyList<ReadOnlyMemory<byte>> Certificates,
    ReadOnlyMemory<byte> AttestationKey)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static EnrolRequest Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
