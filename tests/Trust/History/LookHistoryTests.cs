using TrustMesh.Contracts;
using TrustMesh.Tests.Trust.Log;
using TrustMesh.Trust.History;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Trust.History;

public sealed class LookHistoryTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly LogBench bench = new();

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task An_instant_shows_what_was_true_then_and_what_came_after_it_in_order()
    {
        var writer = await bench.OpenAsync();
        var history = new LookHistory([bench.Reader]);
        Assert.Equal((null, 0, 0), (await history.ReadAsync(Start, Start.AddHours(1), 10, default)) is var none ? (none.Begins, none.Before.Count, none.Changes.Count) : default);
        await writer.AppendAsync(
        [
            Line(0, 1, EventKind.Enrolled, "joined by token a; TPM"), Line(10, 1, EventKind.Approved, ""), Line(20, 1, EventKind.Verdict, "affirming"),
            Line(25, 2, EventKind.Enrolled, "joined and approved by token b; TPM"), Line(30, 2, EventKind.Verdict, "contraindicated: boot: expected a, got b"),
            // Said twice: somebody crashed in between.
            Line(30, 2, EventKind.Verdict, "contraindicated: boot: expected a, got b"),
            // Noted late, for when it was.
            Line(60, 2, EventKind.Revoked, "stolen"), Line(50, 1, EventKind.Stale, "no new evidence"), LogBench.Mesh("signed in"),
        ], default);

        var past = await history.ReadAsync(At(21), At(70), 10, default);
        Assert.Equal(Start, past.Begins);
        Assert.Equal([("device-1", "trusted", At(20))], past.Before.Values.Select(one => (one.Name, one.Look, one.Since)));
        Assert.Equal(
            [("device-2", "unproven", "joined and approved by token b; TPM"), ("device-2", "contraindicated", "contraindicated: boot: expected a, got b"), ("device-1", "stale", "no new evidence"), ("device-2", "revoked", "stolen")],
            past.Changes.Select(one => (one.Name, one.Look, one.Text)));
        Assert.Equal((At(70), false), (past.Until, past.More));

        Assert.Equal("pending", (await history.ReadAsync(At(9), At(9), 10, default)).Before.Values.Single().Look);
        Assert.Equal("unproven", (await history.ReadAsync(At(10), At(10), 10, default)).Before.Values.Single().Look);
        Assert.Empty((await history.ReadAsync(At(-1), At(-1), 10, default)).Before);

        // What is written later is read on from there.
        await writer.AppendAsync([Line(80, 1, EventKind.Verdict, "affirming")], default);
        Assert.Equal(["trusted"], (await history.ReadAsync(At(70), At(90), 10, default)).Changes.Select(one => one.Look));
    }

    [Theory, InlineData(1), InlineData(7), InlineData(400)]
    public async Task What_does_not_fit_is_asked_for_from_the_end_on_and_nothing_is_missed(int limit)
    {
        var writer = await bench.OpenAsync();
        // Three changes in each second.
        await writer.AppendAsync([.. Enumerable.Range(0, 600).Select(i => Line(i / 3, i % 3 + 1, i / 3 % 2 == 0 ? EventKind.Suspended : EventKind.Resumed, $"{i}"))], default);
        var history = new LookHistory([bench.Reader]);
        var texts = new List<string>();
        var from = At(-1);
        for (LookSpan? span = null; span is not { More: false }; from = span.Until)
        {
            span = await history.ReadAsync(from, At(1000), limit, default);
            Assert.NotEmpty(span.Changes);
            texts.AddRange(span.Changes.Select(one => one.Text));
        }
        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"{i}"), texts.Order(Comparer<string>.Create((one, other) => int.Parse(one).CompareTo(int.Parse(other)))));
        Assert.Equal(texts.Count, texts.Distinct().Count());
    }

    [Fact]
    public async Task What_is_too_old_to_be_kept_at_hand_leaves_what_came_of_it()
    {
        var writer = await bench.OpenAsync();
        await writer.AppendAsync([Line(0, 9, EventKind.Verdict, "affirming"), .. Enumerable.Range(1, 3000).Select(i => Line(i, 1, i % 2 == 0 ? EventKind.Suspended : EventKind.Resumed, $"{i}"))], default);
        var past = await new LookHistory([bench.Reader], most: 100).ReadAsync(At(2995), At(4000), 100, default);
        Assert.True(past.Begins > At(2800), $"{past.Begins}");
        Assert.Equal("trusted", past.Before[Device(9)].Look);
        Assert.Equal(5, past.Changes.Count);
    }

    [Fact]
    public async Task Tags_are_those_of_then_also_before_their_first_change_and_through_lines_of_several_entries()
    {
        var writer = await bench.OpenAsync();
        string[] Many(char letter) => [.. Enumerable.Range(10, DeviceTags.Most).Select(number => new string(letter, DeviceTags.Longest - 2) + number)];
        // Device 1 had tags before the log began; a reason that looks like the end of a part is no part.
        IReadOnlyList<TwinEvent>[] acts =
        [
            Retagged(10, "old, older", "is, lab", "moved (1/2)"), Retagged(20, "is, lab", DeviceTags.Text(Many('a')), "x"), Retagged(30, DeviceTags.Text(Many('a')), DeviceTags.Text(Many('b')), new string('w', 200)),
            Retagged(40, DeviceTags.Text(Many('b')), "none", null),
        ];
        await writer.AppendAsync([Line(0, 2, EventKind.Verdict, "affirming"), .. acts.SelectMany(act => act).Select(one => new LogLine(one.At, one.Kind, Device(1), "device-1", one.Text, one.Actor, 1))], default);
        Assert.True(acts[2].Count > 3);
        var history = new LookHistory([bench.Reader]);
        async Task<string> TagsAsync(int second) => (await history.ReadAsync(At(second), At(second), 10, default)).Tags.TryGetValue(Device(1), out var tags) ? DeviceTags.Text([.. tags]) : "never";
        string[] then = [await TagsAsync(0), await TagsAsync(9), await TagsAsync(10), await TagsAsync(25), await TagsAsync(35), await TagsAsync(40)];
        Assert.Equal(["old, older", "old, older", "is, lab", DeviceTags.Text(Many('a')), DeviceTags.Text(Many('b')), "none"], then);
        var past = await history.ReadAsync(At(15), At(35), 10, default);
        Assert.Equal([(At(20), DeviceTags.Text(Many('a'))), (At(30), DeviceTags.Text(Many('b')))], past.Retagged.Select(one => (one.At, DeviceTags.Text([.. one.Tags]))));
        Assert.False(past.Tags.ContainsKey(Device(2)));
        // They are counted like any change, and nothing looks different for them.
        Assert.Empty(past.Changes);
        Assert.Equal((true, At(20)), (await history.ReadAsync(At(15), At(35), 1, default)) is var first ? (first.More, first.Until) : default);
        // Folded into what came of them.
        Assert.Equal("is, lab", DeviceTags.Text([.. (await new LookHistory([bench.Reader], most: 3).ReadAsync(At(15), At(15), 10, default)).Tags[Device(1)]]));
    }

    private static IReadOnlyList<TwinEvent> Retagged(int second, string was, string now, string? why) => OperatorLines.Of(At(second), "ann", "tags", was, now, why);

    private static DateTimeOffset At(int second) => Start.AddSeconds(second);

    private static DeviceId Device(int number) => DeviceId.FromRootKey([(byte)number]);

    private static LogLine Line(int second, int device, EventKind kind, string text) => new(At(second), kind, Device(device), $"device-{device}", text, "device", 1);
}
