using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A40JoinTokenTests
{
    [Fact]
    public async Task A40_Of_many_devices_with_one_use_at_once_one_gets_in()
    {
        await using var silo = await RunningSilo.StartAsync();
        var token = await silo.JoinTokenAsync(uses: 1);
        var devices = Enumerable.Range(0, 8).Select(i => new TestDevice($"device-{i}")).ToList();
        foreach (var device in devices) await device.ConnectAsync(silo.Devices);
        // All pass the first look at the token before any takes its use.
        var answers = new List<(TestDevice Device, byte[] Answer)>();
        foreach (var device in devices)
        {
            var challenge = EnrolChallenge.Decode((await device.PostAsync("/device/v1/enrol", device.EnrolRequest(token).Encode())).Body);
            answers.Add((device, new ActivateRequest(challenge.EnrolmentId, device.Root.AnswerEnrolment(challenge, device.SessionSpkiHash)).Encode()));
        }
        var results = await Task.WhenAll(answers.Select(pair => pair.Device.PostAsync("/device/v1/enrol/activate", pair.Answer)));
        Assert.Single(results, result => result.Code == "");
        Assert.Equal(7, results.Count(result => result.Code == "token_refused"));
        Assert.Single(silo.Silo.Directory.Entries);
        Assert.Equal(0, Assert.Single(await silo.GetAsync<List<JoinToken>>("enroll/tokens")).Left);
        foreach (var device in devices) device.Dispose();
    }

    [Fact]
    public async Task A40_Unknown_deleted_and_missing_tokens_are_refused_alike()
    {
        await using var silo = await RunningSilo.StartAsync();
        var token = await silo.JoinTokenAsync();
        using var deleted = await silo.Operator.DeleteAsync($"enroll/tokens/{Assert.Single(await silo.GetAsync<List<JoinToken>>("enroll/tokens")).Id}");
        Assert.True(deleted.IsSuccessStatusCode);
        using var device = new TestDevice("device-1");
        await device.ConnectAsync(silo.Devices);
        Assert.Equal("token_refused", (await device.EnrolAsync(token)).Code);
        Assert.Equal("token_refused", (await device.EnrolAsync(null)).Code);
        Assert.Equal("token_refused", (await device.EnrolAsync("tmj1_" + new string('A', 43) + "_x")).Code);
    }
}
