using System.Diagnostics;
using System.Text.Json;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Demo;
using TrustMesh.Contracts;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>The main job with everything real: processes, TPMs, TLS, SQLite on disk, the feed.</summary>
public sealed class DemoTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string state = Directory.CreateTempSubdirectory("trustmesh-e2e-").FullName;

    public DemoTests() => RunningDemo.Needs();

    public void Dispose() => Directory.Delete(state, recursive: true);

    [Fact]
    public void Check_prints_one_line_of_JSON_and_leaves_nothing_running()
    {
        var (code, output, error) = Command.Run("/", RunningDemo.Program, "demo", "run", "--check", "--devices", "2", "--software", "1", "--port", "0", "--state", state, "--timeout", "55s");
        Assert.True(code == 0, error);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using var result = JsonDocument.Parse(line);
        Assert.Equal(["devices", "trusted", "evidence", "seconds"], result.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal((3, 2), (result.RootElement.GetProperty("devices").GetInt32(), result.RootElement.GetProperty("trusted").GetInt32()));
        Assert.True(result.RootElement.GetProperty("evidence").GetInt64() >= 3);
        Assert.Empty(RunningDemo.Left(state));
    }

    [Fact]
    public async Task A_changed_file_costs_the_trust_and_putting_it_back_restores_it()
    {
        await using var demo = await RunningDemo.UpAsync(state);
        var file = Path.Combine(state, "devices", "device-2", "fs", "etc", "sensor.conf");
        var good = await File.ReadAllTextAsync(file);

        await File.AppendAllTextAsync(file, "x\n");
        var bad = await demo.UntilLooksAsync("sensor-harbour-1", Looks.Contraindicated);
        var why = Assert.Single(bad.Verdict!.Because, one => one.Outcome == "fail");
        Assert.Equal(("file.digest", "/etc/sensor.conf"), (why.Check, why.Claim));

        var cli = Cli();
        Assert.Equal(0, await cli.RunAsync("device", "show", "sensor-harbour-1"));
        Assert.Contains($"fail\t{why.Check}\t{why.Claim}\t{why.Expected}\t{why.Got}\t{why.Rule}", cli.Output);
        Assert.Equal(6, await VerifyAsync(cli, "sensor-harbour-1"));
        Assert.Contains("contraindicated", cli.Error);
        Assert.Equal(0, await VerifyAsync(cli, "sensor-north-1"));

        await File.WriteAllTextAsync(file, good);
        var restored = await demo.UntilLooksAsync("sensor-harbour-1", Looks.Trusted);
        Assert.DoesNotContain(restored.Verdict!.Because, one => one.Outcome != "pass");

        await demo.EndAsync("INT");
        Assert.True(demo.ExitCode == 0, demo.Said);
        Assert.Empty(RunningDemo.Left(state));
    }

    [Fact]
    public async Task What_the_silo_acknowledged_is_there_after_it_was_killed_and_nothing_enrols_again()
    {
        List<(string Name, string Id, long EnrolledAt)> before;
        await using (var demo = await RunningDemo.UpAsync(state))
        {
            before = await WhoAsync(demo);
            var decided = await demo.Api.DecideAsync("sensor-airport-1", "suspend", new Decision("to be looked at"), CancellationToken.None);
            Assert.Equal("suspended", decided.Standing);
            using var ready = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(state, "silo-ready.json")));
            demo.Signal("KILL", ready.RootElement.GetProperty("pid").GetInt32());
            // The demo says which child died and ends the others.
            await demo.Ended.WaitAsync(Patience);
            Assert.Equal(1, demo.ExitCode);
            Assert.Contains("silo ended with exit code 137", demo.Said);
            Assert.Empty(RunningDemo.Left(state));
        }
        // It waits until all are trusted, so the suspended one is resumed as soon as the silo is back.
        await using (var again = await RestartedAsync())
        {
            Assert.Equal(before, await WhoAsync(again));
            var page = await again.Api.DeviceAsync("sensor-airport-1", CancellationToken.None);
            Assert.Contains(page.Timeline, one => one.Kind == "suspended" && one.Text.Contains("to be looked at", StringComparison.Ordinal));
            Assert.Single(page.Timeline, one => one.Kind == "enrolled");
            Assert.False(File.Exists(Path.Combine(state, "join-token")));
        }
    }

    [Fact]
    public async Task A47_No_log_of_a_whole_run_holds_a_token_or_a_code()
    {
        string[] secrets;
        await using (var demo = await RunningDemo.UpAsync(state, "--devices", "1", "--software", "1"))
        {
            var session = new SessionFile(Path.Combine(state, "token.json")).Read();
            var code = demo.Said.Split('\n').Single(line => line.StartsWith("Sign-in code:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
            secrets = [code, session.Silos.Values.Single().Token, (await File.ReadAllTextAsync(Path.Combine(state, "join-token"))).Trim()];
            Assert.DoesNotContain(secrets[1], demo.Said);
            Assert.DoesNotContain(secrets[2], demo.Said);
            // A code that is used up, wrong, or somebody's: none of them belongs in a log either.
            Assert.Equal(0, await new CliRun { Input = code, ["TRUSTMESH_SILO"] = session.Last }.RunAsync("sign-in"));
            Assert.Equal(4, await new CliRun { Input = code, ["TRUSTMESH_SILO"] = session.Last }.RunAsync("sign-in"));
        }
        var logs = Directory.GetFiles(Path.Combine(state, "logs"));
        Assert.Contains(logs, log => log.EndsWith("silo.log", StringComparison.Ordinal) && new FileInfo(log).Length > 0);
        foreach (var log in logs)
        {
            var text = await File.ReadAllTextAsync(log);
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text));
            // Nor the part of a token that is the secret, without its prefix.
            Assert.All(secrets, secret => Assert.DoesNotContain(secret.Substring(5, 30), text));
        }
    }

    [Fact]
    public async Task A_demo_that_is_killed_outright_takes_everything_with_it()
    {
        await using var demo = await RunningDemo.UpAsync(state, "--devices", "1");
        var children = RunningDemo.Left(state);
        Assert.True(children.Count >= 4, string.Join('\n', children));
        var ends = RunningDemo.IdsOf(state).Select(id => Process.GetProcessById(id).WaitForExitAsync()).ToList();
        await demo.EndAsync("KILL");
        // The kernel tells each child; an agent takes a moment to say good-bye.
        await Task.WhenAll(ends).WaitAsync(Patience);
        Assert.Empty(RunningDemo.Left(state));
    }

    private async Task<RunningDemo> RestartedAsync()
    {
        var token = Path.Combine(state, "token.json");
        File.Delete(token);
        var starting = RunningDemo.UpAsync(state);
        using var limit = new CancellationTokenSource(Patience);
        await Arrival.OfAsync(token, limit.Token);
        var cli = Cli();
        Assert.True(await cli.RunAsync("device", "resume", "sensor-airport-1") == 0, cli.Error);
        return await starting;
    }

    private static async Task<List<(string, string, long)>> WhoAsync(RunningDemo demo)
        => [.. (await demo.Api.DevicesAsync(null, null, CancellationToken.None)).Items.Select(one => (one.Name, one.Id, one.EnrolledAt.ToUnixTimeMilliseconds())).Order()];

    private CliRun Cli() => new() { ["TRUSTMESH_TOKEN_FILE"] = Path.Combine(state, "token.json"), ["TRUSTMESH_SILO"] = null };

    private async Task<int> VerifyAsync(CliRun cli, string device)
    {
        var file = Path.Combine(state, "bundle.cbor");
        Assert.Equal(0, await cli.RunAsync("evidence", "fetch", device, "-o", file));
        return await cli.RunAsync("evidence", "verify", file);
    }
}
