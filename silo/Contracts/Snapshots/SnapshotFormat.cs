namespace TrustMesh.Contracts.Snapshots;

/// <summary>Numbers of the binary snapshot (SNAPSHOT.md). Its other reader is the browser's: dashboard/Graph/snapshot.ts.</summary>
public static class SnapshotFormat
{
    /// <summary>What a caller accepts to get it from <c>GET /graph</c>.</summary>
    public const string MediaType = "application/vnd.trustmesh.graph";

    /// <summary>A reader refuses every other; a column that is added does not change it.</summary>
    public const int Version = 1;

    /// <summary>Most bytes, ids and edges that are read (attack A42).</summary>
    public const int MostBytes = 256 * 1024 * 1024, MostIds = 1_000_000, MostEdges = 8_000_000;

    internal const uint Magic = 0x53474d54, End = 0x544d4753;
    internal const int HeaderSize = 40, ColumnSize = 8;

    // Kinds of columns.
    internal const ushort Text = 1, Choice = 2, Number = 3, Choices = 4;

    // Columns of the whole.
    internal const ushort Mesh = 0, Id = 1;

    // Columns of nodes.
    internal const ushort Name = 16, Kind = 17, Site = 18, Model = 19, Tier = 20, Standing = 21, Status = 22, Fresh = 23, Look = 24, ProvenAt = 25, ExpiresAfter = 26, Since = 27, EnrolledAt = 28,
        Firmware = 29, Agent = 30, Policy = 31, Tags = 32;

    // Columns of edges.
    internal const ushort From = 48, To = 49, EdgeStatus = 50, EdgeFresh = 51, EdgeProvenAt = 52, EdgeExpiresAfter = 53;
}
