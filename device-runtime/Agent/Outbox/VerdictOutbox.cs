using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Outbox;

/// <summary>
/// The verdicts of this device that the silo does not have yet: store and forward over outages, kills and power cuts. A sequence is given to one
/// verdict only and none is left out; what <see cref="Record"/> returned is on disk, in order, once. Bounded: the oldest file makes room, and what was
/// in it is counted. After a write that failed the files are read again before anything else happens: only they know what they hold. Thread-safe.
/// </summary>
public sealed class VerdictOutbox
{
    private const int LargestSegment = 1024 * 1024, LeastSegment = 128 * 1024, Segments = 8, UploadMargin = 4096, MostSubjects = 4096;
    private const long MostSequence = 1L << 60;

    private readonly Lock gate = new();
    private readonly IStateFiles files;
    private readonly long capacity, segmentSize;
    private readonly Func<SessionKey, ReadOnlyMemory<byte>> voucherFor;
    private readonly ILogger log;
    private readonly List<(string Name, long First, long End, long Length)> older = [];
    private readonly Dictionary<DeviceId, TrustTier> lastWord = [];
    private OutboxSegment? active;
    private long from, dropped;

    /// <summary>Takes up what is there. Throws <see cref="IOException"/>, <see cref="StateException"/>.</summary>
    /// <param name="capacity">Bytes on disk, at least 1 MiB.</param>
    /// <param name="voucherFor">Evidence that vouches for a session key (PROTOCOL.md 13.1); asked once for each key and file.</param>
    public VerdictOutbox(IStateFiles files, long capacity, Func<SessionKey, ReadOnlyMemory<byte>> voucherFor, ILogger log)
    {
        (this.files, this.capacity, this.voucherFor, this.log) = (files, capacity, voucherFor, log);
        segmentSize = Math.Clamp(capacity / Segments, LeastSegment, LargestSegment);
        TakeUp();
    }

    /// <summary>A verdict was recorded whose status is another than that of the last one about the same device: worth telling the silo soon. On the thread
    /// that recorded it.</summary>
    public event Action? Turned;

    /// <summary>Verdicts that had to make room, or that the silo refused, ever.</summary>
    public long Dropped
    {
        get { lock (gate) return dropped; }
    }

    /// <summary>Verdicts that wait for the silo.</summary>
    public long Waiting
    {
        get { lock (gate) return active is null ? 0 : active.Next - from; }
    }

    /// <summary>
    /// Gives the next sequence to a verdict, signs it and keeps it: the COSE_Sign1, durable. Throws <see cref="IOException"/> where the disk, or the root
    /// for a voucher, did not do its part: then the verdict was not given out, and its sequence goes to another, or the verdict is kept all the same if
    /// the disk has it after all.
    /// </summary>
    /// <param name="make">Must use the sequence it is given.</param>
    public byte[] Record(Func<long, PeerVerdict> make, SessionKey session)
    {
        try
        {
            return Keep(make, session);
        }
        catch (Exception failed) when (failed is RootException or StateException)
        {
            throw new IOException($"The verdict can not be kept: {failed.Message}", failed);
        }
    }

    /// <summary>The oldest verdicts that wait, as many as one upload may carry; null if none wait.</summary>
    public VerdictUpload? Next()
    {
        lock (gate)
        {
            var segment = Usable();
            while (from < segment.Next)
            {
                var (name, first, end, _) = older.Find(one => one.End > from) is { Name: not null } old ? old : (segment.Name, segment.First, segment.Next, 0);
                if (Fill(files.Read(name, ReadCap) ?? [], first) is { Verdicts.Count: > 0 } upload) return upload;
                // Nothing in the file where something was counted: the disk lost it.
                log.VerdictsDropped(end - from, dropped + end - from);
                Move(segment, end, dropped + end - from, durable: true);
            }
            return null;
        }
    }

