using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A13AnotherRootTests
{
    [Fact]
    public async Task A13_Another_root_cannot_speak_for_an_enrolled_device()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var victim = await silo.JoinAsync("victim");
        using var attacker = await silo.JoinAsync("attacker");
        var asked = await attacker.PostAsync("/device/v1/challenge", new ChallengeRequest(victim.Id).Encode());
        var refused = await attacker.SendEvidenceAsync(attacker.Prove(Challenge.Decode(asked.Body)));
        Assert.Equal("evidence_refused", refused.Code);
        Assert.Null((await silo.GetAsync<DeviceDetail>("devices/victim")).Verdict);
    }

    [Fact]
    public async Task A13_The_id_comes_from_the_root_key_and_a_new_attestation_key_leaves_a_trace()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath] });
        var first = await EnrolAsync(silo, tpm.Settings(), await silo.JoinTokenAsync());
        Assert.Equal(Standing.Active, first.Standing);
        var before = (await silo.GetAsync<DeviceDetail>("devices/tpm-1")).Identity;

        // The same TPM, its state lost: another attestation key, and no token to vouch for the change.
        var second = await EnrolAsync(silo, tpm.Settings() with { StateDirectory = Path.Combine(tpm.Folder, "other") }, null);
        Assert.Equal(first.Device, second.Device);
        Assert.Equal(Standing.Pending, second.Standing);
        var after = await silo.GetAsync<DeviceDetail>("devices/tpm-1");
        Assert.NotEqual(before.AttestationKey, after.Identity.AttestationKey);
        Assert.NotEqual(before.EnrolmentId, after.Identity.EnrolmentId);
        Assert.Equal(before.RootKey, after.Identity.RootKey);
        Assert.Equal(2, after.Timeline.Count(line => line.Kind == "enrolled"));
    }

    private static async Task<EnrolResult> EnrolAsync(RunningSilo silo, RootSettings settings, string? token)
    {
        using var root = RootOfTrust.Open(settings, TimeProvider.System);
        using var device = new TestDevice("tpm-1", root);
        await device.ConnectAsync(silo.Devices);
        var (result, code) = await device.EnrolAsync(token);
        return result ?? throw new InvalidOperationException(code);
    }
}
