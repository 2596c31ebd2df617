namespace TrustMesh.Wire.Messages;

/// <summary>
/// Everything one challenger's question is bound to: nonce, both identities, role, both TLS keys, the channel (attacks A31, A32, A34).
/// Each side builds it from what it knows itself. PROTOCOL.md section 4.
/// </summary>
/// <param name="Nonce">32 bytes.</param>
/// <param name="AttesterSpki">SHA-256 of the attester's TLS SubjectPublicKeyInfo, 32 bytes.</param>
/// <param name="ChallengerSpki">SHA-256 of the challenger's TLS SubjectPublicKeyInfo, 32 bytes.</param>
/// <param name="BindingValue">Empty for <see cref="ChannelBindingType.None"/>, else up to 64 bytes.</param>
public sealed record ChallengeLeaf(
    ReadOnlyMemory<byte> Nonce,
    DeviceId Challenger,
    DeviceId Attester,
    AttesterRole Role,
    ReadOnlyMemory<byte> AttesterSpki,
    ReadOnlyMemory<byte> ChallengerSpki,
    ChannelBindingType BindingType,
    ReadOnlyMemory<byte> BindingValue)
{
    public byte[] Encode() => throw new NotImplementedException();

    public static ChallengeLeaf Decode(ReadOnlyMemory<byte> bytes) => throw new NotImplementedException();

    /// <summary><c>SHA-256(00 ‖ leaf)</c>; the challenge itself when it is the only leaf.</summary>
    public byte[] LeafHash() => throw new NotImplementedException();

    /// <summary><c>SHA-256(CBOR ["tm-ev/1", role, challenge, SHA-256(claims)])</c>, what a quote carries as extraData.</summary>
    public static byte[] QuoteExtraData(AttesterRole role, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> claims) => throw new NotImplementedException();

    /// <summary><c>SHA-256(CBOR ["tm-ev/1", role, challenge])</c>, claim -70001 of evidence without a quote.</summary>
    public static byte[] TokenExtraData(AttesterRole role, ReadOnlySpan<byte> challenge) => throw new NotImplementedException();
}
