using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Roots;

/// <summary>What every root promises whose identity key signs evidence itself, and that has a hash chain instead of registers.</summary>
public abstract class IdentityKeyConformance : RootConformance
{
    protected override (EnrolChallenge, Func<byte[], byte[], bool>) Challenge(IRoot root)
    {
        byte[] id = RandomNumberGenerator.GetBytes(16), nonce = RandomNumberGenerator.GetBytes(32);
        return (new(id, default, default, nonce), (proof, spki) =>
        {
            using var key = Key(root);
            return proof.Length == 64 && key.VerifyHash(SHA256.HashData([.. "tm-en/1"u8, .. id, .. nonce, .. spki]), proof);
        });
    }

    protected override void AssertSigned(IRoot root, Evidence evidence, byte[] challenge)
    {
        Assert.Null(evidence.Quote);
        var token = CoseSign1.Decode(evidence.Token!.Value);
        using var key = Key(root);
        Assert.True(key.VerifyData(token.ToBeSigned.Span, token.Signature.Span, HashAlgorithmName.SHA256));
        Assert.Equal(KeyThumbprint.Of(key.ExportParameters(false)), token.KeyId.ToArray());
        Assert.Equal("application/eat+cwt", token.Typ);
        Assert.Equal(evidence.ClaimsBytes.ToArray(), token.Payload.ToArray());
        var claims = Claims.Decode(token.Payload);
        Assert.Equal(ChallengeLeaf.TokenExtraData(AttesterRole.TlsClient, challenge), claims.ExtraData!.Value.ToArray());
        Assert.Equal(root.ReadRegister(), claims.LogHead!.Head.ToArray());
    }

    [Fact]
    public void Every_start_has_its_own_number_even_if_nothing_else_happened()
    {
        var boots = Enumerable.Range(0, 3).Select(_ =>
        {
            using var root = Open();
            return root.Boot;
        }).ToArray();
        Assert.Equal([1u, 2u, 3u], boots);
    }

    [Fact]
    public void The_log_head_counts_what_was_extended()
    {
        using var root = Open();
        root.Extend(SHA256.HashData([1]));
        root.Extend(SHA256.HashData([2]));
        var claims = Claims.Decode(root.Prove(Parts.Drafts.For(root, new byte[32])).ClaimsBytes);
        Assert.Equal(2, claims.LogHead!.Count);
    }

    private static ECDsa Key(IRoot root)
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(root.RootPublic.Span, out _);
        return key;
    }
}
