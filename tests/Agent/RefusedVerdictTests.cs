using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Outbox;
using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Silo;
using TrustMesh.Contracts;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;
using Token = TrustMesh.Agent.Identity.JoinToken;

namespace TrustMesh.Tests.Agent;

/// <summary>A verdict that the silo refuses is given up, it alone, and is never in the way of those after it.</summary>
public sealed class RefusedVerdictTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly StringWriter journal = new();
    private readonly StateDirectory state;
    private readonly SoftwareRoot root;
    private readonly Attester attester;
    private readonly SessionKeys sessions = new(TimeProvider.System);
    private readonly ProofBatch proofs;
    private readonly VerdictOutbox outbox;

    public RefusedVerdictTests()
    {
        File.SetUnixFileMode(folder.FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        state = StateDirectory.Open(folder["state"]);
        root = SoftwareRoot.Open(new("software", "", "auto", 13, folder["root"]));
        attester = new(root, state);
        attester.Record(() => [("/etc/app.conf", new Reading(LogEntryKind.File, SHA256.HashData("good"u8)))]);
        proofs = new(attester, () => 0, "0.1.0", TimeProvider.System);
        outbox = new(state, 8 << 20, proofs.VoucherFor, new Journal(journal, underSystemd: true, LogLevel.Debug, TimeProvider.System));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    [InlineData("1 2 5")]
    [InlineData("5")]
    [InlineData("1 2 3 4 5")]
    public async Task Exactly_the_verdicts_that_are_refused_are_dropped_counted_and_told(string refused)
    {
        var bad = refused.Split(' ').Select(long.Parse).ToList();
        using var authority = new FakeAuthority();
        await using var silo = await FakeSilo.StartAsync(authority);
        silo.Unacceptable = verdict => bad.Contains(verdict.Sequence);
        using var exchange = await ProvenAsync(silo.Address, authority.Token);
        var subject = DeviceId.FromRootKey([2]);
        for (var i = 0; i < 5; i++) Judge(subject);
        await DeliverAsync(exchange);
        Judge(subject);
        await DeliverAsync(exchange);
        Assert.Equal(Enumerable.Range(1, 6).Select(i => (long)i).Except(bad), silo.Verdicts.Select(verdict => verdict.Sequence));
        Assert.Empty(silo.OutOfOrder);
        Assert.Equal((bad.Count, bad.Count, 0), (silo.Dropped, outbox.Dropped, outbox.Waiting));
        foreach (var sequence in bad) Assert.Contains($"refuses verdict {sequence} of this device", journal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_silo_hears_what_came_after_a_verdict_it_refused_and_its_timeline_says_that_one_was_dropped()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var other = await silo.JoinAsync("device-2");
        Assert.True(Token.TryParse(await silo.JoinTokenAsync(), out var token));
        using var exchange = await ProvenAsync(silo.Devices, token!);
        Judge(other.Id);
        Judge(other.Id, TimeSpan.FromHours(1));
        Judge(other.Id);
        Judge(other.Id);
        await DeliverAsync(exchange);
        Assert.Equal([4L, 3L, 1L], (await silo.GetAsync<EdgeDetail>("edges/press-1/device-2")).Forward!.Rounds.Select(round => round.Sequence));
        var timeline = (await silo.GetAsync<DeviceDetail>("devices/press-1")).Timeline;
        Assert.Equal("1 verdict was dropped on the device: 2", Assert.Single(timeline, line => line.Kind == "peer").Text);
        Assert.DoesNotContain(timeline, line => line.Kind == "alarm");
        Assert.Equal((1, 0), (outbox.Dropped, outbox.Waiting));
    }

    public void Dispose()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(journal.ToString());
        sessions.Dispose();
        attester.Dispose();
        root.Dispose();
        state.Dispose();
        folder.Dispose();
    }

    private async Task<SiloExchange> ProvenAsync(Uri silo, Token token)
    {
        var exchange = new SiloExchange(new([silo], root.Device), proofs, sessions, 13, TimeProvider.System, NullLogger.Instance);
        await exchange.EnrolAsync(token, (own, secret) => new(secret, "press-1", "oslo", "press", own.Kind, own.RootPublic, own.Certificates, own.AttestationKey, own.Facts), CancellationToken.None);
        await exchange.ProveAsync(token.AuthorityPin, CancellationToken.None);
        return exchange;
    }

    private async Task DeliverAsync(SiloExchange exchange)
    {
        for (var rounds = 0; await exchange.UploadAsync(outbox, CancellationToken.None); rounds++) Assert.True(rounds < 20, "the upload never ends");
    }

    private void Judge(DeviceId subject, TimeSpan ahead = default)
        => outbox.Record(sequence => PeerVerdictCase.Good(root.Device, subject, sequence, at: DateTimeOffset.UtcNow + ahead), sessions.Current);
}
