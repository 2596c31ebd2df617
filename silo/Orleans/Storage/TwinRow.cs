using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Orleans.Storage;

/// <summary>
/// What one twin's row holds: <c>["tm-twin-row/1", state, proof, unlogged, boot, [[name, count], ...]]</c> as deterministic CBOR.
/// </summary>
/// <param name="Proof">Empty before the first evidence.</param>
internal sealed record TwinRow(ReadOnlyMemory<byte> State, ReadOnlyMemory<byte> Proof, ReadOnlyMemory<byte> Unlogged, TwinLog Log)
{
    public static TwinRow Empty { get; } = new(default, default, default, TwinLog.None);

    public byte[] Encode()
    {
        var writer = new StrictCborWriter(new byte[State.Length + Proof.Length + Unlogged.Length + 64 + (Log.Parts.Count * 16)]);
        writer.WriteArray(6);
        writer.WriteText("version", "tm-twin-row/1");
        writer.WriteBytes("state", State, 0, Rows.Largest);
        writer.WriteBytes("proof", Proof, 0, Rows.Largest);
        writer.WriteBytes("unlogged", Unlogged, 0, Rows.Largest);
        writer.WriteUInt("boot", Log.Boot);
        writer.WriteArray("log", Log.Parts.Count, 0, TwinLog.MostParts);
        foreach (var part in Log.Parts)
        {
            writer.WriteArray(2);
            writer.WriteUInt("name", part.Name);
            writer.WriteInt64("count", part.Count, 1, Caps.LogEntryCount);
        }
        return writer.ToArray("twin row", Rows.Largest);
    }

    /// <summary>Reads the one encoding; throws <see cref="WireException"/>. The parts are slices of <paramref name="bytes"/>.</summary>
    public static TwinRow Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new StrictCborReader(bytes, "twin row", Rows.Largest);
        reader.ReadArray("twin row", 6);
        reader.ReadFixed("version", "tm-twin-row/1");
        var (state, proof, unlogged) = (reader.ReadBytes("state", 0, Rows.Largest), reader.ReadBytes("proof", 0, Rows.Largest), reader.ReadBytes("unlogged", 0, Rows.Largest));
        var boot = (uint)reader.ReadUInt("boot", uint.MaxValue);
        var parts = new TwinLog.Part[reader.ReadArray("log", 0, TwinLog.MostParts)];
        for (var i = 0; i < parts.Length; i++)
        {
            reader.ReadArray("log part", 2);
            parts[i] = new(reader.ReadUInt("name"), reader.ReadInt32("count", 1, Caps.LogEntryCount));
        }
        reader.End("twin row");
        return new(state, proof, unlogged, new(boot, parts));
    }
}
