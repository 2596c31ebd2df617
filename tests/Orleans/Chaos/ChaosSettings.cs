using System.Globalization;
using System.Security.Cryptography;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>How long, how many and which: TRUSTMESH_CHAOS_SEED, TRUSTMESH_CHAOS_MINUTES, TRUSTMESH_CHAOS_DEVICES and TRUSTMESH_CHAOS_LOGS, see infra/CLUSTER.md.</summary>
/// <param name="Seed">What is killed when, who joins how, what operators decide: all of it follows from this number.</param>
/// <param name="Logs">Where to keep what silos said; null for nowhere.</param>
internal sealed record ChaosSettings(int Seed, TimeSpan Duration, int Devices, string? Logs)
{
    /// <summary>How often a device proves itself, and how long that counts, in seconds.</summary>
    public const int Interval = 20, Lifetime = 90;

    /// <summary>
    /// Ten minutes after it was started Azurite collects what was written over, one by one in a list, and answers nobody for minutes, which says nothing of silos:
    /// a longer run has its rows in Redis.
    /// </summary>
    public bool InBlobs => Duration <= TimeSpan.FromMinutes(8);

    public static ChaosSettings FromEnvironment() => new(
        (int)Number("SEED", RandomNumberGenerator.GetInt32(1_000_000)), TimeSpan.FromMinutes(Number("MINUTES", 1)), (int)Number("DEVICES", 2_000),
        Environment.GetEnvironmentVariable("TRUSTMESH_CHAOS_LOGS") is { Length: > 0 } folder ? Directory.CreateDirectory(folder).FullName : null);

    /// <summary>The same numbers for the same seed, whatever others draw.</summary>
    public Random Random(string whom) => new(HashCode(whom));

    private int HashCode(string whom) => BitConverter.ToInt32(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{Seed} {whom}")));

    private static double Number(string name, double otherwise)
        => Environment.GetEnvironmentVariable($"TRUSTMESH_CHAOS_{name}") is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
