using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Trust;

public sealed class TwinTagTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_change_says_who_before_after_and_why_and_what_is_so_already_says_nothing()
    {
        using var bench = new TwinBench();
        var tagged = TwinTransition.Tag(Enrolled(bench), new(["prod", "lab"], [], "ann", null, null), Now);
        Assert.Equal(["lab", "prod"], tagged.State.Tags);
        Assert.Equal(("tags: was none, is lab, prod", "ann", EventKind.Operator), Told(tagged));
        var moved = TwinTransition.Tag(tagged.State, new(["line-3"], ["lab", "never-there"], "bob", "moved to hall 3", null), Now);
        Assert.Equal(("tags: was lab, prod, is line-3, prod; moved to hall 3", "bob", EventKind.Operator), Told(moved));
        Assert.Equal(moved.Events, moved.State.Timeline.TakeLast(1));
        Assert.False(TwinTransition.Tag(moved.State, new(["prod"], ["lab"], "ann", null, null), Now).Changed);
        Assert.Equal("tags: was line-3, prod, is none", Told(TwinTransition.Tag(moved.State, new([], ["line-3", "prod"], "ann", null, null), Now)).Text);
    }

    [Fact]
    public void A42_A_device_has_no_more_than_sixteen_and_all_of_them_fit_into_lines_of_the_log()
    {
        using var bench = new TwinBench();
        string[] Many(char letter) => [.. Enumerable.Range(10, DeviceTags.Most).Select(number => new string(letter, DeviceTags.Longest - 2) + number)];
        var full = TwinTransition.Tag(Enrolled(bench), new(Many('a'), [], "ann", null, null), Now);
        Assert.Equal(DeviceTags.Most, full.State.Tags.Length);
        var more = TwinTransition.Tag(full.State, new(["lab"], [], "ann", null, null), Now);
        Assert.Equal((false, $"A device has at most 16 tags, and {bench.Enrolment.Name} would have 17; remove some first."), (more.Changed, more.Refused));
        var others = TwinTransition.Tag(full.State, new(Many('b'), Many('a'), "ann", new string('w', 200), null), Now);
        Assert.Equal(Many('b'), others.State.Tags);
        Assert.All(others.Events, line => Assert.True(line.Text.Length <= Caps.Text));
        var told = string.Concat(others.Events.Select(line => line.Text[..line.Text.LastIndexOf(" (", StringComparison.Ordinal)]));
        Assert.All([.. Many('a'), .. Many('b')], tag => Assert.Contains(tag, told, StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_of_an_older_version_is_refused_if_somebody_asks_for_that()
    {
        using var bench = new TwinBench();
        var before = Enrolled(bench) with { Version = 7 };
        Assert.NotNull(TwinTransition.Tag(before, new(["lab"], [], "ann", null, 6), Now).Refused);
        Assert.True(TwinTransition.Tag(before, new(["lab"], [], "ann", null, 7), Now).Changed);
    }

    [Fact]
    public void Tags_say_nothing_of_trust_and_no_proof_and_no_enrolment_changes_them()
    {
        using var bench = new TwinBench();
        bench.Measure("/a");
        var tagged = TwinTransition.Tag(Enrolled(bench), new(["lab"], [], "ann", null, null), Now).State;
        var proven = TwinTransition.Accept(tagged, bench.Evidence(tagged), bench.Time.GetUtcNow()).State;
        var again = TwinTransition.Enrol(proven, new(bench.NewEnrolment() with { Endorsement = "another token" }, false, Tags: ["prod"]), Now).State;
        Assert.Equal(("lab", "lab", Standing.Pending), (DeviceTags.Text(proven.Tags), DeviceTags.Text(again.Tags), again.Standing));
        Assert.Equal(["lab"], DeviceEntry.Of(again).Summary(Now).Tags!);
    }

    [Fact]
    public void A_join_token_tags_who_joins_for_the_first_time_and_the_line_says_so()
    {
        using var bench = new TwinBench();
        var step = TwinTransition.Enrol(null, new(bench.Enrolment, true, "rule x version 1: site:lab", "rule x, set by ann", ["lab", "line-3"]), Now);
        Assert.Equal(["lab", "line-3"], step.State.Tags);
        Assert.Equal([EventKind.Enrolled, EventKind.Operator, EventKind.Approved], step.Events.Select(line => line.Kind));
        Assert.Equal("tags: was none, is lab, line-3; as its join token says", step.Events[1].Text);
    }

    [Fact]
    public void A_state_with_tags_reads_back_and_one_without_is_what_it_always_was()
    {
        using var bench = new TwinBench();
        var bare = Enrolled(bench);
        var tagged = TwinTransition.Tag(bare, new(["lab", "prod"], [], "ann", null, null), Now).State;
        var bytes = TwinStateCodec.Encode(tagged);
        Assert.Equal(["lab", "prod"], TwinStateCodec.Decode(bytes, 3).Tags);
        Assert.Equal(bytes, TwinStateCodec.Encode(TwinStateCodec.Decode(bytes, 3)));
        Assert.True(TwinStateCodec.Encode(bare).AsSpan().IndexOf("tm-twin/2"u8) > 0 && bytes.AsSpan().IndexOf("tm-twin/3"u8) > 0);
        // Every cut of it is no state, and neither is one with tags that nobody could have set.
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Throws<WireException>(() => TwinStateCodec.Decode(bytes.AsMemory(0, length), 3)));
        foreach (var (from, to) in new[] { ("prod", "Prod"), ("prod", "aaaa"), ("tm-twin/3", "tm-twin/2") })
            Assert.Throws<WireException>(() => TwinStateCodec.Decode(Replaced(bytes, from, to), 3));
    }

    private static TwinState Enrolled(TwinBench bench) => TwinTransition.Enrol(null, new(bench.Enrolment, true), Now).State;

    private static (string Text, string Actor, EventKind Kind) Told(TwinStep step) => Assert.Single(step.Events) is var line ? (line.Text, line.Actor, line.Kind) : default;

    /// <summary>The last place where the text stands, replaced by one of the same length.</summary>
    private static byte[] Replaced(byte[] bytes, string from, string to)
    {
        byte[] changed = [.. bytes];
        System.Text.Encoding.ASCII.GetBytes(to).CopyTo(changed, bytes.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(from)));
        return changed;
    }
}
