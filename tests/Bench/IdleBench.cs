using TrustMesh.Host.Embedded;
using System.Security.Cryptography;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench;

/// <summary>Managed memory of enrolled devices nobody talks to: what stays when their twins have been let go.</summary>
internal static class IdleBench
{
    private const int Devices = 20_000;

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var bench = await BenchSilo.StartAsync(residentTwins: 0);
        var silo = bench.Process.Silo;
        await EnrolAsync(silo, 0, 100);
        ((EmbeddedPlace)silo.Place).Twins.Sweep();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForEachAsync(Enumerable.Range(1, Devices / 100), async (hundred, _) => await EnrolAsync(silo, hundred * 100, 100));
        ((EmbeddedPlace)silo.Place).Twins.Sweep();
        var resident = ((EmbeddedPlace)silo.Place).Twins.Resident;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        var each = (after - before) / (double)Devices;
        return [new("managed memory of an idle, enrolled device", $"{each:N0} B", $"{Devices:N0} devices, {resident} twins resident afterwards; 100,000 at this rate: {each / 10:N0} MB", "≤ 4,096 B")];
    }

    private static async Task EnrolAsync(TrustMesh.Host.Silo silo, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            var key = SHA256.HashData(BitConverter.GetBytes(i));
            var device = DeviceId.FromRootKey(key);
            using var signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var enrolment = new Enrolment(RandomNumberGenerator.GetBytes(16), device, RootKind.Software, AssuranceTier.Software, key, signer.ExportSubjectPublicKeyInfo(),
                "none: a software key", $"idle-{i}", "lab", "bench", i, "bench", silo.Time.GetUtcNow());
            await silo.Place.Twin(device).EnrolAsync(new(enrolment, Approved: true), CancellationToken.None);
        }
    }
}
