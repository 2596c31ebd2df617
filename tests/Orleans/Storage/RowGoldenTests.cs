using TrustMesh.Orleans.Storage;
using TrustMesh.Tests.Fuzz;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Orleans.Storage;

/// <summary>Rows as they are stored, byte by byte: what a version wrote every later one reads.</summary>
public sealed class RowGoldenTests
{
    // ["tm-twin-row/1", h'01', h'0203', h'', 7, [[1, 1]]]
    private const string Twin = "866d746d2d7477696e2d726f772f31410142020340078182" + "0101";

    // ["tm-catalogue/1", 1800000000, ["a", "b/c"]]
    private const string Page = "836e746d2d636174616c6f6775652f311a6b49d200826161" + "63622f63";

    // ["tm-twin-log/1", [h'01', h'0203']]
    private const string Log = "826d746d2d7477696e2d6c6f672f3182410142" + "0203";

    // "tmr" 01, a row, version 3, a mark, the payload 07.
    private const string Row = "746d72010000000000000000030102030405060708" + "07";

    [Fact]
    public void Stored_rows_are_these_bytes()
    {
        Assert.Equal(Twin, Hex(new TwinRow(new byte[] { 1 }, new byte[] { 2, 3 }, default, new(7, [new(1, 1)])).Encode()));
        Assert.Equal(Page, Hex(new CataloguePage(1_800_000_000, ["a", "b/c"]).Encode()));
        Assert.Equal(Log, Hex(EntryRow.Encode([new byte[] { 1 }, new byte[] { 2, 3 }])));
        var row = RowFormat.Decode(Convert.FromHexString(Row))!;
        Assert.Equal((3L, "07"), (row.Version, Hex(row.Payload.ToArray())));
        // All but the mark, which is random.
        var written = Hex(RowFormat.Encode(3, [7]));
        Assert.Equal((Row[..26], Row[42..]), (written[..26], written[42..]));
        Assert.Equal("746d7201010000000000000000", Hex(RowFormat.EncodeGrave())[..26]);
    }

    [Theory, InlineData("twin"), InlineData("page"), InlineData("log"), InlineData("row")]
    public void A43_Only_WireExceptions_come_out_and_accepted_bytes_are_the_one_encoding(string kind)
    {
        var (seed, recode) = kind switch
        {
            "twin" => (Twin, bytes => TwinRow.Decode(bytes).Encode()),
            "page" => (Page, bytes => CataloguePage.Decode(bytes).Encode()),
            "log" => (Log, bytes => EntryRow.Encode(EntryRow.Decode(bytes))),
            _ => (Row, (Func<byte[], byte[]?>)(bytes => RowFormat.Decode(bytes) is { } row ? [.. RowFormat.Encode(row.Version, row.Payload.Span).AsSpan(0, 13), .. bytes.AsSpan(13, 8), .. row.Payload.Span] : null)),
        };
        var mutator = new Mutator([Convert.FromHexString(seed)], 7);
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = mutator.Next(i);
            try
            {
                if (recode(bytes) is not { } again) continue;
                Assert.Equal(Hex(bytes), Hex(again));
                accepted++;
            }
            catch (WireException)
            {
                // Refused, as it should be.
                continue;
            }
        }
        Assert.NotEqual(0, accepted);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
