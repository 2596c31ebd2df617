using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Peers;

/// <summary>Which reference values somebody has: a model and the serial of its newest statement, 0 for none. PROTOCOL.md sections 13 and 16.</summary>
public readonly record struct ModelSerial(string Model, long Serial)
{
    internal static void Write(ref StrictCborWriter writer, IReadOnlyList<ModelSerial> serials)
    {
        writer.WriteArray("models", serials.Count, 0, Caps.ModelCount);
        foreach (var (model, serial) in serials.OrderBy(one => one.Model, StringComparer.Ordinal))
        {
            writer.WriteArray(2);
            writer.WriteName("model", model);
            writer.WriteInt64("serial", serial);
        }
    }

    internal static ModelSerial[] Read(ref StrictCborReader reader)
    {
        var serials = new ModelSerial[reader.ReadArray("models", 0, Caps.ModelCount)];
        for (var i = 0; i < serials.Length; i++)
        {
            reader.ReadArray("model", 2);
            var start = reader.Offset;
            serials[i] = new(reader.ReadName("model"), reader.ReadInt64("serial"));
            if (i > 0 && string.CompareOrdinal(serials[i].Model, serials[i - 1].Model) <= 0) throw new WireException("model", start, "models repeat or are not in order");
        }
        return serials;
    }
}
