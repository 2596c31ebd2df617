using TrustMesh.Orleans.Storage;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Orleans.Storage;

public sealed class RowFormatTests
{
    [Fact]
    public void A43_Of_a_row_every_other_header_is_refused()
    {
        var row = RowFormat.Encode(3, [7]);
        Assert.Equal((3L, 1), (RowFormat.Decode(row)!.Version, RowFormat.Decode(row)!.Payload.Length));
        Assert.Null(RowFormat.Decode(RowFormat.EncodeGrave()));
        for (var length = 0; length < RowFormat.HeaderSize; length++) Assert.Throws<WireException>(() => RowFormat.Decode(row.AsMemory(0, length)));
        foreach (var at in (int[])[0, 1, 2, 3, 4, 5])
        {
            var other = row.ToArray();
            other[at] ^= 0x81;
            Assert.Throws<WireException>(() => RowFormat.Decode(other));
        }
        Assert.Throws<WireException>(() => RowFormat.Decode((byte[])[.. RowFormat.EncodeGrave(), 0]));
        Assert.Throws<WireException>(() => RowFormat.Decode(new byte[RowFormat.HeaderSize + Rows.Largest + 1]));
    }

    [Fact]
    public void A43_What_a_row_holds_is_read_in_one_encoding()
    {
        var twin = new TwinRow(new byte[] { 1 }, new byte[] { 2, 3 }, default, new(7, [new(ulong.MaxValue, 2), new(1, 1)])).Encode();
        var read = TwinRow.Decode(twin);
        Assert.Equal((1, 2, 0, 7u, 3), (read.State.Length, read.Proof.Length, read.Unlogged.Length, read.Log.Boot, read.Log.Count));
        Assert.Equal(twin, read.Encode());
        var page = new CataloguePage(1_800_000_000, ["a", "b/c"]).Encode();
        Assert.Equal(page, CataloguePage.Decode(page).Encode());
        var log = EntryRow.Encode([new byte[] { 1 }, new byte[] { 2, 3 }]);
        Assert.Equal(log, EntryRow.Encode(EntryRow.Decode(log)));
        foreach (var (bytes, decode) in new (byte[], Action<byte[]>)[] { (twin, bytes => TwinRow.Decode(bytes)), (page, bytes => CataloguePage.Decode(bytes)), (log, bytes => EntryRow.Decode(bytes)) })
        {
            for (var length = 0; length < bytes.Length; length++) Assert.Throws<WireException>(() => decode(bytes[..length]));
            Assert.Throws<WireException>(() => decode([.. bytes, 0]));
        }
    }

    [Fact]
    public void A_log_is_cut_at_any_entry()
    {
        var log = new TwinLog(1, [new(1, 2), new(2, 3)]);
        foreach (var entries in (int[])[0, 1, 2, 3, 5]) Assert.Equal(entries, log.Cut(entries).Count);
        Assert.Equal([1UL, 2UL], log.Cut(3).Parts.Select(part => part.Name));
        Assert.Equal(5, log.Cut(9).Count);
    }

    [Fact]
    public void The_names_of_two_rows_differ_and_lead_nowhere()
    {
        string[] ids = ["a", "A", "a/b", "a~2fb", "a.b", "..", ".", "../a", "a%2f", "ä", "a b", "a-b", "a_b"];
        var names = ids.Select(id => RowName.Of("serial", id).Key.ToString()!).ToList();
        Assert.Equal(ids.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.All(name, one => Assert.True(char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '~')));
        Assert.Throws<ArgumentException>(() => RowName.Of("serial", ""));
        Assert.Throws<ArgumentException>(() => RowName.Of("serial", new('a', RowName.LongestId + 1)));
        Assert.Throws<ArgumentException>(() => RowName.Of("../x", "a"));
    }

    [Fact]
    public void A_device_is_in_its_bucket_for_ever()
    {
        var device = DeviceId.FromUeid([1, 0xff, .. new byte[31]]);
        Assert.Equal((63, 63), (ClusterTwins.BucketOf(device), Catalogue.BucketOf(device)));
        Assert.Equal(7, ClusterTwins.BucketOf(DeviceId.FromUeid([1, 0x47, .. new byte[31]])));
    }
}
