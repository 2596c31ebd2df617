using System.Security.Cryptography;
using TrustMesh.Agent.Files;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// The measurement log of one boot (PROTOCOL.md section 6): on disk first, then here, then extended by the caller. It knows the value the
/// register must have after each entry, which is how a restart finds out what was extended.
/// </summary>
public sealed class MeasurementLog : IDisposable
{
    /// <summary>Entries in one boot; a silo takes no longer log in one evidence.</summary>
    public const int MostEntries = 16_384;

    /// <summary>Bytes of one entry.</summary>
    public const int LargestEntry = 384;

    /// <summary>Bytes of all entries; leaves room for the rest of an evidence of 2 MiB.</summary>
    public const int MostBytes = 1_800_000;

    /// <summary>Recorded as the last entry when the log is full. Nothing can be recorded after it, so the register is spoilt instead.</summary>
    public const string Full = "/trustmesh/log-full";

    private readonly LogFile file;
    private readonly List<byte[]> entries = [];
    private readonly List<byte[]> values = [new byte[32]];
    private readonly Dictionary<string, Reading> current = new(StringComparer.Ordinal);
    private int bytes;

    private MeasurementLog(LogFile file) => this.file = file;

    public uint Boot => file.Boot;

    public int Count => entries.Count;

    /// <summary>Entries, encoded.</summary>
    public IReadOnlyList<byte[]> Entries => entries;

    /// <summary>The last reading of each name.</summary>
    public IReadOnlyDictionary<string, Reading> Current => current;

    /// <summary>What the register holds after the first <paramref name="count"/> entries.</summary>
    public ReadOnlySpan<byte> ValueAfter(int count) => values[count];

    public bool IsFull => entries.Count > 0 && current.ContainsKey(Full);

    /// <summary>The log of this boot as it was left on disk, or a new one.</summary>
    /// <param name="cut">Bytes of a torn last record that were dropped; 0 for a clean or new log.</param>
    public static MeasurementLog Open(StateDirectory state, uint boot, out long cut)
    {
        if (LogFile.Open(state, boot, out var left, out cut) is { } file)
        {
            var log = new MeasurementLog(file);
            if (left.TrueForAll(log.Remember)) return log;
            // The records are whole but their entries are not a log: not written by this agent. The register will tell.
            log.Dispose();
        }
        return new(LogFile.Create(state, boot));
    }

    /// <summary>
    /// Writes entries for the readings that differ from the current state, and returns how many were written; the caller extends them next.
    /// When they do not fit, one entry says that the log is full.
    /// </summary>
    public int Record(IEnumerable<(string Name, Reading Reading)> readings)
    {
        var batch = new List<byte[]>();
        var size = bytes;
        foreach (var (name, reading) in readings)
        {
            if (IsFull || current.TryGetValue(name, out var last) && last.SameAs(reading)) continue;
            var entry = new LogEntry(entries.Count + batch.Count, reading.Kind, name, reading.Digest).Encode();
            size += entry.Length;
            var fits = entries.Count + batch.Count < MostEntries - 1 && size <= MostBytes;
            batch.Add(fits ? entry : new LogEntry(entries.Count + batch.Count, LogEntryKind.Event, Full, Reading.Event("full").Digest).Encode());
            if (!fits) break;
        }
        if (batch.Count == 0) return 0;
        file.Append(batch);
        batch.ForEach(entry => Remember(entry));
        return batch.Count;
    }

    /// <summary>Compares with the register: how many entries it holds, or null if it holds something this log does not explain.</summary>
    public int? EntriesIn(ReadOnlySpan<byte> register)
    {
        for (var count = entries.Count; count >= 0; count--)
            if (register.SequenceEqual(values[count])) return count;
        return null;
    }

    public void Dispose() => file.Dispose();

    private bool Remember(byte[] encoded)
    {
        LogEntry entry;
        try
        {
            entry = LogEntry.Decode(encoded);
        }
        catch (WireException)
        {
            return false;
        }
        if (entry.Sequence != entries.Count) return false;
        entries.Add(encoded);
        bytes += encoded.Length;
        values.Add(SHA256.HashData([.. values[^1], .. SHA256.HashData(encoded)]));
        current[entry.Name] = new(entry.Kind, entry.Digest.ToArray());
        return true;
    }
}
