using System.Buffers.Binary;
using System.Text;

namespace TrustMesh.Contracts.Snapshots;

/// <summary>The header of a snapshot, or the body of one of its columns.</summary>
internal sealed class ColumnReader
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly int origin;
    private readonly ushort columns;
    private int at;

    /// <summary>Of a whole snapshot.</summary>
    public ColumnReader(ReadOnlyMemory<byte> bytes)
    {
        this.bytes = bytes;
        if (bytes.Length > SnapshotFormat.MostBytes) throw Wrong("length", $"more than {SnapshotFormat.MostBytes} bytes");
        if (Unsigned("magic", 4) != SnapshotFormat.Magic) throw Wrong("magic", "this is no snapshot of a graph");
        if (Unsigned("version", 2) is var version && version != SnapshotFormat.Version) throw Wrong("version", $"{version}, and this reads {SnapshotFormat.Version}");
        columns = (ushort)Unsigned("columns", 2);
        if (Unsigned("length", 4) != (ulong)bytes.Length) throw Wrong("length", $"only {bytes.Length} bytes have come, or too many");
        Nodes = Count("nodes", SnapshotFormat.MostIds);
        Edges = Count("edges", SnapshotFormat.MostEdges);
        Ids = Count("ids", SnapshotFormat.MostIds);
        if (Ids < Nodes) throw Wrong("ids", "fewer than nodes");
        Sequence = BinaryPrimitives.ReadInt64LittleEndian(Take("sequence", 8));
        At = BinaryPrimitives.ReadInt64LittleEndian(Take("time", 8));
    }

    private ColumnReader(ReadOnlyMemory<byte> bytes, int origin) => (this.bytes, this.origin) = (bytes, origin);

    public int Nodes { get; }

    public int Edges { get; }

    public int Ids { get; }

    public long Sequence { get; }

    /// <summary>Milliseconds since 1970.</summary>
    public long At { get; }

    private int Left => bytes.Length - at;

    /// <summary>All columns by their numbers, of which this reads not all: a newer silo may have more.</summary>
    public Dictionary<ushort, (ushort Kind, ColumnReader Body)> Columns()
    {
        var found = new Dictionary<ushort, (ushort, ColumnReader)>();
        for (var i = 0; i < columns; i++)
        {
            var (number, kind, length) = ((ushort)Unsigned("column", 2), (ushort)Unsigned("column", 2), Unsigned("column", 4));
            if (length > (ulong)Left) throw Wrong("column", "longer than what is left");
            if (!found.TryAdd(number, (kind, new ColumnReader(bytes.Slice(at, (int)length), at)))) throw Wrong("column", $"column {number} comes twice");
            at += (int)length;
        }
        if (Unsigned("end", 4) != SnapshotFormat.End || Left != 0) throw Wrong("end", "the snapshot does not end where it should");
        return found;
    }

    public string[] Strings(string field, int rows)
    {
        var strings = Words(field, rows);
        Done(field);
        return strings;
    }

    public string?[] Chosen(string field, int rows)
    {
        var table = Table(field);
        var width = table.Length <= byte.MaxValue ? 1 : table.Length <= ushort.MaxValue ? 2 : 4;
        if (Left != (long)rows * width) throw Wrong(field, "another number of rows");
        var chosen = new string?[rows];
        for (var i = 0; i < rows; i++)
        {
            var number = Unsigned(field, width);
            if (number > (ulong)table.Length) throw Wrong(field, "a word that is not in the table");
            chosen[i] = number == 0 ? null : table[number - 1];
        }
        return chosen;
    }

    /// <summary>As <see cref="ColumnWriter.Choices"/> has it: for each row some words.</summary>
    public IReadOnlyList<string>[] ChosenLists(string field, int rows)
    {
        var table = Table(field);
        var width = table.Length <= byte.MaxValue ? 1 : table.Length <= ushort.MaxValue ? 2 : 4;
        var counts = Take(field, rows).ToArray();
        if (Left != counts.Sum(count => (long)count) * width) throw Wrong(field, "another number of words");
        var lists = new IReadOnlyList<string>[rows];
        for (var i = 0; i < rows; i++)
        {
            string[] list = counts[i] == 0 ? [] : new string[counts[i]];
            for (var j = 0; j < list.Length; j++)
            {
                var number = Unsigned(field, width);
                list[j] = number >= 1 && number <= (ulong)table.Length ? table[number - 1] : throw Wrong(field, "a word that is not in the table");
            }
            lists[i] = list;
        }
        return lists;
    }

    public long?[] Numbers(string field, int rows)
    {
        var least = BinaryPrimitives.ReadInt64LittleEndian(Take(field, 8));
        var width = (int)Unsigned(field, 1);
        if (width is not (1 or 2 or 4 or 8)) throw Wrong(field, $"numbers of {width} bytes");
        if (Left != (long)rows * width) throw Wrong(field, "another number of rows");
        var none = width == 8 ? ulong.MaxValue : (1ul << (8 * width)) - 1;
        var numbers = new long?[rows];
        for (var i = 0; i < rows; i++)
            numbers[i] = Unsigned(field, width) is var distance && distance == none ? null : unchecked(least + (long)distance);
        return numbers;
    }

    private string[] Table(string field)
    {
        var count = Unsigned(field, 4);
        if (count > (ulong)Left / 4) throw Wrong(field, "more words than bytes");
        return Words(field, (int)count);
    }

    private string[] Words(string field, int rows)
    {
        if (rows > Left / 4) throw Wrong(field, "more rows than bytes");
        var lengths = Take(field, rows * 4);
        var strings = new string[rows];
        for (var i = 0; i < rows; i++)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(lengths[(4 * i)..]);
            if (length > (uint)Left) throw Wrong(field, "a text that is longer than what is left");
            try
            {
                strings[i] = s_strict.GetString(Take(field, (int)length));
            }
            catch (DecoderFallbackException)
            {
                throw Wrong(field, "not UTF-8");
            }
        }
        return strings;
    }

    private int Count(string field, int most) => Unsigned(field, 4) is var count && count <= (ulong)most ? (int)count : throw Wrong(field, $"more than {most}");

    private void Done(string field)
    {
        if (Left != 0) throw Wrong(field, "something is left over");
    }

    private ulong Unsigned(string field, int width)
    {
        var place = Take(field, width);
        var value = 0ul;
        for (var i = place.Length - 1; i >= 0; i--) value = (value << 8) | place[i];
        return value;
    }

    private ReadOnlySpan<byte> Take(string field, int count)
    {
        if (count > Left) throw Wrong(field, "the bytes end before it does");
        at += count;
        return bytes.Span.Slice(at - count, count);
    }

    private SnapshotException Wrong(string field, string problem) => new(field, origin + at, problem);
}
