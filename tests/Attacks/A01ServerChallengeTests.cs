using System.Net;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A01ServerChallengeTests
{
    [Fact]
    public async Task A01_A_second_answer_to_one_challenge_is_refused()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var evidence = device.Prove(await device.ChallengeAsync());
        // The receipt would bring the next question: it is burnt by a wrong answer first, so that only the replay is left to look at.
        Assert.Equal(HttpStatusCode.OK, (await device.SendEvidenceAsync(evidence)).Status);
        Assert.Equal("evidence_refused", (await device.SendEvidenceAsync(evidence)).Code);
        Assert.Equal("challenge_missing", (await device.SendEvidenceAsync(evidence)).Code);
    }

    [Fact]
    public async Task A01_A_wrong_answer_burns_the_challenge_for_the_right_one()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var evidence = device.Prove(await device.ChallengeAsync());
        var wrong = evidence.ToArray();
        wrong[^1] ^= 1;
        Assert.Equal("evidence_refused", (await device.SendEvidenceAsync(wrong)).Code);
        Assert.Equal("challenge_missing", (await device.SendEvidenceAsync(evidence)).Code);
    }

    [Fact]
    public async Task A01_A_challenge_cannot_be_answered_on_another_connection()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var evidence = device.Prove(await device.ChallengeAsync());
        await device.ConnectAsync(silo.Devices);
        Assert.Equal("challenge_missing", (await device.SendEvidenceAsync(evidence)).Code);
        await device.ChallengeAsync();
        Assert.Equal("evidence_refused", (await device.SendEvidenceAsync(evidence)).Code);
    }

    [Fact]
    public async Task A01_An_answer_after_the_deadline_is_refused()
    {
        var time = new ShiftedTime();
        await using var silo = await RunningSilo.StartAsync(time: time);
        using var device = await silo.JoinAsync();
        var challenge = await device.ChallengeAsync();
        var evidence = device.Prove(challenge);
        time.Ahead = TimeSpan.FromSeconds(challenge.DeadlineSeconds + 1);
        Assert.Equal("challenge_missing", (await device.SendEvidenceAsync(evidence)).Code);
    }

    [Fact]
    public async Task A01_No_two_challenges_are_alike()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var nonces = new HashSet<string>();
        for (var i = 0; i < 10; i++) nonces.Add(Convert.ToHexString((await device.ChallengeAsync()).Nonce.Span));
        Assert.Equal(10, nonces.Count);
        Assert.All(nonces, nonce => Assert.Equal(64, nonce.Length));
    }

    [Fact]
    public async Task A01_Refused_evidence_changes_nothing_but_the_timeline()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        var before = await silo.GetAsync<DeviceDetail>("devices/device-1");
        var wrong = device.Prove(await device.ChallengeAsync());
        wrong[^1] ^= 1;
        await device.SendEvidenceAsync(wrong);
        var after = await silo.GetAsync<DeviceDetail>("devices/device-1");
        Assert.Equal(before.Device with { Version = after.Device.Version }, after.Device);
        Assert.Equal(before.Measurements, after.Measurements);
        Assert.Contains(after.Timeline, line => line.Kind == "refused");
    }

    [Fact]
    public async Task A01_A_policy_that_changed_since_the_question_asks_again()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var evidence = device.Prove(await device.ChallengeAsync());
        using var put = await silo.Operator.PutAsync("policy", System.Net.Http.Json.JsonContent.Create(new PolicyUpdate(LifetimeSeconds: 90)));
        Assert.True(put.IsSuccessStatusCode);
        Assert.Equal("stale", (await device.SendEvidenceAsync(evidence)).Code);
        Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
    }
}
