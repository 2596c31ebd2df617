using System.Security.Cryptography;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// The alerts of a mesh as they are kept, a row each: every silo reads them, the one that watches fires and resolves them, and any of them takes an acknowledgement. Thread-safe.
/// </summary>
/// <param name="isolated">Told kind, id and reason of a row that cannot be read.</param>
/// <param name="unwritten">What fires and may have no row, as rows cannot be written: each silo shows its own. Asked at every look.</param>
public sealed class AlertBook(IRecordStore store, Action<string, string, string> isolated, TimeProvider time, Func<CancellationToken, Task<IReadOnlyList<UnwrittenAlert>>>? unwritten = null)
{
    /// <summary>Resolved alerts that are kept, the newest; and for how long.</summary>
    public const int MostResolved = 500;

    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>What is read again and again, by every open page, is believed for so long; what this silo writes itself is seen at once.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(1);

    private const int Tries = 5;

    private readonly AlertRows<StoredAlert> rows = new(store, "alert", AlertJson.Default.StoredAlert, isolated);
    private Remembered? last;
    private int written;

    /// <summary>Firing first, then acknowledged, then resolved; the most urgent and the newest first. Silenced ones stand after those that are not.</summary>
    public async Task<IReadOnlyList<AlertView>> ViewsAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return [.. (await RecentAsync(cancellation)).Select(one => one.View(now)).OrderBy(one => one.State switch { "firing" => 0, "acknowledged" => 1, _ => 2 }).ThenBy(one => one.Silence is not null)
            .ThenBy(one => one.ResolvedAt is null ? Urgency(one.Severity) : 0).ThenByDescending(one => one.ResolvedAt ?? one.FiredAt).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    public async Task<AlertView?> FindAsync(string id, CancellationToken cancellation)
        => await rows.ReadAsync(id, cancellation) is (_, { } alert) ? alert.View(id, time.GetUtcNow()) : null;

    public async Task<AlertCounts> CountAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var open = (await RecentAsync(cancellation)).Select(one => one.View(now)).Where(one => one.ResolvedAt is null).ToList();
        var silenced = open.Count(one => one.Silence is not null);
        var firing = open.Count(one => one is { Silence: null, State: "firing" });
        return new(firing, open.Count - silenced - firing, silenced);
    }

    /// <summary>Somebody takes an alert on. <paramref name="note"/> has been checked.</summary>
    /// <returns>The alert as it is now, or why not; both null if there is none.</returns>
    public async Task<(AlertView? Alert, string? Refused)> AcknowledgeAsync(string id, string by, string? note, CancellationToken cancellation, Telling<AlertView>? tell = null)
    {
        for (var tries = 1; ; tries++)
        {
            var (version, before) = await rows.ReadAsync(id, cancellation);
            if (before is null) return (null, null);
            if (!before.IsOpen) return (null, "It is resolved already; there is nothing left to acknowledge.");
            if (before.Acknowledged is { } earlier) return (null, $"{earlier.By} acknowledged it already.");
            var now = time.GetUtcNow();
            var after = before with { Acknowledged = new(by, now, note), ChangedAt = now };
            if (after.Told) after = after.Owing(StoredAlert.Acked);
            try
            {
                var view = after.View(id, now);
                await WriteAsync(id, version, after, cancellation, tell?.Invoke(view));
                return (view, null);
            }
            catch (StaleRecordException) when (tries < Tries)
            {
                // Its devices changed at the same moment, or somebody else acknowledged it: look again.
                continue;
            }
        }
    }

    /// <summary>All of them, from the store.</summary>
    internal async Task<IReadOnlyList<KeptAlert>> ListAsync(CancellationToken cancellation)
        => [.. (await rows.ListAsync(cancellation)).Select(row => new KeptAlert(row.Id, row.Version, row.Value))];

    internal async Task<KeptAlert?> ReadAsync(string id, CancellationToken cancellation)
        => await rows.ReadAsync(id, cancellation) is (var version, { } alert) ? new(id, version, alert) : null;

    internal async Task<KeptAlert> WriteAsync(string id, long expected, StoredAlert alert, CancellationToken cancellation, IReadOnlyList<TwinEvent>? lines = null)
    {
        Interlocked.Increment(ref written);
        try
        {
            await rows.ActAsync(id, expected, alert, lines, cancellation);
        }
        finally
        {
            Interlocked.Increment(ref written);
        }
        return new(id, expected + 1, alert);
    }

    /// <summary>Lets go of resolved ones that are old, or too many.</summary>
    internal async Task TidyAsync(IReadOnlyList<KeptAlert> all, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() - Kept;
        var resolved = all.Where(one => !one.Alert.IsOpen && one.Alert.Owed is not { Count: > 0 }).OrderByDescending(one => one.Alert.ResolvedAt).ToList();
        foreach (var old in resolved.Where((one, at) => at >= MostResolved || one.Alert.ResolvedAt < until))
        {
            await rows.TidyAsync(old.Id, old.Version, cancellation);
            Interlocked.Increment(ref written);
        }
    }

    /// <summary>Another one for each time an alert fires, and the same if firing it is tried again.</summary>
    internal static string IdOf(string rule, string cause, DateTimeOffset firedAt)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{rule}\n{cause}\n{firedAt.ToUnixTimeMilliseconds()}")).AsSpan(0, 16));

    internal static int Urgency(string severity) => severity switch { "critical" => 0, "warning" => 1, _ => 2 };

    private async Task<IReadOnlyList<KeptAlert>> RecentAsync(CancellationToken cancellation)
    {
        var now = Volatile.Read(ref written);
        if (Volatile.Read(ref last) is { } known && known.Written == now && time.GetElapsedTime(known.At) < Believed) return known.Alerts;
        var at = time.GetTimestamp();
        var alerts = await ListAsync(cancellation);
        var fires = unwritten is null ? [] : await unwritten(cancellation);
        alerts = [.. alerts, .. fires.Where(one => !alerts.Any(kept => kept.Alert.IsOpen && kept.Alert.Rule == one.Rule && kept.Alert.Cause == one.Cause.Text)).Select(Shown)];
        Volatile.Write(ref last, new(now, at, alerts));
        return alerts;
    }

    private static KeptAlert Shown(UnwrittenAlert one)
        => new(IdOf(one.Rule, one.Cause.Text, one.Since), 0, new(one.Rule, one.Severity, one.Cause.Text, null, null, 0, 0, [], one.Since, one.Since, Silo: one.Cause.Silo));

    private sealed record Remembered(int Written, long At, IReadOnlyList<KeptAlert> Alerts);
}
