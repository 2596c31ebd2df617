using System.Security.Cryptography;
using TrustMesh.Agent.Life;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

public sealed class DeviceLifeTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly FakeAuthority authority = new();
    private readonly RegisterRoot root = new();

    [Fact]
    public async Task Joins_with_a_token_and_proves_itself()
    {
        folder.Write("measured/a.conf", "one");
        await using var silo = await FakeSilo.StartAsync(authority);
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await silo.ProvenAsync(1);
        await life.InPhaseAsync(AgentPhase.Waiting);

        Assert.Equal(("press-1", "oslo", "press", RootKind.Software), (silo.Enrolled!.Name, silo.Enrolled.Site, silo.Enrolled.Model, silo.Enrolled.Root));
        var seen = silo.Accepted.First();
        Assert.True(seen.Bound && seen.Replays);
        Assert.Equal(root.Device, seen.Claims.Device);
        Assert.Equal(SHA256.HashData("one"u8), seen.Last("/a.conf").Digest.ToArray());
        Assert.Equal(("trustmesh-agent", root.Boot), (seen.Claims.SoftwareName, seen.Claims.BootCount));
    }

    [Fact]
    public async Task Uses_one_connection_and_the_challenge_each_receipt_brings()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.NextSeconds = 1;
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await silo.ProvenAsync(3);
        Assert.Single(silo.Connections);
        Assert.Single(silo.Requests, request => request == "/device/v1/challenge");
        Assert.All(silo.Accepted, seen => Assert.True(seen.Bound));
    }

    [Fact]
    public async Task A_changed_file_is_proven_at_once_and_not_at_the_next_interval()
    {
        folder.Write("measured/a.conf", "one");
        await using var silo = await FakeSilo.StartAsync(authority);
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Waiting);
        folder.Write("measured/a.conf", "two");
        await silo.ProvenAsync(2);
        Assert.Equal(SHA256.HashData("two"u8), silo.Accepted.Last().Last("/a.conf").Digest.ToArray());
    }

    [Theory, InlineData(1), InlineData(3_600)]
    public async Task A46_Proves_itself_when_it_is_asked_to_but_no_more_often_than_it_lets_itself_be(int floor)
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        var asks = 0;
        silo.Publish = _ => Interlocked.Decrement(ref asks) >= 0 ? WatchAnswer.Nothing with { Examine = [root.Device] } : null;
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText(), floor);
        await life.InPhaseAsync(AgentPhase.Waiting);
        await Eventually.TrueAsync(() => !silo.Watched.IsEmpty, "the watch");
        Volatile.Write(ref asks, 5);
        silo.Announce();
        // All five were handed out, one after the other, and it waits again.
        await Eventually.TrueAsync(() => Volatile.Read(ref asks) < 0, "the wishes");
        if (floor == 1) await silo.ProvenAsync(2);
        else Assert.Single(silo.Accepted);
    }

    [Fact]
    public async Task Remembers_its_identity_over_a_restart_and_needs_the_token_no_more()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        await using (var first = new RunningLife(folder, silo.Address, root, authority.TokenText())) await first.InPhaseAsync(AgentPhase.Waiting);
        File.Delete(folder["token"]);
        await using var second = new RunningLife(folder, silo.Address, root, token: null);
        await silo.ProvenAsync(2);
        Assert.Single(silo.Requests, request => request == "/device/v1/enrol");
    }

    [Fact]
    public async Task Goes_on_when_the_silo_comes_back()
    {
        var silo = await FakeSilo.StartAsync(authority);
        silo.NextSeconds = 1;
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Waiting);
        var port = silo.Address.Port;
        await silo.DisposeAsync();
        await life.InPhaseAsync(AgentPhase.BackingOff);
        folder.Write("measured/new", "meanwhile");
        await using var again = await FakeSilo.StartAsync(authority, port: port);
        await again.ProvenAsync(1);
        Assert.Equal(SHA256.HashData("meanwhile"u8), again.Accepted.Last().Last("/new").Digest.ToArray());
    }

    [Theory]
    [InlineData(Standing.Pending, AgentPhase.AwaitingApproval)]
    [InlineData(Standing.Suspended, AgentPhase.Suspended)]
    [InlineData(Standing.Revoked, AgentPhase.Revoked)]
    public async Task Shows_the_standing_a_receipt_tells(Standing standing, AgentPhase phase)
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.Standing = standing;
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(phase);
        await Eventually.TrueAsync(() => life.Status().Phase == phase, "the status file");
        Assert.Equal(standing.ToString().ToLowerInvariant(), life.Status().Standing);
    }

    [Fact]
    public async Task Asks_for_a_new_challenge_when_the_held_one_is_too_old()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.NextSeconds = 1;
        silo.Ask = challenge => challenge with { DeadlineSeconds = 1 };
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await silo.ProvenAsync(3);
        Assert.True(silo.Requests.Count(request => request == "/device/v1/challenge") >= 3);
    }

    [Theory]
    [InlineData(409, "challenge_missing", AgentPhase.Refused)]
    [InlineData(409, "stale", AgentPhase.Refused)]
    [InlineData(422, "evidence_refused", AgentPhase.Refused)]
    [InlineData(429, "busy", AgentPhase.BackingOff)]
    [InlineData(503, "unavailable", AgentPhase.BackingOff)]
    [InlineData(500, "", AgentPhase.BackingOff)]
    [InlineData(404, "", AgentPhase.Refused)]
    [InlineData(400, "malformed", AgentPhase.Refused)]
    public async Task Does_what_each_refusal_of_evidence_calls_for(int status, string code, AgentPhase phase)
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.Misbehave = async http =>
        {
            if (http.Request.Path != "/device/v1/evidence") return false;
            await FakeSilo.Refuse(http, status, code);
            return true;
        };
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(phase);
        Assert.True(life.State.Attempt > 0);
    }

    [Fact]
    public async Task Joins_again_when_the_silo_forgot_it()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        var forgotten = false;
        silo.Misbehave = async http =>
        {
            if (forgotten || http.Request.Path != "/device/v1/challenge") return false;
            forgotten = true;
            await FakeSilo.Refuse(http, 404, "not_enrolled");
            return true;
        };
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await silo.ProvenAsync(1);
        Assert.Equal(2, silo.Requests.Count(request => request == "/device/v1/enrol"));
    }

    [Fact]
    public async Task Waits_for_a_join_token_and_says_how_to_get_one()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        await using var life = new RunningLife(folder, silo.Address, root, token: null);
        await life.InPhaseAsync(AgentPhase.Refused);
        Assert.Contains("trustmesh enroll token create", life.State.Reason);
        Assert.Empty(silo.Requests);
    }

    [Fact]
    public async Task No_root_no_evidence_but_the_agent_lives()
    {
        await using var silo = await FakeSilo.StartAsync(authority);
        folder.Write("measured/a", "1");
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await life.InPhaseAsync(AgentPhase.Waiting);
        root.ReadFails = true;
        folder.Write("measured/a", "2");
        await life.InPhaseAsync(AgentPhase.BackingOff);
        Assert.Single(silo.Accepted);
        root.ReadFails = false;
        await silo.ProvenAsync(2);
        Assert.Equal(SHA256.HashData("2"u8), silo.Accepted.Last().Last("/a").Digest.ToArray());
    }

    [Fact]
    public async Task A_reset_root_gets_a_new_log_with_everything_in_it()
    {
        folder.Write("measured/a", "1");
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.NextSeconds = 1;
        await using var life = new RunningLife(folder, silo.Address, root, authority.TokenText());
        await silo.ProvenAsync(1);
        root.Reset();
        await Eventually.TrueAsync(() => silo.Accepted.Last().Evidence.Log.Boot == root.Boot, "evidence of the new boot");
        Assert.Equal(SHA256.HashData("1"u8), silo.Accepted.Last().Last("/a").Digest.ToArray());
        Assert.True(silo.Accepted.Last().Replays);
    }

    public void Dispose()
    {
        folder.Dispose();
        authority.Dispose();
    }
}
