using static TrustMesh.Contracts.Snapshots.SnapshotFormat;

namespace TrustMesh.Contracts.Snapshots;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote (SNAPSHOT.md): every count is held against the bytes that are left before anything is made of it, and nothing may be left over.</summary>
public static class SnapshotReader
{
    /// <exception cref="SnapshotException">These bytes are no snapshot, not all of one, or of another version.</exception>
    public static GraphSnapshot Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ColumnReader(bytes);
        var (nodes, edges, ids) = (reader.Nodes, reader.Edges, reader.Ids);
        var columns = reader.Columns();
        var mesh = Find(Mesh, Text).Strings("mesh", 1)[0];
        var id = Find(Id, Text).Strings("ids", ids);
        var name = Find(Name, Text).Strings("names", nodes);
        var kind = Find(Kind, Choice).Chosen("kinds", nodes);
        var site = Find(Site, Choice).Chosen("sites", nodes);
        var model = Find(Model, Choice).Chosen("models", nodes);
        var tier = Find(Tier, Choice).Chosen("tiers", nodes);
        var standing = Find(Standing, Choice).Chosen("standings", nodes);
        var status = Find(Status, Choice).Chosen("statuses", nodes);
        var fresh = Find(Fresh, Number).Numbers("freshness", nodes);
        var look = Find(Look, Choice).Chosen("looks", nodes);
        var proven = Find(ProvenAt, Number).Numbers("proofs", nodes);
        var expires = Find(ExpiresAfter, Number).Numbers("expiries", nodes);
        var since = Find(Since, Number).Numbers("since", nodes);
        var enrolled = Find(EnrolledAt, Number).Numbers("enrolments", nodes);
        var firmware = Find(Firmware, Choice).Chosen("firmware", nodes);
        var agent = Find(Agent, Choice).Chosen("agents", nodes);
        var policy = Find(Policy, Number).Numbers("policies", nodes);
        // A silo of before has none.
        var tags = columns.TryGetValue(Tags, out var tagged) && tagged.Kind == Choices ? tagged.Body.ChosenLists("tags", nodes) : null;
        var from = Find(From, Number).Numbers("issuers", edges);
        var to = Find(To, Number).Numbers("subjects", edges);
        var edgeStatus = Find(EdgeStatus, Choice).Chosen("edges' statuses", edges);
        var edgeFresh = Find(EdgeFresh, Number).Numbers("edges' freshness", edges);
        var edgeProven = Find(EdgeProvenAt, Number).Numbers("edges' proofs", edges);
        var edgeExpires = Find(EdgeExpiresAfter, Number).Numbers("edges' expiries", edges);

        var allNodes = new GraphNode[nodes];
        for (var i = 0; i < nodes; i++)
        {
            allNodes[i] = new(
                id[i], name[i], kind[i] ?? "", site[i] ?? "", model[i] ?? "", tier[i] ?? "", standing[i] ?? "", status[i] ?? "", fresh[i] == 1, look[i] ?? "", Moment(proven[i]),
                Moment(proven[i], expires[i]), Moment(since[i]), Moment(enrolled[i]), firmware[i], agent[i], policy[i],
                tags?[i] is { Count: > 0 } some ? some : null);
        }
        var allEdges = new GraphEdge[edges];
        for (var i = 0; i < edges; i++)
            allEdges[i] = new(End(from[i]), End(to[i]), edgeStatus[i] ?? "", edgeFresh[i] == 1, Moment(edgeProven[i]), Moment(edgeProven[i], edgeExpires[i]));
        return new(reader.Sequence, Moment(reader.At)!.Value, mesh, allNodes, allEdges);

        ColumnReader Find(ushort number, ushort kind)
            => columns.TryGetValue(number, out var column) && column.Kind == kind ? column.Body : throw new SnapshotException("column", bytes.Length, $"there is no column {number} of kind {kind}");

        string End(long? number) => number is >= 0 and var one && one < ids ? id[one] : throw new SnapshotException("edges", bytes.Length, "an end is no id");
    }

    private static DateTimeOffset? Moment(long? milliseconds) => milliseconds is not { } one ? null
        : one is >= -62_135_596_800_000 and <= 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(one) : throw new SnapshotException("moment", 0, "beyond every calendar");

    private static DateTimeOffset? Moment(long? milliseconds, long? after) => after is { } more ? Moment(unchecked((milliseconds ?? 0) + more)) : null;
}
