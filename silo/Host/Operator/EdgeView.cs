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
    /// <summary>Those that are meant, by names.</summary>
    public static IReadOnlyList<PeerEdge> Lines(Silo silo, IEnumerable<EdgeEntry> edges, EdgeQuery query)
    {
        var now = silo.Time.GetUtcNow();
        var lines = edges.Select(edge => edge.Line(Name(silo, edge.Issuer), Name(silo, edge.Subject), silo.Edges.IsDoubted(edge.Issuer), now));
        return [.. query.Of(lines, id => DeviceId.TryParse(id, out var device) && silo.Directory.TryGet(device, out var entry) ? entry.Facts(now) : null, now)
            .OrderBy(line => line.FromName, StringComparer.Ordinal).ThenBy(line => line.ToName, StringComparer.Ordinal).ThenBy(line => line.From, StringComparer.Ordinal)];
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
