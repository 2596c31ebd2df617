using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TrustMesh.Roots;

/// <summary>
/// Small files that only the agent may read (attack A45): mode 0600 from the moment they exist, replaced atomically under an
/// unguessable temporary name in their own directory, never read through a symlink or when others could have read or written them.
/// </summary>
public static class PrivateFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = Private | UnixFileMode.UserExecute;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The content, at most <paramref name="max"/> bytes; null where there is no such file.</summary>
    /// <exception cref="RootException">A symlink, too large, or open to others.</exception>
    public static byte[]? Read(string path, int max)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is not null) throw new RootException($"{path} is a symlink. Put the file itself there.");
        if (!info.Exists) return null;
        try
        {
            using var handle = File.OpenHandle(path);
            // Asked of the open file, so that it can not be exchanged in between.
            if ((File.GetUnixFileMode(handle) & Others) != 0)
                throw new RootException($"{path} may be read or written by others. What is in it may be known: replace it, or run chmod 600 on it if you are sure it is not.");
            var length = RandomAccess.GetLength(handle);
            if (length > max) throw new RootException($"{path} has {length} bytes, at most {max} are possible. Restore it from a backup, or remove it to enrol anew.");
            var content = new byte[length];
            var got = 0;
            for (int read; got < content.Length && (read = RandomAccess.Read(handle, content.AsSpan(got), got)) > 0;) got += read;
            return content[..got];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new RootException($"{path} may not be read by this user. Run the agent as the user the file belongs to.", e);
        }
    }

    /// <summary>Replaces the file: after a power cut the old content is there, or the new.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.new";
        try
        {
            Directory.CreateDirectory(directory, PrivateDirectory);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private };
            using (var file = new FileStream(temporary, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            SyncDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new RootException($"{path} can not be written: {e.Message} Give the agent's user the directory {directory} with mode 0700 and free space.", e);
        }
    }

    /// <summary>A new name survives a power cut only once its directory is on disk; the framework has no call for that.</summary>
    private static void SyncDirectory(string directory)
    {
        const int closeOnExec = 0x80000;
        var descriptor = open(directory, closeOnExec);
        if (descriptor < 0) throw new IOException($"The directory can not be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        if (fsync(handle) != 0) throw new IOException($"The directory can not be saved: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(SafeHandle handle);
}
