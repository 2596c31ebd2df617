using System.Collections.Immutable;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Peers;

/// <summary>What the silo keeps of one device as an examiner of others. Immutable; <see cref="LedgerTransition"/> makes the next one.</summary>
/// <param name="EnrolmentId">16 bytes: a device that enrolled anew with another key counts its verdicts anew.</param>
/// <param name="Next">The first sequence that is not here.</param>
/// <param name="Dropped">Verdicts that had to make room on the device, as it said last.</param>
/// <param name="Missing">Sequences that never came.</param>
/// <param name="Doubted">Its verdicts keep contradicting those of others: they move nothing.</param>
/// <param name="Agreed">Comparisons in a row in which it was not contradicted.</param>
/// <param name="Edges">At most <see cref="MostEdges"/>, in the order in which they were first heard of.</param>
public sealed record IssuerRecord(
    DeviceId Issuer, ReadOnlyMemory<byte> EnrolmentId, long Next, long Dropped, long Missing, bool Doubted, int Agreed, ImmutableArray<EdgeRecord> Edges)
{
    public const int MostEdges = 64;

    public static IssuerRecord None(DeviceId issuer, ReadOnlyMemory<byte> enrolmentId) => new(issuer, enrolmentId, 1, 0, 0, false, 0, []);

    /// <summary>The edge to that device, or null.</summary>
    public EdgeRecord? Edge(DeviceId subject) => Edges.FirstOrDefault(edge => edge.Subject == subject);
}
