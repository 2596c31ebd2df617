using TrustMesh.Contracts;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Trust.History;

/// <summary>
/// How devices looked at any instant, and which tags they had, read from the mesh's logs, which hold every change before it is acknowledged. Of each change a few bytes stay in memory,
/// read once and then continued from where the log had ended; what it says is read again when somebody asks. Thread-safe.
/// </summary>
/// <param name="most">Changes kept at hand per log, 32 bytes each; of older ones only what came of them.</param>
public sealed class LookHistory(IReadOnlyList<LogReader> logs, int most = LookHistory.MostKept)
{
    public const int MostKept = 1_000_000;

    private const int Page = 1024;

    /// <summary>Different sets of tags that are known per log; devices that get another one are told to have none from then on (attack A42).</summary>
    private const int MostTagSets = 65_536;

    private readonly SemaphoreSlim turn = new(1);
    private readonly Shelf[] shelves = [.. logs.Select(_ => new Shelf())];

    /// <summary>
    /// Looks at <paramref name="from"/> and changes after it up to and at <paramref name="to"/>. Throws <see cref="InvalidDataException"/> where the log cannot be read.
    /// </summary>
    /// <param name="limit">Most changes, those of tags among them.</param>
    public async Task<LookSpan> ReadAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            foreach (var (log, shelf) in logs.Zip(shelves)) await ContinueAsync(log, shelf, cancellation);
            var (start, end) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
            var before = new Dictionary<DeviceId, PastLook>();
            var tags = new Dictionary<DeviceId, IReadOnlyList<string>>();
            var found = new List<(LogReader Log, Shelf Shelf, Line Line)>();
            foreach (var (log, shelf) in logs.Zip(shelves))
            {
                var then = shelf.Forgotten.ToArray();
                foreach (var line in shelf.Lines)
                {
                    if (line.At <= start) then[line.Device] = then[line.Device].After(line);
                    else if (line.At <= end) found.Add((log, shelf, line));
                }
                for (var i = 0; i < then.Length; i++)
                {
                    var (device, name) = shelf.Devices[i];
                    if (then[i].Look >= 0) before[device] = new(name, Looks.All[then[i].Look], DateTimeOffset.FromUnixTimeMilliseconds(then[i].At));
                    if (then[i].Tags >= 0) tags[device] = shelf.TagSets[then[i].Tags];
                }
            }
            found.Sort((one, other) => one.Line.At != other.Line.At ? one.Line.At.CompareTo(other.Line.At) : one.Line.Entry.CompareTo(other.Line.Entry));
            var (until, more) = (to, found.Count > limit);
            if (more)
            {
                // Whole milliseconds only, and one of them in any case: who asks on from there misses none and comes to an end.
                var cut = found[limit].Line.At;
                var whole = found[0].Line.At == cut ? found.FindLastIndex(one => one.Line.At == cut) + 1 : found.FindIndex(one => one.Line.At == cut);
                more = whole < found.Count;
                found.RemoveRange(whole, found.Count - whole);
                if (more) until = DateTimeOffset.FromUnixTimeMilliseconds(found[^1].Line.At);
            }
            var begins = shelves.Where(shelf => shelf.Begins is not null).Select(shelf => DateTimeOffset.FromUnixTimeMilliseconds(shelf.Begins!.Value)).ToList();
            var looked = found.Where(one => one.Line.Tags < 0).Select(one => (one.Log, one.Line)).ToList();
            var retagged = found.Where(one => one.Line.Tags >= 0)
                .Select(one => new TagsThen(DateTimeOffset.FromUnixTimeMilliseconds(one.Line.At), one.Shelf.Devices[one.Line.Device].Device, one.Shelf.TagSets[one.Line.Tags]));
            return new(begins.Count == 0 ? null : begins.Max(), until, before, await ToldAsync(looked, cancellation), more, tags, [.. retagged]);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task ContinueAsync(LogReader log, Shelf shelf, CancellationToken cancellation)
    {
        if (await log.HeadAsync(cancellation) is not { } head) return;
        while (shelf.Read < head.Size)
        {
            var entries = await log.EntriesAsync(head, shelf.Read, Page, cancellation);
            if (entries.Count == 0) return;
            foreach (var bytes in entries) shelf.Take(bytes);
            shelf.Forget(most);
        }
    }

    /// <summary>What the lines say, read from the logs again.</summary>
    private static async Task<IReadOnlyList<LookChange>> ToldAsync(List<(LogReader Log, Line Line)> found, CancellationToken cancellation)
    {
        var entries = new Dictionary<(int, long), MeshLogEntry>();
        foreach (var log in found.GroupBy(one => one.Log))
        {
            var head = await log.Key.HeadAsync(cancellation) ?? throw new InvalidDataException($"Log {log.Key.Number} is gone.");
            foreach (var tile in log.GroupBy(one => one.Line.Entry / LogTile.Width))
            {
                var (first, last) = (tile.Min(one => one.Line.Entry), tile.Max(one => one.Line.Entry));
                var bundle = await log.Key.EntriesAsync(head, first, (int)(last - first) + 1, cancellation);
                // It was read before; who finds less or something else now looks at a log that was changed.
                foreach (var (_, line) in tile) entries[(log.Key.Number, line.Entry)] = line.Entry - first < bundle.Count && Decoded(bundle[(int)(line.Entry - first)]) is { } entry
                    ? entry : throw new InvalidDataException($"Entry {line.Entry} of log {log.Key.Number} is not what it was.");
            }
        }
        return [.. found.Select(one =>
        {
            var entry = entries[(one.Log.Number, one.Line.Entry)];
            return new LookChange(DateTimeOffset.FromUnixTimeMilliseconds(one.Line.At), entry.Device!.Value, entry.Name, Looks.All[one.Line.Look], (EventKind)entry.Kind, entry.Text, entry.Actor);
        })];
    }

