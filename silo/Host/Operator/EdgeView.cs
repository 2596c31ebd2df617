using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>Edges in the words of the API.</summary>
public static class EdgeView
{
    /// <summary>Those that are meant, at most so many.</summary>
    /// <param name="device">From and to it; null for all.</param>
    public static IReadOnlyList<PeerEdge> Lines(Silo silo, DeviceId? device, EdgeQuery query, int most) => [.. Meant(silo, device, query).Take(most)];

    /// <summary>Those of them that come after the cursor, as far as they have room on a page.</summary>
    /// <param name="cursor">Of the page before; null for the first.</param>
    public static EdgePage Page(Silo silo, DeviceId? device, EdgeQuery query, string? cursor, int limit)
    {
        var (items, total) = (new List<PeerEdge>(), 0);
        string? next = null;
        foreach (var line in Meant(silo, device, query))
        {
            total++;
            if (cursor is not null && string.CompareOrdinal(Key(line), cursor) <= 0) continue;
            if (items.Count == limit) next ??= Key(items[^1]);
            else items.Add(line);
        }
        return new(items, next, total);
    }

    /// <summary>The cursor of what comes after this line. What separates comes before everything that a name can have in it.</summary>
    internal static string Key(PeerEdge line) => $"{line.FromName}\t{line.From}\t{line.ToName}\t{line.To}";

    /// <summary>In the order of their keys. Of a large mesh it is that of the directory, which is kept sorted, and a few edges of each device.</summary>
    private static IEnumerable<PeerEdge> Meant(Silo silo, DeviceId? device, EdgeQuery query)
    {
        var now = silo.Time.GetUtcNow();
        var lines = device is { } one ? Sorted(silo.Edges.From(one).Concat(silo.Edges.About(one))) : silo.Directory.ByName.SelectMany(from => Sorted(silo.Edges.From(from)));
        return query.Of(lines, id => DeviceId.TryParse(id, out var end) && silo.Directory.TryGet(end, out var entry) ? entry.Facts(now) : null, now);

        IEnumerable<PeerEdge> Sorted(IEnumerable<EdgeEntry> edges)
            => edges.Select(edge => edge.Line(Name(silo, edge.Issuer), Name(silo, edge.Subject), silo.Edges.IsDoubted(edge.Issuer), now)).OrderBy(Key, StringComparer.Ordinal);
    }

    public static EdgeSide Side(Silo silo, IssuerRecord issuer, EdgeRecord edge)
    {
        var verdict = edge.Verdict;
        var rounds = edge.Rounds.Reverse().Select(round => new EdgeRound(round.Sequence, round.At, TwinTransition.Text(round.Status), round.NonceAgeMs, round.Reason));
        return new(
            issuer.Issuer.Text, Name(silo, issuer.Issuer), edge.Subject.Text, Name(silo, edge.Subject), TwinTransition.Text(verdict.Status), Tiers.Text(verdict.Tier),
            silo.Time.GetUtcNow() < edge.ExpiresAt, edge.IssuedAt, edge.ExpiresAt, verdict.PolicyId, verdict.PolicySerial, verdict.ReferenceSerial, verdict.StatusSerial,
            verdict.NonceAgeMs, verdict.Passed, [.. verdict.Because.Select(DeviceView.Because)], [.. rounds], issuer.Doubted, edge.Since);
    }

    private static string Name(Silo silo, DeviceId device) => silo.Directory.TryGet(device, out var entry) ? entry.Name : device.Short;
}
