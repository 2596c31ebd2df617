using System.Net;
using System.Net.Http.Headers;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What pages say to type works: in a real bash, with the real curl, against a real silo.</summary>
public sealed class ShellLineTests
{
    /// <summary>A name nobody can choose and an address can hold all the same.</summary>
    private const string Hostile = "site:\u202eolso\u202c 'x'; touch pwned # $(touch pwned) `touch pwned` \"";

    private static readonly DateTimeOffset s_now = new(2025, 3, 1, 18, 0, 0, TimeSpan.Zero);

    private static readonly string[] s_pages =
    [
        "/", "/graph", "/graph?view=table", "/graph?view=table&of=edges", "/graph?view=table&of=edges&q=name:press*+site:lab,oslo&look=stale,revoked,trusted", "/graph?q=site:oslo", "/graph?site=oslo", "/graph?focus=DEVICE&hops=2", "/graph?edge=DEVICE~OTHER", "/graph?at=2025-03-01T18:00:00Z&span=1h",
        "/devices", "/devices?q=site:lab+-status:failed", "/devices/DEVICE", "/devices/DEVICE?tab=peers", "/alerts", "/alerts?tab=rules", "/alerts?tab=silences", "/alerts?tab=webhooks", "/enrolment", "/enrolment?q=site:lab",
        "/revocations", "/revocations/new", "/revocations/new?q=name:press-1", "/revocations/requests/REQUEST", "/policy", "/events", "/changes", "/changes?from=2025-03-01T17:00:00Z&to=2025-03-01T18:00:00Z", "/silos", "/log", "/log?kind=operator&text=it%27s",
        "/settings", "/settings?tab=people", "/settings?tab=tokens", "/settings?tab=about", "/settings?tab=sites", "/settings?tab=sites&who=ada", "/settings?tab=sites&site=lab", "/settings?tab=upkeep",
    ];

    [Fact]
    public async Task Every_line_of_every_page_runs_in_a_shell_and_the_silo_answers_it()
    {
        if (!File.Exists("/usr/bin/curl") || !File.Exists("/bin/bash")) Assert.Skip("curl or bash is not installed (apt-get install curl bash)");
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("press-1");
        await device.ProveAsync();
        using var other = await silo.JoinAsync("press-2");
        await other.ProveAsync();
        var plan = await silo.PostAsync<RevocationPlan>("revocations/plan", new RevocationSelection("name:press-2"));
        var act = await silo.PostAsync<RevocationAct>("revocations", new RevocationOrder(plan.Digest, [.. plan.Devices.Select(one => new PlanTarget(one.Id, one.Mark))], "worn out"));
        using var folder = new ShellFolder(silo);
        var run = await AdaAsync(silo);
        var pages = s_pages.Select(page => page.Replace("DEVICE", device.Id.Text, StringComparison.Ordinal).Replace("OTHER", other.Id.Text, StringComparison.Ordinal).Replace("REQUEST", act.Request.Id, StringComparison.Ordinal));
        var lines = pages.SelectMany(page => ShellLines.Of(new Uri("http://localhost:7490" + page), s_now)).DistinctBy(line => (line.Path, line.Json)).ToList();
        Assert.True(lines.Count > 20);
        foreach (var line in lines)
        {
            var (code, output, error) = await folder.RunAsync(line.Curl(silo.Process.OperatorAddress) + (line.Endless ? " --max-time 0.5" : ""));
            // 22: refused, and the answer says why. Between these two nothing was examined, and a draft of the policy is the test's own.
            var expected = line switch { { Endless: true } => 28, { Path: var path } when path.StartsWith("edges/", StringComparison.Ordinal) => 22, _ => 0 };
            Assert.True(code == expected, $"{line.Path}: {code} {output} {error}");
            Assert.DoesNotContain("no such resource", output, StringComparison.Ordinal);
            Assert.DoesNotContain(silo.Token, line.Curl(silo.Process.OperatorAddress), StringComparison.Ordinal);
            await AssertRunsAsync(run, folder, line);
        }
        Assert.True(new FileInfo(folder.PathOf("device.tmbundle")).Length > 100);
        Assert.True(new FileInfo(folder.PathOf("by-trustmesh.tmbundle")).Length > 100);
    }

    [Fact]
    public void A_table_of_edges_says_its_query_and_its_looks_to_both()
    {
        var line = Assert.Single(ShellLines.Of(new Uri("http://localhost/graph?view=table&of=edges&q=name:press-1+age>10m&site=oslo&look=stale,revoked,trusted"), s_now));
        Assert.Equal("trustmesh edge list --query 'name:press-1 age>10m site:oslo' --look trusted,stale", line.Trustmesh);
        Assert.Equal("edges?q=name%3Apress-1%20age%3E10m%20site%3Aoslo&look=trusted%2Cstale", line.Path);
        Assert.Equal("trustmesh edge list", Assert.Single(ShellLines.Of(new Uri("http://localhost/graph?view=table&of=edges&q=sit:oslo"), s_now)).Trustmesh);
    }

