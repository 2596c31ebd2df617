using System.Diagnostics;
using TrustMesh.Agent.Commands;
using TrustMesh.Tests.Parts;
using static TrustMesh.Tests.Agent.ClosedDevice;

namespace TrustMesh.Tests.Agent;

/// <summary>The agent as it is shipped, with its doors, in a network of its own.</summary>
public sealed class AdmissionCommandTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly FakeAuthority authority = new();

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A49_The_doors_stay_closed_when_the_agent_ends_however_it_ends_and_open_when_an_operator_says_so(string signal)
    {
        await using var machines = await CreateAsync();
        await TrustMesh.Agent.Admission.NftAdmission.RemoveAsync(machines.Nft, machines.Table, CancellationToken.None);
        Assert.True(await ReachesAsync(machines.Stranger, DeviceAddress, Application));
        var config = Config("nftables");
        var agent = Run(machines.Device, "run", "--config", config);
        await Eventually.TrueAsync(() => !ReachesAsync(machines.Stranger, DeviceAddress, Application).GetAwaiter().GetResult(), "the doors to be closed");
        Assert.Equal(ExitCode.Failure, (await EndAsync(Run(machines.Device, "admission", "open", "--config", config))).Code);
        Command.Run("/", "kill", "-" + signal, $"{agent.Id}");
        await EndAsync(agent);
        Assert.False(await ReachesAsync(machines.Stranger, DeviceAddress, Application));
        Assert.Equal(ExitCode.Ok, (await EndAsync(Run(machines.Device, "admission", "open", "--config", config))).Code);
        Assert.True(await ReachesAsync(machines.Stranger, DeviceAddress, Application));
        var (code, _, error) = await EndAsync(Run(machines.Device, "admission", "open", "--config", config));
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("open already", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_starts_with_admission_off_opens_doors_an_earlier_run_closed()
    {
        await using var machines = await CreateAsync();
        await TrustMesh.Agent.Admission.NftAdmission.RemoveAsync(machines.Nft, machines.Table, CancellationToken.None);
        var agent = Run(machines.Device, "run", "--config", Config("nftables"));
        await Eventually.TrueAsync(() => !ReachesAsync(machines.Stranger, DeviceAddress, Application).GetAwaiter().GetResult(), "the doors to be closed");
        Command.Run("/", "kill", "-TERM", $"{agent.Id}");
        await EndAsync(agent);
        var off = Config("off");
        Assert.Matches("note  admission +off, and the doors an earlier run closed", (await EndAsync(Run(machines.Device, "doctor", "--config", off))).Output);
        Run(machines.Device, "run", "--config", off);
        await Eventually.TrueAsync(() => ReachesAsync(machines.Stranger, DeviceAddress, Application).GetAwaiter().GetResult(), "the doors to be open");
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    private static Process Run(NetworkNamespace device, params string[] arguments)
    {
        var start = AgentProcess.StartInfo(arguments);
        return device.Start([start.FileName, .. start.ArgumentList], new Dictionary<string, string> { ["DOTNET_ROOT"] = start.Environment["DOTNET_ROOT"]! });
    }

    private static async Task<(int Code, string Output, string Error)> EndAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }

    private string Config(string mode)
    {
        folder.Write("measured/a", "1");
        folder.Write("token", authority.TokenText());
        return folder.Write("agent.json", $$"""{"name": "press-1", "site": "oslo", "model": "press", "state": "state", "silo": "https://10.77.0.3:7443", "joinTokenFile": "token", "root": {"kind": "software"}, "measure": [{"root": "measured", "files": ["**"]}], "peer": {"listen": "0.0.0.0:7444"}, "admission": {"mode": "{{mode}}"} }""");
    }
}
