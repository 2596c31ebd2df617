using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Hosting;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// Keeps the log true: measures everything at the start and every few minutes, and whatever the kernel reports within 50 ms. Never throws away
/// a report: what could not be measured now (flapping, changed while read) stays pending, and is measured before the next proof.
/// </summary>
public sealed class Measurer : IDisposable
{
    /// <summary>A change is measured when its file was quiet this long, or at the latest after <see cref="Patience"/>.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(15), Patience = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<MeasureConfig> sets;
    private readonly IReadOnlyList<(MeasureConfig Set, Glob Glob)> globs;
    private readonly Attester attester;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly TimeSpan rescan;
    private readonly Lock gate = new();
    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<string> pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Flapping> flapping = new(StringComparer.Ordinal);
    private readonly Inotify inotify;
    private Dictionary<string, MeasuredFile> files = [];
    private ILookup<string, string> namesByPath = Enumerable.Empty<MeasuredFile>().ToLookup(file => file.Path, file => file.Name);
    private bool everything = true;
    private int unwatched;

    public Measurer(IReadOnlyList<MeasureConfig> sets, TimeSpan rescan, Attester attester, TimeProvider time, ILogger log)
    {
        (this.sets, this.rescan, this.attester, this.time, this.log) = (sets, rescan, attester, time, log);
        globs = [.. sets.SelectMany(set => set.Files, (set, text) => (set, new Glob(text)))];
        inotify = new(OnFile, OnEverything);
    }

    /// <summary>Measured names at the last walk.</summary>
    public int Files
    {
        get
        {
            lock (gate) return files.Count;
        }
    }

    /// <summary>Measures what is pending now, flapping or not. Called under the attester's lock before each proof, and at the start.</summary>
    public int Settle() => attester.Record(() => Take(force: true));

    /// <summary>Asks for a full walk and reading, as after a reset of the machine's root of trust.</summary>
    public void Restart() => OnEverything();

    /// <summary>Measures until cancelled; <paramref name="onChange"/> hears of every batch of new entries.</summary>
    public async Task RunAsync(Action onChange, CancellationToken stop)
    {
        var lastFull = time.GetUtcNow();
        while (!stop.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            if (now - lastFull >= rescan)
            {
                lock (gate) everything = true;
                lastFull = now;
            }
            try
            {
                var written = attester.Record(() => Take(force: false));
                if (written > 0) onChange();
            }
            catch (Exception failed) when (failed is IOException or Roots.RootException)
            {
                // Nothing is lost: everything is read again at the next turn, and no proof is made before that succeeds.
                log.MeasuringFailed(failed.Message);
                lock (gate) everything = true;
                await WaitAsync(Flapping.Longest, stop);
                continue;
            }
            var due = NextDue(lastFull + rescan) - time.GetUtcNow();
            if (due > TimeSpan.Zero && await WaitAsync(due, stop)) await CollectAsync(stop);
        }
    }

    public void Dispose() => inotify.Dispose();

    /// <summary>Waits for silence, but not for long, so that an editor's five operations on one file make one entry.</summary>
    private async Task CollectAsync(CancellationToken stop)
    {
        var end = time.GetUtcNow() + Patience;
        while (time.GetUtcNow() < end && await WaitAsync(Quiet, stop)) { }
    }

    /// <summary>True if something was reported before the time was over.</summary>
    private async Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await woken.Reader.ReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested || stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private DateTimeOffset NextDue(DateTimeOffset due)
    {
        lock (gate)
        {
            if (everything) return time.GetUtcNow();
            foreach (var name in pending)
                if (flapping.TryGetValue(name, out var flaps) && flaps.NextAt < due) due = flaps.NextAt;
            return due;
        }
    }

    private List<(string, Reading)> Take(bool force)
    {
        List<MeasuredFile> due;
        lock (gate)
        {
            if (everything) return TakeAll();
            var now = time.GetUtcNow();
            due = [.. pending.Where(name => force || !flapping.TryGetValue(name, out var flaps) || flaps.NextAt <= now).Order(StringComparer.Ordinal).Select(name => files[name])];
            foreach (var file in due) pending.Remove(file.Name);
        }
        return [.. due.Select(Read)];
    }

    private List<(string, Reading)> TakeAll()
    {
        everything = false;
        unwatched = 0;
        pending.Clear();
        files = new(FileWalk.Find(sets, (directory, contents) => unwatched += inotify.Watch(directory, contents) || !Directory.Exists(directory) ? 0 : 1), StringComparer.Ordinal);
        if (unwatched > 0) log.Unwatched(unwatched, (int)rescan.TotalMinutes);
        foreach (var gone in attester.Names.Where(name => !files.ContainsKey(name)))
            if (PathOf(gone) is { } path) files[gone] = new(gone, path);
            else files[gone] = new(gone, "", gone == FileWalk.Overflow ? "not so any more" : "not measured any more");
        namesByPath = files.Values.ToLookup(file => file.Path, file => file.Name, StringComparer.Ordinal);
        return [.. files.Values.OrderBy(file => file.Name, StringComparer.Ordinal).Select(Read)];
    }

    /// <summary>Where a name of this boot's log stands, if the configuration still speaks of it.</summary>
    private string? PathOf(string name)
    {
        foreach (var (set, glob) in globs)
        {
            if (!name.StartsWith(set.Prefix + "/", StringComparison.Ordinal)) continue;
            var relative = name[(set.Prefix.Length + 1)..];
            if (glob.Touches(relative)) return Path.Combine(set.Root, relative);
        }
        return null;
    }

    private (string, Reading) Read(MeasuredFile file)
    {
        var reading = FileReader.Read(file);
        lock (gate)
        {
            var last = attester.Last(file.Name);
            if (last is null || !last.SameAs(reading))
            {
                if (!flapping.TryGetValue(file.Name, out var flaps)) flapping[file.Name] = flaps = new();
                if (last is not null) flaps.Changed(time.GetUtcNow());
                if (reading.Kind != Wire.Messages.LogEntryKind.File) log.NotAPlainFile(file.Name, reading.Text);
            }
            if (!reading.Settled) pending.Add(file.Name);
        }
        return (file.Name, reading);
    }

    private void OnFile(string directory, string name, bool setMayChange)
    {
        var path = Path.Combine(directory, name);
        lock (gate)
        {
            var names = namesByPath[path];
            pending.UnionWith(names);
            if (!names.Any())
            {
                if (!setMayChange || !Concerns(path)) return;
                everything = true;
            }
        }
        woken.Writer.TryWrite(true);
    }

    private void OnEverything()
    {
        lock (gate) everything = true;
        woken.Writer.TryWrite(true);
    }

    private bool Concerns(string path)
        => globs.Any(item => Below(item.Set.Root, path) is { } relative && item.Glob.Touches(relative));

    private static string? Below(string root, string path)
    {
        var stem = root.EndsWith('/') ? root : root + "/";
        return path.StartsWith(stem, StringComparison.Ordinal) ? path[stem.Length..] : null;
    }
}
