using TrustMesh.Tests.Host;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

public class A46FixedStatementsTests
{
    /// <summary>The strict readers refuse any member that is not in PROTOCOL.md, so there is no place in an answer where an order could stand.</summary>
    [Fact]
    public async Task A46_All_a_silo_can_say_to_a_device_is_the_fixed_messages_and_statements()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("device-1");
        device.Measure("/etc/app.conf", "good");
        await device.ConnectAsync(silo.Devices);
        var (joined, _) = await device.EnrolAsync(await silo.JoinTokenAsync());
        var receipt = await device.ProveAsync();
        Assert.Equal(receipt.Encode(), Receipt.Decode(receipt.Encode()).Encode());
        Assert.Equal(Membership.Typ, CoseSign1.Decode(joined!.Membership!.Value).Typ);
        Assert.Equal(AttestationResult.Typ, CoseSign1.Decode(receipt.Result).Typ);
        Assert.Equal(32, Challenge.Decode(receipt.NextChallenge).Nonce.Length);
        // Enrolment in two steps, challenge and evidence, verdicts, and the watch: statements of the authority and whom to examine.
        var uploaded = await device.PostAsync("/device/v1/verdicts", new VerdictUpload(0, [], []).Encode());
        Assert.Equal(1, VerdictReceipt.Decode(uploaded.Body).Next);
        var watched = WatchAnswer.Decode((await device.PostAsync("/device/v1/watch", new WatchRequest(0, 0, 0, [], [], 0, 0).Encode())).Body);
        Assert.Equal(Policy.Typ, CoseSign1.Decode(watched.Policy!.Value).Typ);
        Assert.Equal(StatusList.Typ, CoseSign1.Decode(watched.StatusList!.Value).Typ);
        Assert.Empty(watched.Examine);
        Assert.Equal(6, silo.Process.DeviceRoutes.Count);
    }
}
