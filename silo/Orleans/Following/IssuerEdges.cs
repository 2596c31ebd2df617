using TrustMesh.Trust.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Following;

/// <summary>What a device says about others, as far as every silo keeps it in memory.</summary>
/// <param name="Version">Of the issuer's row.</param>
/// <param name="Unreadable">Why that row cannot be read; there are no edges then (attack A43).</param>
public sealed record IssuerEdges(DeviceId Issuer, long Version, bool Doubted, EdgeEntry[] Edges, string? Unreadable = null)
{
    public static IssuerEdges Of(IssuerRecord record, long version)
        => new(record.Issuer, version, record.Doubted, [.. record.Edges.Select(edge => EdgeEntry.Of(record.Issuer, edge.Subject, edge))]);
}
