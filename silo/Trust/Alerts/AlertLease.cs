using System.Text;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// Which of several silos watches: the one whose name is in a row, changed by compare-and-swap. Nobody compares clocks: the holder writes the row again every five seconds, and another
/// takes it when it has seen the same version for fifteen of its own. A holder that could not write for ten stops by itself, before anyone else begins. What it had under way then is
/// caught by the compare-and-swap of the rows it changes, and what is told twice has the same number twice. Not thread-safe.
/// </summary>
/// <param name="holder">Unique among the silos of the mesh, the same after a restart: a silo takes over from its own earlier run at once.</param>
public sealed class AlertLease(IRecordStore store, string holder, TimeProvider time)
{
    public static readonly TimeSpan Renewed = TimeSpan.FromSeconds(5), GivenUp = TimeSpan.FromSeconds(10), Lasts = TimeSpan.FromSeconds(15);

    private const string Kind = "alert-lease", Id = "mesh";

    private readonly byte[] name = Encoding.UTF8.GetBytes(holder);
    private long version, renewedAt, seen = -1, seenAt;
    private bool mine;

    /// <summary>It is this silo's turn, now.</summary>
    public bool IsHeld => mine && time.GetElapsedTime(renewedAt) < GivenUp;

    /// <summary>Renews it, or takes it where it is free; true while this silo has it.</summary>
    public async Task<bool> HoldAsync(CancellationToken cancellation)
    {
        if (mine && time.GetElapsedTime(renewedAt) < Renewed) return true;
        var started = time.GetTimestamp();
        var row = await store.ReadAsync(Kind, Id, cancellation);
        if (row is not null && !row.Value.Span.SequenceEqual(name))
        {
            mine = false;
            if (row.Version != seen) (seen, seenAt) = (row.Version, time.GetTimestamp());
            if (time.GetElapsedTime(seenAt) < Lasts) return false;
        }
        try
        {
            await store.WriteAsync(Kind, Id, row?.Version ?? 0, name, CancellationToken.None);
            (mine, version, renewedAt) = (true, (row?.Version ?? 0) + 1, started);
        }
        catch (StaleRecordException)
        {
            // Another silo was quicker.
            mine = false;
        }
        return mine;
    }

    /// <summary>This silo stops: the next need not wait.</summary>
    public async Task ReleaseAsync()
    {
        if (!mine) return;
        mine = false;
        try
        {
            await store.DeleteAsync(Kind, Id, version, CancellationToken.None);
        }
        catch (StaleRecordException)
        {
            // It was taken meanwhile: there is nothing to give back.
        }
    }
}
