using TrustMesh.Trust.Measured;

namespace TrustMesh.Tests.Trust.Measured;

public sealed class FirstSeenTests
{
    private static readonly byte[] Digest = [1, 2, 3, 4, 5, 6, 7, 8, .. new byte[24]], Other = [9, .. new byte[31]];

    private readonly MemoryRecordStore rows = new();
    private readonly ManualTime time = new();
    private readonly List<string> troubles = [];

    [Fact]
    public async Task The_earliest_moment_any_silo_wrote_counts_also_after_a_restart()
    {
        var start = time.GetUtcNow();
        await using var one = await OpenAsync();
        Note(one, Digest);
        time.Advance(TimeSpan.FromMinutes(1));
        await using var two = await OpenAsync();
        Note(two, Digest);
        Note(two, Other);
        await Task.WhenAll(one.WriteAsync(default), two.WriteAsync(default));
        // Whoever lost the race writes with its next turn.
        time.Advance(TimeSpan.FromSeconds(5));
        await one.WriteAsync(default);
        await two.WriteAsync(default);
        time.Advance(TimeSpan.FromHours(1));
        await using var later = await OpenAsync();
        Note(later, Digest);
        Assert.Equal(start, Find(later, Digest));
        Assert.Equal(start.AddMinutes(1), Find(later, Other));
        Assert.Null(later.Find("camera", MeasuredKeys.Name("/app"), Digest));
        Assert.Empty(troubles);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_fails_is_told_and_made_up_for(bool persisted)
    {
        var faulty = new FaultyRecordStore(rows);
        await using var book = new FirstSeen(faulty, troubles.Add, time);
        await book.LoadAsync(default);
        Note(book, Digest);
        var noted = time.GetUtcNow();
        faulty.Fail(1, persisted);
        await book.WriteAsync(default);
        Assert.Single(troubles);
        time.Advance(TimeSpan.FromMinutes(1));
        await book.WriteAsync(default);
        await using var later = await OpenAsync();
        Assert.Equal(noted, Find(later, Digest));
    }

    [Fact]
    public async Task A43_A_row_that_cannot_be_read_is_told_and_everything_else_works()
    {
        await rows.WriteAsync("first-seen", "press", 0, new byte[25], default);
        await rows.WriteAsync("first-seen", "camera", 0, Enumerable.Repeat((byte)255, 24).ToArray(), default);
        await using var book = await OpenAsync();
        Assert.Equal(2, troubles.Count);
        Note(book, Digest);
        Assert.Equal(time.GetUtcNow(), Find(book, Digest));
        await book.WriteAsync(default);
        await using var later = await OpenAsync();
        Assert.NotNull(Find(later, Digest));
    }

    [Fact]
    public async Task A42_No_more_than_so_many_values_and_models_are_kept()
    {
        await using var book = await OpenAsync();
        for (ulong value = 0; value < FirstSeen.MostValues + 500; value++) book.Note("press", value % 100, value);
        for (var model = 0; model < FirstSeen.MostModels + 10; model++) book.Note($"model-{model}", 1, 1);
        await book.WriteAsync(default);
        Assert.Equal(FirstSeen.MostModels, rows.All.Count());
        Assert.Equal(FirstSeen.MostValues * 24, rows.All.Single(row => row.Id == "press").Value.Length);
        await using var later = await OpenAsync();
        Assert.Empty(troubles);
    }

    [Fact]
    public async Task A42_A_register_that_is_another_on_each_device_leaves_room_for_the_files()
    {
        await using var book = await OpenAsync();
        for (ulong value = 0; value < 2 * FirstSeen.MostValues; value++) book.Note("press", MeasuredKeys.Register(15), value);
        Note(book, Digest);
        await book.WriteAsync(default);
        Assert.Equal((FirstSeen.MostOfName + 1) * 24, Assert.Single(rows.All).Value.Length);
        await using var later = await OpenAsync();
        Assert.NotNull(Find(later, Digest));
        later.Note("press", MeasuredKeys.Register(15), ulong.MaxValue);
        Assert.Null(later.Find("press", MeasuredKeys.Register(15), [.. Enumerable.Repeat((byte)255, 32)]));
    }

    [Fact]
    public async Task The_end_waits_for_a_write_under_way_and_writes_what_came_meanwhile()
    {
        var slow = new FaultyRecordStore(rows);
        var book = new FirstSeen(slow, troubles.Add, time);
        await book.LoadAsync(default);
        var held = new TaskCompletionSource();
        slow.Held = held.Task;
        Note(book, Digest);
        var write = book.WriteAsync(default);
        Note(book, Other);
        var end = book.DisposeAsync().AsTask();
        Assert.False(write.IsCompleted);
        Assert.False(end.IsCompleted);
        held.SetResult();
        await end;
        Assert.True(write.IsCompletedSuccessfully);
        await using var later = await OpenAsync();
        Assert.NotNull(Find(later, Digest));
        Assert.NotNull(Find(later, Other));
        Assert.Empty(troubles);
    }

    private async Task<FirstSeen> OpenAsync()
    {
        var book = new FirstSeen(rows, troubles.Add, time);
        await book.LoadAsync(default);
        return book;
    }

    private static DateTimeOffset? Find(FirstSeen book, byte[] digest) => book.Find("press", MeasuredKeys.Name("/app"), digest);

    private static void Note(FirstSeen book, byte[] digest) => book.Note("press", MeasuredKeys.Name("/app"), MeasuredKeys.Value(digest));
}
