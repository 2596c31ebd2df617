using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>
/// Statements of the mesh authority that one device passes on to another; unverified. PROTOCOL.md section 13. Null or empty: nothing newer.
/// </summary>
/// <param name="Policy">COSE_Sign1.</param>
/// <param name="StatusList">COSE_Sign1.</param>
/// <param name="References">COSE_Sign1 each, at most 8.</param>
public sealed record GossipStatements(ReadOnlyMemory<byte>? Policy, ReadOnlyMemory<byte>? StatusList, IReadOnlyList<ReadOnlyMemory<byte>> References)
{
    public static GossipStatements None { get; } = new(null, null, []);

    public bool IsEmpty => Policy is null && StatusList is null && References.Count == 0;

    internal void Write(ref StrictCborWriter writer)
    {
        writer.WriteMap((Policy is null ? 0 : 1) + (StatusList is null ? 0 : 1) + (References.Count == 0 ? 0 : 1));
        if (Policy is { } policy)
        {
            writer.WriteKey(1);
            writer.WriteBytes("policy", policy, 1, Caps.Statement);
        }
        if (StatusList is { } list)
        {
            writer.WriteKey(2);
            writer.WriteBytes("status list", list, 1, Caps.Statement);
        }
        if (References.Count == 0) return;
        writer.WriteKey(3);
        WriteReferences(ref writer, References);
    }

    internal static GossipStatements Read(ref StrictCborReader reader)
    {
        var start = reader.Offset;
        var map = reader.ReadMap("statements", 3);
        var policy = reader.TryKey(ref map, 1) ? reader.ReadBytes("policy", 1, Caps.Statement) : default(ReadOnlyMemory<byte>?);
        var list = reader.TryKey(ref map, 2) ? reader.ReadBytes("status list", 1, Caps.Statement) : default(ReadOnlyMemory<byte>?);
        var references = reader.TryKey(ref map, 3) ? ReadReferences(ref reader) : [];
        reader.EndMap(ref map);
        var read = new GossipStatements(policy, list, references);
        return read.IsEmpty ? throw new WireException("statements", start, "empty, and then they are left out") : read;
    }

    internal static void WriteReferences(ref StrictCborWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> references)
    {
        writer.WriteArray("reference values", references.Count, 1, Caps.ReferenceCount);
        foreach (var one in references) writer.WriteBytes("reference values", one, 1, Caps.Statement);
    }

    internal static ReadOnlyMemory<byte>[] ReadReferences(ref StrictCborReader reader)
    {
        var references = new ReadOnlyMemory<byte>[reader.ReadArray("reference values", 1, Caps.ReferenceCount)];
        for (var i = 0; i < references.Length; i++) references[i] = reader.ReadBytes("reference values", 1, Caps.Statement);
        return references;
    }
}
