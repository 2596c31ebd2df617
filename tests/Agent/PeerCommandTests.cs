using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrustMesh.Agent.Commands;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary><c>trustmesh-agent peer</c> as a process, and the examples of DOOR.md as they stand there, at a door in this process.</summary>
public sealed partial class PeerCommandTests : IDisposable
{
    private static readonly DateTimeOffset Judged = DateTimeOffset.UtcNow;
    private readonly Folder folder = new();
    private readonly string config;

    public PeerCommandTests()
    {
        config = folder.Write("agent.json", """{"name": "press-1", "site": "oslo", "model": "press", "state": "state", "silo": "https://localhost:1", "root": {"kind": "software"}, "measure": [{"root": "measured", "files": ["**"]}], "socket": {"path": "door.sock"}}""");
    }

    private static KnownPeer Good => SomePeer.Named("sensor-1").Judged(TrustTier.Affirming, Judged, TimeSpan.FromHours(1));

    private static KnownPeer Bad => SomePeer.Named("sensor-2", "10.0.0.6:7444").Judged(TrustTier.Contraindicated, Judged, TimeSpan.FromHours(1), because: new Finding("file.digest", "/app/x", "aa", "bb", "reference sensor #4", Outcome.Fail));

    private static string Until => Good.ExpiresAt!.Value.UtcDateTime.ToString("HH:mm:ss'Z'");

