using System.Security.Cryptography;
using TrustMesh.Tests.Parts;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

/// <summary>A21, A23, A24: logs that say more, less or other than the register.</summary>
public sealed class A21LogTests
{
    private static readonly LogEntry Changed = new(2, LogEntryKind.File, "/etc/pump.conf", SHA256.HashData("speed=9\n"u8));

    [Fact]
    public void A21_The_prefix_that_replays_counts_and_what_is_ahead_of_the_quote_does_not()
    {
        var good = new EvidenceCase();
        var judged = (good with { Log = [.. good.Log, Changed], Extended = 2 }).IsJudged(TrustTier.Affirming);
        Assert.Equal(2, judged.After.LogCount);
        Assert.Equal(2, judged.Appended.Count);
    }

    [Fact]
    public void A21_A_log_that_does_not_replay_is_contraindicated_and_asked_for_again_from_its_start()
    {
        var judged = new EvidenceCase { Sent = sent => sent with { Log = sent.Log with { Entries = [sent.Log.Entries[1], sent.Log.Entries[0]] } } }
            .IsJudged(TrustTier.Contraindicated, "log.replay");
        Assert.Equal((7u, 0), (judged.After.Boot, judged.After.LogCount));
        Assert.Empty(judged.Appended);
        Assert.Equal(99, judged.Verdict.Vector[3]);
    }

    [Fact]
    public void A21_The_whole_log_after_such_a_failure_is_judged_again()
    {
        var bad = new EvidenceCase { Sent = sent => sent with { Log = sent.Log with { Entries = [] } } };
        var after = bad.IsJudged(TrustTier.Contraindicated, "log.empty").After;
        (bad with { Before = after, Sent = same => same }).IsJudged(TrustTier.Affirming);
    }

    [Fact]
    public void A21_A_tail_continues_where_the_log_was_known()
    {
        var first = new EvidenceCase();
        var known = first.IsJudged(TrustTier.Affirming).After;
        var second = (first with { Before = known, Log = [.. first.Log, Changed] }).IsJudged(TrustTier.Contraindicated, "file.digest");
        Assert.Single(second.Appended);
        Assert.Equal(3, second.After.LogCount);
        var put = new LogEntry(3, LogEntryKind.File, "/etc/pump.conf", EvidenceCase.Config);
        (first with { Before = second.After, Log = [.. first.Log, Changed, put] }).IsJudged(TrustTier.Affirming);
    }

    [Fact]
    public void A21_A_log_may_be_sent_whole_again_and_only_what_is_new_is_appended()
    {
        var first = new EvidenceCase();
        var known = first.IsJudged(TrustTier.Affirming).After;
        var all = (first with { Before = known, Log = [.. first.Log, Changed], Sent = sent => sent with { Log = Whole([.. first.Log, Changed]) } })
            .IsJudged(TrustTier.Contraindicated, "file.digest");
        Assert.Equal(Changed.Encode(), Assert.Single(all.Appended).ToArray());
    }

    [Fact]
    public void A21_A_whole_log_without_what_was_accepted_before_in_this_boot_fails()
    {
        var first = new EvidenceCase();
        var known = first.IsJudged(TrustTier.Affirming).After;
        LogEntry[] other = [new(0, LogEntryKind.File, "/etc/pump.conf", EvidenceCase.Config)];
        (first with { Before = known, Log = other, Sent = sent => sent with { Log = Whole(other) } }).IsJudged(TrustTier.Contraindicated, "log.continued");
    }

    [Fact]
    public void A21_Rejects_a_tail_from_an_entry_we_did_not_ask_for()
    {
        var first = new EvidenceCase();
        var known = first.IsJudged(TrustTier.Affirming).After;
        (first with { Before = known, Sent = sent => sent with { Log = sent.Log with { From = 1 } } }).IsRefusedBy("log.from");
    }

    [Fact]
    public void A21_Rejects_the_log_of_another_boot()
        => new EvidenceCase { Sent = sent => sent with { Log = sent.Log with { Boot = 6 } } }.IsRefusedBy("log.boot");

