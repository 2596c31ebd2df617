using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Infra;

/// <summary>Where infra/test --long gets the version before from, which an upgrade starts with.</summary>
public sealed class PreviousVersionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-previous-").FullName;

    public PreviousVersionTests() => Assert.SkipUnless(Command.Exists("git") && Command.Exists("bash"), "git or bash is not on this machine");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void It_comes_out_of_the_history_and_touches_nothing_of_the_working_tree()
    {
        var (code, why) = Previous(Repository.Root);
        Assert.SkipUnless(code == 0, why);
        Assert.True(File.Exists(Path.Combine(folder, "previous/silo/Host/TrustMesh.Host.csproj")));
        Assert.False(Directory.Exists(Path.Combine(folder, "previous/.git")));
        Assert.DoesNotContain(folder, Command.Run(Repository.Root, "git", "worktree", "list").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_without_history_and_a_shallow_clone_say_why_there_is_none()
    {
        var exported = Tree("exported");
        Assert.Equal((1, $"the version before ({Commit[..7]}) is in the history of a git repository, and this is none"), Previous(exported));
        var shallow = Tree("shallow");
        Assert.Equal(0, Command.Run(shallow, "git", "init", "--quiet").Code);
        Assert.Equal((1, $"the version before ({Commit[..7]}) is not in this clone; git fetch --unshallow gets it"), Previous(shallow));
        Assert.False(Directory.Exists(Path.Combine(folder, "previous")));
    }

    private static string Commit => File.ReadAllLines(Path.Combine(Repository.Root, "infra/previous-version")).Single(line => line.Length > 0 && line[0] != '#');

    /// <summary>As much of the repository as the question needs.</summary>
    private string Tree(string name)
    {
        var infra = Directory.CreateDirectory(Path.Combine(folder, name, "infra")).FullName;
        foreach (var file in (string[])["packages.sh", "previous-version"]) File.Copy(Path.Combine(Repository.Root, "infra", file), Path.Combine(infra, file));
        return Path.Combine(folder, name);
    }

    private (int Code, string Why) Previous(string root)
    {
        var (code, output, error) = Command.Run(folder, "bash", "-c", "set -euo pipefail; root=\"$1\"; . \"$root/infra/packages.sh\"; previous_version previous", "bash", root);
        Assert.Equal("", error);
        return (code, output.TrimEnd());
    }
}
