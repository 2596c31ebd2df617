using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Measuring;

namespace TrustMesh.Tests.Agent;

public sealed class FileWalkTests : IDisposable
{
    private readonly Folder folder = new();

    [Fact]
    public void Names_are_the_prefix_and_the_path_below_the_root()
    {
        folder.Write("bin/app", "");
        folder.Write("bin/lib/a.so", "");
        folder.Write("other", "");
        Assert.Equal(["/fw/bin/app", "/fw/bin/lib/a.so"], Find("/fw", "bin/**"));
        Assert.Equal(["/bin/app"], Find("", "*/app"));
        Assert.Equal(["/bin/lib/a.so"], Find("", "**/*.so"));
    }

    [Fact]
    public void A_file_named_outright_is_measured_even_where_it_is_not() => Assert.Equal(["/etc/no/such.conf"], Find("", "etc/no/such.conf", "etc/*.conf"));

    [Fact]
    public void A_symlinked_directory_is_not_descended_into_but_seen()
    {
        folder.Write("real/a", "");
        Directory.CreateSymbolicLink(folder["link"], folder["real"]);
        Directory.CreateSymbolicLink(folder["real/loop"], folder.FullPath);
        Assert.Equal(["/link", "/real/a", "/real/loop"], Find("", "**"));
    }

    [Fact]
    public void A_symlink_on_the_way_is_followed_and_measured_besides()
    {
        folder.Write("real/a", "");
        Directory.CreateSymbolicLink(folder["link"], folder["real"]);
        Assert.Equal(["/link", "/link/a"], Find("", "link/a"));
    }

    [Fact]
    public void Too_many_files_are_said_and_not_silently_left_out()
    {
        for (var i = 0; i < FileWalk.MostFiles + 1; i++) File.WriteAllBytes(folder[$"{i}"], []);
        Assert.Contains(FileWalk.Overflow, Find("", "*"));
    }

    [Fact]
    public void Reports_each_directory_before_it_lists_it()
    {
        folder.Write("a/b/c", "");
        var seen = new List<(string, bool)>();
        FileWalk.Find([new(folder.FullPath, "", ["a/b/c"])], (directory, contents) => seen.Add((directory, contents)));
        Assert.Equal([(folder.FullPath, false), (folder["a"], false), (folder["a/b"], true)], seen);
    }

    public void Dispose() => folder.Dispose();

    private IEnumerable<string> Find(string prefix, params string[] globs) => FileWalk.Find([new MeasureConfig(folder.FullPath, prefix, globs)], (_, _) => { }).Keys;
}
