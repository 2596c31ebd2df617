namespace TrustMesh.Wire.Messages;

/// <summary>What only the claimed root can answer: a TPM credential, or a nonce to sign. PROTOCOL.md section 7.</summary>
public sealed record EnrolChallenge(
    ReadOnlyMemory<byte> EnrolmentId,
    ReadOnlyMemory<byte> CredentialBlob,
    ReadOnlyMemory<byte> EncryptedSecret,
    ReadOnlyMemory<byte> Nonce)
{
    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode() => throw new NotImplementedException();

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static EnrolChallenge Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();
}
