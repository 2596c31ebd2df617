using Microsoft.Win32.SafeHandles;

namespace TrustMesh.Agent.Files;

/// <summary>
/// The agent's directory: mode 0700, files 0600, each replaced as a whole (written beside, synced, renamed, directory synced), so that a
/// power cut leaves the old file or the new one. Nothing in it is opened through a symlink, nothing that somebody else owns or may read is
/// believed (attack A45).
/// </summary>
public sealed class StateDirectory : IStateFiles, IDisposable
{
    /// <summary>Bytes; what is larger by its nature (the measurement log, signed statements, the outbox) is read with a cap of its own.</summary>
    public const int LargestFile = 64 * 1024;

    private const string LockName = "lock", TemporaryPrefix = ".new-";
    private readonly FileStream? held;

    private StateDirectory(string path, FileStream? held) => (FullPath, this.held) = (path, held);

    public string FullPath { get; }

    /// <summary>
    /// Makes the directory if need be, checks it, and takes its lock: one agent per state. Throws <see cref="StateException"/>.
    /// </summary>
    public static StateDirectory Open(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(full))
        {
            if (Path.GetDirectoryName(full) is { } parent && !Directory.Exists(parent))
                throw new StateException($"{parent} does not exist. Make it, or choose another \"state\" directory.");
            Posix.MakeDirectory(full);
        }
        Check(full);
        var state = new StateDirectory(full, null);
        state.RefuseUnsafe(LockName);
        FileStream held;
        try
        {
            // The framework takes flock(LOCK_EX | LOCK_NB) for FileShare.None; the kernel drops it with the process, however that ends.
            if (Posix.CreateNew(Path.Combine(full, LockName), out _) is { } fresh) fresh.Dispose();
            held = new FileStream(Path.Combine(full, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException inUse)
        {
            throw new StateException($"Another trustmesh-agent works with {full}. Stop it first, or give this one its own \"state\" directory.", inUse);
        }
        foreach (var left in Directory.EnumerateFiles(full, TemporaryPrefix + "*")) File.Delete(left);
        return new(full, held);
    }

    /// <summary>The directory as a reader sees it: checked, not locked, not made. Throws <see cref="StateException"/>.</summary>
    public static StateDirectory Peek(string path)
    {
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(full)) throw new StateException($"{full} does not exist: no agent has run with this configuration yet. Start one with trustmesh-agent run.");
        Check(full);
        return new(full, null);
    }

