using System.Buffers.Binary;
using System.Security.Cryptography;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Roots;

/// <summary>The EK profile's templates and policies: recomputed where they are hashes, tried on a TPM where they are keys.</summary>
public sealed class EndorsementTemplateTests
{
    public static TheoryData<uint> Templates => [.. EndorsementTemplate.All.Select(t => t.CertificateIndex)];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_template_makes_a_key_under_which_an_attestation_key_can_live_without_any_password(uint certificate)
    {
        using var swtpm = Swtpm.Start();
        var channel = new FaultyChannel(swtpm.Address);
        using var tpm = new TpmDevice(channel, TimeProvider.System);
        var template = EndorsementTemplate.All.Single(t => t.CertificateIndex == certificate);
        using var key = EndorsementKey.Load(tpm, template);
        Assert.True(key.Public.Bytes.Span.StartsWith(template.Parameters()));
        var (wrapped, made) = key.Authorized(session =>
        {
            Assert.NotEqual(TpmHandle.Password, session);
            return tpm.Create(key.Handle, session, AttestationKeyTemplate.Public);
        });
        tpm.Flush(key.Authorized(session => tpm.Load(key.Handle, session, wrapped.Span, made.Bytes.Span)));
        Assert.Equal(template.HighRange, channel.Asked.Contains(TpmCommandCode.PolicyOr));
        Assert.Empty(tpm.Handles(TpmHandle.LoadedSessionFirst));
    }

    [Theory]
    [InlineData(TpmAlg.Sha256)]
    [InlineData(TpmAlg.Sha384)]
    public void The_policies_are_the_digests_their_commands_give(TpmAlg hash)
    {
        // TPM2_PolicySecret (part 3, 23.4): the entity's name is its handle, the policyRef is empty.
        var secret = TpmHash.Digest(hash, [.. new byte[TpmHash.Size(hash)], .. Word(0x151), .. Word(TpmHandle.Endorsement)]);
        var policyA = TpmHash.Digest(hash, secret);
        Assert.Equal(policyA, EndorsementPolicy.A(hash).ToArray());
        // TPM2_PolicyOR (23.6) starts from zero and hashes its branches.
        var policyB = TpmHash.Digest(hash, [.. new byte[TpmHash.Size(hash)], .. Word(0x171), .. policyA, .. EndorsementPolicy.C(hash).Span]);
        Assert.Equal(policyB, EndorsementPolicy.B(hash).ToArray());
    }

    [Fact]
    public void A_nonce_longer_than_its_field_is_refused()
    {
        var low = EndorsementTemplate.All.First(t => t.Curve == TpmCurve.P256 && !t.HighRange);
        Assert.Contains("does not fit", Assert.Throws<TrustMesh.Roots.RootException>(() => low.Public(null, new byte[33])).Message);
        Assert.Contains("does not fit", Assert.Throws<TrustMesh.Roots.RootException>(() => low.Public(new byte[10], RandomNumberGenerator.GetBytes(1))).Message);
    }

    private static byte[] Word(uint value)
    {
        var word = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(word, value);
        return word;
    }
}