    /// <summary>The silo has everything before this sequence. True if that is news.</summary>
    public bool Forget(long next)
    {
        lock (gate)
        {
            var segment = Usable();
            if (next > MostSequence) return false;
            if (next > segment.Next)
            {
                // Going on with a lower number would give a sequence twice, and the silo would take the new verdict for the old one.
                log.SiloKnowsMore(next - 1, segment.Next - 1);
                Start(next, next, dropped);
                return true;
            }
            if (next <= from) return false;
            Move(segment, next, dropped, durable: false);
            return true;
        }
    }

    /// <summary>
    /// The silo will never take this verdict: without this one bad verdict would hold up all that came after it for ever. It is dropped, counted and told;
    /// no other is. Nothing happens if it is not the oldest that waits.
    /// </summary>
    public void GiveUp(UploadedVerdict refused, string why)
    {
        lock (gate)
        {
            var segment = Usable();
            var sequence = PeerVerdict.DecodePayload(CoseSign1.Decode(refused.Signed).Payload).Sequence;
            if (sequence != from || from >= segment.Next) return;
            log.VerdictGivenUp(sequence, why, dropped + 1);
            Move(segment, from + 1, dropped + 1, durable: true);
        }
    }

    private byte[] Keep(Func<long, PeerVerdict> make, SessionKey session)
    {
        byte[] signed;
        bool turned;
        lock (gate)
        {
            var segment = Usable();
            var verdict = make(segment.Next);
            if (verdict.Sequence != segment.Next) throw new ArgumentException("The verdict does not have the sequence it was given.", nameof(make));
            signed = session.Sign(verdict.EncodePayload(), PeerVerdict.Typ);
            if (segment.Length + signed.Length > segmentSize && segment.Next > segment.First) segment = Rotate();
            Write(segment, WithVoucher(segment, signed, session), durable: true);
            turned = IsNews(verdict.Subject, verdict.Status);
        }
        if (turned) Turned?.Invoke();
        return signed;
    }

    /// <summary>Bytes: the segment's end is looked at before a record is written, so a file may be longer by one verdict and voucher.</summary>
    private int ReadCap => (int)segmentSize + 2 * Caps.PeerVerdict + Caps.Body;

    private byte[] WithVoucher(OutboxSegment segment, byte[] signed, SessionKey session)
    {
        var number = segment.Vouchers.FindIndex(one => one.AsSpan().SequenceEqual(session.Spki.Span));
        return number >= 0
            ? OutboxSegment.VerdictRecord(number, signed)
            : [.. OutboxSegment.VoucherRecord(session.Spki.Span, voucherFor(session).Span), .. OutboxSegment.VerdictRecord(segment.Vouchers.Count, signed)];
    }

    private VerdictUpload Fill(byte[] bytes, long sequence)
    {
        List<Voucher> there = [], vouchers = [];
        var verdicts = new List<UploadedVerdict>();
        var numbers = new Dictionary<int, int>();
        var room = Caps.VerdictUpload - UploadMargin;
        foreach (var (kind, body) in OutboxSegment.Records(bytes))
        {
            if (kind == OutboxSegment.VoucherKind && body.Length > KeyThumbprint.SpkiSize) there.Add(new(body[..KeyThumbprint.SpkiSize], body[KeyThumbprint.SpkiSize..]));
            if (kind != OutboxSegment.VerdictKind || sequence++ < from) continue;
            var number = body.Span[0] << 8 | body.Span[1];
            if (number >= there.Count) break;
            var isNew = !numbers.ContainsKey(number);
            room -= body.Length + 8 + (isNew ? there[number].Evidence.Length + KeyThumbprint.SpkiSize + 8 : 0);
            if (room < 0 || verdicts.Count == Caps.VerdictCount || isNew && vouchers.Count == Caps.VoucherCount) break;
            if (isNew)
            {
                numbers[number] = vouchers.Count;
                vouchers.Add(there[number]);
            }
            verdicts.Add(new(numbers[number], body[2..]));
        }
        return new(dropped, vouchers, verdicts);
    }

