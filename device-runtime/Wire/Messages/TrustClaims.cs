using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

/// <summary>An AR4SI trustworthiness vector on the wire: category (0..7) to claim value (-128..127).</summary>
internal static class TrustClaims
{
    private const int HighestCategory = 7;

    internal static void Write(ref StrictCborWriter writer, IReadOnlyDictionary<int, int> vector)
    {
        writer.WriteMap(vector.Count);
        foreach (var (category, value) in vector.OrderBy(claim => claim.Key))
        {
            writer.WriteInt64("category", category, 0, HighestCategory);
            writer.WriteSigned("claim value", value, sbyte.MinValue, sbyte.MaxValue);
        }
    }

    internal static SortedDictionary<int, int> Read(ref StrictCborReader reader)
    {
        var claims = reader.ReadMap("vector", HighestCategory + 1);
        var vector = new SortedDictionary<int, int>();
        while (reader.NextKey(ref claims, "category", HighestCategory, out var category))
            vector.Add(category, reader.ReadSigned("claim value", sbyte.MinValue, sbyte.MaxValue));
        return vector;
    }
}
