using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

/// <summary>The real executable, killed while people act on the mesh as a whole: each act is done and has its line, once, or neither.</summary>
public sealed partial class ActKillTests : IDisposable
{
    private const int Acts = 40;

    private readonly SiloExecutable silo = new();

    [Theory, InlineData(3), InlineData(20)]
    public async Task Every_act_is_done_and_in_the_log_once_or_neither_after_the_kill_of_the_silo(int answered)
    {
        var (tokens, people) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        await using (var first = await silo.StartAsync())
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var acting = Enumerable.Range(0, Acts).Select(async i =>
            {
                try
                {
                    if (i % 2 == 0) tokens.Add((await first.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(i + 1, 600, false))).Id);
                    else people.Add((await first.PostAsync<OperatorCode>("operators", new OperatorRequest($"person-{i:d2}", "viewer"))).Name);
                    if (tokens.Count + people.Count >= answered) enough.TrySetResult();
                }
                catch (Exception ended) when (ended is HttpRequestException or IOException)
                {
                    // Killed: nobody was told that this was done.
                    return;
                }
            }).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            first.Kill();
            await Task.WhenAll(acting);
        }

        await using var second = await silo.StartAsync();
        var lines = (await second.GetAsync<LogPage>("log/0/entries?from=0&limit=1000")).Entries.Select(one => one.Text).ToList();
        var kept = (await second.GetAsync<List<JoinToken>>("enroll/tokens")).Select(one => one.Id).ToList();
        Assert.Superset(tokens.ToHashSet(), kept.ToHashSet());
        Assert.Equal(kept.Order(), lines.Select(line => Made().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Order());
        var listed = (await second.GetAsync<List<OperatorView>>("operators")).Select(one => one.Name).Where(name => name.StartsWith("person-", StringComparison.Ordinal)).ToList();
        Assert.Superset(people.ToHashSet(), listed.ToHashSet());
        Assert.Equal(listed.Order(), lines.Select(line => Invited().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Order());
    }

    public void Dispose() => silo.Dispose();

    [GeneratedRegex("^made join token ([0-9a-f]+) ")]
    private static partial Regex Made();

    [GeneratedRegex("^made a sign-in code for (person-[0-9]+), viewer: was not there, is viewer")]
    private static partial Regex Invited();
}
