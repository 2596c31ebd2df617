using System.Collections.Concurrent;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

/// <summary>The real executable, killed while operators revoke: what was answered is on the list, and so is what was only saved.</summary>
public sealed class RevocationKillTests : IDisposable
{
    private const int Devices = 12;

    private readonly SiloExecutable silo = new();

    [Theory, InlineData(1), InlineData(4), InlineData(8)]
    public async Task A30_No_revocation_is_lost_and_no_serial_falls_when_the_silo_is_killed(int answered)
    {
        var devices = Enumerable.Range(0, Devices).Select(i => new TestDevice($"device-{i:d2}")).ToArray();
        var revoked = new ConcurrentBag<string>();
        long serial = 0;
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
                    var seen = (await first.GetAsync<RevocationView>("revocations")).Serial;
                    Max(ref serial, seen);
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
        var list = await second.GetAsync<RevocationView>("revocations");
        var standings = (await second.GetAsync<DevicePage>("devices")).Items.Where(one => one.Standing == "revoked").Select(one => one.Name).ToHashSet();
        Assert.Superset(revoked.ToHashSet(), standings);
        Assert.Equal(standings, list.Devices.Select(one => one.Name).ToHashSet());
        Assert.True(list.Serial >= serial, $"list {serial} was seen, {list.Serial} is in force");
        var history = await second.GetAsync<List<RevocationIssue>>("revocations/history");
        Assert.Equal(history.OrderByDescending(one => one.Serial).Select(one => one.Serial), history.Select(one => one.Serial));
        Assert.Equal(list.Devices.Count, history.Sum(one => one.Changes.Count));
        foreach (var device in devices) device.Dispose();
    }

    public void Dispose() => silo.Dispose();

    private static void Max(ref long place, long value)
    {
        for (var known = Volatile.Read(ref place); value > known; known = Volatile.Read(ref place))
            if (Interlocked.CompareExchange(ref place, value, known) == known) return;
    }
}