    [Fact]
    public async Task Lists_peers_as_a_table()
    {
        await using var door = await OpenAsync();
        var (code, output, error) = await AgentProcess.RunAsync("peer", "list", "--config", config);
        Assert.Equal((ExitCode.Ok, ""), (code, error));
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(["NAME", "ID", "SITE", "TIER", "VERDICT", "UNTIL", "ADDRESS", "REASON"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["sensor-1", Good.Device.Short, "harbour", "tpm-quote", "affirming", Until, "10.0.0.5"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("contraindicated", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("file.digest /app/x: expected aa, got bb.", lines[2], StringComparison.Ordinal);
        var (_, json, _) = await AgentProcess.RunAsync("peer", "list", "--config", config, "--json");
        Assert.Equal([true, false], json.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("allowed").GetBoolean()));
    }

    [Fact]
    public async Task Shows_one_peer_and_says_when_there_is_none()
    {
        await using var door = await OpenAsync();
        var (code, output, _) = await AgentProcess.RunAsync("peer", "show", "sensor-2", "--config", config);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Matches("Verdict +contraindicated", output);
        Assert.Contains("fail          file.digest  /app/x: expected aa, got bb (reference sensor #4)", output, StringComparison.Ordinal);
        var (missing, none, error) = await AgentProcess.RunAsync("peer", "show", "sensor-9", "--config", config);
        Assert.Equal((ExitCode.NotFound, ""), (missing, none));
        Assert.Contains("sensor-9", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examining_is_one_line_and_exit_code_0_or_6()
    {
        await using var door = await OpenAsync();
        var (good, output, error) = await AgentProcess.RunAsync("peer", "examine", "sensor-1", "--config", config);
        Assert.Equal((ExitCode.Ok, $"affirming  sensor-1 ({Good.Device.Short})  tpm-quote  until {Until}  37 checks passed\n", ""), (good, output, error));
        var (bad, because, _) = await AgentProcess.RunAsync("peer", "examine", "sensor-2", "--config", config);
        Assert.Equal((ExitCode.NotTrusted, $"contraindicated  sensor-2 ({Bad.Device.Short})  tpm-quote  37 checks passed\n  fail          file.digest  /app/x: expected aa, got bb (reference sensor #4)\n"), (bad, because));
        var (gone, nothing, why) = await AgentProcess.RunAsync("peer", "examine", "10.0.0.9", "--config", config);
        Assert.Equal((ExitCode.NotTrusted, "", "Nobody answers at 10.0.0.9:7444. Look whether its agent runs.\n"), (gone, nothing, why));
    }

    [Fact]
    public async Task An_examination_that_takes_too_long_is_exit_code_7()
    {
        await using var door = await RunningDoor.OpenAsync(folder, examine: async (_, stop) => { await Task.Delay(Timeout.Infinite, stop); return Good; });
        var (code, output, error) = await AgentProcess.RunAsync("peer", "examine", "sensor-1", "--config", config, "--timeout", "1");
        Assert.Equal((ExitCode.Timeout, ""), (code, output));
        Assert.Contains("--timeout", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("show", "x")]
    [InlineData("examine", "x")]
    [InlineData("watch")]
    public async Task Without_an_agent_it_is_exit_code_3_with_the_fix(params string[] words)
    {
        var (code, output, error) = await AgentProcess.RunAsync(["peer", .. words, "--config", config]);
        Assert.Equal((ExitCode.NotFound, ""), (code, output));
        Assert.Contains($"trustmesh-agent run --config {config}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peer")]
    [InlineData("peer", "show")]
    [InlineData("peer", "examine", "x", "--timeout", "0")]
    [InlineData("peer", "examine", "")]
    public async Task Wrong_usage_is_exit_code_2(params string[] words)
        => Assert.Equal(ExitCode.Usage, (await AgentProcess.RunAsync([.. words, .. words.Length > 1 ? ["--config", config] : Array.Empty<string>()])).Code);

    [Fact]
    public async Task Watches_as_a_stream_of_lines()
    {
        await using var door = await OpenAsync();
        using var watch = Process.Start(AgentProcess.StartInfo("peer", "watch", "--config", config))!;
        try
        {
            Assert.StartsWith($"affirming  sensor-1 ({Good.Device.Short})  tpm-quote  until ", await LineAsync(watch), StringComparison.Ordinal);
            Assert.StartsWith("contraindicated  sensor-2", await LineAsync(watch), StringComparison.Ordinal);
            door.Book.Put(Good.Judged(TrustTier.Warning, Judged, TimeSpan.FromHours(1)));
            Assert.StartsWith("warning  sensor-1", await LineAsync(watch), StringComparison.Ordinal);
        }
        finally
        {
            watch.Kill();
            await watch.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task The_ten_lines_of_DOOR_md_do_what_it_says()
    {
        Assert.SkipUnless(Command.Exists("python3"), "python3 is not installed");
        await using var door = await OpenAsync();
        var script = Example("python");
        Assert.InRange(script.TrimEnd('\n').Split('\n').Length, 1, 10);
        var file = folder.Write("ask.py", script);
        Assert.Equal((0, $"sensor-1 is affirming (tpm-quote) until {Good.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n", ""), Command.Run(folder.FullPath, "python3", file, "10.0.0.5"));
        Assert.Equal((1, "", "not talking to sensor-2: file.digest /app/x: expected aa, got bb.\n"), Command.Run(folder.FullPath, "python3", file, "sensor-2"));
        var (code, output, error) = Command.Run(folder.FullPath, "python3", file, "10.9.9.9");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("not talking to 10.9.9.9: No peer", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shell_line_of_DOOR_md_does_what_it_says()
    {
        Assert.SkipUnless(Command.Exists("socat"), "socat is not installed (apt-get install socat)");
        await using var door = await OpenAsync();
        var (code, output, error) = Command.Run(folder.FullPath, "/bin/sh", "-c", Example("sh"));
        Assert.True(code == 0, error);
        Assert.True(JsonDocument.Parse(output).RootElement.GetProperty("allowed").GetBoolean());
    }

    public void Dispose() => folder.Dispose();

    private async Task<RunningDoor> OpenAsync()
    {
        var door = await RunningDoor.OpenAsync(folder, examine: (host, _) => host switch
        {
            "sensor-1" => Task.FromResult(Good),
            "sensor-2" => Task.FromResult(Bad),
            _ => throw new IOException($"Nobody answers at {host}:7444. Look whether its agent runs."),
        });
        door.Book.Put(Good);
        door.Book.Put(Bad);
        return door;
    }

    private static async Task<string> LineAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        return await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException(await process.StandardError.ReadToEndAsync());
    }

    /// <summary>The first fenced block of that language, at this test's socket.</summary>
    private string Example(string language)
        => Fence().Matches(File.ReadAllText(Path.Combine(Repository.Root, "device-runtime", "Agent", "DOOR.md"))).First(block => block.Groups["language"].Value == language).Groups["text"].Value
            .Replace("/run/trustmesh/agent.sock", folder["door.sock"], StringComparison.Ordinal);

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
