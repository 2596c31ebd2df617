using System.Text;

namespace TrustMesh.Wire.Cbor;

public ref partial struct StrictCborReader
{
    /// <summary>Opens a map. Ask for its keys in bytewise order of their encodings, then call <see cref="EndMap"/>.</summary>
    /// <param name="open">True: unknown keys are skipped, their values still have to be deterministic. False: they are refused.</param>
    public CborMap ReadMap(string field, int max, bool open = false) => new(field, ReadLength(CborMajor.Map, field, 0, max), open);

    /// <summary>The key must be there.</summary>
    public void Key(ref CborMap map, long key, string field)
    {
        if (!TryKey(ref map, key)) throw Bad(field, at, $"missing: {map.Field} has no key {key} here");
    }

    /// <inheritdoc cref="Key(ref CborMap, long, string)"/>
    public void Key(ref CborMap map, string key, string field)
    {
        if (!TryKey(ref map, key)) throw Bad(field, at, $"missing: {map.Field} has no key \"{key}\" here");
    }

    /// <summary>True, and consumed, if the key is there.</summary>
    public bool TryKey(ref CborMap map, long key)
    {
        Span<byte> wanted = stackalloc byte[9];
        var length = key < 0 ? StrictCborWriter.PutHead(wanted, CborMajor.Negative, (ulong)(-1 - key))
            : StrictCborWriter.PutHead(wanted, CborMajor.Unsigned, (ulong)key);
        return Seek(ref map, wanted[..length]);
    }

    /// <summary>True, and consumed, if the key (ASCII, shorter than 24) is there.</summary>
    public bool TryKey(ref CborMap map, string key)
    {
        Span<byte> wanted = stackalloc byte[24];
        var head = StrictCborWriter.PutHead(wanted, CborMajor.Text, (ulong)key.Length);
        return Seek(ref map, wanted[..(head + Encoding.ASCII.GetBytes(key, wanted[head..]))]);
    }

    /// <summary>The next key of a map whose keys are small integers; false at its end.</summary>
    public bool NextKey(ref CborMap map, string field, int max, out int key)
    {
        key = 0;
        if (map.Left == 0) return false;
        var start = at;
        key = ReadInt32(field, 0, max);
        Advance(ref map, start);
        return true;
    }

    /// <summary>Closes a map: what was not asked for is skipped or refused.</summary>
    public void EndMap(ref CborMap map)
    {
        while (map.Left > 0) PassUnknown(ref map, Caps.Nesting - 1);
    }

    private bool Seek(ref CborMap map, scoped ReadOnlySpan<byte> wanted)
    {
        while (map.Left > 0)
        {
            var start = at;
            SkipKey(map.Field);
            var order = bytes[start..at].SequenceCompareTo(wanted);
            if (order == 0)
            {
                Advance(ref map, start);
                return true;
            }
            at = start;
            if (order > 0) return false;
            PassUnknown(ref map, Caps.Nesting - 1);
        }
        return false;
    }

    private void PassUnknown(ref CborMap map, int depth)
    {
        var start = at;
        SkipKey(map.Field);
        Advance(ref map, start);
        if (!map.Open) throw Bad(map.Field, start, "unknown key, or a key out of its place");
        Skip(map.Field, depth);
    }

    /// <summary>The key from <paramref name="start"/> to here was consumed; it has to be greater than the one before.</summary>
    private readonly void Advance(ref CborMap map, int start)
    {
        if (bytes[start..at].SequenceCompareTo(bytes.Slice(map.KeyStart, map.KeyLength)) <= 0)
            throw Bad(map.Field, start, "keys repeat or are not in order");
        map.KeyStart = start;
        map.KeyLength = at - start;
        map.Left--;
    }

    private void SkipKey(string field)
    {
        var start = at;
        var major = ReadHead(field, out var argument);
        if (major is CborMajor.Unsigned or CborMajor.Negative) return;
        if (major != CborMajor.Text) throw Bad(field, start, $"{Describe(major)} as a key");
        at = start;
        ReadUtf8(field, 0, Caps.Text);
    }

    private void Skip(string field, int depth)
    {
        var start = at;
        switch (PeekMajor(field))
        {
            case CborMajor.Bytes:
                ReadBytes(field, 0, bytes.Length);
                break;
            case CborMajor.Text:
                ReadUtf8(field, 0, bytes.Length);
                break;
            case CborMajor.Array:
                if (depth == 0) throw Bad(field, start, $"nested deeper than {Caps.Nesting}");
                for (var left = ReadArray(field, 0, bytes.Length); left > 0; left--) Skip(field, depth - 1);
                break;
            case CborMajor.Map:
                if (depth == 0) throw Bad(field, start, $"nested deeper than {Caps.Nesting}");
                var map = ReadMap(field, bytes.Length, open: true);
                while (map.Left > 0) PassUnknown(ref map, depth - 1);
                break;
            case CborMajor.Tag:
                throw Bad(field, start, "a tag, none is allowed here");
            default:
                ReadHead(field, out _);
                break;
        }
    }
}
