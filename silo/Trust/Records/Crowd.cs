namespace TrustMesh.Trust.Records;

/// <summary>
/// One row that many want to count from together: whoever comes while others are served is served with all who wait, by one read and one write. Each for
/// itself, one of a crowd would get through at a time, and the others read and write in vain. Thread-safe.
/// </summary>
/// <param name="serve">Serves all of these at one row; as many answers in their order. What it throws, all of them are told.</param>
internal sealed class Crowd<TAnswer>(Func<string, IReadOnlyList<int>, Task<IReadOnlyList<TAnswer>>> serve)
{
    /// <summary>Served at once.</summary>
    private const int Most = 256;

    /// <summary>Who waits at a row; it is here as long as somebody is served there.</summary>
    private readonly Dictionary<string, List<(int Count, TaskCompletionSource<TAnswer> Told)>> waiting = [];

    /// <param name="count">How many of what is counted, 1 or more.</param>
    /// <param name="cancellation">Whoever leaves before its turn takes nothing; later, what was taken for it is lost.</param>
    public async Task<TAnswer> AskAsync(string row, int count, CancellationToken cancellation)
    {
        var told = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool first;
        lock (waiting)
        {
            first = !waiting.TryGetValue(row, out var there);
            if (first) waiting[row] = there = [];
            there!.Add((count, told));
        }
        await using var left = cancellation.UnsafeRegister((_, token) => told.TrySetCanceled(token), null);
        // Not within the turn of a grain that happened to be the first: the others would end with it.
        if (first) _ = Task.Run(() => ServeAsync(row), CancellationToken.None);
        return await told.Task;
    }

    private async Task ServeAsync(string row)
    {
        while (Next(row) is { } group)
        {
            try
            {
                if (group.Count == 0) continue;
                var answers = await serve(row, [.. group.Select(one => one.Count)]);
                for (var i = 0; i < group.Count; i++) group[i].Told.TrySetResult(answers[i]);
            }
            catch (Exception failed)
            {
                foreach (var (_, told) in group) told.TrySetException(failed);
            }
        }
    }

    /// <summary>Who is there and has not left; null when nobody came any more.</summary>
    private List<(int Count, TaskCompletionSource<TAnswer> Told)>? Next(string row)
    {
        lock (waiting)
        {
            var there = waiting[row];
            if (there.Count == 0)
            {
                waiting.Remove(row);
                return null;
            }
            var group = there.Take(Most).ToList();
            there.RemoveRange(0, group.Count);
            group.RemoveAll(one => one.Told.Task.IsCompleted);
            return group;
        }
    }
}