    /// <summary>A new file; the oldest ones go if there would not be room for it when it is full.</summary>
    private OutboxSegment Rotate()
    {
        var (segment, keptFrom, lost) = (active!, from, 0L);
        var total = older.Sum(one => one.Length) + segment.Length + segmentSize;
        foreach (var (_, first, end, length) in older)
        {
            if (total <= capacity) break;
            total -= length;
            lost += Math.Max(0, end - Math.Max(first, keptFrom));
            keptFrom = Math.Max(keptFrom, end);
        }
        if (lost > 0) log.VerdictsDropped(lost, dropped + lost);
        return Start(segment.Next, keptFrom, dropped + lost);
    }

    /// <summary>Starts a file whose header says what counts from now on; only then what no longer counts is removed.</summary>
    private OutboxSegment Start(long first, long newFrom, long newDropped)
    {
        var (fresh, bytes) = OutboxSegment.New(first, newFrom, newDropped);
        Guarded(() => files.Replace(fresh.Name, bytes));
        if (active is { } before && before.Name != fresh.Name) older.Add((before.Name, before.First, Math.Min(before.Next, first), before.Length));
        (active, from, dropped) = (fresh, newFrom, newDropped);
        RemoveDelivered();
        return fresh;
    }

    private void Move(OutboxSegment segment, long newFrom, long newDropped, bool durable)
    {
        Write(segment, OutboxSegment.MarkRecord(newFrom, newDropped), durable);
        (from, dropped) = (newFrom, newDropped);
        RemoveDelivered();
    }

    private void RemoveDelivered()
    {
        foreach (var (name, _, _, _) in older.Where(one => one.End <= from).ToList())
        {
            Guarded(() => files.Remove(name));
            older.RemoveAll(one => one.Name == name);
        }
    }

    private void Write(OutboxSegment segment, byte[] records, bool durable)
    {
        Guarded(() => files.Append(segment.Name, records, segment.Length, durable));
        segment.Wrote(records);
    }

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            active = null;
            throw;
        }
    }

    private OutboxSegment Usable()
    {
        if (active is null) TakeUp();
        return active!;
    }

    private void TakeUp()
    {
        older.Clear();
        var names = files.Names(OutboxSegment.Prefix).Where(name => OutboxSegment.FirstOf(name) is not null).ToList();
        if (names.Count == 0)
        {
            Start(1, 1, 0);
            return;
        }
        for (var i = 0; i < names.Count - 1; i++)
            older.Add((names[i], OutboxSegment.FirstOf(names[i])!.Value, OutboxSegment.FirstOf(names[i + 1])!.Value, segmentSize));
        var last = OutboxSegment.Read(names[^1], files.Read(names[^1], ReadCap) ?? []);
        if (last is null)
        {
            // Its name still says which sequences were given away before it; what the header said of losses stands in the file before.
            log.OutboxDamaged(names[^1]);
            var before = older.Count > 0 ? OutboxSegment.Read(older[^1].Name, files.Read(older[^1].Name, ReadCap) ?? []) : null;
            var first = OutboxSegment.FirstOf(names[^1])!.Value;
            Start(first, before?.From ?? (older.Count > 0 ? older[0].First : first), before?.Dropped ?? 0);
            return;
        }
        // Files that are gone although their verdicts still waited are a loss like any other.
        var there = older.Count > 0 ? older[0].First : last.First;
        (active, from, dropped) = (last, Math.Max(last.From, there), last.Dropped + Math.Max(0, there - last.From));
        RemoveDelivered();
    }

    private bool IsNews(DeviceId subject, TrustTier status)
    {
        var known = lastWord.TryGetValue(subject, out var before);
        if (!known && lastWord.Count >= MostSubjects) lastWord.Clear();
        lastWord[subject] = status;
        return !known || before != status;
    }
}
