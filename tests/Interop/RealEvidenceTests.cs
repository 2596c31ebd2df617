using System.Collections.Immutable;
using System.Security.Cryptography;
using TrustMesh.Roots;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Interop;

/// <summary>Evidence as a real TPM makes it, over boots and crashes, judged as it should be.</summary>
public sealed class RealEvidenceTests
{
    [Fact]
    public void A_real_TPM_proves_itself_and_goes_on_after_new_measurements()
    {
        using var device = new Scene();
        device.Measure("/etc/pump.conf", EvidenceCase.Config);
        device.Measure("/usr/bin/pump", EvidenceCase.Program);
        var first = device.Prove(AttesterState.None);
        Assert.Equal(TrustTier.Affirming, first.Verdict.Status);

        device.Measure("/etc/pump.conf", SHA256.HashData("speed=9\n"u8));
        var second = device.Prove(first.After);
        Assert.Equal(TrustTier.Contraindicated, second.Verdict.Status);
        var because = second.Verdict.Because[0];
        Assert.Equal(("file.digest", "/etc/pump.conf"), (because.Check, because.Claim));
        Assert.Equal("sha256 " + Convert.ToHexStringLower(EvidenceCase.Config), because.Expected);

        device.Measure("/etc/pump.conf", EvidenceCase.Config);
        Assert.Equal(TrustTier.Affirming, device.Prove(second.After).Verdict.Status);
    }

    [Fact]
    public void A21_A_register_extended_behind_the_agents_back_is_contraindicated()
    {
        using var device = new Scene();
        device.Measure("/etc/pump.conf", EvidenceCase.Config);
        device.Measure("/usr/bin/pump", EvidenceCase.Program);
        device.Root.Extend(SHA256.HashData("something else"u8));
        var judged = device.Prove(AttesterState.None);
        Assert.Equal(("log.replay", TrustTier.Contraindicated), (judged.Verdict.Because[0].Check, judged.Verdict.Status));
    }

    [Fact]
    public void A20_A_reboot_starts_a_new_log_and_evidence_of_the_old_boot_is_refused()
    {
        using var device = new Scene();
        device.Measure("/etc/pump.conf", EvidenceCase.Config);
        device.Measure("/usr/bin/pump", EvidenceCase.Program);
        var before = device.Prove(AttesterState.None);
        device.Reboot();
        device.Measure("/etc/pump.conf", EvidenceCase.Config);
        device.Measure("/usr/bin/pump", EvidenceCase.Program);
        var after = device.Prove(before.After);
        Assert.True(after.After.Boot > before.After.Boot);
        Assert.Equal(2, after.After.LogCount);
        var old = device.Verify(before.Bytes, after.After);
        Assert.Equal(["counter.reset", "clock.back"], old.Findings.Where(one => one.Outcome == Outcome.Fail).Select(one => one.Check));
    }

    /// <summary>A device with a real TPM, and the silo's side of one connection.</summary>
    private sealed class Scene : IDisposable
    {
        private readonly Swtpm swtpm = Swtpm.Manufacture();
        private readonly EvidenceCase mesh = new() { Policy = policy => policy with { Pcrs = [13] }, Reference = values => values with { Registers = ImmutableDictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>.Empty } };
        private List<ReadOnlyMemory<byte>> log = [];

        public Scene() => Root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);

        public TpmRoot Root { get; private set; }

        private ChallengeLeaf Leaf => mesh.Leaf with { Attester = Root.Device };

        public void Measure(string name, byte[] digest)
        {
            var entry = new LogEntry(log.Count, LogEntryKind.File, name, digest).Encode();
            log.Add(entry);
            Root.Extend(SHA256.HashData(entry));
        }

        public void Reboot()
        {
            Root.Dispose();
            swtpm.Restart();
            Root = TpmRoot.Open(swtpm.Settings(), TimeProvider.System);
            log = [];
        }

        public VerifiedEvidence Prove(AttesterState before)
        {
            var claims = new Claims(Root.Device, KeyThumbprint.Of(mesh.Session.ExportParameters(false)), Leaf.LeafHash(), 1, 1, Root.Boot, "trustmesh-agent", "0.1.0", null, null);
            var from = before.Boot == Root.Boot ? before.LogCount : 0;
            var evidence = Root.Prove(new(AttesterRole.TlsClient, claims, (ushort)TpmAlg.Sha256, [13], new(0, 1, []), new(Root.Boot, from, [.. log.Skip(from)])));
            var result = Verify(evidence.Encode(), before);
            Assert.True(result.Verified is not null, string.Join('\n', result.Findings));
            return result.Verified;
        }

        public VerificationResult Verify(ReadOnlyMemory<byte> evidence, AttesterState before)
        {
            var device = new EnrolledDevice(Root.Device, new byte[16], AssuranceTier.TpmQuote, EvidenceCase.Model, AttestationKey.FromTpmPublic(TpmPublic.Decode(Root.AttestationKey)));
            return new EvidenceVerifier().Verify(evidence, Leaf, mesh.SessionSpki, device, before, mesh.SignedPolicy, mesh.SignedReference, EvidenceCase.Now);
        }

        public void Dispose()
        {
            Root.Dispose();
            swtpm.Dispose();
        }
    }
}
