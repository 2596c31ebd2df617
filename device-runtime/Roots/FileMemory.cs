namespace TrustMesh.Roots;

/// <summary>
/// The memory of a root that has no place of its own for it. Whoever puts back an older copy of the state directory puts back older memory
/// with it, and nothing notices.
/// </summary>
internal sealed class FileMemory(string stateDirectory)
{
    internal const string FileName = "memory";
    internal const int Size = 32;

    private readonly string path = Path.Combine(stateDirectory, FileName);

    /// <summary>Why it is used, as a note of <see cref="IRoot.Notes"/>; <paramref name="reason"/> is a clause.</summary>
    internal static string Note(string reason)
        => $"What this device remembers over restarts is kept in a file, because {reason}: an older copy of the state directory that somebody puts back is not noticed.";

    /// <summary>A damaged file is not "nothing remembered": that would be a way to make a device forget.</summary>
    internal byte[]? Recall() => PrivateFile.Read(path, Size) switch
    {
        null => null,
        { Length: Size } memory => memory,
        { } cut => throw new RootException($"{path} is damaged ({cut.Length} bytes, expected {Size}). Restore it from a backup, or remove the state directory and enrol the device anew."),
    };

    internal void Remember(ReadOnlySpan<byte> memory) => PrivateFile.Write(path, Checked(memory));

    /// <summary>For when hardware remembers from now on.</summary>
    internal void Forget() => File.Delete(path);

    internal static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> memory)
        => memory.Length == Size ? memory : throw new ArgumentException($"{memory.Length} bytes, {Size} are remembered.", nameof(memory));
}
