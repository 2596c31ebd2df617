using TrustMesh.Wire;

namespace TrustMesh.Host.Device;

/// <summary>
/// Session keys that accepted evidence vouched for, and whose they are. One per device: another key that is accepted replaces it, and after the
/// day a session key lives it is forgotten. In memory only; a device that proves itself is back. Thread-safe.
/// </summary>
/// <param name="most">Devices that are remembered; beyond it no more are (attack A42).</param>
public sealed class ProvenSessions(int most, TimeProvider time)
{
    /// <summary>A session key is made anew at least daily (design.md section 3).</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, (DeviceId Device, ReadOnlyMemory<byte> Key, DateTimeOffset Until)> byKey = [];
    private readonly Dictionary<DeviceId, UInt128> byDevice = [];

    /// <summary>Evidence of the device vouched for the key.</summary>
    /// <param name="keyHash">SHA-256 of its SubjectPublicKeyInfo, 32 bytes.</param>
    public void Accept(DeviceId device, ReadOnlyMemory<byte> keyHash)
    {
        var key = Short(keyHash);
        var now = time.GetUtcNow();
        lock (gate)
        {
            // The first proof begins the key's day; those after it do not make it longer.
            if (byKey.TryGetValue(key, out var known) && known.Device == device && known.Key.Span.SequenceEqual(keyHash.Span)) return;
            if (byDevice.Count >= most && !byDevice.ContainsKey(device)) Forget(now);
            if (byDevice.Count >= most && !byDevice.ContainsKey(device)) return;
            if (byDevice.Remove(device, out var old)) byKey.Remove(old);
            if (byKey.Remove(key, out var other)) byDevice.Remove(other.Device);
            byKey[key] = (device, keyHash, now + Lifetime);
            byDevice[device] = key;
        }
    }

    /// <summary>The device whose evidence vouched for the key; null if none did, or too long ago.</summary>
    public DeviceId? Find(ReadOnlyMemory<byte> keyHash)
    {
        lock (gate)
            return byKey.TryGetValue(Short(keyHash), out var known) && known.Key.Span.SequenceEqual(keyHash.Span) && time.GetUtcNow() < known.Until ? known.Device : null;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, known) in byKey)
        {
            if (now < known.Until) continue;
            byKey.Remove(key);
            byDevice.Remove(known.Device);
        }
    }

    private static UInt128 Short(ReadOnlyMemory<byte> keyHash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(keyHash.Span);
}
