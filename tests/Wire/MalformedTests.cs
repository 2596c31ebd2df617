using TrustMesh.Wire;

namespace TrustMesh.Tests.Wire;

/// <summary>Each format in every wrong encoding a mechanical change of its sample gives; PROTOCOL.md section 1.</summary>
public sealed class MalformedTests
{
    public static TheoryData<WireFormat> Formats => WireFormats.Theory;

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_bytes_cut_short_at_any_offset(WireFormat format)
    {
        for (var length = 0; length < format.Sample.Length; length++) Refused(format, format.Sample[..length], $"cut to {length} bytes");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_bytes_after_the_end(WireFormat format)
    {
        Refused(format, [.. format.Sample, 0], "one zero byte more");
        Refused(format, [.. format.Sample, .. format.Sample], "twice in a row");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_integers_and_lengths_longer_than_needed(WireFormat format) => EachItem(format, (item, plain) =>
    {
        if (item.Major == 7) return [[0xf8, plain[0]]];
        var shortest = CborNode.Head(item.Major, item.Argument).Length;
        return new[] { 1, 2, 4, 8 }.Where(size => size >= shortest)
            .Select(size => (byte[])[.. CborNode.Long(item.Major, item.Argument, size), .. plain[shortest..]]);
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_indefinite_lengths(WireFormat format) => EachItem(format, (item, plain) =>
    {
        var head = CborNode.Head(item.Major, item.Argument).Length;
        var start = (byte)(item.Major << 5 | 31);
        return item.Major switch
        {
            2 or 3 => [[start, .. plain, 0xff]],
            4 or 5 => [[start, .. plain[head..], 0xff]],
            _ => [],
        };
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_a_tag_that_was_not_asked_for(WireFormat format) => EachItem(format, (_, plain) => [[0xd8, 61, .. plain]]);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_floating_point_and_undefined_in_any_place(WireFormat format)
        => EachItem(format, (_, _) => [[0xf9, 0, 0], [0xfa, 0, 0, 0, 0], [0xfb, 0, 0, 0, 0, 0, 0, 0, 0], [0xf7], [0xff]]);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_a_key_that_comes_twice(WireFormat format) => EachMap(format, (head, pairs)
        => pairs.Select((pair, i) => Map(head + 1, [.. pairs.Take(i), pair, .. pairs.Skip(i)])));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_keys_out_of_order(WireFormat format) => EachMap(format, (head, pairs)
        => Enumerable.Range(0, Math.Max(0, pairs.Length - 1)).Select(i => Map(head, [.. pairs.Take(i), pairs[i + 1], pairs[i], .. pairs.Skip(i + 2)])));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_counts_that_are_not_the_number_of_items(WireFormat format) => EachItem(format, (item, plain) =>
    {
        var head = CborNode.Head(item.Major, item.Argument).Length;
        if (item.Major is < 2 or > 5) return [];
        return new[] { item.Argument + 1, item.Argument - 1, uint.MaxValue, (ulong)long.MaxValue, ulong.MaxValue }
            .Where(count => item.Argument > 0 || count != ulong.MaxValue)
            .Select(count => (byte[])[.. CborNode.Head(item.Major, count), .. plain[head..]]);
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_keys_it_does_not_know_unless_the_map_is_open(WireFormat format)
    {
        var root = CborNode.Parse(format.Sample);
        foreach (var item in root.All().Where(item => item.Major == 5))
        {
            // 2^33 sorts after every key we use except negative ones and texts, so it is tried in every place.
            byte[] unknown = [.. CborNode.Head(0, 1UL << 33), 0];
            for (var i = 0; i <= item.Children.Count / 2; i++)
            {
                var pairs = Pairs(item);
                var bytes = root.With(item, _ => Map(item.Argument + 1, [.. pairs.Take(i), unknown, .. pairs.Skip(i)]));
                if (!format.Open || !ReferenceEquals(item, root)) Refused(format, bytes, $"unknown key at {i}");
            }
        }
    }

    private static byte[] Map(ulong count, IEnumerable<byte[]> pairs) => [.. CborNode.Head(5, count), .. pairs.SelectMany(pair => pair)];

    private static byte[][] Pairs(CborNode map) => [.. map.Children.Chunk(2).Select(pair => (byte[])[.. pair[0].Encode(), .. pair[1].Encode()])];

    private static void EachMap(WireFormat format, Func<ulong, byte[][], IEnumerable<byte[]>> changes)
        => EachItem(format, (item, _) => item.Major == 5 ? changes(item.Argument, Pairs(item)) : []);

    private static void EachItem(WireFormat format, Func<CborNode, byte[], IEnumerable<byte[]>> changes)
    {
        var root = CborNode.Parse(format.Sample);
        Assert.Equal(format.Sample, root.Encode());
        var number = 0;
        foreach (var item in root.All())
        {
            foreach (var changed in changes(item, item.Encode())) Refused(format, root.With(item, _ => changed), $"item {number}");
            number++;
        }
    }

    private static void Refused(WireFormat format, byte[] bytes, string what)
    {
        try
        {
            format.Recode(bytes);
        }
        catch (WireException e)
        {
            Assert.InRange(e.Offset, 0, bytes.Length);
            Assert.NotEmpty(e.Field);
            return;
        }
        Assert.Fail($"{format.Name}, {what}, was accepted: {Convert.ToHexStringLower(bytes)}");
    }
}
