using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TrustMesh.Contracts.Snapshots;

/// <summary>Columns of a snapshot, one after the other in a buffer that grows.</summary>
internal sealed class ColumnWriter
{
    private byte[] bytes;
    private int at = SnapshotFormat.HeaderSize;
    private ushort columns;

    public ColumnWriter(int capacity) => bytes = new byte[Math.Max(capacity, SnapshotFormat.HeaderSize)];

    /// <summary>A string for each row.</summary>
    public void Text<T>(ushort number, IReadOnlyList<T> rows, Func<T, string> text)
    {
        var start = Begin(number, SnapshotFormat.Text);
        Strings(rows, text);
        Close(start);
    }

    /// <summary>One of few strings, or none, for each row.</summary>
    public void Choice<T>(ushort number, IReadOnlyList<T> rows, Func<T, string?> text)
    {
        var start = Begin(number, SnapshotFormat.Choice);
        var table = new Table();
        var chosen = ArrayPool<int>.Shared.Rent(rows.Count);
        for (var i = 0; i < rows.Count; i++) chosen[i] = table.NumberOf(text(rows[i]));
        Words(table);
        var places = Take(checked(rows.Count * table.Width));
        for (var i = 0; i < rows.Count; i++) Put(places, i, table.Width, (uint)chosen[i]);
        ArrayPool<int>.Shared.Return(chosen);
        Close(start);
    }

    /// <summary>Some of few strings for each row, at most 255.</summary>
    public void Choices<T>(ushort number, IReadOnlyList<T> rows, Func<T, IReadOnlyList<string>> texts)
    {
        var start = Begin(number, SnapshotFormat.Choices);
        var table = new Table();
        var chosen = rows.SelectMany(texts).Select(table.NumberOf).ToList();
        Words(table);
        foreach (var row in rows) Unsigned(checked((byte)texts(row).Count), 1);
        foreach (var one in chosen) Unsigned((uint)one, table.Width);
        Close(start);
    }

    /// <summary>A whole number, or none, for each row: its distance from the least, in as few bytes as all of them need. All ones is none.</summary>
    public void Number<T>(ushort number, IReadOnlyList<T> rows, Func<T, long?> value)
    {
        var start = Begin(number, SnapshotFormat.Number);
        var (least, most) = (long.MaxValue, long.MinValue);
        foreach (var row in rows)
        {
            if (value(row) is not { } one) continue;
            (least, most) = (Math.Min(least, one), Math.Max(most, one));
        }
        if (least > most) least = most = 0;
        var range = unchecked((ulong)(most - least));
        var width = range < byte.MaxValue ? 1 : range < ushort.MaxValue ? 2 : range < uint.MaxValue ? 4 : 8;
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), least);
        Unsigned((uint)width, 1);
        var places = Take(checked(rows.Count * width));
        for (var i = 0; i < rows.Count; i++) Put(places, i, width, value(rows[i]) is { } one ? unchecked((ulong)(one - least)) : ulong.MaxValue);
        Close(start);
    }

    public ReadOnlyMemory<byte> Finish(int nodes, int edges, int ids, long sequence, long milliseconds)
    {
        Unsigned(SnapshotFormat.End, 4);
        var header = bytes.AsSpan(0, SnapshotFormat.HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header, SnapshotFormat.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], SnapshotFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], columns);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], at);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], nodes);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], edges);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], ids);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], milliseconds);
        return bytes.AsMemory(0, at);
    }

    private int Begin(ushort number, ushort kind)
    {
        columns++;
        Unsigned(number, 2);
        Unsigned(kind, 2);
        Unsigned(0, 4);
        return at;
    }

    private void Close(int start) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(start - 4), at - start);

    private void Words(Table table)
    {
        Unsigned((uint)table.Words.Count, 4);
        Strings(table.Words, word => word);
    }

    private void Strings<T>(IReadOnlyList<T> rows, Func<T, string> text)
    {
        var lengths = ArrayPool<int>.Shared.Rent(rows.Count);
        for (var i = 0; i < rows.Count; i++) Unsigned((uint)(lengths[i] = Encoding.UTF8.GetByteCount(text(rows[i]))), 4);
        for (var i = 0; i < rows.Count; i++) Encoding.UTF8.GetBytes(text(rows[i]), Take(lengths[i]));
        ArrayPool<int>.Shared.Return(lengths);
    }

    private void Unsigned(ulong value, int width) => Put(Take(width), 0, width, value);

    private static void Put(Span<byte> places, int row, int width, ulong value)
    {
        if (width == 1) places[row] = (byte)value;
        else if (width == 2) BinaryPrimitives.WriteUInt16LittleEndian(places[(row * 2)..], (ushort)value);
        else if (width == 4) BinaryPrimitives.WriteUInt32LittleEndian(places[(row * 4)..], (uint)value);
        else BinaryPrimitives.WriteUInt64LittleEndian(places[(row * 8)..], value);
    }

    private Span<byte> Take(int count)
    {
        if (bytes.Length - at < count) Array.Resize(ref bytes, checked(Math.Max(bytes.Length * 2, at + count)));
        at += count;
        return bytes.AsSpan(at - count, count);
    }

    /// <summary>Words of a column, numbered from 1 as they come; 0 is none.</summary>
    private sealed class Table
    {
        private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

        public List<string> Words { get; } = [];

        public int Width => Words.Count <= byte.MaxValue ? 1 : Words.Count <= ushort.MaxValue ? 2 : 4;

        public int NumberOf(string? word)
        {
            if (word is null) return 0;
            if (numbers.TryGetValue(word, out var number)) return number;
            Words.Add(word);
            numbers.Add(word, Words.Count);
            return Words.Count;
        }
    }
}
