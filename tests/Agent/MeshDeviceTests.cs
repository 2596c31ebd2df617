using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed class MeshDeviceTests
{
    /// <summary>The fixture itself: what a device of it proves is affirmed under what its mesh published.</summary>
    [Fact]
    public async Task A_device_of_the_test_mesh_proves_itself_on_a_real_TPM()
    {
        using var tpm = Swtpm.Start();
        using var mesh = new PeerMesh();
        using var device = MeshDevice.OnTpm(mesh, "press-1", tpm);
        using var software = new MeshDevice(mesh, "press-2");
        Assert.Equal((TrustTier.Affirming, TrustTier.Warning), (await JudgeAsync(device), await JudgeAsync(software)));
        device.Measure(MeshDevice.ConfigFile, "speed=99\n");
        Assert.Equal(TrustTier.Contraindicated, await JudgeAsync(device));
    }

    private static async Task<TrustTier?> JudgeAsync(MeshDevice device)
    {
        var session = device.Sessions.Current;
        var leaf = new ChallengeLeaf(RandomNumberGenerator.GetBytes(32), DeviceId.FromRootKey([1]), device.Id, AttesterRole.TlsServer, session.SpkiHash, new byte[32], ChannelBindingType.Finished, new byte[48]);
        var policy = device.Statements.Policy!;
        var evidence = await device.Proofs.AnswerAsync(new(leaf, session, policy.Policy.Bank, policy.Policy.Pcrs, 0, 0), CancellationToken.None);
        var member = device.Statements.Membership!;
        var result = new EvidenceVerifier().Verify(evidence.Encode(), leaf, session.Spki, new(device.Id, member.EnrolmentId, member.Tier, member.Model, AttestationKey.FromSubjectPublicKeyInfo(member.AttestationKey)),
            AttesterState.None, policy, device.Statements.ReferenceFor(member.Model), device.Statements.Now);
        return result.Verified?.Verdict.Status;
    }
}
