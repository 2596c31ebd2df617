using System.Text.Json;
using TrustMesh.Tests.Cli;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>Every command against a silo with a device: that both sides of the API mean the same.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string state = Directory.CreateTempSubdirectory("trustmesh-e2e-").FullName;

    public CommandTests() => RunningDemo.Needs();

    public void Dispose() => Directory.Delete(state, recursive: true);

    [Fact]
    public async Task Every_command_works_and_every_refusal_has_its_code()
    {
        await using var demo = await RunningDemo.UpAsync(state, "--devices", "1", "--software", "1");
        var cli = new CliRun { ["TRUSTMESH_TOKEN_FILE"] = Path.Combine(state, "token.json"), ["TRUSTMESH_SILO"] = null };

        await Looks(cli);
        await Tokens(cli);
        await PolicyAndReferences(cli);
        await Decisions(cli);
        await People(cli, demo.Said.Split('\n').Single(line => line.Contains("export TRUSTMESH_SILO=", StringComparison.Ordinal)).Split('=')[1]);
    }

    private static async Task Looks(CliRun cli)
    {
        using var mesh = await Json(cli, "mesh", "show");
        Assert.Equal("demo", mesh.RootElement.GetProperty("name").GetString());
        using var list = await Json(cli, "device", "list");
        var devices = list.RootElement.GetProperty("items").EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!);
        Assert.Equal(["camera-harbour-1", "sensor-north-1"], devices.Keys.Order());
        Assert.Equal(("software", "tpm-quote"), (devices["camera-harbour-1"].GetProperty("tier").GetString(), devices["sensor-north-1"].GetProperty("tier").GetString()));
        // A whole id, a prefix, the shown characters and the name are one device.
        var id = devices["sensor-north-1"].GetProperty("id").GetString()!;
        foreach (var name in (string[])[id, id[..12], id.Substring(2, 8), "sensor-north-1"])
        {
            using var page = await Json(cli, "device", "show", name);
            Assert.Equal(id, page.RootElement.GetProperty("device").GetProperty("id").GetString());
        }
        Assert.Equal(3, await cli.RunAsync("device", "show", "nobody"));
        using var trusted = await Json(cli, "device", "list", "--look", "trusted");
        Assert.Equal("sensor-north-1", Assert.Single(trusted.RootElement.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        using var silos = await Json(cli, "silo", "list");
        var silo = Assert.Single(silos.RootElement.EnumerateArray());
        Assert.Equal(("active", 2), (silo.GetProperty("health").GetString(), silo.GetProperty("twins").GetInt32()));
        Assert.Equal(0, await cli.RunAsync("silo", "show", silo.GetProperty("name").GetString()!));
        Assert.Equal(3, await cli.RunAsync("silo", "show", "nobody"));
        using var graph = await Json(cli, "graph", "export");
        Assert.Equal(3, graph.RootElement.GetProperty("nodes").GetArrayLength());
        Assert.Equal(0, await cli.RunAsync("events", "watch", "--json", "--count", "3", "--timeout", "30s"));
        Assert.All(cli.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line).Dispose());
    }

    private static async Task Tokens(CliRun cli)
    {
        using var token = await Json(cli, "enroll", "token", "create", "--uses", "5", "--ttl", "2h", "--site", "north");
        Assert.StartsWith("tmj1_", token.RootElement.GetProperty("token").GetString());
        var id = token.RootElement.GetProperty("id").GetString()!;
        Assert.Equal(0, await cli.RunAsync("enroll", "token", "list"));
        Assert.Contains(id, cli.Output);
        Assert.DoesNotContain("tmj1_", cli.Output);
        Assert.Equal(0, await cli.RunAsync("enroll", "token", "delete", id));
        Assert.Equal(0, await cli.RunAsync("enroll", "token", "list"));
        Assert.DoesNotContain(id, cli.Output);
        Assert.Equal(3, await cli.RunAsync("enroll", "token", "delete", id));
        Assert.Equal(2, await cli.RunAsync("enroll", "token", "create", "--uses", "0", "--ttl", "2h"));
    }

    private static async Task PolicyAndReferences(CliRun cli)
    {
        using var before = await Json(cli, "policy", "show");
        using var after = await Json(cli, "policy", "set", "--lifetime", "40s", "--may-change", "/var/log/**");
        Assert.Equal(before.RootElement.GetProperty("version").GetInt64() + 1, after.RootElement.GetProperty("version").GetInt64());
        Assert.Equal(40, after.RootElement.GetProperty("lifetimeSeconds").GetInt32());
        using var peers = await Json(cli, "policy", "set", "--grace", "12h", "--quorum", "2", "--peers", "3");
        Assert.Equal((43_200, 2, 3), (peers.RootElement.GetProperty("graceSeconds").GetInt32(), peers.RootElement.GetProperty("quorum").GetInt32(), peers.RootElement.GetProperty("peers").GetInt32()));
        Assert.Equal(2, await cli.RunAsync("policy", "set", "--quorum", "1"));
        Assert.Equal(2, await cli.RunAsync("policy", "set"));
        Assert.Equal(2, await cli.RunAsync("policy", "set", "--may-change", "**"));
        using var learnt = await Json(cli, "reference", "learn", "sensor-north-1");
        Assert.Equal("traffic-sensor", learnt.RootElement.GetProperty("model").GetString());
        Assert.Equal(0, await cli.RunAsync("reference", "list"));
        Assert.Contains("/etc/sensor.conf", cli.Output);
    }

    private static async Task Decisions(CliRun cli)
    {
        Assert.Equal(0, await cli.RunAsync("device", "suspend", "camera-harbour-1", "--reason", "a test"));
        Assert.Contains("suspended", cli.Error);
        Assert.Equal(5, await cli.RunAsync("device", "approve", "camera-harbour-1"));
        Assert.Equal(0, await cli.RunAsync("device", "resume", "camera-harbour-1"));
        Assert.Equal(0, await cli.RunAsync("device", "revoke", "camera-harbour-1", "--reason", "a test"));
        Assert.Equal(5, await cli.RunAsync("device", "resume", "camera-harbour-1"));

        using var list = await Json(cli, "revocation", "show");
        var listed = Assert.Single(list.RootElement.GetProperty("devices").EnumerateArray());
        Assert.Equal(("camera-harbour-1", "revoked", "a test"), (listed.GetProperty("name").GetString(), listed.GetProperty("standing").GetString(), listed.GetProperty("reason").GetString()));
        using var history = await Json(cli, "revocation", "list");
        Assert.Equal(["revoked", "active", "suspended"], history.RootElement.EnumerateArray().SelectMany(one => one.GetProperty("changes").EnumerateArray()).Select(one => one.GetProperty("standing").GetString()));
        using var spread = await Json(cli, "revocation", "propagation", list.RootElement.GetProperty("serial").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1, spread.RootElement.GetProperty("devices").GetInt32());
        Assert.Equal(3, await cli.RunAsync("revocation", "propagation", "99999"));
    }

    private static async Task People(CliRun admin, string silo)
    {
        using var code = await Json(admin, "operator", "add", "vera", "--role", "viewer");
        var viewer = new CliRun { Input = code.RootElement.GetProperty("code").GetString()!, ["TRUSTMESH_SILO"] = silo };
        Assert.Equal(0, await viewer.RunAsync("sign-in"));
        Assert.Equal(0, await viewer.RunAsync("device", "list"));
        Assert.Equal(4, await viewer.RunAsync("device", "suspend", "sensor-north-1", "--reason", "I may not"));
        Assert.Equal(4, await viewer.RunAsync("policy", "set", "--lifetime", "1h"));
        Assert.Equal(4, await viewer.RunAsync("operator", "add", "vera", "--role", "admin"));
        var token = await File.ReadAllTextAsync(viewer.TokenFile);
        Assert.Equal(0, await viewer.RunAsync("sign-out"));
        // The silo has forgotten it too: put back, it opens nothing.
        await File.WriteAllTextAsync(viewer.TokenFile, token);
        Assert.Equal(4, await viewer.RunAsync("device", "list"));
    }

    private static async Task<JsonDocument> Json(CliRun cli, params string[] arguments)
    {
        var code = await cli.RunAsync([.. arguments, "--json"]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code} {cli.Error}");
        return JsonDocument.Parse(cli.Output);
    }
}
