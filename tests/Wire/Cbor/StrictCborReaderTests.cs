using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;

namespace TrustMesh.Tests.Wire.Cbor;

public sealed class StrictCborReaderTests
{
    /// <summary>RFC 8949 appendix A, the deterministic examples without floats, tags and odd simple values.</summary>
    [Theory]
    [InlineData("00")]
    [InlineData("17")]
    [InlineData("1818")]
    [InlineData("1903e8")]
    [InlineData("1a000f4240")]
    [InlineData("1b000000e8d4a51000")]
    [InlineData("1bffffffffffffffff")]
    [InlineData("3bffffffffffffffff")]
    [InlineData("20")]
    [InlineData("3903e7")]
    [InlineData("f4")]
    [InlineData("f5")]
    [InlineData("f6")]
    [InlineData("40")]
    [InlineData("4401020304")]
    [InlineData("60")]
    [InlineData("62225c")]
    [InlineData("62c3bc")]
    [InlineData("64f0908591")]
    [InlineData("80")]
    [InlineData("8301820203820405")]
    [InlineData("98190102030405060708090a0b0c0d0e0f101112131415161718181819")]
    [InlineData("a0")]
    [InlineData("a201020304")]
    [InlineData("a26161016162820203")]
    [InlineData("826161a161626163")]
    [InlineData("a56161614161626142616361436164614461656145")]
    public void Accepts_what_is_deterministic(string hex) => Skip(hex);

    [Theory]
    [InlineData("1817", "not the shortest form")]
    [InlineData("190018", "not the shortest form")]
    [InlineData("1a0000ffff", "not the shortest form")]
    [InlineData("1b00000000ffffffff", "not the shortest form")]
    [InlineData("580100", "not the shortest form")]
    [InlineData("1c", "reserved length")]
    [InlineData("5f42010243030405ff", "indefinite length")]
    [InlineData("7f657374726561646d696e67ff", "indefinite length")]
    [InlineData("9fff", "indefinite length")]
    [InlineData("bf61610161629f0203ffff", "indefinite length")]
    [InlineData("f90000", "floating point or a simple value that is not used")]
    [InlineData("fb3ff199999999999a", "floating point or a simple value that is not used")]
    [InlineData("f7", "floating point or a simple value that is not used")]
    [InlineData("f0", "floating point or a simple value that is not used")]
    [InlineData("f818", "floating point or a simple value that is not used")]
    [InlineData("c11a514b67b0", "a tag, none is allowed here")]
    [InlineData("c249010000000000000000", "a tag, none is allowed here")]
    [InlineData("a201000100", "keys repeat or are not in order")]
    [InlineData("a202000100", "keys repeat or are not in order")]
    [InlineData("a2616200616100", "keys repeat or are not in order")]
    [InlineData("a22000190100f6", "keys repeat or are not in order")]
    [InlineData("a1410100", "a byte string as a key")]
    [InlineData("a1f500", "a simple value as a key")]
    [InlineData("61ff", "not UTF-8")]
    [InlineData("63eda080", "not UTF-8")]
    [InlineData("62c080", "not UTF-8")]
    [InlineData("4201", "2 bytes announced, 1 bytes left")]
    [InlineData("824100", "missing: the bytes end here")]
    [InlineData("9bffffffffffffffff", "18446744073709551615 items, 0 to 11 allowed")]
    [InlineData("1900", "cut short")]
    public void Refuses_what_is_not_and_says_why(string hex, string problem)
        => Assert.Equal(problem, Assert.Throws<WireException>(() => Skip(hex)).Problem);

    [Fact]
    public void Nests_16_deep_and_no_deeper()
    {
        // The map around the value is the first level.
        Skip(string.Concat(Enumerable.Repeat("81", 15)) + "00");
        var refused = Assert.Throws<WireException>(() => Skip(string.Concat(Enumerable.Repeat("81", 16)) + "00"));
        Assert.Equal("nested deeper than 16", refused.Problem);
        var maps = Assert.Throws<WireException>(() => Skip(string.Concat(Enumerable.Repeat("a100", 16)) + "00"));
        Assert.Equal("nested deeper than 16", maps.Problem);
    }

    [Fact]
    public void Errors_count_offsets_from_the_outermost_structure()
    {
        var refused = Assert.Throws<WireException>(() =>
        {
            var reader = new StrictCborReader(Convert.FromHexString("820043186401"), "outer", 16);
            reader.ReadArray("outer", 2);
            reader.ReadUInt("first");
            var inner = reader.ReadNested("inner", 16);
            inner.ReadUInt("second", 99);
        });
        Assert.Equal(("second", 3L, "100, at most 99"), (refused.Field, refused.Offset, refused.Problem));
    }

    [Fact]
    public void A_structure_longer_than_its_cap_is_refused_unread()
    {
        var refused = Assert.Throws<WireException>(() => new StrictCborReader(new byte[17], "thing", 16));
        Assert.Equal(("thing", 0L, "17 bytes, at most 16"), (refused.Field, refused.Offset, refused.Problem));
    }

    [Theory]
    [InlineData("1b7fffffffffffffff", long.MaxValue)]
    [InlineData("00", 0L)]
    public void Reads_serials_up_to_2_to_the_63(string hex, long value)
        => Assert.Equal(value, new StrictCborReader(Convert.FromHexString(hex), "serial", 9).ReadInt64("serial"));

    [Theory]
    [InlineData("1b8000000000000000")]
    [InlineData("20")]
    public void Refuses_serials_that_are_negative_or_too_large(string hex)
        => Assert.Throws<WireException>(() => new StrictCborReader(Convert.FromHexString(hex), "serial", 9).ReadInt64("serial"));

    [Theory]
    [InlineData("387f", -128)]
    [InlineData("187f", 127)]
    public void Reads_claim_values_of_one_signed_byte(string hex, int value)
        => Assert.Equal(value, new StrictCborReader(Convert.FromHexString(hex), "claim", 9).ReadSigned("claim", -128, 127));

    [Theory]
    [InlineData("3880")]
    [InlineData("1880")]
    [InlineData("3bffffffffffffffff")]
    [InlineData("4100")]
    public void Refuses_claim_values_outside_one_signed_byte(string hex)
        => Assert.Throws<WireException>(() => new StrictCborReader(Convert.FromHexString(hex), "claim", 9).ReadSigned("claim", -128, 127));

    [Fact]
    public void Byte_strings_are_slices_and_not_copies()
    {
        var bytes = Convert.FromHexString("43010203");
        var slice = new StrictCborReader(bytes, "bytes", 4).ReadBytes("bytes", 3);
        bytes[1] = 9;
        Assert.Equal(9, slice.Span[0]);
    }

    /// <summary>Skips the value as an unknown key of an open map.</summary>
    private static void Skip(string hex)
    {
        byte[] bytes = [0xa1, 0x00, .. Convert.FromHexString(hex)];
        var reader = new StrictCborReader(bytes, "map", 64);
        var map = reader.ReadMap("map", 1, open: true);
        reader.EndMap(ref map);
        reader.End("map");
    }
}
