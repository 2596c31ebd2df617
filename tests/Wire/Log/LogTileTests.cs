using TrustMesh.Wire.Log;

namespace TrustMesh.Tests.Wire.Log;

public sealed class LogTileTests
{
    public static TheoryData<string, int, long, int> Paths => new()
    {
        { "tile/0/000", 0, 0, 256 },
        { "tile/0/000.p/5", 0, 0, 5 },
        { "tile/3/x001/x234/067", 3, 1_234_067, 256 },
        { "tile/7/x001/067.p/255", 7, 1_067, 255 },
        { "tile/entries/x001/000.p/1", -1, 1_000, 1 },
        { "tile/entries/999", -1, 999, 256 },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_path_is_that_of_the_specification(string path, int level, long index, int count)
    {
        var tile = new LogTile(level < 0 ? null : level, index, count);
        Assert.Equal(path, tile.Path);
        Assert.True(LogTile.TryParse(path, out var read));
        Assert.Equal(tile, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/8/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/001/002")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/05")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/000/5")]
    [InlineData("tile/0/000.p/5/6")]
    [InlineData("tile/0/+01")]
    [InlineData("tile/0/٠٠٠")]
    [InlineData("tile/entries/../checkpoint")]
    [InlineData("tile/entry/000")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/x999/999")]
    public void Other_texts_are_no_path(string path) => Assert.False(LogTile.TryParse(path, out _));

    [Fact]
    public void A_log_has_the_tiles_its_size_says()
    {
        Assert.Empty(LogTile.Entries(0));
        Assert.Empty(LogTile.Hashes(0));
        Assert.Equal(["tile/entries/000", "tile/entries/001.p/1"], LogTile.Entries(257).Select(tile => tile.Path));
        Assert.Equal(["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"], LogTile.Hashes(257).Select(tile => tile.Path));
        Assert.Equal(["tile/0/000"], LogTile.Hashes(256).Where(tile => tile.Level == 0).Select(tile => tile.Path));
        Assert.Equal(256 + 1 + 1, LogTile.Hashes(65_536).Count());
        Assert.Null(LogTile.Of(0, 1, 256));
        Assert.Null(LogTile.Of(1, 0, 255));
    }
}