    /// <summary>Null for an entry that somebody spoilt: it tells nothing, and log verify names it.</summary>
    private static MeshLogEntry? Decoded(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return MeshLogEntry.Decode(bytes);
        }
        catch (WireException)
        {
            return null;
        }
    }

    /// <param name="At">Milliseconds since 1970.</param>
    /// <param name="Device">Its place in <see cref="Shelf.Devices"/>.</param>
    /// <param name="Entry">Its place in the log.</param>
    /// <param name="Look">Its place in <see cref="Looks.All"/>; -1 for a line of tags.</param>
    /// <param name="Tags">Their place in <see cref="Shelf.TagSets"/>; -1 for a line after which it looked different.</param>
    private readonly record struct Line(long At, long Entry, int Device, sbyte Look, int Tags = -1);

    /// <summary>What came of a device's lines.</summary>
    /// <param name="Look">-1 if it had none; likewise <paramref name="Tags"/>.</param>
    /// <param name="At">Since when it looks so.</param>
    private readonly record struct Then(sbyte Look, long At, int Tags)
    {
        public Then After(Line line) => line.Tags >= 0 ? this with { Tags = line.Tags } : this with { Look = line.Look, At = line.At };
    }

    /// <summary>What was read of one log.</summary>
    private sealed class Shelf
    {
        private readonly Dictionary<DeviceId, int> places = [];
        private readonly List<PastState> last = [];
        private readonly Dictionary<string, int> tagPlaces = new(StringComparer.Ordinal) { [DeviceTags.None] = 0 };

        /// <summary>Lines of tags of which entries are still to come, by device.</summary>
        private readonly Dictionary<int, string> begun = [];

        public long Read { get; private set; }

        public List<Line> Lines { get; } = [];

        public List<(DeviceId Device, string Name)> Devices { get; } = [];

        /// <summary>Of each device, what came of the lines that are not kept any more. Its first line of tags says which it had before.</summary>
        public List<Then> Forgotten { get; } = [];

        /// <summary>The first is of no tags.</summary>
        public List<IReadOnlyList<string>> TagSets { get; } = [[]];

        /// <summary>Null while nothing was read.</summary>
        public long? Begins { get; private set; }

        public void Take(ReadOnlyMemory<byte> bytes)
        {
            var at = Read++;
            if (Decoded(bytes) is not { } entry) return;
            Begins ??= entry.At;
            if (entry.Device is not { } device || !Enum.IsDefined((EventKind)entry.Kind)) return;
            var known = places.TryGetValue(device, out var place);
            PastState? before = known ? last[place] : null;
            var state = PastState.Next(before, (EventKind)entry.Kind, entry.Text);
            if (!known)
            {
                places[device] = place = Devices.Count;
                Devices.Add((device, entry.Name));
                last.Add(state);
                Forgotten.Add(new(-1, 0, -1));
            }
            last[place] = state;
            Devices[place] = (device, entry.Name);
            if (before?.Look != state.Look) Lines.Add(new(entry.At, at, place, (sbyte)IndexOf(state.Look)));
            if (entry.Kind == (int)EventKind.Operator) TakeTags(entry, at, place);
        }

        private void TakeTags(MeshLogEntry entry, long at, int place)
        {
            begun.Remove(place, out var part);
            if (TagLine.Read(ref part, entry.Text) is not { } line)
            {
                if (part is not null) begun[place] = part;
                return;
            }
            if (Forgotten[place].Tags < 0) Forgotten[place] = Forgotten[place] with { Tags = PlaceOf(line.Was) };
            Lines.Add(new(entry.At, at, place, -1, PlaceOf(line.Is)));
        }

        private int PlaceOf(string tags)
        {
            if (tagPlaces.TryGetValue(tags, out var place) || TagSets.Count >= MostTagSets) return place;
            TagSets.Add(TagLine.Split(tags));
            return tagPlaces[tags] = TagSets.Count - 1;
        }

        /// <summary>Past the limit the oldest quarter is folded into what came of it.</summary>
        public void Forget(int most)
        {
            if (Lines.Count <= most) return;
            var old = Lines.Count - most + most / 4;
            foreach (var line in Lines.Take(old)) Forgotten[line.Device] = Forgotten[line.Device].After(line);
            Begins = Lines[old - 1].At;
            Lines.RemoveRange(0, old);
        }

        private static int IndexOf(string look)
        {
            for (var i = 0; i < Looks.All.Count; i++)
                if (Looks.All[i] == look) return i;
            return 0;
        }
    }
}
