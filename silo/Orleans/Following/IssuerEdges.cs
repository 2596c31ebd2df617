using TrustMesh.Trust.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Following;

/// <summary>What a device says about others, as far as every silo keeps it in memory.</summary>
/// <param name="Version">Of the issuer's row.</param>
public sealed record IssuerEdges(DeviceId Issuer, long Version, bool Doubted, EdgeEntry[] Edges)
{
    public static IssuerEdges Of(IssuerRecord record, long version)
        => new(record.Issuer, version, record.Doubted, [.. record.Edges.Select(edge => EdgeEntry.Of(record.Issuer, edge.Subject, edge))]);
}
