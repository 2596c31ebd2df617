using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Peers;

/// <summary>What is kept of each edge in memory, all the time: an edge of the graph, a line of a list, a word for a quorum.</summary>
/// <param name="Since">When its present opinion was first said.</param>
/// <param name="Reason">The first finding that did not pass, where the verdict is contraindicated; else empty.</param>
public sealed record EdgeEntry(
    DeviceId Issuer, DeviceId Subject, TrustTier Status, AssuranceTier Tier, long PolicySerial, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, DateTimeOffset Since, string Reason)
{
    public static EdgeEntry Of(DeviceId issuer, DeviceId subject, EdgeRecord edge)
        => new(
            issuer, subject, edge.Verdict.Status, edge.Verdict.Tier, edge.Verdict.PolicySerial, edge.IssuedAt, edge.ExpiresAt, edge.Since,
            edge.Opinion == Opinion.Bad ? EdgeRecord.Reason(edge.Verdict) : "");

    public HeldWord Word => new(HeldWord.Of(Status), Since, IssuedAt, ExpiresAt);

    /// <summary>An expired verdict says nothing any more (attack A22).</summary>
    public bool IsFresh(DateTimeOffset now) => now < ExpiresAt;

    public GraphEdge Edge(DateTimeOffset now) => new(Issuer.Text, Subject.Text, TwinTransition.Text(Status), IsFresh(now), IssuedAt, ExpiresAt);

    public PeerEdge Line(string issuer, string subject, bool doubted, DateTimeOffset now)
        => new(Issuer.Text, issuer, Subject.Text, subject, TwinTransition.Text(Status), Tiers.Text(Tier), IsFresh(now), IssuedAt, ExpiresAt, doubted);
}
