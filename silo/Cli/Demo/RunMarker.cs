using System.Globalization;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// Says that the network namespaces whose names begin like its own belong to a run that lives: a file that run holds locked. The kernel gives
/// the lock back when the run ends, however it ends, so a process number that is used again misleads nobody.
/// </summary>
internal sealed class RunMarker : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string file;
    private readonly FileStream held;

    private RunMarker(string file, FileStream held) => (this.file, this.held) = (file, held);

    /// <summary>What names of this run begin with: <c>tm</c>, the process number, a letter. At most 10 characters, so that it fits into the name of an interface.</summary>
    public string Prefix => Path.GetFileName(file);

    /// <summary>A marker that no living run has.</summary>
    public static RunMarker Take(string folder)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        Directory.CreateDirectory(folder, OwnerOnly);
        for (var letter = 'a'; letter <= 'z'; letter++)
            if (TryHold(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"tm{Environment.ProcessId}{letter}")), FileMode.OpenOrCreate) is { } marker) return marker;
        throw new DemoFailure("This process has 26 networks already.");
    }

    /// <summary>Markers of runs that are over, held by the caller now, who removes what they stand for and then <see cref="Remove"/>s them.</summary>
    public static IEnumerable<RunMarker> Abandoned(string folder)
        => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "tm*").ToList().Select(file => TryHold(file, FileMode.Open)).OfType<RunMarker>() : [];

    /// <summary>Nothing of the run is left.</summary>
    public void Remove() => File.Delete(file);

    public void Dispose() => held.Dispose();

    private static RunMarker? TryHold(string file, FileMode mode)
    {
        try
        {
            return new(file, new FileStream(file, mode, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            // Its run lives, or somebody else is removing it.
            return null;
        }
    }
}
