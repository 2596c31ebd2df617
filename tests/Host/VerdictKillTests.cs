using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Host;

/// <summary>The real executable, killed with SIGKILL while a device tells it of its peers.</summary>
public sealed class VerdictKillTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SiloExecutable silo = new();

    [Fact]
    public async Task Verdicts_arrive_in_order_each_once_over_the_kill_of_the_silo()
    {
        using TestDevice examiner = new("examiner"), subject = new("subject");
        var words = new TestExaminer(examiner);
        var start = DateTimeOffset.UtcNow.AddHours(-1);
        long acknowledged = 1;
        // Each verdict another status than the one before, and of its own second: every one of them is a line.
        void Judge() => words.Judge(subject.Id, words.Sequence % 2 == 0 ? TrustTier.Contraindicated : TrustTier.Affirming, start.AddSeconds(words.Sequence));
        await using (var first = await silo.StartAsync())
        {
            var token = await first.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(10, 600, true));
            foreach (var device in (TestDevice[])[examiner, subject])
            {
                await device.ConnectAsync(first.Devices);
                await device.EnrolAsync(token.Token);
                await device.ProveAsync();
            }
            var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var uploading = Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        Judge();
                        acknowledged = await words.UploadAsync();
                        if (acknowledged > 30) heard.TrySetResult();
                    }
                }
                catch (Exception ended) when (ended is HttpRequestException or IOException)
                {
                    // The silo is gone: that is what this waits for.
                    heard.TrySetException(ended);
                }
            });
            await heard.Task.WaitAsync(Deadline);
            first.Kill();
            await uploading;
        }

        await using var second = await silo.StartAsync();
        await examiner.ConnectAsync(second.Devices);
        await examiner.ProveAsync();
        // The outage: five more, heard by nobody. Of the 20 rounds an edge keeps, the others are from before the kill and across it.
        for (var i = 0; i < 5; i++) Judge();
        Assert.InRange(words.Sequence - words.Kept.Count, acknowledged - 1, words.Sequence);
        Assert.Equal(words.Sequence + 1, await words.UploadAsync());
        var edge = (await second.GetAsync<EdgeDetail>("edges/examiner/subject")).Forward!;
        Assert.Equal(Enumerable.Range(0, 20).Select(i => words.Sequence - i), edge.Rounds.Select(round => round.Sequence));
        Assert.DoesNotContain((await second.GetAsync<DeviceDetail>("devices/examiner")).Timeline, line => line.Kind is "alarm" or "peer");
        var lines = (await second.GetAsync<DeviceDetail>("devices/subject")).Timeline.Where(line => line.Kind == "peer").Select(line => line.At).ToList();
        Assert.Equal(lines.Distinct().Order(), lines);
        Assert.Equal(edge.IssuedAt, lines[^1]);
    }

    public void Dispose() => silo.Dispose();
}
