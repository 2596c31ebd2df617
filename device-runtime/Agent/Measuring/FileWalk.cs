using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// Finds the files a configuration names and the directories whose changes can change that set. A directory is reported before it is listed,
/// so that whatever appears in it in between is heard of. <c>**</c> does not descend into symlinked directories; a symlink on the way of a
/// pattern is followed and measured as a link besides.
/// </summary>
public sealed class FileWalk
{
    public const int MostFiles = 4_096, MostDirectories = 16_384;

    /// <summary>The name under which too many files are recorded.</summary>
    public const string Overflow = "/trustmesh/too-many-files";

    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
    private readonly SortedDictionary<string, MeasuredFile> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> directories = new(StringComparer.Ordinal);
    private readonly Action<string, bool> onDirectory;

    private FileWalk(Action<string, bool> onDirectory) => this.onDirectory = onDirectory;

    /// <summary>
    /// The files by measured name. <paramref name="onDirectory"/> gets each directory, with true where the content of its files matters and
    /// false where only names do; it may be called twice for one directory, the second time with true.
    /// </summary>
    public static IReadOnlyDictionary<string, MeasuredFile> Find(IEnumerable<MeasureConfig> sets, Action<string, bool> onDirectory)
    {
        var walk = new FileWalk(onDirectory);
        foreach (var set in sets)
        foreach (var glob in set.Files)
            walk.Descend(set, "", new Glob(glob), 0);
        if (walk.files.Count >= MostFiles || walk.directories.Count >= MostDirectories)
            walk.files[Overflow] = new(Overflow, "", $"more than {MostFiles} files or {MostDirectories} directories match; narrow \"measure\"");
        return walk.files;
    }

    private void Descend(MeasureConfig set, string below, Glob glob, int at)
    {
        if (files.Count >= MostFiles || directories.Count >= MostDirectories) return;
        var segment = glob.Segments[at];
        var last = at == glob.Segments.Count - 1;
        var directory = below.Length == 0 ? set.Root : Path.Combine(set.Root, below);
        Visit(directory, last || segment == "**");
        if (!Glob.IsPattern(segment))
        {
            Enter(set, Join(below, segment), glob, at, Posix.Look(Path.Combine(directory, segment), out _)?.Kind);
            return;
        }
        if (segment == "**" && !last) Descend(set, below, glob, at + 1);
        foreach (var (name, kind) in List(set, below, directory))
        {
            if (segment != "**")
            {
                if (Glob.MatchSegment(segment, name) && !(last && kind == FileKind.Directory)) Enter(set, Join(below, name), glob, at, kind);
            }
            else if (kind == FileKind.Directory) Descend(set, Join(below, name), glob, at);
            else if (last || kind == FileKind.Symlink) Add(set, Join(below, name));
        }
    }

    private void Enter(MeasureConfig set, string path, Glob glob, int at, FileKind? kind)
    {
        if (at == glob.Segments.Count - 1)
        {
            Add(set, path);
            return;
        }
        if (kind == FileKind.Symlink) Add(set, path);
        if (kind is FileKind.Directory || kind is FileKind.Symlink && Directory.Exists(Path.Combine(set.Root, path))) Descend(set, path, glob, at + 1);
        // A file named outright is measured as absent where the way to it is missing; a pattern without matches names nothing.
        else if (glob.IsLiteral) Add(set, string.Join('/', glob.Segments));
    }

    private List<(string Name, FileKind Kind)> List(MeasureConfig set, string below, string directory)
    {
        try
        {
            return [.. new DirectoryInfo(directory).EnumerateFileSystemInfos("*", All)
                .Select(entry => (entry.Name, entry.LinkTarget is not null ? FileKind.Symlink : entry is DirectoryInfo ? FileKind.Directory : FileKind.Regular))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException)
        {
            var name = below.Length == 0 ? "." : below;
            var file = MeasuredName.Of(set.Prefix, name, directory);
            files[file.Name] = file with { Problem = "the directory can not be listed" };
            return [];
        }
    }

    private void Visit(string directory, bool contents)
    {
        if (directories.TryGetValue(directory, out var before) && (before || !contents)) return;
        directories[directory] = contents;
        onDirectory(directory, contents);
    }

    private void Add(MeasureConfig set, string relative)
    {
        if (files.Count >= MostFiles) return;
        var file = MeasuredName.Of(set.Prefix, relative, Path.Combine(set.Root, relative));
        files[file.Name] = file;
    }

    private static string Join(string below, string name) => below.Length == 0 ? name : $"{below}/{name}";
}
