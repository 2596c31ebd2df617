using System.Text.Json.Nodes;
using TrustMesh.Agent.Configuration;
using TrustMesh.Dashboard.Hosting;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Infra;

/// <summary>The mesh of infra/container/compose.yaml: what its parts may, who reaches whom, and that what they are told exists.</summary>
public sealed class ComposeTests
{
    private static readonly string[] Silos = ["silo-1", "silo-2", "silo-3"], Devices = ["sensor-1", "sensor-2", "sensor-3"];

    [Fact]
    public void Compose_itself_accepts_the_file()
    {
        var plugin = Command.Exists("docker") && Command.Run(Compose.Folder, "docker", "compose", "version").Code == 0;
        Assert.SkipUnless(plugin || Command.Exists("docker-compose"), "neither docker compose nor docker-compose is on this machine");
        var (code, output, error) = plugin ? Command.Run(Compose.Folder, "docker", "compose", "-f", "compose.yaml", "config", "--services") : Command.Run(Compose.Folder, "docker-compose", "-f", "compose.yaml", "config", "--services");
        Assert.True(code == 0, error);
        Assert.Equal(Compose.Parts.Keys.Order(), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public void All_parts_of_a_mesh_are_in_it()
        => Assert.Equal((string[])["azurite", "dashboard", "door", "join", "prepare", "redis", .. Devices, .. Silos], Compose.Parts.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_container_is_rootless_without_capabilities_on_a_read_only_root_with_limits()
        => Assert.All(Compose.Parts.Values, part =>
        {
            Assert.Equal("1654:1654", part.Keys["user"]);
            Assert.Equal("true", part.Keys["read_only"]);
            Assert.Equal(["ALL"], Compose.List(part.Keys["cap_drop"]));
            Assert.Equal(["no-new-privileges:true"], Compose.List(part.Keys["security_opt"]));
            Assert.True(part.Keys.ContainsKey("mem_limit") && part.Keys.ContainsKey("cpus") && part.Keys.ContainsKey("pids_limit"), part.Name);
            Assert.DoesNotContain(part.Keys.Keys, key => key is "privileged" or "cap_add" or "devices" or "pid" or "ipc" or "userns_mode");
            Assert.DoesNotContain(part.Volumes, volume => ((string)volume["source"]).Contains("docker.sock", StringComparison.Ordinal));
            // Devices have theirs in their image.
            Assert.True(part.Once || part.Keys.ContainsKey("healthcheck") || Devices.Contains(part.Name), $"{part.Name} has no health check");
        });

    [Fact]
    public void A_secret_is_a_file_in_a_volume_of_the_part_that_gets_it()
    {
        Assert.False(Compose.Root.ContainsKey("secrets"));
        foreach (var part in Compose.Parts.Values)
        {
            Assert.DoesNotContain(part.Environment, variable => SecretWords.IsSecretName(variable.Key) || SecretWords.LooksLikeSecret((string)variable.Value));
            Assert.DoesNotContain(part.Words, SecretWords.LooksLikeSecret);
            // What prepare made can be read, not changed; only the operator's step writes the join token.
            Assert.All(part.Volumes.Where(volume => ((string)volume["source"]).EndsWith("-files", StringComparison.Ordinal) && part.Name != "prepare"),
                volume => Assert.True((part.Name, volume["source"]) is ("join", "device-files") || volume.GetValueOrDefault("read_only") as string == "true", part.Name));
        }
        // The authority's key: at the silos, and where it is made. The issuer's: nowhere else at all.
        Assert.Equal((string[])["prepare", .. Silos], Having("silo-files"));
        Assert.Equal(["prepare"], Having("issuer"));
        Assert.Equal(["join", "prepare", .. Devices], Having("device-files"));
        Assert.Equal(["prepare", "redis"], Having("redis-files"));
    }

    [Fact]
    public void Devices_reach_silos_and_each_other_and_nothing_else()
    {
        Assert.Equal((string[])[.. Devices, .. Silos], On("devices"));
        Assert.Equal(Silos, On("silos"));
        Assert.Equal((string[])["azurite", "redis", .. Silos], On("storage"));
        Assert.Equal((string[])["dashboard", "join", .. Silos], On("operators"));
        Assert.Equal(["dashboard"], On("people"));
        Assert.Equal(["devices", "operators", "silos", "storage"], Compose.Map(Compose.Root["networks"]).Where(network => Compose.Map(network.Value).GetValueOrDefault("internal") as string == "true").Select(network => network.Key).Order());
        Assert.All(Compose.Parts.Values.Where(part => part.Keys.ContainsKey("ports")), part => Assert.All(Compose.List(part.Keys["ports"]), port => Assert.StartsWith("127.0.0.1:", (string)port)));
    }

    [Fact]
    public void A_silo_listens_to_each_in_the_network_it_is_for()
    {
        foreach (var silo in Silos.Select(name => Compose.Parts[name]))
        {
            var networks = Compose.Map(silo.Keys["networks"]);
            foreach (var (key, network, port) in new[] { ("DEVICELISTEN", "devices", 7443), ("SILOLISTEN", "silos", 11111), ("OPERATORLISTEN", "operators", 7080) })
            {
                var address = Compose.Map(networks[network])["ipv4_address"];
                Assert.Equal($"{address}:{port}", silo.Environment[$"TRUSTMESH__{key}"]);
                var subnet = Compose.Map(Compose.List(Compose.Map(Compose.Map(Compose.Map(Compose.Root["networks"])[network])["ipam"])["config"]).Single())["subnet"];
                Assert.True(System.Net.IPNetwork.Parse((string)subnet).Contains(System.Net.IPAddress.Parse((string)address)), $"{silo.Name}: {address}");
            }
            Assert.Equal(silo.Name, silo.Environment["TRUSTMESH__SILONAME"]);
            Assert.Contains($"https://{silo.Environment["TRUSTMESH__OPERATORLISTEN"]}/readyz", Compose.List(Compose.Map(silo.Keys["healthcheck"])["test"]));
            Assert.Contains(((string)silo.Environment["TRUSTMESH__OPERATORLISTEN"]).Split(':')[0], string.Join(' ', Compose.Parts["prepare"].Words));
        }
    }

    [Fact]
    public void What_the_parts_are_told_exists()
    {
        foreach (var key in Silos.SelectMany(name => Compose.Parts[name].Environment.Keys).Where(name => name != "SSL_CERT_FILE"))
            Assert.True(key.StartsWith("TRUSTMESH__", StringComparison.Ordinal) && ProgramOptions.IsSiloKey(key["TRUSTMESH__".Length..].Replace("__", ":")), key);
        DashboardSettings.Parse([.. Compose.Parts["dashboard"].Words]);
        var named = Compose.Map(Compose.Root["volumes"]).Keys.ToHashSet();
        foreach (var volume in Compose.Parts.Values.SelectMany(part => part.Volumes))
            Assert.True((string)volume["type"] == "bind" ? Path.Exists(Path.Combine(Compose.Folder, (string)volume["source"])) : named.Contains((string)volume["source"]), (string)volume["source"]);
        Assert.All(named, name => Assert.NotEmpty(Having(name)));
        // A file a silo is told to read lies in one of its volumes.
        foreach (var silo in Silos.Select(name => Compose.Parts[name]))
            Assert.All(silo.Environment.Values.Cast<string>().Where(value => value.StartsWith('/')), path => Assert.Contains(silo.Volumes, volume => path.StartsWith($"{volume["target"]}/", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_volume_takes_its_owner_from_the_part_that_runs_first()
    {
        // Else Docker would give a volume to whoever owned the folder in the last image it was mounted on.
        var prepared = Compose.Parts["prepare"].Volumes.Select(volume => (string)volume["source"]).ToHashSet();
        Assert.All(Compose.Parts.Values.Where(part => part.Name != "prepare").SelectMany(part => part.Volumes).Where(volume => prepared.Contains((string)volume["source"])),
            volume => Assert.Equal("true", Compose.Map(volume["volume"])["nocopy"]));
        var image = File.ReadAllText(Path.Combine(Compose.Folder, "Containerfile"));
        Assert.All(Compose.Parts["prepare"].Volumes, volume => Assert.Contains($" {volume["target"]}", image));
    }

    [Fact]
    public void Devices_are_configured_as_the_agent_wants_it()
    {
        foreach (var name in Devices)
        {
            Assert.Equal($"./{name}.json", Compose.Parts[name].Volumes.Single(volume => (string)volume["target"] == "/etc/trustmesh/agent.json")["source"]);
            var text = File.ReadAllText(Path.Combine(Compose.Folder, $"{name}.json"));
            var settings = JsonNode.Parse(text, null, new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
            Assert.Equal(Silos.Select(silo => $"https://{silo}:7443"), settings["silo"]!.AsArray().Select(silo => (string)silo!));
            // Each address by itself, as long as the agent takes one.
            foreach (var silo in Silos)
            {
                settings["silo"] = $"https://{silo}:7443";
                var config = ConfigReader.Parse(settings.ToJsonString(), "/etc/trustmesh/agent.json");
                Assert.Equal((name, "software", $"{name}:7444"), (config.Name, config.Root.Kind, Assert.Single(config.Peer!.Addresses)));
                Assert.Contains(Compose.Parts[name].Volumes, volume => config.State.StartsWith($"{volume["target"]}/", StringComparison.Ordinal));
            }
        }
    }

    private static IEnumerable<string> Having(string volume) => Compose.Parts.Values.Where(part => part.Volumes.Any(one => (string)one["source"] == volume)).Select(part => part.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> On(string network) => Compose.Parts.Values.Where(part => part.Networks.Contains(network)).Select(part => part.Name).Order(StringComparer.Ordinal);
}
