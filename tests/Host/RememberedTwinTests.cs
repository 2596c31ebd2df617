using System.Net;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>Evidence is judged by the twin as it was when the challenge was made, as long as it still is so.</summary>
public class RememberedTwinTests
{
    [Fact]
    public async Task A_twin_that_moved_on_since_the_challenge_is_asked_again()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        // The same machine with the same session key on a second connection; its log is told already.
        using var again = new TestDevice("device-1", device.Root);
        await again.ConnectAsync(silo.Devices, key: device.SessionKey);
        var asked = await again.ChallengeAsync();
        await device.ProveAsync();
        var answer = await again.SendEvidenceAsync(again.Prove(asked));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Code);
        Assert.Equal(Standing.Active, Receipt.Decode(answer.Body).Standing);
    }

    [Fact]
    public async Task A_decision_since_the_challenge_is_in_the_answer()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var asked = await device.ChallengeAsync();
        await silo.PostAsync<DeviceSummary>("devices/device-1/suspend", new Decision("looked at"));
        var answer = await device.SendEvidenceAsync(device.Prove(asked));
        Assert.Equal(Standing.Suspended, Receipt.Decode(answer.Body).Standing);
    }

    [Fact]
    public async Task A48_A_copy_that_was_asked_before_the_key_changed_is_an_alarm_all_the_same()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        // A copy of the root with the same session key is asked first, while that key is the newest.
        var older = device.SessionKey;
        using var copy = new TestDevice("device-1", device.Root);
        await copy.ConnectAsync(silo.Devices, key: older);
        var asked = await copy.ChallengeAsync();
        await device.ConnectAsync(silo.Devices, key: ECDsa.Create(ECCurve.NamedCurves.nistP256));
        await device.ProveAsync();
        var answer = await copy.SendEvidenceAsync(copy.Prove(asked));
        Assert.Equal("evidence_refused", answer.Code);
        Assert.Contains((await silo.GetAsync<DeviceDetail>("devices/device-1")).Timeline, line => line.Kind == "alarm");
    }
}
