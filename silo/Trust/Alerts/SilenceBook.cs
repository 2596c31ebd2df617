using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Alerts;

/// <summary>What people asked to be quiet, and until when; at most 30 days, so that nobody is forgotten. Rows, so that all silos have the same. Thread-safe.</summary>
/// <param name="isolated">Told kind, id and reason of a row that cannot be read.</param>
public sealed class SilenceBook(IRecordStore store, Action<string, string, string> isolated, RandomNumberGenerator random, TimeProvider time)
{
    /// <summary>Silences of one mesh, and how long one may last (attack A42).</summary>
    public const int Most = 100, LongestSeconds = 30 * 86_400;

    private readonly AlertRows<SilenceView> rows = new(store, "alert-silence", AlertJson.Default.SilenceView, isolated);

    /// <summary>Those that have not ended, the first to end first.</summary>
    public async Task<IReadOnlyList<SilenceView>> ListAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return [.. (await rows.ListAsync(cancellation)).Select(row => row.Value).Where(one => one.Until > now).OrderBy(one => one.Until).ThenBy(one => one.Id, StringComparer.Ordinal)];
    }

    /// <summary>Null if there are <see cref="Most"/> already. The caller has checked the values.</summary>
    /// <param name="query">Null: all devices.</param>
    public async Task<SilenceView?> AddAsync(string? query, string? rule, TimeSpan lasts, string reason, string by, CancellationToken cancellation, Telling<SilenceView>? tell = null)
    {
        if ((await ListAsync(cancellation)).Count >= Most) return null;
        var id = new byte[8];
        random.GetBytes(id);
        var now = time.GetUtcNow();
        var silence = new SilenceView(Convert.ToHexStringLower(id), query, rule, now + lasts, reason, by, now);
        await rows.ActAsync(silence.Id, 0, silence, tell?.Invoke(silence), cancellation);
        return silence;
    }

    /// <summary>Ends it now; null if there is none.</summary>
    public async Task<SilenceView?> RemoveAsync(string id, CancellationToken cancellation, Telling<SilenceView>? tell = null)
    {
        var (version, silence) = await rows.ReadAsync(id, cancellation);
        if (silence is null) return null;
        await rows.ActAsync(id, version, null, tell?.Invoke(silence), cancellation);
        return silence;
    }

    /// <summary>Lets go of those that have ended.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var row in await rows.ListAsync(cancellation))
            if (row.Value.Until <= now) await rows.TidyAsync(row.Id, row.Version, cancellation);
    }
}
