using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TrustMesh.Agent.Files;

/// <summary>The few Linux calls the framework has no name for. Numbers are those of the kernel's own headers.</summary>
internal static partial class Posix
{
    public const int NoEntry = 2, Interrupted = 4, PermissionDenied = 13, Exists = 17, NotDirectory = 20, TooManySymlinks = 40;

    private const int ReadOnly = 0, WriteOnly = 1, Create = 0x40, Exclusive = 0x80, NonBlocking = 0x800, CloseOnExec = 0x80000;
    private const int AtFdCwd = -100, AtSymlinkNoFollow = 0x100, AtEmptyPath = 0x1000, StatxBasic = 0x7ff;

    /// <summary>The kernel numbers these two differently on ARM.</summary>
    private static int NoFollow => IsArm ? 0x8000 : 0x20000;
    private static int Directory => IsArm ? 0x4000 : 0x10000;
    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;

    /// <summary>Opens for reading, never through a symlink and never waiting for a pipe's writer. Null: <paramref name="error"/> says why.</summary>
    public static SafeFileHandle? OpenRead(string path, out int error) => Open(path, ReadOnly | NoFollow | NonBlocking | CloseOnExec, 0, out error);

    /// <summary>Makes a file of mode 0600 that did not exist before.</summary>
    public static SafeFileHandle? CreateNew(string path, out int error)
        => Open(path, WriteOnly | Create | Exclusive | NoFollow | CloseOnExec, 0x180, out error);

    /// <summary>Opens for writing, never through a symlink; does not create.</summary>
    public static SafeFileHandle? OpenWrite(string path, out int error) => Open(path, WriteOnly | NoFollow | CloseOnExec, 0, out error);

    /// <summary>Makes a directory's entries (names, renames) durable.</summary>
    public static void SyncDirectory(string path)
    {
        using var handle = Open(path, ReadOnly | Directory | CloseOnExec, 0, out var error) ?? throw Failure("open", path, error);
        if (fsync(handle) != 0) throw Failure("fsync", path, Marshal.GetLastPInvokeError());
    }

    public static void MakeDirectory(string path)
    {
        if (mkdir(path, 0x1c0) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        if (error != Exists) throw Failure("mkdir", path, error);
    }

    /// <summary>What stands at a path, without following a symlink at its end. Null: <paramref name="error"/> says why.</summary>
    public static FileFacts? Look(string path, out int error)
    {
        var result = statx(AtFdCwd, path, AtSymlinkNoFollow, StatxBasic, out var buffer);
        error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        return result == 0 ? buffer.ToFacts() : null;
    }

    public static FileFacts Look(SafeFileHandle handle)
        => statx(handle, "", AtEmptyPath, StatxBasic, out var buffer) == 0 ? buffer.ToFacts() : throw Failure("statx", "an open file", Marshal.GetLastPInvokeError());

    public static uint User => geteuid();

    public static string Explain(int error) => Marshal.GetPInvokeErrorMessage(error).ToLowerInvariant();

    public static IOException Failure(string call, string path, int error) => new($"{call} of {path}: {Explain(error)}");

    private static SafeFileHandle? Open(string path, int flags, int mode, out int error)
    {
        int descriptor;
        do descriptor = open(path, flags, mode);
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle handle);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdir(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out Statx buffer);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(SafeFileHandle directory, string path, int flags, uint mask, out Statx buffer);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    /// <summary>struct statx: the one stat structure that is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Statx
    {
        [FieldOffset(16)] private readonly uint links;
        [FieldOffset(20)] private readonly uint user;
        [FieldOffset(28)] private readonly ushort mode;
        [FieldOffset(32)] private readonly ulong inode;
        [FieldOffset(40)] private readonly ulong size;
        [FieldOffset(112)] private readonly long modifiedSeconds;
        [FieldOffset(120)] private readonly uint modifiedNanoseconds;

        public FileFacts ToFacts() => new((FileKind)(mode >> 12), mode & 0xfff, user, links, inode, (long)size, modifiedSeconds, modifiedNanoseconds);
    }
}
