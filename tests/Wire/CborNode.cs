using System.Buffers.Binary;

namespace TrustMesh.Tests.Wire;

/// <summary>
/// A CBOR item of a sample, taken apart so that exactly one thing of it can be written wrongly. It reads only what our writer wrote
/// and has no checks: what it produces is for the strict reader to refuse.
/// </summary>
public sealed class CborNode
{
    public required int Major { get; init; }

    public required ulong Argument { get; init; }

    /// <summary>Bytes of a string; empty for other items.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Items of an array, keys and values of a map in turn, the content of a tag.</summary>
    public List<CborNode> Children { get; } = [];

    public static CborNode Parse(byte[] bytes)
    {
        var at = 0;
        return Parse(bytes, ref at);
    }

    /// <summary>This item and all within it, in the order of their bytes.</summary>
    public IEnumerable<CborNode> All() => Children.SelectMany(child => child.All()).Prepend(this);

    public byte[] Encode() => Encode((_, _) => null);

    /// <summary>The bytes, with <paramref name="change"/> asked about each item: null keeps it, else it stands in its place.</summary>
    public byte[] Encode(Func<CborNode, byte[], byte[]?> change)
    {
        byte[] plain = [.. Head(Major, Argument), .. Content, .. Children.SelectMany(child => child.Encode(change))];
        return change(this, plain) ?? plain;
    }

    /// <summary>The bytes with the keys of all maps in order.</summary>
    public byte[] EncodeSorted()
    {
        var children = Children.Select(child => child.EncodeSorted());
        if (Major == 5)
            children = children.Chunk(2).OrderBy(pair => pair[0], Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).SelectMany(pair => pair);
        return [.. Head(Major, Argument), .. Content, .. children.SelectMany(child => child)];
    }

    /// <summary>The bytes with one item replaced.</summary>
    public byte[] With(CborNode target, Func<byte[], byte[]> replace) => Encode((node, plain) => ReferenceEquals(node, target) ? replace(plain) : null);

    public static byte[] Head(int major, ulong argument) => argument switch
    {
        < 24 => [(byte)(major << 5 | (int)argument)],
        <= byte.MaxValue => Long(major, argument, 1),
        <= ushort.MaxValue => Long(major, argument, 2),
        <= uint.MaxValue => Long(major, argument, 4),
        _ => Long(major, argument, 8),
    };

    /// <summary>A head with 1, 2, 4 or 8 bytes of argument, whether it needs them or not.</summary>
    public static byte[] Long(int major, ulong argument, int size)
    {
        var wide = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, argument);
        return [(byte)(major << 5 | 24 + int.Log2(size)), .. wide[(8 - size)..]];
    }

    private static CborNode Parse(byte[] bytes, ref int at)
    {
        var major = bytes[at] >> 5;
        var info = bytes[at++] & 31;
        var argument = (ulong)info;
        if (info >= 24)
        {
            argument = 0;
            for (var left = 1 << (info - 24); left > 0; left--) argument = argument << 8 | bytes[at++];
        }
        var length = major is 2 or 3 ? (int)argument : 0;
        var node = new CborNode { Major = major, Argument = argument, Content = bytes[at..(at + length)] };
        at += length;
        var children = major switch { 4 => argument, 5 => 2 * argument, 6 => 1UL, _ => 0UL };
        for (; children > 0; children--) node.Children.Add(Parse(bytes, ref at));
        return node;
    }
}
