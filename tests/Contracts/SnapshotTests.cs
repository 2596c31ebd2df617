using TrustMesh.Contracts;
using TrustMesh.Contracts.Snapshots;
using TrustMesh.Tests.Dashboard;

namespace TrustMesh.Tests.Contracts;

/// <summary>The binary snapshot, written and read by C#. What the browser makes of it: <see cref="SnapshotInNodeTests"/>.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void What_was_written_is_read_with_every_member()
    {
        var fleet = FakeFleet.Of(400, 300, calm: 0.3, peers: 4);
        var whole = fleet.Snapshot(1L << 51);
        // Who left while the snapshot was taken is still at the end of an edge.
        whole = whole with { Edges = [.. whole.Edges, new("gone", whole.Nodes[1].Id, "affirming", true, null, whole.At)] };
        var read = SnapshotReader.Read(SnapshotWriter.Write(whole));
        Assert.Equal((whole.Sequence, Cut(whole.At), whole.Mesh), (read.Sequence, read.At, read.Mesh));
        Assert.Equal(whole.Nodes.Select(node => node with { ProvenAt = Cut(node.ProvenAt), ExpiresAt = Cut(node.ExpiresAt), Since = Cut(node.Since), EnrolledAt = Cut(node.EnrolledAt), Tags = null }), read.Nodes.Select(node => node with { Tags = null }));
        Assert.Equal(whole.Nodes.Select(node => node.Tags ?? []), read.Nodes.Select(node => node.Tags ?? []));
        Assert.Contains(read.Nodes, node => node.Tags is [_, ..]);
        Assert.Equal(whole.Edges.Select(edge => edge with { ProvenAt = Cut(edge.ProvenAt), ExpiresAt = Cut(edge.ExpiresAt) }), read.Edges);
    }

    /// <summary>A member without a column would be missing wherever the dashboard begins with a snapshot, until a delta tells of it: a query would find other devices there than at the silo.</summary>
    [Fact]
    public void Every_member_of_nodes_and_edges_has_a_column()
    {
        Assert.Equal(
            ["Id", "Name", "Kind", "Site", "Model", "Tier", "Standing", "Status", "Fresh", "Look", "ProvenAt", "ExpiresAt", "Since", "EnrolledAt", "Firmware", "Agent", "Policy", "Tags"],
            typeof(GraphNode).GetProperties().Select(property => property.Name));
        Assert.Equal(["From", "To", "Status", "Fresh", "ProvenAt", "ExpiresAt"], typeof(GraphEdge).GetProperties().Select(property => property.Name));
    }

    [Fact]
    public void An_empty_mesh_has_a_snapshot()
    {
        var read = SnapshotReader.Read(SnapshotWriter.Write(new(1, DateTimeOffset.UnixEpoch, "", [], [])));
        Assert.Empty(read.Nodes);
        Assert.Empty(read.Edges);
    }

    [Fact]
    public void Bytes_are_as_the_document_has_them()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_000);
        var bytes = SnapshotWriter.Write(new(
            5, at, "m", [new("a", "n", "device", "s", "", "software", "active", "affirming", true, "trusted", at, at.AddMilliseconds(600), null, at, null, "g", 4, ["lab"])], [new("a", "b", "none", false, null, null)]));
        Assert.Equal(Golden, Convert.ToHexStringLower(bytes.Span));
    }

    [Fact]
    public void A_column_that_is_not_known_is_passed_over_and_one_that_is_missing_is_not()
    {
        var bytes = SnapshotWriter.Write(FakeFleet.Of(4).Snapshot(1)).ToArray();
        byte[] more = [.. bytes[..^4], 0xe8, 3, 9, 0, 3, 0, 0, 0, 1, 2, 3, .. bytes[^4..]];
        BitConverter.TryWriteBytes(more.AsSpan(8), more.Length);
        more[6]++;
        Assert.Equal(5, SnapshotReader.Read(more).Nodes.Count);

        // The first column, the name of the mesh, under a number nobody knows.
        bytes[40] = 200;
        Assert.Equal("column", Assert.Throws<SnapshotException>(() => SnapshotReader.Read(bytes)).Field);
    }

    [Fact]
    public void A_version_that_is_not_known_is_refused_by_its_number()
    {
        var bytes = SnapshotWriter.Write(FakeFleet.Of(4).Snapshot(1)).ToArray();
        bytes[4] = 2;
        Assert.Contains("2, and this reads 1", Assert.Throws<SnapshotException>(() => SnapshotReader.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_words_for_each_row_is_read_as_it_was_written()
    {
        IReadOnlyList<string>[] rows = [["lab", "hall"], [], ["lab"]];
        var columns = new ColumnWriter(16);
        columns.Choices(32, rows, row => row);
        var (kind, body) = new ColumnReader(columns.Finish(0, 0, 0, 0, 0)).Columns()[32];
        Assert.Equal(SnapshotFormat.Choices, kind);
        Assert.Equal(rows, body.ChosenLists("tags", 3));
    }

    [Fact]
    public void A42_what_is_cut_or_changed_is_refused_before_anything_is_made_of_it_or_harmless()
    {
        var bytes = SnapshotWriter.Write(FakeFleet.Of(12, 3, calm: 0.3).Snapshot(7)).ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<SnapshotException>(() => SnapshotReader.Read(bytes.AsMemory(0, length)));
        var random = new Random(5);
        for (var round = 0; round < 20_000; round++)
        {
            var changed = bytes.ToArray();
            var at = random.Next(changed.Length - 4);
            if (round % 2 == 0) changed[at] = (byte)random.Next(256);
            else BitConverter.TryWriteBytes(changed.AsSpan(at), random.Next(4) == 0 ? uint.MaxValue : (uint)random.Next());
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                SnapshotReader.Read(changed);
            }
            catch (SnapshotException refused)
            {
                Assert.InRange(refused.Offset, 0, changed.Length);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        }
    }

    private static DateTimeOffset? Cut(DateTimeOffset? at) => at is { } one ? DateTimeOffset.FromUnixTimeMilliseconds(one.ToUnixTimeMilliseconds()) : null;

    private static DateTimeOffset Cut(DateTimeOffset at) => Cut((DateTimeOffset?)at)!.Value;

    /// <summary>Made by another writer than ours, from the document.</summary>
    private const string Golden =
        "544d475301001900030200000100000001000000020000000500000000000000e8030000000000000000010005000000010000006d010001000a0000000100000001000000616210000100" +
        "05000000010000006e110002000f000000010000000600000064657669636501120002000a0000000100000001000000730113000200090000000100000000000000011400020011000000" +
        "0100000008000000736f66747761726501150002000f0000000100000006000000616374697665011600020012000000010000000900000061666669726d696e6701170003000a00000001" +
        "000000000000000100180002001000000001000000070000007472757374656401190003000a000000e80300000000000001001a0003000a000000580200000000000001001b0003000a00" +
        "0000000000000000000001ff1c0003000a000000e80300000000000001001d0002000500000000000000001e0002000a000000010000000100000067011f0003000a000000040000000000" +
        "00000100" + "200004000d00000001000000030000006c61620101" + "300003000a00000000000000000000000100310003000a00000001000000000000000100320002000d00000001000000040000006e6f6e6501330003000a000000000000000000" +
        "00000100340003000a000000000000000000000001ff350003000a000000000000000000000001ff53474d54";
}
