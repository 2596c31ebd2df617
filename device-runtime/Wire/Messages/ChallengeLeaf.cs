using System.Security.Cryptography;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Merkle;

namespace TrustMesh.Wire.Messages;

/// <summary>
/// Everything one challenger's question is bound to: nonce, both identities, role, both TLS keys, the channel (attacks A31, A32, A34).
/// Each side builds it from what it knows itself. PROTOCOL.md section 4.
/// </summary>
/// <param name="Nonce">32 bytes.</param>
/// <param name="Role"><see cref="AttesterRole.TlsClient"/> or <see cref="AttesterRole.TlsServer"/>; one connection has one role.</param>
/// <param name="AttesterSpki">SHA-256 of the attester's TLS SubjectPublicKeyInfo, 32 bytes.</param>
/// <param name="ChallengerSpki">SHA-256 of the challenger's TLS SubjectPublicKeyInfo, 32 bytes.</param>
/// <param name="BindingValue">Empty for <see cref="ChannelBindingType.None"/>, else 1 to 64 bytes.</param>
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
    private const string LeafLabel = "tm-ch/1", EvidenceLabel = "tm-ev/1";
    private const int Room = 320, MaxBinding = 64;

    /// <summary>The one encoding of this value.</summary>
    public byte[] Encode()
    {
        var writer = new StrictCborWriter(stackalloc byte[Room]);
        Write(ref writer);
        return writer.ToArray("leaf", Room);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/> for anything else.</summary>
    public static ChallengeLeaf Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "leaf", Room);
        reader.ReadArray("leaf", 9);
        reader.ReadFixed("label", LeafLabel);
        var nonce = reader.ReadBytes("nonce", Caps.Hash);
        var challenger = reader.ReadDeviceId("challenger");
        var attester = reader.ReadDeviceId("attester");
        var role = (AttesterRole)reader.ReadInt32("role", 0, (int)AttesterRole.TlsServer);
        var attesterSpki = reader.ReadBytes("attester spki", Caps.Hash);
        var challengerSpki = reader.ReadBytes("challenger spki", Caps.Hash);
        var type = reader.ReadEnum<ChannelBindingType>("cbType");
        var bound = type != ChannelBindingType.None;
        var binding = reader.ReadBytes("cbValue", bound ? 1 : 0, bound ? MaxBinding : 0);
        reader.End("leaf");
        return new(nonce, challenger, attester, role, attesterSpki, challengerSpki, type, binding);
    }

    /// <summary><c>SHA-256(00 ‖ leaf)</c>; the challenge itself when it is the only leaf.</summary>
    public byte[] LeafHash()
    {
        var hash = new byte[Caps.Hash];
        LeafHash(hash);
        return hash;
    }

    /// <summary><c>SHA-256(00 ‖ leaf)</c> into 32 bytes.</summary>
    public void LeafHash(Span<byte> hash)
    {
        var writer = new StrictCborWriter(stackalloc byte[Room]);
        Write(ref writer);
        MerkleTree.HashLeaf(writer.Written, hash);
    }

    /// <summary><c>SHA-256(CBOR ["tm-ev/1", role, challenge, SHA-256(claims)])</c>, what a quote carries as extraData.</summary>
    /// <param name="role">The leaves' role, or <see cref="AttesterRole.Batch"/> if they have several.</param>
    public static byte[] QuoteExtraData(AttesterRole role, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> claims)
    {
        Span<byte> claimsHash = stackalloc byte[Caps.Hash];
        SHA256.HashData(claims, claimsHash);
        var writer = new StrictCborWriter(stackalloc byte[96]);
        writer.WriteArray(4);
        WriteBinding(ref writer, role, challenge);
        writer.WriteBytes("claims hash", claimsHash, Caps.Hash, Caps.Hash);
        return SHA256.HashData(writer.Written);
    }

    /// <summary><c>SHA-256(CBOR ["tm-ev/1", role, challenge])</c>, claim -70001 of evidence without a quote.</summary>
    public static byte[] TokenExtraData(AttesterRole role, ReadOnlySpan<byte> challenge)
    {
        var writer = new StrictCborWriter(stackalloc byte[64]);
        writer.WriteArray(3);
        WriteBinding(ref writer, role, challenge);
        return SHA256.HashData(writer.Written);
    }

    private static void WriteBinding(ref StrictCborWriter writer, AttesterRole role, ReadOnlySpan<byte> challenge)
    {
        writer.WriteText("label", EvidenceLabel);
        writer.WriteEnum("role", role);
        writer.WriteBytes("challenge", challenge, Caps.Hash, Caps.Hash);
    }

    private void Write(ref StrictCborWriter writer)
    {
        writer.WriteArray(9);
        writer.WriteText("label", LeafLabel);
        writer.WriteBytes("nonce", Nonce, Caps.Hash);
        writer.WriteDeviceId(Challenger);
        writer.WriteDeviceId(Attester);
        writer.WriteInt64("role", (int)Role, 0, (int)AttesterRole.TlsServer);
        writer.WriteBytes("attester spki", AttesterSpki, Caps.Hash);
        writer.WriteBytes("challenger spki", ChallengerSpki, Caps.Hash);
        writer.WriteEnum("cbType", BindingType);
        var bound = BindingType != ChannelBindingType.None;
        writer.WriteBytes("cbValue", BindingValue, bound ? 1 : 0, bound ? MaxBinding : 0);
    }
}
