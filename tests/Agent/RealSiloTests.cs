using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Agent;

/// <summary>The shipped agent, a real TPM (swtpm) and a real silo: what the fake silo can not prove.</summary>
public sealed class RealSiloTests : IDisposable
{
    private readonly Folder folder = new();

    [Fact]
    public async Task A_device_joins_is_trusted_falls_with_a_changed_file_and_rises_when_it_is_put_back()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath], IntervalSeconds = 2, LifetimeSeconds = 60 });
        await using var agent = new AgentProcess(folder, silo.Devices, AgentProcess.Tpm(tpm.Address), await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        agent.Start();
        await TrustedAsync(silo, agent);

        folder.Write("measured/app.conf", "evil");
        var fallen = await LookAsync(silo, "contraindicated");
        Assert.Contains(fallen.Verdict!.Because, line => line.Outcome == "fail" && line.Claim.Contains("/app.conf", StringComparison.Ordinal));
        folder.Write("measured/app.conf", "good");
        var risen = await LookAsync(silo, "trusted");
        Assert.Equal("tpm-quote", risen.Device.Tier);

        var status = await agent.StatusAsync();
        Assert.Equal(("Waiting", "active", "tpm-quote"), (status.GetProperty("phase").GetString(), status.GetProperty("standing").GetString(), status.GetProperty("tier").GetString()));
        Assert.True(File.Exists(folder["state/membership.cbor"]));
        Assert.Equal(0, await agent.TerminateAsync());
    }

    [Fact]
    public async Task Killed_at_any_moment_it_comes_back_with_a_log_the_register_agrees_with()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath], IntervalSeconds = 2, LifetimeSeconds = 60 });
        await using var agent = new AgentProcess(folder, silo.Devices, AgentProcess.Tpm(tpm.Address), await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        agent.Start();
        await TrustedAsync(silo, agent);
        var random = new Random(20261123);
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 40; i++) folder.Write($"measured/app{i % 8}.conf", $"{round}.{i}");
            // Somewhere between the first event and the last extend: the work takes some hundred milliseconds.
            await Task.Delay(random.Next(120), CancellationToken.None);
            await agent.KillAsync();
            agent.Start();
            var accepted = silo.Silo.View().EvidenceAccepted;
            await Eventually.TrueAsync(() => silo.Silo.View().EvidenceAccepted > accepted, $"evidence after kill {round}");
        }
        for (var i = 0; i < 8; i++) File.Delete(folder[$"measured/app{i}.conf"]);
        await LookAsync(silo, "trusted");
        Assert.NotEqual("differs", (await agent.StatusAsync()).GetProperty("log").GetString());
        Assert.Equal(0, silo.Silo.View().EvidenceRefused);
    }

    [Fact]
    public async Task A_TPM_that_was_reset_under_the_agent_is_opened_anew_and_proven_with_a_new_log()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync(settings => settings with { EndorsementRoots = [tpm.Authority!.RootPath, tpm.Authority.IssuerPath], IntervalSeconds = 2, LifetimeSeconds = 60 });
        await using var agent = new AgentProcess(folder, silo.Devices, AgentProcess.Tpm(tpm.Address), await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        agent.Start();
        await TrustedAsync(silo, agent);
        var boot = (await agent.StatusAsync()).GetProperty("boot").GetUInt32();
        tpm.Restart();
        var accepted = silo.Silo.View().EvidenceAccepted;
        // A TPM that lost power may come back with a clock some seconds old, and is refused until it has caught up; a change makes the agent ask again.
        for (var poke = 0; poke < 60 && silo.Silo.View().EvidenceAccepted <= accepted + 1; poke++)
        {
            folder.Write("measured/app.conf", poke % 2 == 0 ? "other" : "good");
            await Task.Delay(500, CancellationToken.None);
        }
        folder.Write("measured/app.conf", "good");
        Assert.True(silo.Silo.View().EvidenceAccepted > accepted + 1, "no evidence of the new boot was accepted");
        Assert.True((await agent.StatusAsync()).GetProperty("boot").GetUInt32() > boot);
        await LookAsync(silo, "trusted");
    }

    [Fact]
    public async Task A_software_device_is_told_apart_everywhere()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var agent = new AgentProcess(folder, silo.Devices, AgentProcess.Software, await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        agent.Start();
        await Eventually.TrueAsync(() => silo.Silo.View().EvidenceAccepted > 0, "evidence");
        Assert.Equal("software", (await silo.GetAsync<DeviceDetail>("devices/press-1")).Device.Tier);
        Assert.Equal("software", (await agent.StatusAsync()).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task An_approval_reaches_a_waiting_device()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { IntervalSeconds = 2, LifetimeSeconds = 60 });
        await using var agent = new AgentProcess(folder, silo.Devices, AgentProcess.Software, await silo.JoinTokenAsync(autoApprove: false));
        folder.Write("measured/app.conf", "good");
        agent.Start();
        await Eventually.TrueAsync(() => silo.Silo.View().EvidenceAccepted > 0, "evidence");
        Assert.False(File.Exists(folder["state/membership.cbor"]));
        await silo.PostAsync<DeviceSummary>("devices/press-1/approve", new Decision(null));
        await Eventually.TrueAsync(() => File.Exists(folder["state/membership.cbor"]), "the membership");
    }

    [Fact]
    public async Task Doctor_finds_everything_in_order_before_the_first_start()
    {
        using var tpm = Swtpm.Manufacture();
        await using var silo = await RunningSilo.StartAsync();
        await using var agent = new AgentProcess(folder, silo.Devices, AgentProcess.Tpm(tpm.Address), await silo.JoinTokenAsync());
        folder.Write("measured/app.conf", "good");
        File.SetUnixFileMode(folder["token"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(agent.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (code, output, _) = await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile);
        Assert.True(code == 0, output);
        // A device without peers is told that it has none; everything else is in order.
        Assert.All(output.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith("note  peer ", StringComparison.Ordinal)), line => Assert.StartsWith("ok  ", line, StringComparison.Ordinal));
        foreach (var check in new[] { "state", "root", "certificate", "register", "files", "clock", "join token", "silo" }) Assert.Contains($"ok    {check}", output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static async Task TrustedAsync(RunningSilo silo, AgentProcess agent)
    {
        await Eventually.TrueAsync(() => agent.Ended || silo.Silo.View().EvidenceAccepted > 0, "the first evidence");
        Assert.False(agent.Ended, string.Join('\n', agent.Lines));
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("press-1"));
        await LookAsync(silo, "trusted");
    }

    private static async Task<DeviceDetail> LookAsync(RunningSilo silo, string look)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var device = await silo.GetAsync<DeviceDetail>("devices/press-1");
            if (device.Device.Look == look) return device;
            Assert.True(watch.Elapsed < Eventually.Deadline, $"waited for {look}, it is {device.Device.Look}: {string.Join("\n", device.Verdict?.Because ?? [])}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
