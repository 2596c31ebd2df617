using System.Text.Json;
using TrustMesh.Tests.Trust;

namespace TrustMesh.Tests.Cli;

/// <summary>Several silos, as a cluster tells of them; one silo that is really there is tests/Host/SiloRouteTests.</summary>
public sealed class SiloTests
{
    private const string Dead = """
        {"name":"silo-3","health":"dead","why":"no answer to 3 probes\u001b[31m","device":null,"operator":null,"version":"0.2.0","startedAt":null,"reportedAt":"2026-01-01T00:00:00Z",
         "twins":0,"share":0,"shards":[],"callsPerSecond":0,"p50Ms":0,"p99Ms":0,"accepted":9,"refused":1,"waiting":0,"memoryBytes":0,"storageErrors":4,"lastStorageError":"2026-01-01 00:00:00Z disk full"}
        """;

    private const string Active = """
        {"name":"silo-1","health":"active","why":null,"device":"https://a.example:7443","operator":"http://a.example:7080","version":"0.2.0","startedAt":"2026-01-01T00:00:00Z","reportedAt":"2026-01-01T00:05:00Z",
         "twins":670,"share":0.67,"shards":["authority","log-0","shard-0","shard-1"],"callsPerSecond":412.26,"p50Ms":0.84,"p99Ms":12.5,"accepted":81234,"refused":3,"waiting":640,"memoryBytes":268435456,"storageErrors":0,"lastStorageError":null,"skewSeconds":-0.04}
        """;

    private const string Wrong = """
        {"name":"silo-2","health":"active","why":"Its clock is 600 s ahead of the other silos'; see to its time server.","device":null,"operator":null,"version":"0.2.0","startedAt":null,"reportedAt":"2026-01-01T00:05:00Z",
         "twins":0,"share":0,"shards":[],"callsPerSecond":0,"p50Ms":0,"p99Ms":0,"accepted":9,"refused":1,"waiting":0,"memoryBytes":0,"storageErrors":0,"lastStorageError":null,"skewSeconds":600.4}
        """;

    private static readonly TimeProvider Clock = new ManualTime(new DateTimeOffset(2026, 1, 1, 0, 5, 3, TimeSpan.Zero));

    [Fact]
    public async Task A44_List_prints_the_share_of_each_and_tells_what_is_wrong_on_standard_error()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET silos", 200, $"[{Active},{Dead}]")) { Time = Clock }.SignedInAsync();
        Assert.Equal(0, await run.RunAsync("silo", "list"));
        Assert.Equal(
            "NAME\tHEALTH\tADDRESS\tTWINS\tSHARE\tCALLS/S\tP50 MS\tP99 MS\tSTORAGE ERRORS\tREPORTED\n"
            + "silo-1\tactive\thttps://a.example:7443\t670\t67 %\t412.3\t0.8\t12.5\t0\t3 s ago\nsilo-3\tdead\t-\t0\t0 %\t0\t-\t-\t4\t5 min ago\n", run.Output);
        Assert.Equal("silo-3 is dead: no answer to 3 probes\\u001b[31m\n", run.Error);
    }

    [Fact]
    public async Task Show_prints_everything_a_silo_says()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET silos/silo-1", 200, Active).Answer("GET silos/silo-3", 200, Dead)) { Time = Clock }.SignedInAsync();
        Assert.Equal(0, await run.RunAsync("silo", "show", "silo-1"));
        Assert.Equal(
            [
                "silo\tsilo-1", "health\tactive", "why\t-", "devices dial\thttps://a.example:7443", "operators dial\thttp://a.example:7080", "version\t0.2.0", "started\t2026-01-01 00:00:00Z",
                "reported\t2026-01-01 00:05:00Z (3 s ago)", "twins\t670", "share\t67 %", "duties\tauthority, log-0, shard-0, shard-1", "calls a second\t412.3", "p50\t0.8 ms", "p99\t12.5 ms",
                "evidence accepted\t81234", "evidence refused\t3", "devices waiting\t640", "memory\t256 MiB", "storage errors\t0", "last of them\t-", "clock\tas the other silos'",
            ], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, await run.RunAsync("silo", "show", "silo-3"));
        Assert.Contains("storage errors\t4\nlast of them\t2026-01-01 00:00:00Z disk full\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_whose_clock_is_wrong_says_so_although_it_is_active()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET silos", 200, $"[{Active},{Wrong}]").Answer("GET silos/silo-2", 200, Wrong).Answer("GET silos/silo-3", 200, Dead)) { Time = Clock }.SignedInAsync();
        Assert.Equal(0, await run.RunAsync("silo", "list"));
        Assert.Equal("silo-2 is active: Its clock is 600 s ahead of the other silos'; see to its time server.\n", run.Error);
        Assert.Equal(0, await run.RunAsync("silo", "show", "silo-2"));
        Assert.Contains("why\tIts clock is 600 s ahead", run.Output, StringComparison.Ordinal);
        Assert.Contains("clock\t600.4 s ahead of the other silos'\n", run.Output, StringComparison.Ordinal);
        // A silo of before does not say.
        Assert.Equal(0, await run.RunAsync("silo", "show", "silo-3"));
        Assert.Contains("clock\t-\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_the_document_of_the_API()
    {
        var run = await new CliRun(new CannedSilo().Answer("GET silos", 200, $"[{Active},{Dead}]").Answer("GET silos/silo-1", 200, Active)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("silo", "list", "--json"));
        Assert.Empty(run.Error);
        using var list = JsonDocument.Parse(run.Output);
        Assert.Equal(["active", "dead"], list.RootElement.EnumerateArray().Select(one => one.GetProperty("health").GetString()));
        Assert.Equal(0, await run.RunAsync("silo", "show", "silo-1", "--json"));
        using var one = JsonDocument.Parse(run.Output);
        using var said = JsonDocument.Parse(Active);
        Assert.Equal(said.RootElement.EnumerateObject().Select(member => member.Name), one.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.True(JsonElement.DeepEquals(said.RootElement.GetProperty("shards"), one.RootElement.GetProperty("shards")), run.Output);
    }

    [Fact]
    public async Task A_name_is_data_one_that_is_missing_is_2_and_one_that_nobody_has_is_3_with_the_list_to_look_at()
    {
        var silo = new CannedSilo();
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(3, await run.RunAsync("silo", "show", "../mesh?"));
        Assert.Equal("GET silos/..%2Fmesh%3F", silo.Seen[^1].Route);
        Assert.Contains("trustmesh silo list", run.Error, StringComparison.Ordinal);
        Assert.Equal(3, await run.RunAsync("device", "show", "nobody"));
        Assert.Contains("trustmesh device list", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, await run.RunAsync("silo", "show"));
        Assert.Equal(2, await run.RunAsync("silo"));
    }

    [Fact]
    public async Task A_terminal_completes_the_command_and_help_names_it()
    {
        var run = new CliRun();
        Assert.Equal(0, await run.RunAsync("[suggest:10]", "trustmesh silo "));
        Assert.Contains("silo", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("silo", "--help"));
        Assert.Contains("list", run.Output, StringComparison.Ordinal);
        Assert.Contains("show <NAME>", run.Output, StringComparison.Ordinal);
    }
}
