using System.Text;

namespace TrustMesh.Wire.Messages;

/// <summary>
/// Gathers reference triples while they are read. They come in one order: registers by index, then files by name (bytes of the UTF-8),
/// the values of each ascending; so a value comes once, and there is one encoding.
/// </summary>
internal sealed class ReferenceTriples
{
    private readonly SortedDictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> registers = [];
    private readonly Dictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> files = new(StringComparer.Ordinal);
    private int lastRegister = -1;
    private byte[]? lastName;

    internal string Model { get; private set; } = "";

    internal IReadOnlyDictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> Registers => registers;

    internal IReadOnlyDictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> Files => files;

    internal void SetModel(string model, int offset)
    {
        if (Model.Length > 0 && Model != model) throw new WireException("model", offset, "differs from the triple before");
        Model = model;
    }

    internal void AddRegister(int pcr, ReadOnlyMemory<byte> value, int offset)
    {
        if (files.Count > 0 || pcr < lastRegister) throw new WireException("triple", offset, "triples are not in order");
        lastRegister = pcr;
        Append(registers, pcr, value, offset);
    }

    internal void AddFile(string name, ReadOnlyMemory<byte> digest, int offset)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        if (lastName is not null && utf8.AsSpan().SequenceCompareTo(lastName) < 0) throw new WireException("triple", offset, "triples are not in order");
        lastName = utf8;
        Append(files, name, digest, offset);
    }

    private static void Append<T>(IDictionary<T, IReadOnlyList<ReadOnlyMemory<byte>>> to, T key, ReadOnlyMemory<byte> value, int offset)
    {
        if (!to.TryGetValue(key, out var values)) to[key] = values = new List<ReadOnlyMemory<byte>>(1);
        if (values.Count > 0 && values[^1].Span.SequenceCompareTo(value.Span) >= 0) throw new WireException("triple", offset, "values repeat or are not in order");
        ((List<ReadOnlyMemory<byte>>)values).Add(value);
    }
}
