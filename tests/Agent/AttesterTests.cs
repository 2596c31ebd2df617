using System.Security.Cryptography;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Measuring;
using TrustMesh.Roots;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed class AttesterTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly RegisterRoot root = new();

    [Fact]
    public void Writes_only_what_changed()
    {
        using var state = StateDirectory.Open(folder.FullPath);
        using var attester = new Attester(root, state);
        Assert.Equal(2, attester.Record(() => [("/a", File("1")), ("/b", File("2"))]));
        Assert.Equal(0, attester.Record(() => [("/a", File("1")), ("/b", File("2"))]));
        Assert.Equal(1, attester.Record(() => [("/a", Reading.Absent), ("/b", File("2"))]));
        Assert.Equal(Replay(state), root.Register);
    }

    /// <summary>How the register can stand to the log on disk when the agent starts, and what it makes of it.</summary>
    [Theory]
    [InlineData(5, LogState.Equal)]
    [InlineData(4, LogState.Extended)]
    [InlineData(2, LogState.Extended)]
    [InlineData(0, LogState.Extended)]
    [InlineData(-1, LogState.Differs)]
    public void Takes_up_the_log_against_the_register(int extended, LogState expected)
    {
        var entries = Enumerable.Range(0, 5).Select(i => new LogEntry(i, LogEntryKind.File, $"/f{i}", new byte[32]).Encode()).ToList();
        using (var state = StateDirectory.Open(folder.FullPath))
        using (var log = LogFile.Create(state, root.Boot))
            log.Append(entries);
        if (extended < 0) root.Extend(new byte[32]);
        foreach (var entry in entries.Take(extended)) root.Extend(SHA256.HashData(entry));
        var before = root.Register;

        using var again = StateDirectory.Open(folder.FullPath);
        using var attester = new Attester(root, again);
        Assert.Equal(expected, attester.State);
        Assert.Equal(5, attester.Entries);
        if (expected == LogState.Differs) Assert.Equal(before, root.Register);
        else Assert.Equal(Replay(again), root.Register);
    }

    [Fact]
    public void A_log_shorter_than_the_register_is_never_repaired()
    {
        using (var state = StateDirectory.Open(folder.FullPath))
        using (var attester = new Attester(root, state))
            attester.Record(() => [("/a", File("1")), ("/b", File("2"))]);
        System.IO.File.Delete(folder[LogFile.Name]);
        var before = root.Register;

        using var again = StateDirectory.Open(folder.FullPath);
        using var second = new Attester(root, again);
        Assert.Equal(LogState.Differs, second.State);
        Assert.Equal(before, root.Register);
        second.Record(() => [("/a", File("1"))]);
        Assert.NotEqual(Replay(again), root.Register);
    }

    [Fact]
    public void A_new_boot_starts_a_new_log()
    {
        using (var state = StateDirectory.Open(folder.FullPath))
        using (var attester = new Attester(root, state))
            attester.Record(() => [("/a", File("1"))]);
        root.Reset();

        using var again = StateDirectory.Open(folder.FullPath);
        using var second = new Attester(root, again);
        Assert.Equal((LogState.New, 0), (second.State, second.Entries));
    }

    [Fact]
    public void A_reset_while_the_agent_runs_is_followed()
    {
        using var state = StateDirectory.Open(folder.FullPath);
        using var attester = new Attester(root, state);
        attester.Record(() => [("/a", File("1"))]);
        Assert.False(attester.FollowBoot());
        root.Reset();
        Assert.True(attester.FollowBoot());
        Assert.Equal(1, attester.Record(() => [("/a", File("1"))]));
        Assert.Equal(Replay(state), root.Register);
    }

    /// <summary>Fault table: the extend of each entry fails once with the register changed and once without; the next step finds out which.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void After_a_failed_extend_log_and_register_agree_again(int at, bool persisted)
    {
        using var state = StateDirectory.Open(folder.FullPath);
        using var attester = new Attester(root, state);
        (root.FailAfter, root.FailPersisted) = (at, persisted);
        Assert.Throws<RootException>(() => attester.Record(() => [("/a", File("1")), ("/b", File("2")), ("/c", File("3"))]));
        Assert.Equal(1, attester.Record(() => [("/c", File("4"))]));
        Assert.Equal(Replay(state), root.Register);
        Assert.NotEqual(LogState.Differs, attester.State);
    }

    /// <summary>The same with the process gone in between, as after kill -9.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void After_a_kill_between_writing_and_extending_log_and_register_agree_again(int at, bool persisted)
    {
        using (var state = StateDirectory.Open(folder.FullPath))
        using (var attester = new Attester(root, state))
        {
            (root.FailAfter, root.FailPersisted) = (at, persisted);
            Assert.Throws<RootException>(() => attester.Record(() => [("/a", File("1")), ("/b", File("2")), ("/c", File("3"))]));
        }
        using var again = StateDirectory.Open(folder.FullPath);
        using var second = new Attester(root, again);
        Assert.Equal(3, second.Entries);
        Assert.Equal(Replay(again), root.Register);
    }

    [Fact]
    public void A_register_that_can_not_be_read_after_a_failure_stops_every_proof()
    {
        using var state = StateDirectory.Open(folder.FullPath);
        using var attester = new Attester(root, state);
        root.FailAfter = 0;
        Assert.Throws<RootException>(() => attester.Record(() => [("/a", File("1"))]));
        root.ReadFails = true;
        Assert.Throws<RootException>(() => attester.Prove(() => { }, _ => throw new InvalidOperationException("no draft may be asked for")));
        Assert.Equal(0, root.Proofs);
    }

    [Fact]
    public void A_full_log_says_so_and_then_spoils_the_register_instead_of_keeping_silent()
    {
        using var state = StateDirectory.Open(folder.FullPath);
        using var attester = new Attester(root, state);
        attester.Record(() => [.. Enumerable.Range(0, MeasurementLog.MostEntries + 5).Select(i => ($"/{i}", File($"{i}")))]);
        Assert.True(attester.IsFull);
        Assert.Equal(MeasurementLog.MostEntries, attester.Entries);
        Assert.Contains(MeasurementLog.Full, attester.Names);
        Assert.Equal(Replay(state), root.Register);

        Assert.Equal(0, attester.Record(() => [("/0", File("0"))]));
        Assert.Equal(Replay(state), root.Register);
        Assert.Equal(0, attester.Record(() => [("/0", File("changed"))]));
        Assert.NotEqual(Replay(state), root.Register);
    }

    [Theory]
    [InlineData(7, 0, 0, 3)]
    [InlineData(7, 2, 2, 1)]
    [InlineData(7, 3, 3, 0)]
    [InlineData(7, 99, 3, 0)]
    [InlineData(6, 2, 0, 3)]
    public void Sends_what_the_challenger_lacks(int boot, int cursor, int from, int count)
    {
        var tail = new LogTailSource(7, [[0], [1], [2]]).From((uint)boot, cursor);
        Assert.Equal((7u, from, count), (tail.Boot, tail.From, tail.Entries.Count));
    }

    public void Dispose() => folder.Dispose();

    private static Reading File(string text) => Reading.File(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)), settled: true);

    /// <summary>PROTOCOL.md section 6, written once more: what the log on disk replays to.</summary>
    private byte[] Replay(StateDirectory state)
    {
        using var log = LogFile.Open(state, root.Boot, out var entries, out _);
        return entries.Aggregate(new byte[32], (value, entry) => SHA256.HashData([.. value, .. SHA256.HashData(entry)]));
    }
}
