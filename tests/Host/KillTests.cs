using System.Diagnostics;
using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>The real executable, killed with SIGKILL while devices are proving themselves: what was acknowledged is still there.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SiloExecutable silo = new();

    [Fact]
    public async Task What_was_acknowledged_survives_the_kill_of_the_silo()
    {
        var devices = Enumerable.Range(0, 4).Select(i => new TestDevice($"device-{i}")).ToArray();
        var acknowledged = new int[devices.Length];
        await using (var first = await silo.StartAsync())
        {
            var token = await first.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(10, 600, false));
            foreach (var device in devices)
            {
                await device.ConnectAsync(first.Devices);
                Assert.Equal(Standing.Pending, (await device.EnrolAsync(token.Token)).Result!.Standing);
            }
            for (var i = 0; i < 3; i++) await first.PostAsync<DeviceSummary>($"devices/device-{i}/approve", new Decision(null));
            await first.PostAsync<DeviceSummary>("devices/device-2/revoke", new Decision("stolen"));

            var proving = devices.Select((device, i) => ProveUntilItEndsAsync(device, count => acknowledged[i] = count)).ToArray();
            // Killed in the midst of it, once every device was heard at least twice.
            var heard = Stopwatch.StartNew();
            while (acknowledged.Where((_, i) => i != 2).Any(count => count < 2))
            {
                Assert.True(heard.Elapsed < Deadline, "the devices were not heard in time");
                await Task.Yield();
            }
            first.Kill();
            await Task.WhenAll(proving);
        }

        await using var second = await silo.StartAsync();
        var standings = (await second.GetAsync<DevicePage>("devices")).Items.Select(item => item.Standing);
        Assert.Equal(["active", "active", "revoked", "pending"], standings);
        for (var i = 0; i < devices.Length; i++)
        {
            if (i == 2) continue;
            var known = await second.GetAsync<DeviceDetail>($"devices/device-{i}");
            Assert.True(known.Measurements.Count >= acknowledged[i], $"device-{i}: {acknowledged[i]} measurements were acknowledged, {known.Measurements.Count} are there");
            await devices[i].ConnectAsync(second.Devices);
            Assert.Equal(i == 3 ? Standing.Pending : Standing.Active, (await devices[i].ProveAsync()).Standing);
        }
        foreach (var device in devices) device.Dispose();
    }

    public void Dispose() => silo.Dispose();

    private static async Task ProveUntilItEndsAsync(TestDevice device, Action<int> heard)
    {
        for (var count = 1; count < 10_000; count++)
        {
            device.Measure($"/file-{count}", $"{count}");
            try
            {
                var answer = await device.SendEvidenceAsync(device.Prove(await device.ChallengeAsync()));
                if (answer.Code == "") heard(count);
            }
            catch (Exception ended) when (ended is HttpRequestException or IOException)
            {
                // The silo is gone: that is what this waits for.
                return;
            }
        }
    }
}
