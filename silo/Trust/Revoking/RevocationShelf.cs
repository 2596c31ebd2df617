using System.Text.Json;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Revoking;

/// <summary>Where requests are kept: a small row for each, and one for its devices. Thread-safe; each write is a compare-and-swap.</summary>
internal sealed class RevocationShelf(IRecordStore store, TimeProvider time)
{
    /// <summary>Requests that are kept, and those of them that wait (attack A42).</summary>
    internal const int MostKept = 200, MostWaiting = 50;

    private const string RequestKind = "revocation-request", TargetsKind = "revocation-devices";

    /// <summary>Newest first.</summary>
    internal async Task<IReadOnlyList<StoredRequest>> ListAsync(CancellationToken cancellation)
        => [.. (await store.ListAsync(RequestKind, cancellation)).Select(Read).OrderByDescending(one => one.At).ThenBy(one => one.Id, StringComparer.Ordinal)];

    internal async Task<(StoredRequest Request, long Version)?> FindAsync(string id, CancellationToken cancellation)
        => await store.ReadAsync(RequestKind, id, cancellation) is { } row ? (Read(row), row.Version) : null;

    internal async Task<(StoredTargets Targets, long Version)> TargetsAsync(StoredRequest request, CancellationToken cancellation)
        => await store.ReadAsync(TargetsKind, TargetsOf(request), cancellation) is { } row ? (JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredTargets)!, row.Version)
            : throw new InvalidDataException($"The devices of request {request.Id} are not there.");

    /// <summary>Keeps a new one, and forgets the oldest that are over. False if as many wait as may, or if there is another with its name.</summary>
    internal async Task<bool> TryAddAsync(StoredRequest request, StoredTargets targets, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var kept = await ListAsync(cancellation);
        var over = kept.Where(one => one.State is not (RequestStates.Waiting or RequestStates.Running) || one.IsExpired(now)).ToList();
        if (kept.Count - over.Count >= MostWaiting) return false;
        foreach (var old in over.TakeLast(Math.Max(0, kept.Count + 1 - MostKept))) await ForgetAsync(old, cancellation);
        // The devices first: a request that is there has them. Named by their digest, what is there already are the same ones.
        await TryInsertAsync(TargetsKind, TargetsOf(request), Bytes(targets), cancellation);
        return await TryInsertAsync(RequestKind, request.Id, Bytes(request), cancellation);
    }

    /// <summary>A step of the request, with what the log says of it. Throws <see cref="StaleRecordException"/> if somebody else was faster. Nobody may cancel it.</summary>
    internal Task WriteAsync(StoredRequest request, long version, IReadOnlyList<TwinEvent> lines) => store.ActAsync(RequestKind, request.Id, version, Bytes(request), lines, CancellationToken.None);

    /// <summary>Ends when the log has the line of its last step.</summary>
    internal Task SettleAsync(StoredRequest request) => store.SettleAsync(RequestKind, request.Id, CancellationToken.None);

    /// <summary>What became of its devices. Throws <see cref="StaleRecordException"/> if somebody else was faster.</summary>
    internal Task WriteAsync(StoredRequest request, StoredTargets targets, long version, CancellationToken cancellation)
        => store.WriteAsync(TargetsKind, TargetsOf(request), version, Bytes(targets), cancellation);

    private static string TargetsOf(StoredRequest request) => $"{request.Id}.{request.Digest}";

    private async Task ForgetAsync(StoredRequest request, CancellationToken cancellation)
    {
        foreach (var (kind, id) in new[] { (RequestKind, request.Id), (TargetsKind, TargetsOf(request)) })
            if (await store.ReadAsync(kind, id, cancellation) is { } row) await store.DeleteAsync(kind, id, row.Version, cancellation);
    }

    private async Task<bool> TryInsertAsync(string kind, string id, byte[] value, CancellationToken cancellation)
    {
        try
        {
            await store.WriteAsync(kind, id, 0, value, cancellation);
            return true;
        }
        catch (StaleRecordException)
        {
            // It is there: the caller looks at what it is.
            return false;
        }
    }

    private static StoredRequest Read(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredRequest)!;

    private static byte[] Bytes(StoredRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, TrustJson.Default.StoredRequest);

    private static byte[] Bytes(StoredTargets targets) => JsonSerializer.SerializeToUtf8Bytes(targets, TrustJson.Default.StoredTargets);
}
