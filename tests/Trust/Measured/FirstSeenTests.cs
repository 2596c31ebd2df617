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
        Assert.Equal(start, later.Find("press", "/app", Digest));
        Assert.Equal(start.AddMinutes(1), later.Find("press", "/app", Other));
        Assert.Null(later.Find("camera", "/app", Digest));
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
        Assert.Equal(noted, later.Find("press", "/app", Digest));
    }

    [Fact]
    public async Task A43_A_row_that_cannot_be_read_is_told_and_everything_else_works()
    {
        await rows.WriteAsync("first-seen", "press", 0, new byte[25], default);
        await rows.WriteAsync("first-seen", "camera", 0, Enumerable.Repeat((byte)255, 24).ToArray(), default);
        await using var book = await OpenAsync();
        Assert.Equal(2, troubles.Count);
        Note(book, Digest);
        Assert.Equal(time.GetUtcNow(), book.Find("press", "/app", Digest));
        await book.WriteAsync(default);
        await using var later = await OpenAsync();
        Assert.NotNull(later.Find("press", "/app", Digest));
    }

    [Fact]
    public async Task A42_No_more_than_so_many_values_and_models_are_kept()
    {
        await using var book = await OpenAsync();
        for (ulong value = 0; value < FirstSeen.MostValues + 500; value++) book.Note("press", 1, value);
        for (var model = 0; model < FirstSeen.MostModels + 10; model++) book.Note($"model-{model}", 1, 1);
        await book.WriteAsync(default);
        Assert.Equal(FirstSeen.MostModels, rows.All.Count());
        Assert.Equal(FirstSeen.MostValues * 24, rows.All.Single(row => row.Id == "press").Value.Length);
        await using var later = await OpenAsync();
        Assert.Empty(troubles);
    }

    private async Task<FirstSeen> OpenAsync()
    {
        var book = new FirstSeen(rows, troubles.Add, time);
        await book.LoadAsync(default);
        return book;
    }

    private static void Note(FirstSeen book, byte[] digest) => book.Note("press", MeasuredKeys.Name("/app"), MeasuredKeys.Value(digest));
}