    [Fact]
    public void A21_A_new_boot_starts_a_new_log()
    {
        var judged = new EvidenceCase { Before = AttesterState.None with { Boot = 6, LogCount = 40, LogValue = new byte[32] } }.IsJudged(TrustTier.Affirming);
        Assert.Equal(2, judged.After.LogCount);
    }

    [Fact]
    public void A23_An_extended_value_that_is_no_entry_fails()
    {
        var good = new EvidenceCase();
        byte[] junk = [0x80];
        var value = SHA256.HashData([.. EvidenceCase.Replay(good.Log), .. SHA256.HashData(junk)]);
        WithRegister(good, value, log => log with { Entries = [.. log.Entries, junk] }).IsJudged(TrustTier.Contraindicated, "log.entry");
    }

    [Fact]
    public void A23_An_entry_of_an_unknown_kind_fails()
    {
        var good = new EvidenceCase();
        var unknown = new LogEntry(2, LogEntryKind.File, "/x", new byte[32]).Encode();
        unknown[2] = 9;
        var value = SHA256.HashData([.. EvidenceCase.Replay(good.Log), .. SHA256.HashData(unknown)]);
        WithRegister(good, value, log => log with { Entries = [.. log.Entries, unknown] }).IsJudged(TrustTier.Contraindicated, "log.entry");
    }

    [Fact]
    public void A23_Entries_that_are_not_numbered_in_order_fail()
    {
        var good = new EvidenceCase();
        (good with { Log = [good.Log[0], good.Log[1] with { Sequence = 5 }] }).IsJudged(TrustTier.Contraindicated, "log.entry");
    }

    [Fact]
    public void A23_A_digest_changed_in_the_log_does_not_replay()
        => new EvidenceCase { Sent = sent => sent with { Log = sent.Log with { Entries = [Changed.Encode(), sent.Log.Entries[1]] } } }
            .IsJudged(TrustTier.Contraindicated, "log.replay");

    [Fact]
    public void A23_An_event_never_passes_for_a_files_content()
    {
        var good = new EvidenceCase();
        (good with { Log = [good.Log[0] with { Kind = LogEntryKind.Event }, good.Log[1]] }).IsJudged(TrustTier.Contraindicated, "file.digest");
    }

    [Fact]
    public void A21_A_log_may_start_over_where_the_TPM_was_restarted()
    {
        var first = new EvidenceCase();
        var known = first.IsJudged(TrustTier.Affirming).After;
        var tail = first with { Before = known with { LogValue = new byte[32] }, Sent = sent => sent with { Log = Whole(first.Log) } };
        tail.IsJudged(TrustTier.Contraindicated, "log.continued");
        (tail with { Attest = quote => quote with { RestartCount = 1 } }).IsJudged(TrustTier.Affirming);
    }

    [Fact]
    public void A24_A_register_that_is_not_zero_with_an_empty_log_fails()
        => new EvidenceCase { Sent = sent => sent with { Log = sent.Log with { Entries = [] } } }.IsJudged(TrustTier.Contraindicated, "log.empty");

    [Fact]
    public void A24_A_device_that_measures_nothing_misses_every_file()
        => new EvidenceCase { Log = [] }.IsJudged(TrustTier.Contraindicated, "file.missing", "file.missing");

    private static LogTail Whole(IReadOnlyList<LogEntry> log) => new(7, 0, [.. log.Select(entry => (ReadOnlyMemory<byte>)entry.Encode())]);

    /// <summary>The TPM says the register holds this value, and signs it.</summary>
    private static EvidenceCase WithRegister(EvidenceCase good, byte[] value, Func<LogTail, LogTail> log)
    {
        var firmware = SHA256.HashData("firmware"u8);
        return good with
        {
            Attest = quote => quote with { PcrDigest = SHA256.HashData([.. firmware, .. value]) },
            Sent = sent => sent with { Quote = sent.Quote! with { Values = [sent.Quote.Values[0], new(13, value)] }, Log = log(sent.Log) },
        };
    }
}
