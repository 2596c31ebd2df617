using TrustMesh.Agent.Identity;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed class VerdictOutboxTests : IDisposable
{
    private readonly OutboxDesk desk = new();

    [Fact]
    public void Verdicts_come_out_in_the_order_they_went_in_each_once()
    {
        for (var i = 0; i < 700; i++) Assert.Equal(i + 1, desk.Record());
        Assert.Equal(700, desk.Box.Waiting);
        Assert.Equal(Numbers(1, 700), desk.Deliver());
        Assert.Equal((0L, 0L), (desk.Box.Waiting, desk.Box.Dropped));
        Assert.Null(desk.Box.Next());
    }

    [Fact]
    public void Sequences_go_on_over_restarts_also_when_nothing_waits()
    {
        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(round * 2 + 1, desk.Record());
            Assert.Equal(round * 2 + 2, desk.Record());
            desk.Open();
            if (round is 1 or 2) desk.Deliver();
            desk.Open();
        }
        Assert.Equal([7L, 8L, 9L, 10L], desk.Deliver(7));
    }

    [Fact]
    public void A_voucher_is_kept_once_for_each_session_key()
    {
        using var next = new SessionKey(TimeProvider.System);
        for (var i = 0; i < 10; i++) desk.Record(i % 2 == 0 ? desk.Session : next);
        Assert.Equal(2, desk.VouchersAsked);
        var upload = desk.Box.Next()!;
        Assert.Equal(2, upload.Vouchers.Count);
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], upload.Verdicts.Select(one => one.Voucher));
        Assert.Equal(Numbers(1, 10), desk.Deliver());
    }

    [Fact]
    public void An_upload_keeps_its_limits_with_more_session_keys_than_it_may_carry()
    {
        var keys = Enumerable.Range(0, 11).Select(_ => new SessionKey(TimeProvider.System)).ToList();
        foreach (var key in keys) desk.Record(key);
        Assert.Equal(Caps.VoucherCount, desk.Box.Next()!.Verdicts.Count);
        Assert.Equal(Numbers(1, 11), desk.Deliver());
        keys.ForEach(key => key.Dispose());
    }

    [Fact]
    public void What_the_silo_has_is_not_sent_again_after_a_restart()
    {
        for (var i = 0; i < 10; i++) desk.Record();
        Assert.True(desk.Box.Forget(8));
        Assert.False(desk.Box.Forget(8));
        Assert.False(desk.Box.Forget(3));
        desk.Open();
        Assert.Equal(3, desk.Box.Waiting);
        Assert.Equal([8L, 9L, 10L], desk.Deliver(8));
    }

    [Fact]
    public void Files_the_silo_has_are_removed()
    {
        using var small = new OutboxDesk(capacity: 1 << 20);
        while (small.Segments.Count < 4) small.Record(padding: 200);
        small.Deliver();
        Assert.Single(small.Segments);
        var sequence = small.Record();
        small.Open();
        Assert.Equal([sequence], small.Deliver(sequence));
    }

    [Fact]
    public void The_oldest_make_room_and_are_counted_and_the_count_survives()
    {
        using var small = new OutboxDesk(capacity: 1 << 20);
        var last = 0L;
        for (var i = 0; i < 2500; i++) last = small.Record(padding: 250);
        Assert.True(small.Segments.Sum(file => new FileInfo(file).Length) <= 1 << 20, "more on disk than allowed");
        var dropped = small.Box.Dropped;
        Assert.InRange(dropped, 500, 2400);
        Assert.Equal(last - dropped, small.Box.Waiting);
        small.Open();
        Assert.Equal((dropped, last - dropped), (small.Box.Dropped, small.Box.Waiting));
        Assert.Equal(dropped, small.Box.Next()!.Dropped);
        Assert.Equal(Numbers(dropped + 1, last), small.Deliver());
        small.Open();
        Assert.Equal(dropped, small.Box.Dropped);
    }

    [Fact]
    public void What_the_silo_already_had_is_not_counted_as_dropped()
    {
        using var small = new OutboxDesk(capacity: 1 << 20);
        var last = 0L;
        for (var i = 0; i < 2500; i++)
        {
            last = small.Record(padding: 250);
            if (i % 100 == 0) small.Box.Forget(last + 1);
        }
        Assert.Equal(0, small.Box.Dropped);
    }

    /// <summary>A power cut leaves any length of the last write: whole records stay, what was not returned is gone, and the sequence goes on.</summary>
    [Fact]
    public void A_file_cut_at_any_byte_of_the_last_write_keeps_everything_that_was_returned_before()
    {
        using var second = new SessionKey(TimeProvider.System);
        for (var i = 0; i < 3; i++) desk.Record();
        var file = Assert.Single(desk.Segments);
        var before = (int)new FileInfo(file).Length;
        desk.Record(second);
        var whole = File.ReadAllBytes(file);
        for (var length = before; length <= whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            desk.Open();
            var kept = length == whole.Length ? 4 : 3;
            Assert.Equal(kept, desk.Box.Waiting);
            Assert.Equal(kept + 1, desk.Record(second));
            Assert.Equal(Numbers(1, kept + 1), desk.Deliver());
        }
    }

    [Fact]
    public void A_tail_of_zeros_that_a_file_system_left_is_cut_off()
    {
        desk.Record();
        File.AppendAllText(desk.Segments[0], new string('\0', 5000));
        desk.Open();
        Assert.Equal(2, desk.Record());
        desk.Open();
        Assert.Equal(Numbers(1, 2), desk.Deliver());
    }

    /// <summary>Fault table: every write of a run fails, once before it reached the disk and once after. Whatever was returned is there, once and in order.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_fails_loses_nothing_that_was_returned_and_gives_no_sequence_twice(bool persisted)
    {
        for (var fail = 0; fail < 12; fail++)
        {
            using var small = new OutboxDesk(capacity: 1 << 20);
            var returned = new List<long>();
            for (var i = 0; i < 250; i++) returned.Add(small.Record(padding: 250));
            (small.Files.FailAfter, small.Files.FailPersisted) = (fail * 30, persisted);
            var failures = 0;
            for (var i = 0; i < 400; i++)
            {
                try
                {
                    returned.Add(small.Record(padding: 250));
                    if (i % 50 == 49) small.Box.Forget(returned[^1] - 20);
                }
                catch (IOException)
                {
                    failures++;
                }
            }
            Assert.Equal(1, failures);
            Assert.Equal(returned.Distinct().Order(), returned);
            small.Open();
            var delivered = small.Deliver(returned[^1] - small.Box.Waiting + 1);
            Assert.Equal(Numbers(delivered[0], returned[^1]), delivered);
            Assert.Equal(0, small.Box.Dropped);
        }
    }

    [Fact]
    public void A_file_damaged_in_its_middle_loses_what_stood_behind_it_counts_it_and_goes_on()
    {
        using var small = new OutboxDesk(capacity: 1 << 20);
        var last = 0L;
        while (small.Segments.Count < 4) last = small.Record(padding: 200);
        var bytes = File.ReadAllBytes(small.Segments[1]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(small.Segments[1], bytes);
        small.Open();
        var delivered = small.Deliver();
        Assert.Equal(last, delivered[^1]);
        Assert.Equal(delivered.Distinct().Order(), delivered);
        Assert.True(delivered.Count < last);
        Assert.Equal(last, delivered.Count + small.Box.Dropped);
        small.Open();
        Assert.Equal(last, delivered.Count + small.Box.Dropped);
    }

    [Fact]
    public void A_last_file_whose_header_is_damaged_gives_no_sequence_of_the_files_before_again()
    {
        using var small = new OutboxDesk(capacity: 1 << 20);
        while (small.Segments.Count < 3) small.Record(padding: 200);
        var first = Convert.ToInt64(small.Segments[^1][^16..], 16);
        File.WriteAllBytes(small.Segments[^1], OutboxDesk.Random(40));
        small.Open();
        Assert.Equal(first, small.Record());
        Assert.Equal(Numbers(1, first), small.Deliver());
        Assert.Contains("is damaged", small.Log);
    }

    [Fact]
    public void A_silo_that_knows_more_than_this_device_made_is_told_loudly_and_no_sequence_comes_twice()
    {
        desk.Record();
        Assert.True(desk.Box.Forget(500));
        Assert.Equal((500L, 0L), (desk.Record(), desk.Box.Dropped));
        Assert.Contains("another machine has the same root of trust", desk.Log);
        desk.Open();
        Assert.Equal([500L], desk.Deliver(500));
    }

    [Fact]
    public void A_verdict_of_another_status_than_before_is_news_and_the_same_again_is_not()
    {
        var news = 0;
        desk.Box.Turned += () => news++;
        desk.Record(status: TrustTier.Affirming);
        desk.Record(status: TrustTier.Affirming);
        Assert.Equal(1, news);
        desk.Record(status: TrustTier.Contraindicated);
        Assert.Equal(2, news);
        desk.Record(status: TrustTier.Contraindicated, subject: DeviceId.FromRootKey([3]));
        Assert.Equal(3, news);
    }

    [Fact]
    public void A_verdict_with_a_sequence_of_its_own_is_refused()
        => Assert.Throws<ArgumentException>(() => desk.Box.Record(sequence => desk.Verdict(sequence + 1), desk.Session));

    [Fact]
    public async Task Many_at_once_get_their_own_sequences_and_come_out_in_order()
    {
        var sequences = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => desk.Record())));
        Assert.Equal(Numbers(1, 200), sequences.Order());
        Assert.Equal(Numbers(1, 200), desk.Deliver());
    }

    public void Dispose() => desk.Dispose();

    private static IEnumerable<long> Numbers(long first, long last) => Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i);
}
