using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Roots;

public sealed class TpmRootTests : RootConformance
{
    private readonly Swtpm swtpm = Swtpm.Start();

    protected override RootSettings Settings => swtpm.Settings();

    protected override bool RemembersInHardware => true;

    /// <summary>Made by tpm2-tools, so that our activation answers somebody else's MakeCredential.</summary>
    protected override (EnrolChallenge, Func<byte[], byte[], bool>) Challenge(IRoot root)
    {
        byte[] id = RandomNumberGenerator.GetBytes(16), secret = RandomNumberGenerator.GetBytes(32);
        var (blob, encrypted) = swtpm.MakeCredential(root, secret);
        return (new(id, blob, encrypted, default),
            (proof, spki) => proof.AsSpan().SequenceEqual(HMACSHA256.HashData(secret, (byte[])[.. "tm-en/1"u8, .. id, .. spki])));
    }

    protected override void AssertSigned(IRoot root, Evidence evidence, byte[] challenge)
    {
        Assert.Null(evidence.Token);
        var quote = evidence.Quote!;
        var key = TpmPublic.Decode(root.AttestationKey);
        using var verifier = ECDsa.Create();
        verifier.ImportSubjectPublicKeyInfo(key.ToSubjectPublicKeyInfo(), out _);
        Assert.True(verifier.VerifyData(quote.Attest.Span, TpmSignature.Decode(quote.Signature, 32).Value.Span, HashAlgorithmName.SHA256));
        var attest = TpmAttest.Decode(quote.Attest);
        Assert.Equal((TpmAttest.Generated, TpmAttest.Quote), (attest.Magic, attest.Type));
        Assert.Equal(ChallengeLeaf.QuoteExtraData(AttesterRole.TlsClient, challenge, evidence.ClaimsBytes.Span), attest.ExtraData.ToArray());
        Assert.Equal([0, 7, 13], Assert.Single(attest.Selections).Pcrs);
        Assert.Equal([0, 7, 13], quote.Values.Select(v => v.Index));
        Assert.Equal(SHA256.HashData([.. quote.Values.SelectMany(v => v.Value.ToArray())]), attest.PcrDigest.ToArray());
        Assert.Equal(root.Boot, attest.ResetCount);
    }

    [Fact]
    public void The_attestation_key_was_born_in_the_TPM_and_signs_only_what_the_TPM_made()
    {
        using var root = Open();
        var key = TpmPublic.Decode(root.AttestationKey);
        Assert.Equal((TpmAlg.EcDsa, TpmAlg.Sha256, TpmCurve.P256), (key.Scheme, key.SchemeHash, key.Curve));
        Assert.True(key.Attributes.HasFlag(TpmObjectAttributes.Restricted | TpmObjectAttributes.SignEncrypt | TpmObjectAttributes.FixedTpm
            | TpmObjectAttributes.FixedParent | TpmObjectAttributes.SensitiveDataOrigin | TpmObjectAttributes.UserWithAuth));
        Assert.False(key.Attributes.HasFlag(TpmObjectAttributes.Decrypt));
        Assert.Equal((RootKind.Tpm, AssuranceTier.TpmQuote), (root.Kind, root.Tier));
    }

    [Fact]
    public void A_power_cycle_under_an_open_root_is_a_new_boot_and_quotes_go_on()
    {
        using var root = Open();
        root.Extend(SHA256.HashData([1]));
        var before = root.Boot;
        swtpm.PowerCycle();
        Assert.Equal(before + 1, root.Boot);
        Assert.Equal(new byte[32], root.ReadRegister());
        var challenge = RandomNumberGenerator.GetBytes(32);
        AssertSigned(root, root.Prove(Drafts.For(root, challenge)), challenge);
    }

    [Fact]
    public void The_clock_is_safe_after_an_orderly_stop_and_unsafe_after_a_power_cut()
    {
        bool Safe(IRoot root) => TpmAttest.Decode(root.Prove(Drafts.For(root, new byte[32])).Quote!.Attest).Safe;

        using (var first = Open()) Assert.True(Safe(first));
        swtpm.Restart();
        using var second = Open();
        Assert.True(Safe(second));
        swtpm.PowerCycle();
        Assert.False(Safe(second));
    }

    [Fact]
    public void A_TPM_that_went_away_is_said_so_and_answers_after_opening_again()
    {
        using (var root = Open())
        {
            var device = root.Device;
            swtpm.Restart();
            Assert.Contains("stopped answering", Assert.Throws<RootException>(() => root.ReadRegister()).Message);
            Assert.Contains("opened again", Assert.Throws<RootException>(() => root.ReadRegister()).Message);
            using var again = Open();
            Assert.Equal(device, again.Device);
        }
    }

    [Fact]
    public void What_a_killed_agent_left_loaded_does_not_fill_the_slots()
    {
        using (Open()) { }
        for (var left = 0; left < 3; left++) swtpm.Tool("tpm2_createprimary", "-C", "n", "-G", "ecc", "-c", $"left{left}.ctx");
        Assert.Equal(3, swtpm.Tool("tpm2_getcap", "handles-transient").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using (var root = Open()) Assert.NotEmpty(root.Prove(Drafts.For(root, new byte[32])).Quote!.Values);
        Assert.Empty(swtpm.Tool("tpm2_getcap", "handles-transient").Trim());
        Assert.Empty(swtpm.Tool("tpm2_getcap", "handles-loaded-session").Trim());
    }

    [Fact]
    public void Twenty_four_registers_are_quoted_in_one_piece_of_evidence()
    {
        using var root = Open();
        var all = Enumerable.Range(0, 24).ToArray();
        Assert.Equal(all, root.Prove(Drafts.For(root, new byte[32], all)).Quote!.Values.Select(v => v.Index));
    }

    [Fact]
    public void Another_bank_than_SHA256_is_refused()
    {
        using var root = Open();
        Assert.Contains("only SHA-256", Assert.Throws<RootException>(() => root.Prove(Drafts.For(root, new byte[32]) with { Bank = 0x0004 })).Message);
    }

    [Fact]
    public void A_credential_for_another_key_is_refused_with_the_reason()
    {
        using var root = Open();
        var (challenge, _) = Challenge(root);
        var broken = challenge.CredentialBlob.ToArray();
        broken[^1] ^= 1;
        var refused = Assert.Throws<RootException>(() => root.AnswerEnrolment(challenge with { CredentialBlob = broken }, SessionSpki));
        Assert.Contains("TPM_RC_INTEGRITY", refused.Message);
        Assert.NotEmpty(root.Prove(Drafts.For(root, new byte[32])).Quote!.Values);
    }

    public override void Dispose() => swtpm.Dispose();
}
