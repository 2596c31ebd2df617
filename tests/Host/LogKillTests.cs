using System.Collections.Concurrent;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

/// <summary>The real executable, killed while devices are being revoked: what was answered is in the log, and what was only saved gets there.</summary>
public sealed class LogKillTests : IDisposable
{
    private const int Devices = 16;

    private readonly SiloExecutable silo = new();

    [Theory, InlineData(1), InlineData(5), InlineData(10)]
    public async Task What_was_acknowledged_or_saved_is_in_the_log_after_the_kill_of_the_silo(int answered)
    {
        var devices = Enumerable.Range(0, Devices).Select(i => new TestDevice($"device-{i:d2}")).ToArray();
        var revoked = new ConcurrentBag<string>();
        await using (var first = await silo.StartAsync())
        {
            var token = await first.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(Devices, 600, true));
            foreach (var device in devices)
            {
                await device.ConnectAsync(first.Devices);
                Assert.NotNull((await device.EnrolAsync(token.Token)).Result);
            }
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var revoking = devices.Select(async device =>
            {
                try
                {
                    await first.PostAsync<DeviceSummary>($"devices/{device.Name}/revoke", new Decision("stolen"));
                    revoked.Add(device.Name);
                    if (revoked.Count >= answered) enough.TrySetResult();
                }
                catch (Exception ended) when (ended is HttpRequestException or IOException)
                {
                    // Killed: nobody was told that this device is revoked.
                    return;
                }
            }).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            first.Kill();
            await Task.WhenAll(revoking);
        }

        await using var second = await silo.StartAsync();
        var entries = (await second.GetAsync<LogPage>("log/0/entries?from=0&limit=1000")).Entries;
        var standing = (await second.GetAsync<DevicePage>("devices")).Items.Where(one => one.Standing == "revoked").Select(one => one.Name).ToHashSet();
        var logged = entries.Where(one => one.Kind == "revoked").Select(one => one.Name).ToHashSet();
        Assert.Superset(revoked.ToHashSet(), logged);
        Assert.Equal(standing, logged);
        Assert.Equal(Devices, entries.Where(one => one.Kind == "enrolled").Select(one => one.Name).Distinct().Count());
        // A line that is there twice says the same twice.
        Assert.All(entries.Where(one => one.Kind == "revoked").GroupBy(one => one.Name), lines => Assert.Single(lines.Select(one => (one.At, one.Text, one.Version)).Distinct()));
        foreach (var device in devices) device.Dispose();
    }

    public void Dispose() => silo.Dispose();
}
