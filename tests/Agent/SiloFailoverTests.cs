using TrustMesh.Agent.Life;
using TrustMesh.Agent.Silo;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Agent;

/// <summary>A device that knows several silos of its mesh, and those that let it down.</summary>
public sealed class SiloFailoverTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly FakeAuthority authority = new();
    private readonly RegisterRoot root = new();

    [Fact]
    public async Task The_next_silo_is_asked_at_once_when_the_first_is_gone_for_proofs_and_for_news()
    {
        var (first, second) = await TwoAsync();
        await using var _ = second;
        await using var life = Live(root, first, second);
        await life.InPhaseAsync(AgentPhase.Waiting);
        await Eventually.TrueAsync(() => !first.Watched.IsEmpty, "the watch");
        Assert.Equal(first.Address.ToString(), life.Status().Silo);
        await first.DisposeAsync();
        // The watch notices, the second silo knows no proof of this session yet, and so the device proves itself there without anything having changed.
        await second.ProvenAsync(1);
        await Eventually.TrueAsync(() => second.Watched.Count > 1, "the watch at the second");
        await life.InPhaseAsync(AgentPhase.Waiting);
        Assert.DoesNotContain("BackingOff", life.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("/device/v1/enrol", second.Requests);
        await Eventually.TrueAsync(() => life.Status().Silo == second.Address.ToString(), "the status");
        Assert.Equal(2, life.Status().Silos!.Count);
    }

    [Fact]
    public async Task All_gone_it_backs_off_and_goes_on_with_whichever_comes_back()
    {
        var (first, second) = await TwoAsync();
        first.NextSeconds = 1;
        await using var life = Live(root, first, second);
        await life.InPhaseAsync(AgentPhase.Waiting);
        var port = first.Address.Port;
        await second.DisposeAsync();
        await first.DisposeAsync();
        await life.InPhaseAsync(AgentPhase.BackingOff);
        Assert.Contains("None of 2 silos will do", life.State.Reason, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => life.State.Attempt > 1, "the second round");
        await using var again = await FakeSilo.StartAsync(authority, port: port);
        await again.ProvenAsync(1);
        await life.InPhaseAsync(AgentPhase.Waiting);
    }

    [Fact]
    public async Task A31_A_silo_of_another_mesh_among_the_addresses_gets_nothing_is_told_and_stops_nobody()
    {
        using var strangers = new FakeAuthority();
        await using var stranger = await FakeSilo.StartAsync(strangers);
        await using var silo = await FakeSilo.StartAsync(authority);
        await using var life = Live(Beginning(stranger.Address, silo.Address), stranger, silo);
        await silo.ProvenAsync(1);
        await life.InPhaseAsync(AgentPhase.Waiting);
        Assert.Empty(stranger.Requests);
        Assert.Contains($"<3>{stranger.Address.Authority} is configured as a silo and is none of this mesh", life.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A31_A_silo_of_another_mesh_does_not_become_better_by_being_the_only_one_that_answers()
    {
        using var strangers = new FakeAuthority();
        await using var stranger = await FakeSilo.StartAsync(strangers);
        var gone = await FakeSilo.StartAsync(authority);
        await using var life = Live(Beginning(stranger.Address, gone.Address), stranger, gone);
        await life.InPhaseAsync(AgentPhase.Waiting);
        await gone.DisposeAsync();
        folder.Write("measured/new", "1");
        await life.InPhaseAsync(AgentPhase.BackingOff);
        await Eventually.TrueAsync(() => life.State.Attempt > 1, "the second round");
        Assert.Empty(stranger.Requests);
    }

    [Fact]
    public async Task A_silo_that_has_not_heard_of_the_device_yet_is_no_reason_to_join_anew_while_another_is_away()
    {
        var (first, second) = await TwoAsync();
        await using var _ = second;
        var knows = false;
        second.Misbehave = async http =>
        {
            if (knows || http.Request.Path != "/device/v1/challenge") return false;
            await FakeSilo.Refuse(http, 404, "not_enrolled");
            return true;
        };
        await using var life = Live(root, first, second);
        await life.InPhaseAsync(AgentPhase.Waiting);
        await first.DisposeAsync();
        folder.Write("measured/new", "1");
        await life.InPhaseAsync(AgentPhase.BackingOff);
        await Eventually.TrueAsync(() => second.Requests.Count(request => request == "/device/v1/challenge") > 1, "the second question");
        knows = true;
        await second.ProvenAsync(1);
        Assert.DoesNotContain("/device/v1/enrol", second.Requests);
    }

    [Fact]
    public async Task Only_when_every_silo_says_so_a_device_joins_anew()
    {
        var (first, second) = await TwoAsync();
        await using var _ = first;
        await using var __ = second;
        var forgotten = true;
        first.Misbehave = second.Misbehave = async http =>
        {
            if (!forgotten || http.Request.Path != "/device/v1/challenge") return false;
            forgotten = http.Connection.LocalPort != second.Address.Port;
            await FakeSilo.Refuse(http, 404, "not_enrolled");
            return true;
        };
        await using var life = Live(root, first, second);
        await life.InPhaseAsync(AgentPhase.Waiting);
        Assert.Equal(2, first.Requests.Concat(second.Requests).Count(request => request == "/device/v1/enrol"));
    }

    [Fact]
    public async Task A_silo_that_asks_for_patience_gets_it_once()
    {
        var (first, second) = await TwoAsync();
        await using var _ = first;
        await using var __ = second;
        first.Misbehave = async http =>
        {
            if (http.Request.Path != "/device/v1/evidence") return false;
            await FakeSilo.Refuse(http, 503, "unavailable");
            return true;
        };
        await using var life = Live(root, first, second);
        await second.ProvenAsync(1);
        await life.InPhaseAsync(AgentPhase.Waiting);
        Assert.Equal(2, first.Requests.Count(request => request == "/device/v1/evidence"));
        Assert.Contains("BackingOff: The silo asks for patience.", life.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_real_silos_of_one_mesh_one_stopped_then_both_then_one_again()
    {
        await using var one = await RunningSilo.StartAsync();
        folder.Write("measured/a", "0");
        await using (var joining = new RunningLife(folder, one.Devices, root, await one.JoinTokenAsync())) await joining.InPhaseAsync(AgentPhase.Waiting);
        // The same mesh at another address: its authority, and what it knows, with a key of its own.
        var twin = Directory.CreateTempSubdirectory("trustmesh-silo-").FullName;
        await one.RestartAsync(() =>
        {
            foreach (var file in Directory.EnumerateFiles(one.Settings.State).Where(file => Path.GetFileName(file) != "silo.key")) File.Copy(file, Path.Combine(twin, Path.GetFileName(file)));
        });
        await using var other = await RunningSilo.StartAsync(settings => settings with { State = twin });
        var home = new SiloAddresses([one.Devices, other.Devices], root.Device).Now;
        var (first, second) = home == one.Devices ? (one, other) : (other, one);

        await using var life = new RunningLife(folder, home, root, token: null, change: config => config with { Silos = [one.Devices, other.Devices] });
        await Eventually.TrueAsync(() => Accepted(first) > 0, "evidence at the first");
        await first.StopAsync();
        await Eventually.TrueAsync(() => Accepted(second) > 0, "evidence at the second");
        Assert.DoesNotContain("BackingOff", life.Log.ToString(), StringComparison.Ordinal);

        await second.StopAsync();
        folder.Write("measured/a", "1");
        await life.InPhaseAsync(AgentPhase.BackingOff);
        await first.StartAgainAsync();
        await Eventually.TrueAsync(() => Accepted(first) > 0, "evidence at the first again");
        await life.InPhaseAsync(AgentPhase.Waiting);
        Assert.Single((await first.GetAsync<TrustMesh.Contracts.DevicePage>("devices")).Items);
    }

    [Fact]
    public async Task Doctor_dials_each_of_them_and_the_status_names_the_one_in_use()
    {
        await using var silo = await RunningSilo.StartAsync();
        await using var agent = new AgentProcess(folder, silo.Devices, AgentProcess.Software, await silo.JoinTokenAsync());
        var alive = silo.Devices.GetLeftPart(UriPartial.Authority);
        await File.WriteAllTextAsync(agent.ConfigFile, (await File.ReadAllTextAsync(agent.ConfigFile)).Replace($"\"{alive}\"", $"[\"https://127.0.0.1:1\", \"{alive}\"]", StringComparison.Ordinal));
        folder.Write("measured/a", "0");
        var (code, output, _) = await AgentProcess.RunAsync("doctor", "--config", agent.ConfigFile);
        Assert.Equal(1, code);
        Assert.Matches($"ok +silo +{silo.Devices.Authority} answers", output);
        Assert.Matches("FAIL +silo +127.0.0.1:1 can not be reached", output);
        agent.Start();
        await Eventually.TrueAsync(() => agent.Ended || Accepted(silo) > 0, "the first evidence");
        var status = await agent.StatusAsync();
        Assert.Equal((silo.Devices.ToString(), 2), (status.GetProperty("silo").GetString(), status.GetProperty("silos").GetArrayLength()));
        Assert.Contains($"{silo.Devices}, one of 2", (await AgentProcess.RunAsync("status", "--config", agent.ConfigFile)).Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }

    private static long Accepted(RunningSilo silo) => silo.Silo.View().EvidenceAccepted;

    private RunningLife Live(RegisterRoot device, params FakeSilo[] silos)
        => new(folder, silos[0].Address, device, authority.TokenText(), change: config => config with { Silos = [.. silos.Select(silo => silo.Address)] });

    /// <summary>The silo the device begins with, and the other.</summary>
    private async Task<(FakeSilo First, FakeSilo Second)> TwoAsync()
    {
        var (a, b) = (await FakeSilo.StartAsync(authority), await FakeSilo.StartAsync(authority));
        return new SiloAddresses([a.Address, b.Address], root.Device).Now == a.Address ? (a, b) : (b, a);
    }

    /// <summary>A device that begins with that silo.</summary>
    private static RegisterRoot Beginning(Uri first, Uri second)
    {
        while (true)
            if (new RegisterRoot() is var device && new SiloAddresses([first, second], device.Device).Now == first) return device;
    }
}
