using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Orleans.Storage;

/// <summary>A page of a catalogue: <c>["tm-catalogue/1", added at, [id, ...]]</c> as deterministic CBOR.</summary>
/// <param name="AddedAt">Seconds since 1970 when an id was added last.</param>
internal sealed record CataloguePage(long AddedAt, IReadOnlyList<string> Ids)
{
    public const int Most = 256;

    public static CataloguePage Empty { get; } = new(0, []);

    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[64 + (Ids.Count * 66)]);
        writer.WriteArray(3);
        writer.WriteText("version", "tm-catalogue/1");
        writer.WriteTime("added at", AddedAt);
        writer.WriteArray("ids", Ids.Count, 0, Most);
        foreach (var id in Ids) writer.WriteText("id", id, 1, RowName.LongestId);
        return writer.ToArray("catalogue page", Rows.Largest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/>.</summary>
    public static CataloguePage Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "catalogue page", Rows.Largest);
        reader.ReadArray("catalogue page", 3);
        reader.ReadFixed("version", "tm-catalogue/1");
        var at = reader.ReadTime("added at");
        var ids = new string[reader.ReadArray("ids", 0, Most)];
        for (var i = 0; i < ids.Length; i++) ids[i] = reader.ReadText("id", 1, RowName.LongestId);
        reader.End("catalogue page");
        return new(at, ids);
    }
}
