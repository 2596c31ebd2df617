namespace TrustMesh.Trust.Keys;

/// <summary>Files that hold secrets: mode 0600 from their first byte, replaced in one step, never through a link (attack A45).</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates or replaces the file; it is on disk when this returns.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var full = Path.GetFullPath(path);
        var fresh = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():n}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(fresh, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, full, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    /// <summary>Null if there is no file. Throws <see cref="InvalidDataException"/> if others can read it, or it is larger than <paramref name="cap"/> bytes.</summary>
    public static byte[]? Read(string path, int cap)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return null;
        if (file.LinkTarget is not null) throw new InvalidDataException($"{path} is a link; put the file itself there.");
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnerOnly) != 0)
            throw new InvalidDataException($"{path} can be read by others; run: chmod 600 {path}");
        if (file.Length > cap) throw new InvalidDataException($"{path} is larger than {cap} bytes; it is not a file of ours.");
        return File.ReadAllBytes(path);
    }
}
