using System.Text;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Cose;

namespace TrustMesh.Wire.Messages;

public sealed partial record ReferenceValues
{
    /// <summary>Named Information id of SHA-256.</summary>
    private const int Sha256 = 1;

    private const int DigestsKey = 2, RegistersKey = 14;

    private void WriteComid(ref StrictCborWriter writer)
    {
        writer.WriteMap(2);
        writer.WriteKey(1);
        writer.WriteMap(2);
        writer.WriteKey(0);
        writer.WriteText("tag id", Id, 1);
        writer.WriteKey(1);
        writer.WriteInt64("serial", Serial);
        writer.WriteKey(4);
        writer.WriteMap(1);
        writer.WriteKey(0);
        var count = Registers.Values.Sum(digests => digests.Count) + Files.Values.Sum(digests => digests.Count);
        writer.WriteArray("reference triples", count, 1, Caps.Statement);
        foreach (var (pcr, values) in Registers.OrderBy(register => register.Key))
            foreach (var value in InOrder($"PCR {pcr}", values)) WriteRegister(ref writer, pcr, value);
        foreach (var (name, values) in Files.OrderBy(file => Encoding.UTF8.GetBytes(file.Key), Utf8Order))
            foreach (var value in InOrder(name, values)) WriteFile(ref writer, name, value);
    }

    private void WriteTriple(ref StrictCborWriter writer)
    {
        writer.WriteArray(2);
        writer.WriteMap(1);
        writer.WriteKey(0);
        writer.WriteMap(2);
        writer.WriteKey(1);
        writer.WriteText("vendor", Vendor);
        writer.WriteKey(2);
        writer.WriteName("model", Model);
        writer.WriteArray(1);
    }

    private void WriteRegister(ref StrictCborWriter writer, int pcr, ReadOnlyMemory<byte> value)
    {
        WriteTriple(ref writer);
        writer.WriteMap(1);
        writer.WriteKey(1);
        writer.WriteMap(1);
        writer.WriteKey(RegistersKey);
        writer.WriteMap(1);
        writer.WriteInt64("pcr", pcr, 0, Caps.PcrCount - 1);
        WriteDigest(ref writer, value);
    }

    private void WriteFile(ref StrictCborWriter writer, string name, ReadOnlyMemory<byte> digest)
    {
        WriteTriple(ref writer);
        writer.WriteMap(2);
        writer.WriteKey(0);
        writer.WriteText("name", name, 1);
        writer.WriteKey(1);
        writer.WriteMap(1);
        writer.WriteKey(DigestsKey);
        WriteDigest(ref writer, digest);
    }

    private static void WriteDigest(ref StrictCborWriter writer, ReadOnlyMemory<byte> digest)
    {
        writer.WriteArray(1);
        writer.WriteArray(2);
        writer.WriteKey(Sha256);
        writer.WriteBytes("digest", digest, Caps.Hash);
    }

    private static ReferenceValues ReadComid(StrictCborReader reader, string id, CorimMeta meta)
    {
        var map = reader.ReadMap("comid", 2);
        reader.Key(ref map, 1, "tag identity");
        var identity = reader.ReadMap("tag identity", 2);
        reader.Key(ref identity, 0, "tag id");
        var start = reader.Offset;
        if (reader.ReadText("tag id", 1) != id) throw new WireException("tag id", start, "differs from the corim id");
        reader.Key(ref identity, 1, "serial");
        var serial = reader.ReadInt64("serial");
        reader.EndMap(ref identity);
        reader.Key(ref map, 4, "triples");
        var kinds = reader.ReadMap("triples", 1);
        reader.Key(ref kinds, 0, "reference triples");
        var triples = new ReferenceTriples();
        for (var left = reader.ReadArray("reference triples", 1, Caps.Statement); left > 0; left--) ReadTriple(ref reader, triples);
        reader.EndMap(ref kinds);
        reader.EndMap(ref map);
        reader.End("comid");
        return new(meta.Issuer, id, triples.Model, serial, triples.Files, triples.Registers, meta.ExpiresAt);
    }

    private static void ReadTriple(ref StrictCborReader reader, ReferenceTriples triples)
    {
        var start = reader.Offset;
        reader.ReadArray("triple", 2);
        triples.SetModel(ReadEnvironment(ref reader), start);
        reader.ReadArray("measurements", 1);
        var measurement = reader.ReadMap("measurement", 2);
        var name = reader.TryKey(ref measurement, 0) ? reader.ReadText("name", 1) : null;
        reader.Key(ref measurement, 1, "measured values");
        var values = reader.ReadMap("measured values", 1);
        if (name is null)
        {
            reader.Key(ref values, RegistersKey, "registers");
            var registers = reader.ReadMap("registers", 1);
            if (!reader.NextKey(ref registers, "pcr", Caps.PcrCount - 1, out var pcr)) throw new WireException("registers", start, "empty");
            triples.AddRegister(pcr, ReadDigest(ref reader), start);
            reader.EndMap(ref registers);
        }
        else
        {
            reader.Key(ref values, DigestsKey, "digests");
            triples.AddFile(name, ReadDigest(ref reader), start);
        }
        reader.EndMap(ref values);
        reader.EndMap(ref measurement);
    }

    private static string ReadEnvironment(ref StrictCborReader reader)
    {
        var environment = reader.ReadMap("environment", 1);
        reader.Key(ref environment, 0, "class");
        var type = reader.ReadMap("class", 2);
        reader.Key(ref type, 1, "vendor");
        reader.ReadFixed("vendor", Vendor);
        reader.Key(ref type, 2, "model");
        var model = reader.ReadName("model");
        reader.EndMap(ref type);
        reader.EndMap(ref environment);
        return model;
    }

    private static ReadOnlyMemory<byte> ReadDigest(ref StrictCborReader reader)
    {
        reader.ReadArray("digests", 1);
        reader.ReadArray("digest", 2);
        reader.ReadInt32("digest algorithm", Sha256, Sha256);
        return reader.ReadBytes("digest", Caps.Hash);
    }

    private static Comparer<byte[]> Utf8Order { get; } = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private static IEnumerable<ReadOnlyMemory<byte>> InOrder(string what, IReadOnlyList<ReadOnlyMemory<byte>> digests)
        => digests.Count > 0
            ? digests.OrderBy(digest => digest, Comparer<ReadOnlyMemory<byte>>.Create((a, b) => a.Span.SequenceCompareTo(b.Span)))
            : throw new ArgumentException($"{what} has no acceptable value; leave it out instead.");
}
