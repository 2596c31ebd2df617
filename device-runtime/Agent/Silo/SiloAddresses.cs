using System.Security.Cryptography;
using System.Text;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// The silos of one mesh, any of which will do, in this device's own order, and the one it turns to now. The order is drawn by a hash of device and
/// address, not by the configuration: devices share the silos evenly, and those of a silo that is away share the others evenly too. Everything of a
/// device that dials a silo shares this, so that it is one silo while that works. Thread-safe; no I/O.
/// </summary>
public sealed class SiloAddresses
{
    private readonly Uri[] order;
    private int now;

    /// <param name="silos">At least one, none twice.</param>
    public SiloAddresses(IReadOnlyList<Uri> silos, DeviceId device)
        => order = silos.Count > 0 ? [.. silos.OrderBy(silo => Draw(device, silo), StringComparer.Ordinal)] : throw new ArgumentException("There has to be a silo.", nameof(silos));

    public int Count => order.Length;

    /// <summary>Whom to dial now.</summary>
    public Uri Now => order[Volatile.Read(ref now)];

    /// <summary>Each once, beginning with <see cref="Now"/>.</summary>
    public IReadOnlyList<Uri> Round()
    {
        var first = Volatile.Read(ref now);
        return [.. order[first..], .. order[..first]];
    }

    /// <summary>This one failed: on to the next. Nothing where somebody else has already moved on, so that one outage is one step.</summary>
    public void Pass(Uri failed)
    {
        var here = Array.IndexOf(order, failed);
        Interlocked.CompareExchange(ref now, (here + 1) % order.Length, here);
    }

    /// <summary>This one worked.</summary>
    public void Keep(Uri working) => Volatile.Write(ref now, Array.IndexOf(order, working));

    /// <summary>Back to the first: without it, everyone whose silo was ever away would stay where it fled to.</summary>
    public void Return() => Volatile.Write(ref now, 0);

    private static string Draw(DeviceId device, Uri silo) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{device.Text} {silo}")));
}