    /// <summary>True while an agent holds the lock of this directory.</summary>
    public bool InUse()
    {
        try
        {
            using var probe = new FileStream(Path.Combine(FullPath, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>The path of a file here, after making sure that what stands there (if anything) is ours.</summary>
    public string Checked(string name)
    {
        RefuseUnsafe(name);
        return Path.Combine(FullPath, name);
    }

    /// <summary>The whole file, or null where there is none. Throws <see cref="StateException"/> for one that is not safe or too large.</summary>
    public byte[]? Read(string name, int cap = LargestFile)
    {
        var path = Path.Combine(FullPath, name);
        using var handle = OpenOwn(path);
        if (handle is null) return null;
        var size = RandomAccess.GetLength(handle);
        if (size > cap) throw new StateException($"{path} has {size} bytes, more than {cap}. It is not a file of this agent; remove it.");
        var bytes = new byte[size];
        var read = 0;
        while (read < bytes.Length)
        {
            var more = RandomAccess.Read(handle, bytes.AsSpan(read), read);
            if (more == 0) break;
            read += more;
        }
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Replaces the file as a whole. <paramref name="durable"/> false leaves out the syncs, for a file that only informs.</summary>
    public void Replace(string name, ReadOnlySpan<byte> content, bool durable = true)
    {
        var target = Path.Combine(FullPath, name);
        var temporary = Path.Combine(FullPath, $"{TemporaryPrefix}{name}-{Environment.ProcessId}");
        Change(() => File.Delete(temporary));
        using (var handle = Posix.CreateNew(temporary, out var error) ?? throw Posix.Failure("create", temporary, error))
        {
            RandomAccess.Write(handle, content, 0);
            if (durable) RandomAccess.FlushToDisk(handle);
        }
        // rename(2) replaces a symlink itself, never what it points to.
        Change(() => File.Move(temporary, target, overwrite: true));
        if (durable) Posix.SyncDirectory(FullPath);
    }

    /// <inheritdoc cref="IStateFiles.Append"/>
    public void Append(string name, ReadOnlySpan<byte> bytes, long at, bool durable = true)
    {
        var path = Checked(name);
        using var handle = Posix.OpenWrite(path, out var error) ?? throw Posix.Failure("open", path, error);
        if (RandomAccess.GetLength(handle) > at) RandomAccess.SetLength(handle, at);
        RandomAccess.Write(handle, bytes, at);
        if (durable) RandomAccess.FlushToDisk(handle);
    }

    public void Remove(string name) => Change(() => File.Delete(Path.Combine(FullPath, name)));

    /// <summary>Names of files here that begin so, in the order of their bytes.</summary>
    public IReadOnlyList<string> Names(string prefix)
        => [.. Directory.EnumerateFiles(FullPath, prefix + "*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => held?.Dispose();

    /// <summary>The framework has an exception of its own for EACCES; to whoever writes here it is a file that can not be written, like any other.</summary>
    private static void Change(Action change)
    {
        try
        {
            change();
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }

    private void RefuseUnsafe(string name) => OpenOwn(Path.Combine(FullPath, name))?.Dispose();

    private static SafeFileHandle? OpenOwn(string path)
    {
        var handle = Posix.OpenRead(path, out var error);
        if (handle is null)
        {
            if (error == Posix.NoEntry) return null;
            if (error == Posix.TooManySymlinks) throw new StateException($"{path} is a symlink. State files are never links; remove it (attack A45).");
            throw new StateException($"{path} can not be opened: {Posix.Explain(error)}. Run the agent as the owner of its state directory.");
        }
        var facts = Posix.Look(handle);
        var problem = facts.Kind != FileKind.Regular ? "is not a regular file"
            : facts.Owner != Posix.User ? $"belongs to user {facts.Owner}, not to the user of this process"
            : (facts.Mode & FileFacts.GroupOrOthersAtAll) != 0 ? $"can be opened by others (mode {Convert.ToString(facts.Mode, 8)}, expected 600)"
            : facts.Links > 1 ? "has a second name (hard link) elsewhere"
            : null;
        if (problem is null) return handle;
        handle.Dispose();
        throw new StateException($"{path} {problem}. Remove it, or restore a copy that only the agent could touch.");
    }

    /// <summary>The directory is ours alone, and nobody else can swap it or one of its parents for another.</summary>
    private static void Check(string full)
    {
        // systemd's DynamicUser makes the state directory a link into /var/lib/private: the link is resolved, its target is what counts.
        var real = Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        var facts = Posix.Look(real, out var error) ?? throw new StateException($"{real}: {Posix.Explain(error)}.");
        if (facts.Kind != FileKind.Directory) throw new StateException($"{real} is not a directory. Choose another \"state\" directory.");
        if (facts.Owner != Posix.User) throw new StateException($"{real} belongs to user {facts.Owner}. Run the agent as that user, or chown the directory.");
        if ((facts.Mode & FileFacts.GroupOrOthersMayWrite) != 0)
            throw new StateException($"{real} can be written by others (mode {Convert.ToString(facts.Mode, 8)}). Run: chmod 700 {real}");
        for (var parent = Path.GetDirectoryName(real); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            var above = Posix.Look(parent, out error) ?? throw new StateException($"{parent}: {Posix.Explain(error)}.");
            if (above.Kind == FileKind.Directory && (above.Mode & FileFacts.OthersMayWrite) != 0 && (above.Mode & FileFacts.Sticky) == 0)
                throw new StateException($"{parent}, above the state directory, can be written by everybody (mode {Convert.ToString(above.Mode, 8)}). Run: chmod o-w {parent}");
        }
    }
}