    [Fact]
    public async Task A44_A_hostile_query_stays_one_argument_looks_like_what_it_is_and_runs_nothing()
    {
        if (!File.Exists("/usr/bin/curl") || !File.Exists("/bin/bash")) Assert.Skip("curl or bash is not installed (apt-get install curl bash)");
        await using var silo = await RunningSilo.StartAsync();
        using var folder = new ShellFolder(silo);
        foreach (var page in (string[])["/graph?focus=", "/graph?edge=a~", "/devices/", "/revocations/requests/", "/revocations/new?q="])
        {
            foreach (var line in ShellLines.Of(new Uri("http://localhost:7490" + page + Uri.EscapeDataString(Hostile)), s_now))
            {
                Assert.All(line.Trustmesh + line.Curl(silo.Process.OperatorAddress), one => Assert.InRange(one, ' ', '~'));
                var (code, output, _) = await folder.RunAsync(line.Curl(silo.Process.OperatorAddress));
                Assert.True(code == 22, $"{line.Path}: {code}");
                Assert.DoesNotContain("no such resource", output, StringComparison.Ordinal);
                // What the shell makes of it is what the page meant, one argument, byte for byte.
                var (_, words, _) = await folder.RunAsync($"printf '%s\\0' {ShellText.Quote(Hostile)}");
                Assert.Equal(Hostile + "\0", words);
            }
        }
        Assert.False(File.Exists(folder.PathOf("pwned")));
        Assert.Equal("''", ShellText.Quote(""));
        Assert.Equal("'it'\\''s here'", ShellText.Quote("it's here"));
        Assert.Equal("site:oslo", ShellText.Quote("site:oslo"));
        Assert.Equal("$'a\\u000ab\\U000e0041'", ShellText.Quote("a\nb\U000e0041"));
    }

    [Fact]
    public async Task A47_The_token_comes_from_the_CLI_through_a_pipe_and_never_onto_a_terminal()
    {
        await using var silo = await RunningSilo.StartAsync();
        var address = silo.Process.OperatorAddress.GetLeftPart(UriPartial.Authority);
        var run = await AdaAsync(silo);
        Assert.Equal(0, await run.RunAsync("session-header", "--silo", address));
        using var client = silo.Client(null);
        client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(run.Output.Trim()["Authorization: ".Length..]);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("mesh")).StatusCode);
        // Another silo's is nobody's business, and a terminal is nobody.
        Assert.Equal(4, await run.RunAsync("session-header", "--silo", "http://127.0.0.1:1"));
        var terminal = new CliRun { Terminal = true };
        Assert.Equal(2, await terminal.RunAsync("session-header"));
        Assert.DoesNotContain("tms_", run.Output + terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_with_TLS_is_asked_with_its_CA()
        => Assert.Equal(
            "curl -sS --fail-with-body --cacert silo-ca.pem -H @<(trustmesh session-header --silo https://silo.example:7080) 'https://silo.example:7080/api/v1/mesh'",
            Assert.Single(ShellLines.Of(new Uri("http://localhost/"), s_now)).Curl(new Uri("https://silo.example:7080/api/v1/")));

    [Fact]
    public void What_is_no_page_has_no_line() => Assert.Empty(ShellLines.Of(new Uri("http://localhost/sign-in"), s_now));

    /// <summary>Somebody who is signed in at that silo, and whose commands know of no other.</summary>
    private static async Task<CliRun> AdaAsync(RunningSilo silo)
    {
        var address = silo.Process.OperatorAddress.GetLeftPart(UriPartial.Authority);
        var code = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ada", "admin"))).Code;
        var run = new CliRun { Input = code + "\n", ["TRUSTMESH_SILO"] = null };
        Assert.True(await run.RunAsync("sign-in", "--silo", address) == 0, run.Error);
        run["TRUSTMESH_SILO"] = address;
        return run;
    }

    /// <summary>It is a command there is, with options it has, and the silo answers. All of them only read.</summary>
    private static async Task AssertRunsAsync(CliRun run, ShellFolder folder, ShellLine line)
    {
        var typed = line.Trustmesh.Replace("draft.json", folder.PathOf("draft.json"), StringComparison.Ordinal).Replace("device.tmbundle", folder.PathOf("by-trustmesh.tmbundle"), StringComparison.Ordinal);
        // The shell says what its words are.
        var (_, words, _) = await folder.RunAsync($"printf '%s\\0' {typed["trustmesh ".Length..]}{(line.Endless ? " --count 1" : "")}");
        var code = await run.RunAsync(words.Split('\0', StringSplitOptions.RemoveEmptyEntries));
        // Between these two nothing was examined, and that is what it says.
        Assert.True(code == (line.Path.StartsWith("edges/", StringComparison.Ordinal) ? 3 : 0), $"{typed}: {code} {run.Output} {run.Error}");
        Assert.DoesNotContain("tms_", run.Output + run.Error, StringComparison.Ordinal);
    }
}
