using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// The kernel's file notifications, directory by directory. FileSystemWatcher is not used: it would watch whole trees to see three files, and
/// gives no say in which events wake the device.
/// </summary>
internal sealed partial class Inotify : IDisposable
{
    private const uint Modify = 0x2, Attributes = 0x4, CloseWrite = 0x8, MovedFrom = 0x40, MovedTo = 0x80, Created = 0x100, Deleted = 0x200,
        DeletedSelf = 0x400, MovedSelf = 0x800, Unmounted = 0x2000, Overflow = 0x4000, Ignored = 0x8000, OnlyDirectory = 0x1000000, IsDirectory = 0x40000000;
    private const uint Names = MovedFrom | MovedTo | Created | Deleted | DeletedSelf | MovedSelf | OnlyDirectory;
    private const uint Contents = Names | Modify | Attributes | CloseWrite;
    private const int CloseOnExec = 0x80000;

    private readonly Lock gate = new();
    private readonly SafeFileHandle handle;
    private readonly Dictionary<int, string> directories = [];
    private readonly Action<string, string, bool> onFile;
    private readonly Action onEverything;
    private readonly Thread reader;
    private volatile bool stopping;

    /// <param name="onFile">Directory, name, and whether the event can mean that the set of files is another one now.</param>
    /// <param name="onEverything">The kernel dropped events, or a watched directory went away: look at everything again.</param>
    public Inotify(Action<string, string, bool> onFile, Action onEverything)
    {
        (this.onFile, this.onEverything) = (onFile, onEverything);
        var descriptor = inotify_init1(CloseOnExec);
        if (descriptor < 0) throw Posix.Failure("inotify_init", "this process", Marshal.GetLastPInvokeError());
        handle = new(descriptor, ownsHandle: true);
        reader = new(Read) { IsBackground = true, Name = "inotify" };
        reader.Start();
    }

    /// <summary>Watches a directory; false if that is not possible (gone, unreadable, or the kernel's limit is reached).</summary>
    public bool Watch(string directory, bool contents)
    {
        lock (gate)
        {
            var watch = inotify_add_watch(handle, directory, contents ? Contents : Names);
            if (watch < 0) return false;
            directories[watch] = directory;
            return true;
        }
    }

    public void Dispose()
    {
        if (stopping) return;
        stopping = true;
        lock (gate)
        {
            // Closing a descriptor does not wake a thread that reads it; the event of a removed watch does.
            var watch = inotify_add_watch(handle, "/", DeletedSelf);
            if (watch >= 0) inotify_rm_watch(handle, watch);
        }
        if (Thread.CurrentThread != reader) reader.Join();
        handle.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[16 * 1024];
        while (!stopping)
        {
            var size = (int)read(handle, buffer, (nuint)buffer.Length);
            if (size < 0 && Marshal.GetLastPInvokeError() == Posix.Interrupted) continue;
            if (size <= 0) break;
            for (var at = 0; at + 16 <= size && !stopping;)
            {
                var watch = BitConverter.ToInt32(buffer, at);
                var mask = BitConverter.ToUInt32(buffer, at + 4);
                var length = BitConverter.ToInt32(buffer, at + 12);
                var name = buffer.AsSpan(at + 16, length);
                Tell(watch, mask, Encoding.UTF8.GetString(name.TrimEnd((byte)0)));
                at += 16 + length;
            }
        }
    }

    private void Tell(int watch, uint mask, string name)
    {
        string? directory;
        lock (gate)
        {
            directories.TryGetValue(watch, out directory);
            if ((mask & Ignored) != 0) directories.Remove(watch);
        }
        if ((mask & (Overflow | Ignored | Unmounted | DeletedSelf | MovedSelf)) != 0) onEverything();
        else if (directory is not null) onFile(directory, name, (mask & (IsDirectory | Created | MovedTo | MovedFrom | Deleted)) != 0);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(SafeFileHandle handle, string path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_rm_watch(SafeFileHandle handle, int watch);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(SafeFileHandle handle, [Out] byte[] buffer, nuint size);
}
