using System.Net;
using TrustMesh.Contracts;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Cli;

namespace TrustMesh.Tests.Host;

public class HistoryTests
{
    [Fact]
    public async Task What_changed_since_is_told_by_the_api_and_on_a_shell()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var pump = await silo.JoinAsync("pump-1");
        await pump.ProveAsync();
        var look = (await silo.GetAsync<DeviceDetail>("devices/pump-1")).Device.Look;
        var before = DateTimeOffset.UtcNow;
        // Lines have whole seconds.
        await Eventually.TrueAsync(() => DateTimeOffset.UtcNow >= before.AddSeconds(1.1), "the next second");
        await silo.PostAsync<DeviceSummary>("devices/pump-1/suspend", new Decision("smells of smoke"));
        using var lamp = await silo.JoinAsync("lamp-1");

        var past = await silo.GetAsync<HistoryView>($"history?from={before.UtcDateTime:O}");
        var known = Assert.Single(past.Devices, device => device.Look is not null);
        Assert.Equal("pump-1", known.Name);
        Assert.Equal(look, known.Look);
        var differences = LookDifference.Of(past);
        var suspended = Assert.Single(differences, one => one.Device.Name == "pump-1");
        Assert.Equal((known.Look, "suspended", "smells of smoke", "admin"), (suspended.Before, suspended.After, suspended.Last.Text, suspended.Last.Actor));
        Assert.Null(Assert.Single(differences, one => one.Device.Name == "lamp-1").Before);

        var shell = new CliRun { ["TRUSTMESH_SILO"] = silo.Process.OperatorAddress.ToString() };
        var code = Path.Combine(shell.Home, "code");
        await File.WriteAllTextAsync(code, (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("auditor", "viewer"))).Code);
        Assert.True(await shell.RunAsync("sign-in", "--code-file", code) == 0, shell.Error);
        Assert.Equal(0, await shell.RunAsync("history", "changes", "--since", before.UtcDateTime.ToString("O")));
        Assert.Contains("smells of smoke", shell.Output);
        Assert.Equal(0, await shell.RunAsync("history", "at", before.UtcDateTime.ToString("O")));
        Assert.Contains("pump-1", shell.Output);
        Assert.DoesNotContain("lamp-1", shell.Output);
        Assert.Equal(2, await shell.RunAsync("history", "at", "the day before"));
        Assert.Contains("is no time", shell.Error);
    }

    [Theory]
    [InlineData("from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z"), InlineData("limit=0"), InlineData("limit=20001"), InlineData("from=yesterday"), InlineData("from=9999-01-01T00:00:00Z")]
    public async Task A_stretch_that_is_none_is_refused(string query)
    {
        await using var silo = await RunningSilo.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await silo.Operator.GetAsync($"history?{query}")).StatusCode);
    }
}
