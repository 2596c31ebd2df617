using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Roots;

/// <summary>What every root of trust promises, whatever holds its keys. Each kind runs the whole of it.</summary>
public abstract class RootConformance : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    protected static readonly byte[] SessionSpki = SHA256.HashData("a session key"u8);

    protected abstract RootSettings Settings { get; }

    /// <summary>A challenge for this root, and what answers it.</summary>
    protected abstract (EnrolChallenge Challenge, Func<byte[], byte[], bool> Accepts) Challenge(IRoot root);

    /// <summary>The signature over evidence: by the key the root names, over the claims, the challenge and the role.</summary>
    protected abstract void AssertSigned(IRoot root, Evidence evidence, byte[] challenge);

    /// <summary>What it remembers is where a copy of the state directory can not put older memory.</summary>
    protected abstract bool RemembersInHardware { get; }

    protected IRoot Open() => RootOfTrust.Open(Settings, TimeProvider.System);

    [Fact]
    public void Identity_and_keys_are_the_same_after_every_start()
    {
        byte[] root, key;
        string device;
        using (var first = Open()) (root, key, device) = (first.RootPublic.ToArray(), first.AttestationKey.ToArray(), first.Device.Text);
        using var second = Open();
        Assert.Equal(root, second.RootPublic.ToArray());
        Assert.Equal(key, second.AttestationKey.ToArray());
        Assert.Equal(device, second.Device.Text);
    }

    [Fact]
    public void Another_root_is_another_device()
    {
        using var root = Open();
        using var other = RootOfTrust.Open(Settings with { Kind = "software", StateDirectory = Settings.StateDirectory + "-other" }, TimeProvider.System);
        Assert.NotEqual(root.Device, other.Device);
    }

    [Fact]
    public void The_enrolment_proof_is_for_this_enrolment_and_this_session_only()
    {
        using var root = Open();
        var (challenge, accepts) = Challenge(root);
        var proof = root.AnswerEnrolment(challenge, SessionSpki);
        Assert.True(accepts(proof, SessionSpki));
        Assert.False(accepts(proof, SHA256.HashData("another session key"u8)));
        var other = root.AnswerEnrolment(challenge with { EnrolmentId = new byte[16] }, SessionSpki);
        Assert.False(accepts(other, SessionSpki));
    }

    [Fact]
    public void Evidence_is_signed_over_claims_challenge_and_role_and_survives_the_wire()
    {
        using var root = Open();
        var challenge = RandomNumberGenerator.GetBytes(32);
        var evidence = Evidence.Decode(root.Prove(Drafts.For(root, challenge)).Encode());
        var claims = Claims.Decode(evidence.ClaimsBytes);
        Assert.Equal(root.Device, claims.Device);
        Assert.Equal(challenge, claims.Challenge.ToArray());
        AssertSigned(root, evidence, challenge);
    }

    [Fact]
    public void Extending_is_the_formula_of_the_protocol()
    {
        using var root = Open();
        var expected = root.ReadRegister();
        foreach (var entry in (byte[][])[[1], [2], [3]])
        {
            MeasurementRegister.ExtendEntry(expected, entry);
            root.Extend(SHA256.HashData(entry));
            Assert.Equal(expected, root.ReadRegister());
        }
    }

    [Fact]
    public void Within_a_boot_the_register_only_grows_and_a_new_boot_starts_at_zero()
    {
        uint boot;
        byte[] register;
        using (var first = Open())
        {
            first.Extend(SHA256.HashData([1]));
            (boot, register) = (first.Boot, first.ReadRegister());
            Assert.NotEqual(new byte[32], register);
        }
        using var second = Open();
        Assert.True(second.Boot >= boot);
        Assert.Equal(second.Boot == boot ? register : new byte[32], second.ReadRegister());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Only_a_SHA256_digest_can_be_extended(int size)
    {
        using var root = Open();
        var before = root.ReadRegister();
        Assert.Throws<ArgumentException>(() => root.Extend(new byte[size]));
        Assert.Equal(before, root.ReadRegister());
    }

    [Fact]
    public void Everything_it_keeps_is_for_its_user_only()
    {
        Open().Dispose();
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Settings.StateDirectory));
        var files = Directory.GetFiles(Settings.StateDirectory);
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.Equal(OwnerOnly, File.GetUnixFileMode(f)));
        Assert.All(files, f => Assert.DoesNotContain(".new", f));
    }

    [Fact]
    public void Damaged_keys_are_reported_and_never_replaced_by_new_ones()
    {
        Open().Dispose();
        var file = Directory.GetFiles(Settings.StateDirectory, "*.key").Single();
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(file, whole[..length]);
            var refused = Assert.Throws<RootException>(() => Open());
            Assert.Contains(file, refused.Message);
            Assert.Contains("damaged", refused.Message);
            Assert.Equal(length, new FileInfo(file).Length);
        }
        File.WriteAllBytes(file, whole);
        Open().Dispose();
    }

    [Fact]
    public void The_verifier_accepts_its_evidence_with_its_tier()
    {
        var mesh = new EvidenceCase
        {
            Policy = policy => policy with { Pcrs = [13], Tiers = [AssuranceTier.Software, AssuranceTier.HardwareKey, AssuranceTier.TpmQuote] },
            Reference = values => values with { Registers = new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>() },
        };
        using var root = Open();
        var log = mesh.Log.Select(entry => (ReadOnlyMemory<byte>)entry.Encode()).ToArray();
        foreach (var entry in log) root.Extend(SHA256.HashData(entry.Span));
        var leaf = mesh.Leaf with { Attester = root.Device };
        var claims = new Claims(root.Device, KeyThumbprint.Of(mesh.Session.ExportParameters(false)), leaf.LeafHash(), 1, 1, root.Boot, "trustmesh-agent", "0.1.0", null, null);
        var evidence = root.Prove(new(AttesterRole.TlsClient, claims, 0x000b, [13], new(0, 1, []), new(root.Boot, 0, log))).Encode();
        var key = root.AttestationKey.IsEmpty ? AttestationKey.FromSubjectPublicKeyInfo(root.RootPublic) : AttestationKey.FromTpmPublic(TpmPublic.Decode(root.AttestationKey));
        var device = new EnrolledDevice(root.Device, new byte[16], root.Tier, EvidenceCase.Model, key);
        var result = new EvidenceVerifier().Verify(evidence, leaf, mesh.SessionSpki, device, AttesterState.None, mesh.SignedPolicy, mesh.SignedReference, EvidenceCase.Now);
        Assert.True(result.Verified is not null, string.Join('\n', result.Findings));
        var expected = root.Tier == AssuranceTier.Software ? TrustTier.Warning : TrustTier.Affirming;
        Assert.Equal((expected, root.Tier), (result.Verified.Verdict.Status, result.Verified.Verdict.Tier));
    }

    [Fact]
    public void It_remembers_32_bytes_over_starts_and_nothing_before_the_first()
    {
        byte[] first = RandomNumberGenerator.GetBytes(32), second = RandomNumberGenerator.GetBytes(32);
        using (var root = Open())
        {
            Assert.Null(root.Recall());
            root.Remember(first);
            Assert.Equal(first, root.Recall());
            root.Remember(second);
            Assert.Equal(second, root.Recall());
        }
        using var again = Open();
        Assert.Equal(second, again.Recall());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Only_32_bytes_are_remembered(int size)
    {
        using var root = Open();
        root.Remember(SessionSpki);
        Assert.Throws<ArgumentException>(() => root.Remember(new byte[size]));
        Assert.Equal(SessionSpki, root.Recall());
    }

    [Fact]
    public void A30_An_older_copy_of_the_state_directory_brings_back_older_memory_only_where_the_root_says_so()
    {
        byte[] older = RandomNumberGenerator.GetBytes(32), newer = RandomNumberGenerator.GetBytes(32);
        using (var root = Open()) root.Remember(older);
        var copy = Directory.GetFiles(Settings.StateDirectory).ToDictionary(path => path, File.ReadAllBytes);
        using (var root = Open()) root.Remember(newer);
        foreach (var path in Directory.GetFiles(Settings.StateDirectory)) File.Delete(path);
        foreach (var (path, content) in copy) PrivateFile.Write(path, content);
        using var again = Open();
        Assert.Equal(RemembersInHardware ? newer : older, again.Recall());
        Assert.Equal(RemembersInHardware, !again.Notes.Any(note => note.Contains("put", StringComparison.Ordinal) && note.Contains("not noticed", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(-1)]
    public void A_register_that_can_be_reset_is_refused(int pcr)
        => Assert.Contains("PCR", Assert.Throws<RootException>(() => RootOfTrust.Open(Settings with { MeasurementPcr = pcr }, TimeProvider.System)).Message);

    [Fact]
    public void A_relative_state_directory_is_refused()
        => Assert.Contains("absolute", Assert.Throws<RootException>(() => RootOfTrust.Open(Settings with { StateDirectory = "state" }, TimeProvider.System)).Message);

    [Fact]
    public void An_unknown_kind_is_refused_and_no_software_key_appears()
    {
        Assert.Contains("kind", Assert.Throws<RootException>(() => RootOfTrust.Open(Settings with { Kind = "tpm2" }, TimeProvider.System)).Message);
        Assert.False(Directory.Exists(Settings.StateDirectory));
    }

    public abstract void Dispose();
}
