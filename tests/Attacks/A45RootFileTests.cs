using TrustMesh.Roots;
using TrustMesh.Roots.Tpm;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Attacks;

/// <summary>Key files of roots: what others could have read, written or put in the way is not used.</summary>
public sealed class A45RootFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-a45-").FullName;

    private RootSettings Settings => new("software", "", "auto", 13, Path.Combine(folder, "device"));

    private string Key => Path.Combine(Settings.StateDirectory, "identity.key");

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherExecute)]
    public void A45_Refuses_a_key_others_may_touch(UnixFileMode mode)
    {
        Open();
        File.SetUnixFileMode(Key, OwnerOnly | mode);
        Assert.Contains("by others", Assert.Throws<RootException>(Open).Message);
    }

    [Fact]
    public void A45_Refuses_a_TPM_key_blob_others_may_write()
    {
        using var swtpm = Swtpm.Start();
        TpmRoot.Open(swtpm.Settings(), TimeProvider.System).Dispose();
        File.SetUnixFileMode(Path.Combine(swtpm.Settings().StateDirectory, AttestationKeyFile.FileName), OwnerOnly | UnixFileMode.OtherWrite);
        Assert.Contains("by others", Assert.Throws<RootException>(() => TpmRoot.Open(swtpm.Settings(), TimeProvider.System)).Message);
    }

    [Fact]
    public void A45_Refuses_a_key_behind_a_symlink_also_a_dangling_one()
    {
        Open();
        var elsewhere = Path.Combine(folder, "elsewhere");
        File.Move(Key, elsewhere);
        File.CreateSymbolicLink(Key, elsewhere);
        Assert.Contains("symlink", Assert.Throws<RootException>(Open).Message);
        File.Delete(elsewhere);
        Assert.Contains("symlink", Assert.Throws<RootException>(Open).Message);
        Assert.False(File.Exists(elsewhere));
    }

    [Fact]
    public void A45_Writing_replaces_a_symlink_and_leaves_its_target_alone()
    {
        var target = Path.Combine(folder, "target");
        File.WriteAllText(target, "untouched");
        var path = Path.Combine(folder, "file");
        File.CreateSymbolicLink(path, target);
        PrivateFile.Write(path, [1]);
        Assert.Equal("untouched", File.ReadAllText(target));
        Assert.Null(new FileInfo(path).LinkTarget);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A45_The_temporary_file_has_no_fixed_name_is_private_at_once_and_is_not_left_behind()
    {
        using var made = new BlockingNames(folder);
        for (var i = 0; i < 4; i++) PrivateFile.Write(Path.Combine(folder, "file"), [(byte)i]);
        var names = made.Take(4);
        Assert.Equal(4, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches("^file\\.[0-9a-f]{16}\\.new$", n));
        Assert.Equal(["file"], Directory.GetFiles(folder).Select(Path.GetFileName));
        Assert.Equal([3], PrivateFile.Read(Path.Combine(folder, "file"), 1)!);
    }

    [Fact]
    public void A45_A_file_that_can_not_be_written_is_reported_and_the_old_one_stays()
    {
        var path = Path.Combine(folder, "taken");
        Directory.CreateDirectory(path);
        Assert.Contains("can not be written", Assert.Throws<RootException>(() => PrivateFile.Write(path, [1])).Message);
        Assert.Equal(["taken"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A45_An_oversized_file_is_not_read_into_memory()
    {
        var path = Path.Combine(folder, "file");
        PrivateFile.Write(path, new byte[5]);
        Assert.Contains("at most 4", Assert.Throws<RootException>(() => PrivateFile.Read(path, 4)).Message);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Open() => RootOfTrust.Open(Settings, TimeProvider.System).Dispose();

    /// <summary>Names of files as they are created in a folder.</summary>
    private sealed class BlockingNames : IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<string> names = [];
        private readonly FileSystemWatcher watcher;

        public BlockingNames(string folder)
        {
            watcher = new(folder, "*.new");
            watcher.Created += (_, e) => names.Add(e.Name!);
            watcher.EnableRaisingEvents = true;
        }

        public IReadOnlyList<string> Take(int count) => [.. Enumerable.Range(0, count).Select(_ =>
        {
            Assert.True(names.TryTake(out var name, TimeSpan.FromSeconds(10)));
            return name!;
        })];

        public void Dispose()
        {
            watcher.Dispose();
            names.Dispose();
        }
    }
}
