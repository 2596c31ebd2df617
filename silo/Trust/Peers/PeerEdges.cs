using System.Collections.Concurrent;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>
/// Who examined whom, of the whole mesh, in memory. Rebuilt from the ledger's rows at start, kept current by what was saved. Thread-safe; what
/// it hands out does not change.
/// </summary>
public sealed class PeerEdges(DeviceDirectory directory)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<DeviceId, Issuer> issuers = new();
    private readonly ConcurrentDictionary<DeviceId, EdgeEntry[]> subjects = new();
    private readonly ConcurrentDictionary<DeviceId, string> unreadable = new();

    /// <summary>Issuers whose stored record cannot be read, and why (attack A43).</summary>
    public IReadOnlyDictionary<DeviceId, string> Unreadable => unreadable;

    /// <summary>Every edge between devices of the mesh.</summary>
    public IEnumerable<EdgeEntry> All => issuers.Values.SelectMany(issuer => issuer.Edges).Where(IsOfMesh);

    /// <summary>What a device says about others.</summary>
    public IEnumerable<EdgeEntry> From(DeviceId issuer) => issuers.TryGetValue(issuer, out var known) ? known.Edges.Where(IsOfMesh) : [];

    /// <summary>What others say about a device.</summary>
    public IReadOnlyList<EdgeEntry> About(DeviceId subject) => subjects.GetValueOrDefault(subject) ?? [];

    public EdgeEntry? Find(DeviceId issuer, DeviceId subject) => From(issuer).FirstOrDefault(edge => edge.Subject == subject);

    public bool IsDoubted(DeviceId issuer) => issuers.TryGetValue(issuer, out var known) && known.Doubted;

    public void Isolate(DeviceId issuer, string why) => unreadable[issuer] = why;

    /// <summary>Takes an issuer's record unless a newer version is here already.</summary>
    /// <param name="version">Of the stored row.</param>
    /// <returns>Devices to which an edge changed, and those to which there is none any more.</returns>
    public (IReadOnlyList<DeviceId> Changed, IReadOnlyList<DeviceId> Removed) Put(IssuerRecord record, long version)
    {
        var edges = new EdgeEntry[record.Edges.Length];
        for (var i = 0; i < edges.Length; i++) edges[i] = EdgeEntry.Of(Known(record.Issuer), Known(record.Edges[i].Subject), record.Edges[i]);
        return Put(record.Issuer, version, record.Doubted, edges);
    }

    /// <summary>Takes the edges of an issuer unless a newer version is here already.</summary>
    /// <inheritdoc cref="Put(IssuerRecord, long)"/>
    public (IReadOnlyList<DeviceId> Changed, IReadOnlyList<DeviceId> Removed) Put(DeviceId issuer, long version, bool doubted, EdgeEntry[] edges)
    {
        lock (gate)
        {
            issuers.TryGetValue(issuer, out var before);
            if (before is not null && before.Version > version) return ([], []);
            issuers[issuer] = new(version, doubted, edges);
            var changed = new List<DeviceId>();
            var removed = new List<DeviceId>();
            foreach (var edge in edges)
            {
                if (before?.Edges.FirstOrDefault(one => one.Subject == edge.Subject) == edge) continue;
                changed.Add(edge.Subject);
                subjects[edge.Subject] = [.. About(edge.Subject).Where(one => one.Issuer != edge.Issuer), edge];
            }
            foreach (var gone in before?.Edges ?? [])
            {
                if (edges.Any(one => one.Subject == gone.Subject)) continue;
                removed.Add(gone.Subject);
                var left = About(gone.Subject).Where(one => one.Issuer != gone.Issuer).ToArray();
                if (left.Length > 0) subjects[gone.Subject] = left;
                else subjects.TryRemove(gone.Subject, out _);
            }
            return (changed, removed);
        }
    }

    /// <summary>An edge is drawn between devices that are there; a verdict may name one this silo never enrolled.</summary>
    private bool IsOfMesh(EdgeEntry edge) => directory.TryGet(edge.Subject, out _) && directory.TryGet(edge.Issuer, out _);

    /// <summary>The same id with the text the directory holds, so that its 53 characters are in memory once.</summary>
    private DeviceId Known(DeviceId device) => directory.TryGet(device, out var entry) ? entry.Device : device;

    private sealed record Issuer(long Version, bool Doubted, EdgeEntry[] Edges);
}
