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
        Assert.Equal(["devices", "trusted", "evidence", "edges", "seconds"], result.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal((3, 2), (result.RootElement.GetProperty("devices").GetInt32(), result.RootElement.GetProperty("trusted").GetInt32()));
        Assert.True(result.RootElement.GetProperty("evidence").GetInt64() >= 3);
        // Every one of the three has judged both others.
        Assert.Equal(6, result.RootElement.GetProperty("edges").GetInt32());
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
        Assert.SkipUnless(Command.Exists("pkcs11-tool") && Command.Exists("softhsm2-util"), "SoftHSM or OpenSC is not installed (apt-get install softhsm2 opensc)");
        string[] secrets;
        string pin;
        await using (var demo = await RunningDemo.UpAsync(state, "--devices", "1", "--software", "1", "--hsm", "1", "--no-namespaces"))
        {
            Assert.Contains("loopback", demo.Said);
            var session = new SessionFile(Path.Combine(state, "token.json")).Read();
            var code = demo.Said.Split('\n').Single(line => line.StartsWith("Sign-in code:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
            secrets = [code, session.Silos.Values.Single().Token, (await File.ReadAllTextAsync(Path.Combine(state, "join-token"))).Trim()];
            Assert.DoesNotContain(secrets[1], demo.Said);
            Assert.DoesNotContain(secrets[2], demo.Said);
            // Eight digits: a PIN has no part that would be recognised in a log of numbers, so it is looked for as a word of its own.
            pin = (await File.ReadAllTextAsync(Path.Combine(state, "devices", "device-3", "token", "pin"))).Trim();
            Assert.All(RunningDemo.Left(state), arguments => Assert.DoesNotContain(pin, arguments));
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
            Assert.DoesNotMatch($@"\b{pin}\b", text);
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
        // Nobody was left to remove its network namespaces: the next run does.
        await NamespaceNetwork.SweepAsync(NamespaceNetwork.Markers);
        Assert.DoesNotContain(Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns") : [], file => Path.GetFileName(file).StartsWith($"tm{demo.Id}a-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_silo_is_switched_off_and_on_while_devices_and_dashboard_go_on()
    {
        await using var demo = await RunningDemo.UpAsync(state, "--devices", "2");
        var cli = Cli();
        var before = await WhoAsync(demo);
        Assert.Equal(0, await cli.RunAsync("demo", "silo", "stop"));
        Assert.Equal(5, await cli.RunAsync("demo", "silo", "stop"));
        Assert.Equal(1, await cli.RunAsync("device", "list"));
        using (var status = await StatusAsync(cli))
        {
            Assert.Equal("stopped", status.RootElement.GetProperty("silo").GetString());
            Assert.Equal(["sensor-harbour-1", "sensor-north-1"], status.RootElement.GetProperty("devices").EnumerateArray().Select(one => one.GetProperty("name").GetString()).Order());
        }
        Assert.False(demo.Ended.IsCompleted, demo.Said);

        Assert.Equal(0, await cli.RunAsync("demo", "silo", "start"));
        var back = DateTimeOffset.UtcNow;
        Assert.Equal(5, await cli.RunAsync("demo", "silo", "start"));
        // The same session, the same ports, the same devices, and all of them prove themselves again.
        Assert.Equal(before, await WhoAsync(demo));
        foreach (var name in (string[])["sensor-north-1", "sensor-harbour-1"]) await demo.UntilAsync(name, node => node.Look == Looks.Trusted && node.ProvenAt >= back.AddSeconds(-1));
        Assert.Equal(0, await cli.RunAsync("demo", "silo", "restart"));
        using (var status = await StatusAsync(cli)) Assert.Equal("running", status.RootElement.GetProperty("silo").GetString());
        await demo.EndAsync("INT");
        Assert.True(demo.ExitCode == 0, demo.Said);
        Assert.Empty(RunningDemo.Left(state));
        Assert.Equal(3, await cli.RunAsync("demo", "status"));
    }

    [Fact]
    public async Task Keys_of_the_terminal_switch_the_silo_and_end_everything()
    {
        Assert.SkipUnless(Command.Exists("script"), "script is not installed (apt-get install bsdutils)");
        // script gives it a terminal; what is written to script's standard input are keys.
        await using var demo = await RunningDemo.UpAsync(state, RunningDemo.OnATerminal, "--devices", "1");
        Assert.Contains("s switches the silo off and on", demo.Said);
        await demo.TypeAsync("s", "The silo is off.");
        await demo.TypeAsync("s", "The silo answers again");
        await demo.TypeAsync("xq", "Stopping ...");
        await demo.Ended.WaitAsync(Patience);
        Assert.True(demo.ExitCode == 0, demo.Said);
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

    private static async Task<JsonDocument> StatusAsync(CliRun cli)
    {
        Assert.True(await cli.RunAsync("demo", "status", "--json") == 0, cli.Error);
        return JsonDocument.Parse(cli.Output);
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
