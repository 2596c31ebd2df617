using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using TrustMesh.Agent.Files;

namespace TrustMesh.Agent.Measuring;

/// <summary>
/// The measurement log on disk, of one boot. Appended entries are synced before <see cref="Append"/> returns.
/// <code>
/// header = "tm-log/1" ‖ boot u32 ‖ check          record = length u16 ‖ entry ‖ check
/// check  = the first four bytes of SHA-256 over what stands before it in the header or record
/// </code>
/// A power cut can leave a last record that is cut short or full of zeros. It was never extended (the sync had not returned), so it is cut
/// off. The check finds torn writes, not forgery: what the log says is believed only as far as it replays to the quoted register.
/// </summary>
public sealed class LogFile : IDisposable
{
    public const string Name = "measurements";
    private const int HeaderSize = 16, CheckSize = 4;
    private const int LargestFile = HeaderSize + MeasurementLog.MostEntries * (2 + MeasurementLog.LargestEntry + CheckSize);
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("tm-log/1");
    private readonly SafeFileHandle handle;
    private long length;

    private LogFile(SafeFileHandle handle, long length, uint boot) => (this.handle, this.length, Boot) = (handle, length, boot);

    public uint Boot { get; }

    /// <summary>Starts the log of a boot, in place of whatever was there.</summary>
    public static LogFile Create(StateDirectory state, uint boot)
    {
        var header = new byte[HeaderSize];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), boot);
        Check(header.AsSpan(0, 12)).CopyTo(header.AsSpan(12));
        state.Replace(Name, header);
        return new(OpenForWriting(state), HeaderSize, boot);
    }

    /// <summary>The log as it was left, and its entries. Null if there is none that can be read, or none of this boot.</summary>
    /// <param name="cut">Bytes of a torn last record that were cut off.</param>
    public static LogFile? Open(StateDirectory state, uint boot, out List<byte[]> entries, out long cut)
    {
        (entries, cut) = ([], 0);
        if (state.Read(Name, LargestFile) is not { Length: >= HeaderSize } bytes) return null;
        if (!bytes.AsSpan(0, 8).SequenceEqual(Magic) || !Check(bytes.AsSpan(0, 12)).SequenceEqual(bytes.AsSpan(12, CheckSize))) return null;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)) != boot) return null;
        var at = HeaderSize;
        while (Record(bytes.AsSpan(at)) is { } entry)
        {
            entries.Add(entry);
            at += 2 + entry.Length + CheckSize;
        }
        cut = bytes.Length - at;
        var handle = OpenForWriting(state);
        if (cut > 0) Cut(handle, at);
        return new(handle, at, boot);
    }

    /// <summary>Writes the entries and syncs them, all or none as far as a reader can see. Throws <see cref="IOException"/>.</summary>
    public void Append(IReadOnlyList<byte[]> entries)
    {
        var records = new byte[entries.Sum(entry => 2 + entry.Length + CheckSize)];
        var at = 0;
        foreach (var entry in entries)
        {
            var start = at;
            BinaryPrimitives.WriteUInt16BigEndian(records.AsSpan(at), (ushort)entry.Length);
            entry.CopyTo(records, at + 2);
            at += 2 + entry.Length;
            Check(records.AsSpan(start, at - start)).CopyTo(records.AsSpan(at));
            at += CheckSize;
        }
        try
        {
            RandomAccess.Write(handle, records, length);
            RandomAccess.FlushToDisk(handle);
            length += records.Length;
        }
        catch (IOException)
        {
            // Whatever reached the disk is not part of the log: the entries were not remembered and not extended.
            Cut(handle, length);
            throw;
        }
    }

    public void Dispose() => handle.Dispose();

    private static byte[]? Record(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 + CheckSize) return null;
        int size = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (size is 0 or > MeasurementLog.LargestEntry || bytes.Length < 2 + size + CheckSize) return null;
        return Check(bytes[..(2 + size)]).SequenceEqual(bytes.Slice(2 + size, CheckSize)) ? bytes.Slice(2, size).ToArray() : null;
    }

    private static void Cut(SafeFileHandle handle, long length)
    {
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
    }

    private static SafeFileHandle OpenForWriting(StateDirectory state)
    {
        var path = state.Checked(Name);
        return Posix.OpenWrite(path, out var error) ?? throw Posix.Failure("open", path, error);
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes).AsSpan(0, CheckSize);
}
