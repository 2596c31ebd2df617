using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;
using TrustMesh.Wire.Cbor;
using TrustMesh.Wire.Log;

namespace TrustMesh.Trust.Log;

/// <summary>How many logs a mesh has, fixed at its first start, and which line goes to which.</summary>
public static class LogShards
{
    public const int Most = 256;

    private const string Kind = "mesh", Id = "log-shards", Format = "tm-shards/1";

    /// <summary>
    /// The number that was fixed; at the first start begins so many logs and fixes it. Throws <see cref="InvalidDataException"/> if a log that was begun
    /// is gone or is not the mesh's. Any silo may call it, several at once.
    /// </summary>
    public static async Task<int> FixAsync(MeshAuthority authority, IRecordStore store, int wanted, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, Most);
        var stored = await store.ReadAsync(Kind, Id, cancellation);
        var count = stored is null ? wanted : Read(stored.Value);
        // The logs first: a number that is stored says that they were begun.
        for (var number = 0; number < count; number++) await new LogWriter(authority, number, store, time).OpenAsync(stored is null, cancellation);
        if (stored is not null) return count;
        try
        {
            await store.WriteAsync(Kind, Id, 0, Write(count), cancellation);
            return count;
        }
        catch (StaleRecordException)
        {
            // Another silo fixed it at the same moment.
            return Read((await store.ReadAsync(Kind, Id, cancellation))!.Value);
        }
    }

    /// <summary>The log of a device's lines (<see cref="MeshLogEntry.LogOf"/>).</summary>
    public static int Of(DeviceId? device, int count) => MeshLogEntry.LogOf(device, count);

    private static byte[] Write(int count)
    {
        var writer = new StrictCborWriter(stackalloc byte[32]);
        writer.WriteArray(2);
        writer.WriteText("format", Format);
        writer.WriteInt64("logs", count, 1, Most);
        return writer.ToArray("log shards", 32);
    }

    private static int Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new StrictCborReader(bytes, "log shards", 32);
            reader.ReadArray("log shards", 2);
            reader.ReadFixed("format", Format);
            var count = reader.ReadInt32("logs", 1, Most);
            reader.End("log shards");
            return count;
        }
        catch (WireException broken)
        {
            throw new InvalidDataException($"The row that says how many logs the mesh has cannot be read ({broken.Message}). Restore it from a backup.", broken);
        }
    }
}
