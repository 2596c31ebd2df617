using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Verifier;

/// <summary>However a log is cut into pieces of evidence, the state is the same.</summary>
public sealed class LogReplayTests
{
    private static readonly EvidenceCase Case = new() { Policy = policy => policy with { UnknownFile = TrustTier.Warning } };

    [Fact]
    public void A_log_in_tails_leads_to_the_same_state_as_the_whole_log()
    {
        var entries = Gen.Choose(0, 5).SelectMany(name => Gen.Elements(LogEntryKind.File, LogEntryKind.Absent, LogEntryKind.Event).SelectMany(kind => Gen.Choose(0, 3).Select(content => (name, kind, content))));
        var logs = entries.ListOf().SelectMany(list => Gen.Choose(0, list.Count).Select(cut => (list, cut)));
        Prop.ForAll(logs.ToArbitrary(), pair =>
        {
            var log = pair.list.Select((one, i) => new LogEntry(i, one.kind, $"/f{one.name}", one.kind == LogEntryKind.Absent ? default : SHA256.HashData([(byte)one.content]))).ToArray();
            var whole = State(AttesterState.None, log);
            var tails = State(State(AttesterState.None, log[..pair.cut]), log);
            return Text(whole) == Text(tails) && whole.LogCount == log.Length && whole.LogValue.Span.SequenceEqual(EvidenceCase.Replay(log));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void The_current_state_is_the_last_entry_of_each_name()
    {
        LogEntry[] log =
        [
            new(0, LogEntryKind.File, "/a", SHA256.HashData("1"u8)), new(1, LogEntryKind.File, "/b", SHA256.HashData("1"u8)),
            new(2, LogEntryKind.Absent, "/a", default), new(3, LogEntryKind.File, "/b", SHA256.HashData("2"u8)),
        ];
        var state = State(AttesterState.None, log);
        Assert.Equal(["/a", "/b"], state.Current.Keys);
        Assert.True(state.Current["/a"].IsEmpty);
        Assert.Equal(SHA256.HashData("2"u8), state.Current["/b"].ToArray());
    }

    private static AttesterState State(AttesterState before, IReadOnlyList<LogEntry> log) => (Case with { Before = before, Log = log }).Verify().Verified!.After;

    private static string Text(AttesterState state)
        => $"{state.Boot} {state.LogCount} {Convert.ToHexString(state.LogValue.Span)} {string.Join(',', state.Current.Select(one => $"{one.Key}={Convert.ToHexString(one.Value.Span)}"))}";
}
