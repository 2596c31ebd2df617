using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.EndToEnd;
using TrustMesh.Tests.Orleans.Parts;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Orleans.EndToEnd;

/// <summary>A whole mesh with several silos, as a user starts it: real silos, Redis, Azurite, agents, dashboard.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClusterDemoTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string state = Directory.CreateTempSubdirectory("trustmesh-cluster-").FullName;

    public ClusterDemoTests()
    {
        RunningDemo.Needs();
        Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed (apt-get install redis-server)");
        Assert.SkipUnless(Azurite.IsInstalled, "Azurite is not installed (npm ci --prefix infra/azurite --ignore-scripts)");
    }

    public void Dispose() => Directory.Delete(state, recursive: true);

    [Fact]
    public async Task Check_kills_one_of_three_silos_and_every_device_is_answered_by_another()
    {
        using var demo = Process.Start(new ProcessStartInfo(RunningDemo.Program,
            ["demo", "run", "--cluster", "3", "--check", "--no-namespaces", "--devices", "1", "--software", "2", "--port", "0", "--state", state, "--timeout", "100s"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, error) = (demo.StandardOutput.ReadToEndAsync(), demo.StandardError.ReadToEndAsync());
        await demo.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(demo.ExitCode == 0, await error);
        using var result = JsonDocument.Parse(Assert.Single((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        var facts = result.RootElement.EnumerateObject().ToDictionary(fact => fact.Name, fact => fact.Value);
        Assert.Equal(["devices", "trusted", "evidence", "edges", "seconds", "silos", "killed", "answered"], facts.Keys);
        Assert.Equal((3, 1, 6, 3), (facts["devices"].GetInt32(), facts["trusted"].GetInt32(), facts["edges"].GetInt32(), facts["silos"].GetInt32()));
        Assert.Contains(facts["killed"].GetString(), (string[])["silo-1", "silo-2", "silo-3"]);
        Assert.True(facts["answered"].GetDouble() > 0);
        Assert.Empty(RunningDemo.Left(state));
    }

    [Fact]
    public async Task Silos_are_killed_switched_off_and_started_again_while_everything_goes_on()
    {
        await using var demo = await RunningDemo.UpAsync(state, "--cluster", "2", "--devices", "1", "--software", "1", "--no-namespaces");
        var cli = new CliRun { ["TRUSTMESH_TOKEN_FILE"] = Path.Combine(state, "token.json"), ["TRUSTMESH_SILO"] = null };

        Assert.Equal(0, await cli.RunAsync("demo", "silo", "kill"));
        var dead = Assert.Single(await StoppedAsync(cli));
        // The session counts at the other one, and the devices prove themselves there.
        await ProvenAsync(demo, DateTimeOffset.UtcNow);
        Assert.Equal(0, await cli.RunAsync("device", "list"));
        Assert.Equal(0, await cli.RunAsync("demo", "silo", "start"));
        Assert.Empty(await StoppedAsync(cli));
        Assert.Equal(5, await cli.RunAsync("demo", "silo", "start"));

        // From outside, and this time the one that did not die before: the demo misses it and goes on.
        var other = dead == "silo-1" ? "silo-2" : "silo-1";
        using (var ready = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(state, $"{other}-ready.json")))) demo.Signal("KILL", ready.RootElement.GetProperty("pid").GetInt32());
        await demo.SaidAsync($"{other} ended with exit code 137");
        await ProvenAsync(demo, DateTimeOffset.UtcNow);
        Assert.Equal([other], await StoppedAsync(cli));

        Assert.Equal(0, await cli.RunAsync("demo", "silo", "stop"));
        Assert.Equal(["silo-1", "silo-2"], await StoppedAsync(cli));
        Assert.Equal(5, await cli.RunAsync("demo", "silo", "kill"));
        Assert.Equal(0, await cli.RunAsync("demo", "silo", "start"));
        await ProvenAsync(demo, DateTimeOffset.UtcNow);
        // Nobody enrolled again.
        Assert.Equal(2, (await demo.Api.DevicesAsync(null, null, CancellationToken.None)).Items.Count);

        await demo.EndAsync("INT");
        Assert.True(demo.ExitCode == 0, demo.Said);
        Assert.Empty(RunningDemo.Left(state));
    }

    [Fact]
    public async Task A47_Secrets_of_the_stores_stand_in_private_files_only_and_no_device_reaches_a_store()
    {
        await using (var demo = await RunningDemo.UpAsync(state, "--cluster", "2", "--devices", "1", "--software", "1"))
        {
            string[] files = ["redis/secret", "redis/redis.conf", "azurite/secret", "silo-1/authority.key"];
            Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(state, file))));
            string[] secrets = [.. new[] { "redis", "azurite" }.Select(store => File.ReadAllText(Path.Combine(state, store, "secret")))];
            Assert.All(secrets, secret => Assert.True(secret.Length > 40));
            Assert.All(RunningDemo.Left(state), arguments => Assert.All(secrets, secret => Assert.DoesNotContain(secret, arguments)));
            foreach (var log in Directory.GetFiles(Path.Combine(state, "logs")))
            {
                var text = await File.ReadAllTextAsync(log);
                Assert.All(secrets, secret => Assert.DoesNotContain(secret, text));
            }
            var cli = new CliRun { ["TRUSTMESH_TOKEN_FILE"] = Path.Combine(state, "token.json"), ["TRUSTMESH_SILO"] = null };
            using var status = await StatusAsync(cli);
            var place = status.RootElement.GetProperty("devices")[0].GetProperty("namespace").GetString();
            Assert.SkipWhen(place is null, "network namespaces can only be made as root");
            using var device = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(state, "devices", "device-1", "agent.json")));
            var silos = device.RootElement.GetProperty("silo").EnumerateArray().Select(silo => new Uri(silo.GetString()!)).ToList();
            Assert.Equal(2, silos.Count);
            Assert.All(silos, silo => Assert.True(Reaches(place!, silo.Host, silo.Port), $"the device does not reach {silo}"));
            foreach (var part in Directory.GetFiles(Path.Combine(state, "ports")))
                foreach (var host in (string[])["127.0.0.1", silos[0].Host])
                    Assert.False(Reaches(place!, host, int.Parse(await File.ReadAllTextAsync(part), System.Globalization.CultureInfo.InvariantCulture)), $"a device reaches {Path.GetFileName(part)} at {host}");
        }
    }

    private static bool Reaches(string place, string host, int port)
        => Command.Run("/", "ip", "netns", "exec", place, "timeout", "10", "bash", "-c", $"exec 3<>/dev/tcp/{host}/{port}").Code == 0;

    /// <summary>Waits until every device has proven itself after that moment; times of proof are whole seconds.</summary>
    private static async Task ProvenAsync(RunningDemo demo, DateTimeOffset after)
    {
        await demo.UntilAsync("sensor-north-1", node => node.Look == Looks.Trusted && node.ProvenAt?.ToUnixTimeSeconds() > after.ToUnixTimeSeconds());
        await demo.UntilAsync("camera-harbour-1", node => node.Look == Looks.Warning && node.ProvenAt?.ToUnixTimeSeconds() > after.ToUnixTimeSeconds());
    }

    private static async Task<IReadOnlyList<string>> StoppedAsync(CliRun cli)
    {
        using var status = await StatusAsync(cli);
        return [.. status.RootElement.GetProperty("stopped").EnumerateArray().Select(name => name.GetString()!)];
    }

    private static async Task<JsonDocument> StatusAsync(CliRun cli)
    {
        Assert.True(await cli.RunAsync("demo", "status", "--json") == 0, cli.Error);
        return JsonDocument.Parse(cli.Output);
    }
}
