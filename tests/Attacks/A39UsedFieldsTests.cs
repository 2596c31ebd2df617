using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A39UsedFieldsTests
{
    [Fact]
    public async Task A39_Log_entries_the_signature_does_not_cover_are_not_used()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var evidence = Evidence.Decode(device.Prove(await device.ChallengeAsync()));
        var unsigned = new LogEntry(evidence.Log.Entries.Count, LogEntryKind.File, "/etc/unsigned", new byte[32]).Encode();
        var longer = evidence with { Log = evidence.Log with { Entries = [.. evidence.Log.Entries, unsigned] } };
        Assert.Equal("", (await device.SendEvidenceAsync(longer.Encode())).Code);
        var measured = (await silo.GetAsync<DeviceDetail>("devices/device-1")).Measurements;
        Assert.Equal("/etc/app.conf", Assert.Single(measured).Name);
    }

    [Fact]
    public async Task A39_Evidence_for_another_session_key_than_the_channels_is_refused()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var evidence = device.Prove(await device.ChallengeAsync());
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await device.ConnectAsync(silo.Devices, key: other);
        await device.ChallengeAsync();
        Assert.Equal("evidence_refused", (await device.SendEvidenceAsync(evidence)).Code);
    }
}
