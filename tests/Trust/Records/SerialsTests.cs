using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust.Records;

/// <summary>A crowd at one counter.</summary>
public sealed class SerialsTests
{
    private readonly FaultyRecordStore store = new(new MemoryRecordStore());
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously), held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Whoever_comes_while_others_are_served_shares_the_next_write_and_gets_numbers_of_its_own()
    {
        var serials = new Serials(store);
        var first = await EnteredAsync(serials);
        // Wants three in a row, and gets them.
        List<Task<long>> crowd = [.. Enumerable.Range(0, 40).Select(one => serials.ReserveAsync("counter", one == 20 ? 3 : 1, default))];
        using var leaves = new CancellationTokenSource();
        var gone = serials.NextAsync("counter", leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        held.SetResult();

        await first;
        var numbers = await Task.WhenAll(crowd);
        IEnumerable<long> all = [await first, .. numbers, numbers[20] + 1, numbers[20] + 2];
        Assert.Equal(Enumerable.Range(1, 43).Select(number => (long)number), all.Order());
        // Whoever left had taken nothing.
        Assert.Equal(44, await serials.NextAsync("counter", default));
        Assert.Equal(3, store.Writes);
    }

    [Fact]
    public async Task A_write_that_failed_is_told_to_all_it_was_for_and_to_nobody_after_them()
    {
        var serials = new Serials(store);
        store.Fail(2, afterWriting: true);
        var first = await EnteredAsync(serials);
        List<Task<long>> crowd = [.. Enumerable.Range(0, 3).Select(_ => serials.NextAsync("counter", default))];
        held.SetResult();

        Assert.Equal(1, await first);
        foreach (var one in crowd) await Assert.ThrowsAsync<IOException>(() => one);
        // Written and not answered: skipped, never given twice (attack A30).
        Assert.Equal(5, await serials.NextAsync("counter", default));
    }

    [Fact]
    public async Task Two_silos_at_one_counter_never_give_the_same_number()
    {
        var (one, two) = (new Serials(store), new Serials(store));
        var taken = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(() => (number % 2 == 0 ? one : two).NextAsync("counter", default))));
        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), taken.Order());
    }

    /// <summary>Somebody who is being served, and goes on being so until <see cref="held"/>.</summary>
    private async Task<Task<long>> EnteredAsync(Serials serials)
    {
        store.Meanwhile = () =>
        {
            entered.SetResult();
            return held.Task;
        };
        var first = serials.NextAsync("counter", default);
        await entered.Task;
        return first;
    }
}
